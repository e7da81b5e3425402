"""The example with some of its text changed, and what is wrong with it then."""

from typing import Final

import pytest

from sla_rules.agreement.file import AgreementErrors, parse_agreement
from tests.sla_rules.rules import COMPANY_X_FILE

TEXT: Final = COMPANY_X_FILE.read_text(encoding="utf-8")
HOURS: Final = 'mon: [["09:00", "12:30"], ["13:30", "18:00"]]'
DEADLINE: Final = "deadline: {within: 1h, clock: working}"


def changed(*changes: tuple[str, str]) -> str:
    """The example with some of its text changed, each in its first place."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def errors_of(text: str) -> list[str]:
    """All that is wrong with a text, as it is printed."""
    with pytest.raises(AgreementErrors) as wrong:
        parse_agreement(text, "x.yaml")
    assert str(wrong.value) == "\n".join(map(str, wrong.value.errors))
    return [str(error) for error in wrong.value.errors]
