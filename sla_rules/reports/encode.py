"""Results as JSON, for whoever is not of this process: a command's output, a page, a message."""

import json

from msgspec import Struct

from sla_rules.reports.json_form import JsonObject, write_result


def document(result: Struct) -> JsonObject:
    """A result as a JSON object: instants in UTC, durations in seconds, money as decimal text, undefined as None."""
    return write_result(result)


def encode(result: Struct) -> str:
    """A result as JSON text on one line."""
    return json.dumps(document(result), ensure_ascii=False)
