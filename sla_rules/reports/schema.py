"""The JSON Schema of results, as they are declared: closed, and every key described; reasons with their sentences."""

import ast
import re
from functools import cache
from inspect import cleandoc, getsource
from itertools import pairwise
from textwrap import dedent

from msgspec import Struct

from sla_rules.reports.json_form import TEXT, Json, JsonObject, form_of, members_of
from sla_rules.reports.reasons import CODE, Reason


def schema_of(*results: type[Struct]) -> JsonObject:
    """The schema of an object that is one of the results."""
    definitions: dict[str, Json] = {}
    wanted = list(results)
    while wanted:
        result = wanted.pop()
        if result.__name__ not in definitions:
            definitions[result.__name__] = _definition(result)
            wanted += [other for member in members_of(result) for other in member.form.refers_to]
    return {
        "anyOf": [form_of(result).schema for result in results],
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def object_in(schema: Json) -> JsonObject:
    """A part of a schema that is an object.

    Raises:
        TypeError: it is none.

    """
    if not isinstance(schema, dict):
        message = f"{schema!r} is no object"
        raise TypeError(message)
    return schema


def _definition(result: type[Struct]) -> JsonObject:
    properties: JsonObject = {
        member.key: {**member.form.schema, "description": _said(descriptions_of(member.owner)[member.name])}
        for member in members_of(result)
    }
    if issubclass(result, Reason):
        properties[TEXT] = {"type": "string", "description": "The reason in words."}
    return {
        "type": "object",
        "description": _said(result.__doc__ or ""),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@cache
def descriptions_of(result: type[Struct]) -> dict[str, str]:
    """What stands below each field of a result where it is declared, be that in a class that it builds on."""
    found: dict[str, str] = {CODE: "Which reason it is."} if issubclass(result, Reason) else {}
    for base in result.__bases__:
        if issubclass(base, Struct) and base not in {Struct, Reason}:
            found |= descriptions_of(base)
    tree = ast.parse(dedent(getsource(result)))
    body = [line for declared in tree.body if isinstance(declared, ast.ClassDef) for line in declared.body]
    for one, after in pairwise(body):
        match one, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = text
    return found


def _said(text: str) -> str:
    """A docstring in the words of JSON."""
    return re.sub(r"\bNone\b", "null", cleandoc(text))
