"""What a file of events is evidence of: facts by lead, and the lines that are none, each with its reason."""

from collections import Counter
from dataclasses import dataclass, field

import typer
from rich.console import Console
from rich.progress import Progress

from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.progress import progress
from leadsla.cli.terminal import say
from leadsla.event_files.event_line import event_of, show_refused
from leadsla.event_files.lines import Line, Lines, reading
from leadsla.event_files.opening import EventFileError
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import check_remedies
from sla_rules.events.decode import facts_of
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import key_of
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.instants import Instant, instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.facts_by_key import known_by
from sla_rules.reports.report import Scope
from streams.kafka.connection import LARGEST_EVENT


@dataclass(slots=True)
class Evidence:
    """Facts by the key they were received under; when the first event happened; when the last happened or arrived."""

    file: str
    vocabulary: Vocabulary
    rules: RuleBook
    """Of the agreements that are asked about."""
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    first: Instant | None = None
    last: Instant | None = None
    events: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def take(self, line: Line) -> None:
        """Join what a line says; arrival is its `recordedtime`, else its `time`.

        Raises:
            RejectionError: it says nothing that the service would take, or not of each subject that it is about; what it
                says of the others has joined.

        """
        event = event_of(line, self.vocabulary)
        time = instant(event.time)
        arrival = time if event.recordedtime is None else instant(event.recordedtime)
        facts, unread = facts_of(event, arrival)
        key = key_of(event)
        if key.partition(":")[0] in self.rules.versions:  # of other agreements nobody asks
            check_remedies(self.rules, key, facts)
        self.facts.setdefault(key, []).extend(facts)
        self.events += 1
        self.last = max(time, arrival) if self.last is None else max(self.last, time, arrival)
        if unread is not None:
            raise unread

    def scope(self, until: Instant | None) -> Scope:
        """From the first event known at `until` to there; without it, to the last event.

        Raises:
            NothingToldError: there is no event, and no `until` either.

        """
        end = until if until is not None else self.last
        if end is None:
            message = f"no event in {self.file}: say with --until as of when"
            raise NothingToldError(message)
        known = (fact.time for told in known_by(self.facts, end).values() for fact in told)
        return Scope(min(known, default=end), end)


class NothingToldError(ValueError):
    """There is nothing to go by."""


def evidence_of(file: str, vocabulary: Vocabulary, rules: RuleBook) -> Evidence:
    """All that a file says, in the words of the agreements; bad lines are named on standard error.

    Raises:
        typer.Exit: with status 2, after saying why the file cannot be read.

    """
    evidence = Evidence(file, vocabulary, rules)
    try:
        with progress() as shown:
            _read(evidence, shown)
    except EventFileError as wrong:
        say(f"leadsla: {file}: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    if evidence.refused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in evidence.refused.most_common())
        say(f"{evidence.refused.total()} bad lines of {file} left out: {reasons}", err=True)
    return evidence


def scope_of(evidence: Evidence, until: Instant | None) -> Scope:
    """What the file covers.

    Raises:
        typer.Exit: with status 2, where there is nothing in it and no instant either.

    """
    try:
        return evidence.scope(until)
    except NothingToldError as nothing:
        say(f"leadsla: {nothing}", err=True)
        raise typer.Exit(UNABLE) from None


def _read(evidence: Evidence, shown: Progress) -> None:
    lines = Lines(LARGEST_EVENT)
    with reading(evidence.file) as source:
        task = shown.add_task("reading", total=source.size, done="")
        while chunk := source.read():
            for line in lines.of(chunk):
                _take(evidence, line, shown.console)
            shown.update(task, completed=source.position(), done=f"{evidence.events:,} events")
        for line in lines.of(b""):
            _take(evidence, line, shown.console)


def _take(evidence: Evidence, line: Line, console: Console) -> None:
    try:
        evidence.take(line)
    except RejectionError as rejection:
        evidence.refused[rejection.reason] += 1
        show_refused(console, line, rejection)
