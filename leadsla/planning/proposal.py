"""A new version of an agreement with a recalculated goal, as a file that somebody reads, signs and deploys."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from leadsla.planning.agreement_text import with_goal
from leadsla.planning.given import GivenError
from sla_rules.agreement.file import AgreementErrors, parse_agreement, text_of
from sla_rules.agreement.file import files_of as agreement_files
from sla_rules.agreement.model import Agreement
from sla_rules.reports.plan import quotas_of, volume_of


class Proposal(NamedTuple):
    """The file of the version in force, its text, and that of the next."""

    base: Path
    before: str
    after: str

    def difference(self, file: Path) -> Iterator[str]:
        """Lines as `diff -u` prints them."""
        lines = (self.before.splitlines(), self.after.splitlines())
        return unified_diff(*lines, str(self.base), str(file), lineterm="", n=1)

    def naming(self, goal: str) -> Sequence[int]:
        """Lines, counted from 1, that did not change and still name the former goal: titles, summaries, comments."""
        named = re.compile(rf"(?<![\w.,]){re.escape(goal)}(?![\w%]|[.,]\d)")
        before = set(self.before.splitlines())
        return [
            number
            for number, line in enumerate(self.after.splitlines(), start=1)
            if line in before and named.search(line)
        ]


def proposal(paths: Sequence[Path], versions: Sequence[Agreement], planned: Agreement, obligation: str) -> Proposal:
    """The text of a version that says what is planned and else what the latest version says.

    Raises:
        GivenError: there is such a version, or a later one, or the numbers cannot be put into the text.

    """
    latest = versions[-1]
    _check(versions, planned)
    base, before = _file_of(paths, latest)
    quotas = quotas_of(volume_of(planned, obligation))
    after = with_goal(before, planned.version, planned.effective_from, obligation, quotas)
    if after is None or not _says(after, planned):
        message = (
            f"{base}: the goal cannot be changed in the text as it is written (numbers that stand elsewhere, by an anchor?); "
            f"write goal_from into {obligation!r} and try again"
        )
        raise GivenError("--propose", message)
    return Proposal(base, before, after)


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        GivenError: it is there.
        OSError: it cannot be written.

    """
    try:
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except FileExistsError:
        raise GivenError("--propose", f"{file} is there already; nothing is overwritten") from None


def version_name(first: date) -> str:
    """What a version is called after its first day, unless somebody says otherwise."""
    return f"{first:%Y-%m}"


def _check(versions: Sequence[Agreement], planned: Agreement) -> None:
    latest = versions[-1]
    if planned.effective_from <= latest.effective_from:
        message = f"has to be later than {latest.effective_from}, when version {latest.version} takes effect"
        raise GivenError("--effective-from", message)
    if any(one.version == planned.version for one in versions):
        message = f"there is a version {planned.version!r} already; say another name, as {planned.version}-b"
        raise GivenError("--version", message)


def _file_of(paths: Sequence[Path], agreement: Agreement) -> tuple[Path, str]:
    """The file that a version was read from, and its text."""
    for file in (file for path in paths for file in agreement_files(path)):
        try:
            text = text_of(file)
            if parse_agreement(text, str(file)) == agreement:
                return file, text
        except AgreementErrors:  # pragma: no cover - they were read a moment ago
            continue
    message = f"the file of version {agreement.version} has changed meanwhile"
    raise GivenError("--propose", message)


def _says(text: str, planned: Agreement) -> bool:
    try:
        return parse_agreement(text) == planned
    except AgreementErrors:
        return False
