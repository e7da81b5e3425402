"""What obligations say of the cycles of one life: of each under every term that judges it, and of its creation.

Nearly all obligations judge each cycle by itself, by what its lead was like at the hand-off; which is all that there is to see
in most cycles. Where fields changed, each judges in the stay that decides (`sla_rules.evaluation.stays`); and some cut time
otherwise than cycles do, by messages (`messages`) or over reopenings (`reopened`).
"""

from collections.abc import Iterator, Sequence

from sla_rules.agreement.conditions import matches
from sla_rules.agreement.obligations import Judges
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation import deals
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import UncoveredContribution, UnreadyContribution
from sla_rules.evaluation.cycle_by_terms import by_terms
from sla_rules.evaluation.kinds import KINDS
from sla_rules.evaluation.messages import by_message
from sla_rules.evaluation.reopened import Reopenings
from sla_rules.evaluation.stays import Stay, deciding, stays_of
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import Life
from sla_rules.time.intervals import BEGINNING

Verdict = tuple[Cycle, CycleEvaluation | None, Assessment | None]
"""A cycle, under which term it was judged, and what came out: no term where no agreement applies to it, nothing where the
lead was delivered at an earlier hand-off, or where the cycle continues one before. A plain tuple: one is made for each term of each cycle."""


class CycleJudge:
    """Judges the cycles of one life as of an instant, once."""

    __slots__ = ("_historic_after", "_judged", "_lead", "_life", "_lost", "_now", "_reopenings", "_rules")

    def __init__(self, rules: RuleBook, lead: str, life: Life, now: Instant) -> None:
        self._rules, self._lead, self._life, self._now = rules, lead, life, now
        self._historic_after = rules.historic_after
        self._lost = deals.lost(told) if (told := life.deals) else ()
        self._reopenings = Reopenings(life) if rules.cuts_cycles else None
        self._judged: set[tuple[str, str]] = set()
        """The obligations that judge a lead once, and have."""

    def verdicts(self) -> Iterator[Verdict]:
        """What obligations of leads say of every cycle, each under every term that judges it."""
        rules, reopenings = self._rules, self._reopenings
        if rules.judges_creation and (creation := self._life.creation) is not None:
            yield from self._of_creation(creation)
        for cycle in self._life.cycles:
            if reopenings is not None:
                yield from self._cut(cycle, reopenings)
            if cycle.changes:
                yield from self._of_changing(cycle)
                continue
            applying = rules.applying(cycle.fields, cycle.start, cycle.subject)
            for version, segment in applying:
                yield from self._of_whole(cycle, version, segment, version.of_hand_offs.get(segment, ()))
            if not applying and (reopenings is None or not reopenings.continues_any(cycle)):
                yield cycle, None, Assessment(UncoveredContribution(cycle.start))

    def _of_whole(self, cycle: Cycle, version: Version, segment: str, terms_of_it: Sequence[Term]) -> Iterator[Verdict]:
        """By what the lead was like at the hand-off."""
        ready = matches(version.minimum_quality, cycle.fields)
        is_seen_alike = not (self._lost or cycle.just_before)
        lead, historic_after, reopenings = self._lead, self._historic_after, self._reopenings
        for term in terms_of_it:
            terms = term.obligation
            seen = cycle if is_seen_alike else by_terms(cycle, terms, self._lost)
            evaluation = CycleEvaluation(term, segment, lead, seen, historic_after)
            if reopenings is not None and reopenings.has_continued(term, cycle):
                yield cycle, evaluation, None
                continue
            if not ready:
                yield cycle, evaluation, Assessment(UnreadyContribution(term.index, segment, cycle.start))
                continue
            kind = KINDS[terms.kind]
            if kind.once:
                if term.name in self._judged:
                    yield cycle, evaluation, None
                    continue
                self._judged.add(term.name)
            yield cycle, evaluation, kind.assess(evaluation, terms, self._now)

    def _of_changing(self, cycle: Cycle) -> Iterator[Verdict]:
        """The same where fields of the lead changed. What the hand-off was like says whether it was ready, and counts for volume."""
        stays = stays_of(self._rules, cycle)
        for version, of_version in stays.items():
            first = of_version[0]
            ready = matches(version.minimum_quality, cycle.fields)
            terms = [
                term
                for term in version.of_hand_offs.get(first.segment, ())
                if (not ready if term.obligation.follows_fields else first.since == BEGINNING)
            ]
            yield from self._of_whole(cycle, version, first.segment, terms)
            if ready:
                yield from self._following(cycle, version, of_version, "hand_offs")
        if not stays and (self._reopenings is None or not self._reopenings.continues_any(cycle)):
            yield cycle, None, Assessment(UncoveredContribution(cycle.start))

    def _following(self, cycle: Cycle, version: Version, stays: Sequence[Stay], judges: Judges) -> Iterator[Verdict]:
        """What obligations that follow fields say of a cycle, each in the stay that decides."""
        for term in version.terms:
            terms = term.obligation
            if terms.judges == judges and terms.follows_fields and not terms.continues_when_reopened:
                seen = by_terms(cycle, terms, self._lost)
                evaluation = deciding(term, stays, self._lead, seen, self._historic_after)
                if evaluation is None:
                    continue
                if self._reopenings is not None and self._reopenings.has_continued(term, cycle):
                    yield cycle, evaluation, None
                else:
                    yield cycle, evaluation, KINDS[terms.kind].assess(evaluation, terms, self._now)

    def _of_creation(self, cycle: Cycle) -> Iterator[Verdict]:
        """The lead's own clock, under the version in force when it came into being."""
        is_changing = bool(cycle.changes)
        for version, stays in stays_of(self._rules, cycle).items() if is_changing else ():
            yield from self._following(cycle, version, stays, "creations")
        for version, segment in self._rules.applying(cycle.fields, cycle.start, cycle.subject):
            for term in version.of_creations.get(segment, ()):
                terms = term.obligation
                if is_changing and terms.follows_fields:
                    continue
                seen = by_terms(cycle, terms, self._lost)
                evaluation = CycleEvaluation(term, segment, self._lead, seen, self._historic_after)
                yield cycle, evaluation, KINDS[terms.kind].assess(evaluation, terms, self._now)

    def _cut(self, cycle: Cycle, reopenings: Reopenings) -> Iterator[Verdict]:
        """What obligations say that cut time otherwise than cycles: of each message, or of all cycles that reopenings continue."""
        run, of_cycle = reopenings.run(cycle), stays_of(self._rules, cycle)
        of_run = of_cycle if run is cycle else stays_of(self._rules, run)
        for stays_by_version, continues in ((of_cycle, False), (of_run, True)):
            for version, stays in stays_by_version.items():
                is_ready = matches(version.minimum_quality, cycle.fields)
                for term in version.cutting:
                    of_term = [stay for stay in stays if stay.segment in term.segments]
                    if not term.obligation.follows_fields:
                        of_term = [stay for stay in of_term if stay.since == BEGINNING]
                    if not of_term or term.obligation.continues_when_reopened != continues:
                        continue
                    segment = of_term[0].segment
                    evaluation = CycleEvaluation(term, segment, self._lead, cycle, self._historic_after)
                    if reopenings.has_continued(term, cycle):
                        yield cycle, evaluation, None
                    elif is_ready:
                        yield from self._parts(evaluation, of_term, reopenings)
                    elif of_term[0].since == BEGINNING:
                        yield cycle, evaluation, Assessment(UnreadyContribution(term.index, segment, cycle.start))

    def _parts(self, of_cycle: CycleEvaluation, stays: Sequence[Stay], reopenings: Reopenings) -> Iterator[Verdict]:
        """Of each part of a cycle that a promise is about, or of the whole that the cycle is the first part of."""
        term, cycle = of_cycle.term, of_cycle.cycle
        terms = term.obligation
        whole, connections = reopenings.whole(term, cycle, self._lost)
        answered_by = terms.attempts_counted if terms.judges == "messages" else None
        if answered_by is not None:
            reopenings.note(term, cycle, is_promised=False)
        for part in (whole,) if answered_by is None else by_message(whole, answered_by, connections):
            evaluation: CycleEvaluation | None = of_cycle._replace(cycle=part)
            if terms.follows_fields and whole.changes:
                evaluation = deciding(term, stays, self._lead, part, self._historic_after)
            if evaluation is not None:
                if answered_by is None:
                    reopenings.note(term, cycle, is_promised=True)
                yield cycle, evaluation, KINDS[terms.kind].assess(evaluation, terms, self._now)
