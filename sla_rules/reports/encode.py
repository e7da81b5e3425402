"""Results as JSON, for whoever is not of this process: a command's output, a page, a message."""

import json

from msgspec import Struct

from sla_rules.reports.json_form import JsonObject, Say, write_result


def document(result: Struct, say: Say | None = None) -> JsonObject:
    """A result as a JSON object: instants in UTC, durations in seconds, money as decimal text, undefined as None.

    Reasons are written by their codes, and with their sentences where `say` gives them.
    """
    return write_result(result, say)


def encode(result: Struct, say: Say | None = None) -> str:
    """A result as JSON text on one line."""
    return json.dumps(document(result, say), ensure_ascii=False)
