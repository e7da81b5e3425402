"""What the figures of all partitions say of one agreement, worked out again only where they have changed."""

from collections.abc import Sequence

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import Instant
from sla_rules.notation import Granularity
from sla_rules.reports.report import terms_by_obligation
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.time.intervals import BEGINNING
from sla_rules.time.periods import period_of
from sla_rules.whole_agreement.called_for import CalledForEvents
from sla_rules.whole_agreement.encoding import event_record, state_record
from sla_rules.whole_agreement.judged_periods import JudgedPeriods, PeriodName, intervals_looked_at
from sla_rules.whole_agreement.ledgers import Ledgers
from sla_rules.whole_agreement.records import AgreementData, PeriodData
from sla_rules.whole_agreement.running_promises import RunningPromises
from sla_rules.whole_agreement.standing_records import StandingRecords
from sla_rules.whole_agreement.whole import WholeAgreement


class WholeFigures:
    """Of an agreement of the rule book, as so many partitions publish them."""

    def __init__(self, rules: RuleBook, agreement: str, partitions: int) -> None:
        self._rules, self._agreement = rules, agreement
        self._versions = rules.versions[agreement]
        self._looked_at = {name: _looked_at(terms) for name, terms in terms_by_obligation(self._versions).items()}
        self._ignored: set[WindowKey] = set()
        self._tallies = TopicTallies(rules)
        self._periods = JudgedPeriods(rules, agreement, partitions, self._tallies)
        self._events = CalledForEvents(self._periods, self._versions[-1])
        self._ledgers = Ledgers(self._periods)
        self._promises = RunningPromises(rules, self._tallies)
        self._touched: set[str] = set()
        self._data: AgreementData | None = None
        self._now: Instant | None = None

    def put(self, partition: int, key: WindowKey, figures: Figures | None) -> None:
        """Count what a partition says of a window, in place of what it said before; None for nothing."""
        looked_at = self._looked_at.get(key.obligation)
        if looked_at is None or not self._rules.has_period(self._agreement, key.interval, key.first):
            self._ignored.add(key)
        elif key.interval in looked_at and self._tallies.put(partition, key, figures):
            is_filled = bool(self._tallies.current.get(key) or self._tallies.published.get(key))
            self._periods.first_known.note(key, is_filled=is_filled)
            self._periods.touch(key)
            self._touched.add(key.obligation)

    def work_out(self, now: Instant, records: StandingRecords) -> None:
        """Want the records that follow from what is known at an instant."""
        self._now = now
        touched = self._periods.judge(now)
        for name in touched:
            self._want_period(name, records)
        for event in self._events.work_out(touched, now):
            records.want_event(*event_record(event, self._agreement))
        for name, row in self._ledgers.work_out(touched, now):
            key = f"{self._path(name)}/ledger"
            records.want(*state_record(key, "sla.agreement_ledger.v1", self._agreement, row.row.period.end, row))
        self._want_agreement(now, records)
        self._touched.clear()

    def next_due(self) -> Instant:
        """When time alone next changes something."""
        return BEGINNING if self._now is None else min(self._periods.next_due(), self._rules.next_change(self._now))

    @property
    def whole(self) -> WholeAgreement:
        """All of it, as of when it was last worked out."""
        judged = [self._periods.judged[name] for name in self._periods.periods]
        return WholeAgreement(
            agreement=self._data,
            since=self._periods.since,
            periods=tuple(one.goal for one in judged if one.goal is not None and one.settled.published is not None),
            ledger=tuple(row for rows in self._ledgers.rows.values() for row in rows.values()),
            events=self._events.all,
            ignored=len(self._ignored),
        )

    def _path(self, name: PeriodName) -> str:
        return f"{self._agreement}/{name.obligation}/{name.interval}/{name.first.isoformat()}"

    def _want_period(self, name: PeriodName, records: StandingRecords) -> None:
        """A period that is not decided any more says so where it was told."""
        settled, goal = self._periods.judged[name]
        key = self._path(name)
        if goal is not None and (settled.published is not None or records.is_known(key.encode())):
            data = PeriodData(agreement=self._agreement, name=self._periods.called(name), goal=goal)
            records.want(*state_record(key, "sla.agreement_period.v1", self._agreement, settled.published_at, data))

    def _want_agreement(self, now: Instant, records: StandingRecords) -> None:
        version = next((one for one in reversed(self._versions) if one.since <= now), None)
        if version is None:
            self._data = None
            return
        today = period_of("day", now, self._rules.zone_of(self._agreement))
        as_of = max(today.start, version.since)
        data = AgreementData(
            agreement=self._agreement,
            version=version.agreement.version,
            status="active",
            subject=version.agreement.subject,
            time_zone=self._rules.zone_of(self._agreement).key,
            year_begins=version.terms[0].year_begins,
            as_of=as_of,
            listening_since=self._rules.listening_since.get(self._agreement),
            cancellation=self._events.cancellation,
            promises=self._promises.promises(version, as_of, self._touched),
            next_goals=self._ledgers.next_goals(),
        )
        if data != self._data:
            self._data = data
            records.want(*state_record(self._agreement, "sla.agreement.v1", self._agreement, as_of, data))


def _looked_at(terms: Sequence[Term]) -> frozenset[Granularity]:
    """The windows of an obligation that anything here rests on."""
    days: tuple[Granularity, ...] = ("day",) if any(isinstance(term.obligation, Volume) for term in terms) else ()
    return frozenset((*intervals_looked_at(terms), *days))
