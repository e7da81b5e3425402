"""A new version of an agreement with a recalculated goal, as a file that somebody reads, signs and deploys."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import unified_diff
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from leadsla.planning.agreement_text import with_goal
from leadsla.planning.chosen import Chosen
from leadsla.planning.given import GivenError
from sla_rules.agreement.file import AgreementErrors, files_of, parse_agreement, text_of
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.model import Agreement, VersionName
from sla_rules.agreement.sentences import sentence
from sla_rules.reports.plan import planned_agreement
from wording.voice import Voice


class Proposal(NamedTuple):
    """The file of the latest version, its text, that of the next, what this says, and the goal of the latest."""

    base: Path
    before: str
    after: str
    agreement: Agreement
    former_goal: Decimal

    def difference(self, file: Path) -> Iterator[str]:
        """Lines as `diff -u` prints them."""
        lines = (self.before.splitlines(), self.after.splitlines())
        return unified_diff(*lines, str(self.base), str(file), lineterm="", n=1)

    def still_named(self) -> Sequence[int]:
        """Lines, counted from 1, that did not change and still say the former goal: titles, summaries, comments."""
        goal = re.escape(f"{self.former_goal:f}")
        named = re.compile(rf"(?<![\w.,:-]){goal}(?![\w%:-]|[.,]\d)")
        before = set(self.before.splitlines())
        return [
            number
            for number, line in enumerate(self.after.splitlines(), start=1)
            if line in before and named.search(line)
        ]


def proposal(goal: Chosen, quotas: Mapping[str | None, Quota], first: date, version: str | None) -> Proposal:
    """The text of a version that has the goal of these quotas, and else says what the latest version says.

    Raises:
        GivenError: there is such a version, or a later one, or the numbers cannot be put into the text.

    """
    latest, name = goal.agreement, goal.obligation.id
    named = version_name(first) if version is None else _version(version)
    planned = planned_agreement(latest, name, quotas, first).model_copy(update={"version": named})
    _check(goal.versions, planned)
    base, before = _file_of(goal)
    after = with_goal(before, planned.version, first, name, quotas)
    if after is None or not _says(after, planned):
        message = (
            f"the goal cannot be changed in the text of {base} as it is written (numbers that stand elsewhere, by an anchor?); "
            f"write goal_from into {name!r} and try again"
        )
        raise GivenError("--propose", message)
    return Proposal(base, before, after, planned, goal.obligation.agreed)


def check_new(file: Path | None, option: str) -> None:
    """See that a file that is to be written is not there yet.

    Raises:
        GivenError: it is.

    """
    if file is not None and file.exists():
        raise GivenError(option, f"{file} is there already; nothing is overwritten")


def said_of(proposed: Proposal, file: Path, voice: Voice) -> Iterator[str]:
    """The difference to the latest version, and what is left for somebody to read again."""
    yield ""
    yield from proposed.difference(file)
    yield ""
    agreement = proposed.agreement
    since = voice.day(agreement.effective_from)
    yield voice.text("plan-proposed", file=str(file), version=agreement.version, since=since)
    if lines := proposed.still_named():
        numbers = ", ".join(map(str, lines))
        yield voice.text("plan-still-named", lines=numbers, lines_count=len(lines), goal=f"{proposed.former_goal:f}")


def version_name(first: date) -> str:
    """What a version is called after its first day, unless somebody says otherwise."""
    return f"{first:%Y-%m}"


def _version(name: str) -> str:
    try:
        return _VERSION(name)
    except ValidationError as wrong:
        raise GivenError("--version", sentence(wrong.errors(include_url=False)[0], ())) from None


_VERSION: Final[Callable[[str], str]] = TypeAdapter(VersionName).validate_python


def _check(versions: Sequence[Agreement], planned: Agreement) -> None:
    latest = versions[-1]
    if planned.effective_from <= latest.effective_from:
        message = f"has to be later than {latest.effective_from}, when version {latest.version} takes effect"
        raise GivenError("--effective-from", message)
    if any(one.version == planned.version for one in versions):
        message = f"there is a version {planned.version!r} already; say another name, as {planned.version}-b"
        raise GivenError("--version", message)


def _file_of(goal: Chosen) -> tuple[Path, str]:
    """The file that the latest version was read from, and its text."""
    for file in (file for path in goal.paths for file in files_of(path)):
        try:
            text = text_of(file)
            if parse_agreement(text, str(file)) == goal.agreement:
                return file, text
        except AgreementErrors:  # pragma: no cover - they were read a moment ago
            continue
    message = f"the file of version {goal.agreement.version} has changed meanwhile"
    raise GivenError("--propose", message)


def _says(text: str, planned: Agreement) -> bool:
    try:
        return parse_agreement(text) == planned
    except AgreementErrors:
        return False
