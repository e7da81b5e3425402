"""Holds what a scenario expects against what came of it; each miss with its file and line."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import isclose
from typing import Any, Final

from sla_rules.evaluation.contributions import (
    UNFIGURED,
    AvailabilityContribution,
    DealContribution,
    DeliverableContribution,
    DepthContribution,
    FiguredContribution,
    LossContribution,
    OutageContribution,
    RetentionContribution,
    SpeedContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.notices import REASSIGNMENT
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.summary import figures_of
from sla_rules.figures.windows import Figures as WindowFigures
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import Instant, iso, parse_duration, seconds
from sla_rules.reports.encode import document
from sla_rules.time.periods import days_of, period_from
from tests.scenarios.following import Following, follows
from tests.scenarios.notation import Breach, Figures, Told, Verdict
from tests.scenarios.runner import Play

QUANTILES_WITHIN: Final = 0.01
EMPTY: Final = WindowFigures({})
NOT_MEASURED: Final = "not measured"
Found = Mapping[str, Any]


def misses(play: Play) -> list[str]:
    """Every expectation that does not hold, as `file:line: what: expected ..., found ...`."""
    return list(_Judge(play).misses())


class _Judge:
    def __init__(self, play: Play) -> None:
        self._play = play
        self._stage = play.stage
        self._expect = play.stage.scenario.expect
        self._only = play.stage.only_agreement()
        self._windows = play.figures()

    def misses(self) -> Iterator[str]:
        for verdict in self._expect.verdicts:
            yield from self._compared(verdict.line, *self._verdict(verdict))
        yield from self._breaches()
        for figures in self._expect.figures:
            yield from self._figures(figures)
        yield from self._whole()
        yield from self._compared(1, "rejected", self._expect.rejected, dict(self._play.rejected))
        fates = {fate: count for fate, count in self._play.fates.items() if fate != "accepted"}
        yield from self._compared(1, "fates", self._expect.fates, fates)
        if self._expect.uncovered is not None:
            yield from self._compared(1, "uncovered", self._expect.uncovered, self._play.uncovered)
        if self._expect.told is not None:
            yield from self._compared(1, "told", list(self._expect.told), [_line_of(one) for one in self._play.told])

    def _compared(self, line: int, what: str, expected: Any, found: Any) -> Iterator[str]:
        if expected != found:
            yield f"{self._stage.scenario.file}:{line}: {what}: expected {expected}, found {found}"

    def _whole(self) -> Iterator[str]:
        """Misses of what follows from the figures that all partitions publish."""
        until = self._stage.instant(self._stage.scenario.until)
        for agreement in self._play.rules.versions:
            whole = self._play.whole(agreement, until)
            held = None if whole.agreement is None else whole.agreement.cancellation
            yield from follows(self._stage, agreement, Following(whole.periods, held, whole.events))

    def _agreement(self, expected: Verdict | Breach | Figures) -> str:
        name = expected.agreement or self._only
        assert name is not None, f"{self._stage.scenario.file}:{expected.line}: which agreement?"
        return name

    def _verdict(self, expected: Verdict) -> tuple[str, Found, Found]:
        agreement = self._agreement(expected)
        lead = expected.lead or f"{agreement}:{expected.obligation}"
        start = self._play.starts(lead).get((self._play.rules.versions[agreement][-1].subject, expected.cycle))
        if expected.due is not None:
            start = self._stage.instant(expected.due)
        if expected.message is not None:
            start = self._sent_at(expected.message)
        contribution = next(
            (share for share in self._shares(agreement, expected) if getattr(share, "start", None) == start), None
        )
        wanted: dict[str, Any] = {"status": expected.status}
        for name in ("attempts", "segment", "team", "anomaly", "historic"):
            if getattr(expected, name) is not None:
                wanted[name] = getattr(expected, name)
        if expected.deadline is not None:
            wanted["deadline"] = None if expected.deadline == "none" else self._iso(expected.deadline)
        if expected.follow_up is not None:
            told = None if expected.follow_up == "none" else expected.follow_up
            wanted["wall"] = None if told is None else seconds(parse_duration(told.wall))
            wanted["working"] = None if told is None else seconds(parse_duration(told.working))
        found = _share_of(contribution)
        return (
            f"{lead} cycle {expected.cycle} {expected.obligation}",
            wanted,
            {name: found.get(name) for name in wanted},
        )

    def _sent_at(self, message: str) -> Instant:
        told = self._stage.scenario.timeline
        return next(self._stage.instant(one.at) for one in told if isinstance(one, Told) and one.id == message)

    def _shares(self, agreement: str, expected: Verdict) -> Iterator[FiguredContribution]:
        lead = expected.lead or f"{agreement}:{expected.obligation}"
        for contribution in self._play.contributions(lead):
            if isinstance(contribution, UNFIGURED):
                continue
            if self._play.rules.terms[contribution.term].name == (agreement, expected.obligation):
                yield contribution

    def _breaches(self) -> Iterator[str]:
        standing = {_name_of(found): found for found in self._play.standing()}
        for expected in self._expect.breaches:
            agreement = self._agreement(expected)
            lead = expected.lead or f"{agreement}:{expected.obligation}"
            tier = _tier(expected.tier, self._iso(expected.deadline))
            name = (agreement, lead, expected.obligation, expected.cycle, expected.message, tier)
            late = None if expected.late_by is None else seconds(parse_duration(expected.late_by))
            wanted = {
                "type": f"sla.{expected.kind}.v1",
                "deadline": self._iso(expected.deadline),
                "late_by_seconds": late,
                "historic": expected.historic,
                "ended_at": None if expected.ended_at is None else self._iso(expected.ended_at),
                "ended_by": expected.ended_by,
            }
            if expected.rep is not None:
                wanted["rep_id"] = expected.rep
            found = standing.pop(name, None)
            same = None if found is None else {key: found.get(key) for key in wanted}
            yield from self._compared(expected.line, f"breach {name}", wanted, same)
        for name, found in standing.items():
            yield from self._compared(1, f"breach {name}", None, found)

    def _figures(self, expected: Figures) -> Iterator[str]:
        agreement = self._agreement(expected)
        first = date.fromisoformat(expected.first)
        key = WindowKey(agreement, expected.obligation, expected.segment, expected.interval, first)
        found = self._windows.get(key, EMPTY)
        period = period_from(key.interval, first, self._play.rules.zone_of(agreement))
        until = self._stage.instant(self._stage.scenario.until)
        for name, tally, now in (("published", found.published, period.end), ("restated", found.current, until)):
            if name not in expected.model_fields_set:
                continue
            what = f"{expected.obligation} {expected.interval} {expected.first} {name}"
            wanted = getattr(expected, name)
            if wanted is None or tally is None:
                yield from self._compared(expected.line, what, wanted, tally)
            else:
                yield from self._within(expected.line, what, wanted, self._document(key, tally, now))

    def _within(self, line: int, what: str, wanted: Found, found: Found) -> Iterator[str]:
        """Misses of those keys that are expected."""
        for name, value in wanted.items():
            has = found.get(name, "no such figure")
            if isinstance(value, dict) and isinstance(has, dict):
                yield from self._within(line, f"{what} {name}", value, has)
            elif not (_is_quantile(name) and _near(value, has)):
                yield from self._compared(line, f"{what} {name}", value, has)

    def _document(self, key: WindowKey, tally: Tally, now: Instant) -> Found:
        """The figures as a report shows them."""
        name = (key.agreement, key.obligation)
        term = [term for term in self._play.rules.terms if term.name == name][-1]
        period = period_from(key.interval, key.first, self._play.rules.zone_of(key.agreement))
        days = {
            day.first: self._windows.get(key._replace(interval="day", first=day.first), EMPTY).current
            for day in days_of(period, term.zone)
        }
        return document(figures_of(term, period, tally, None, days, now))

    def _iso(self, text: str) -> str:
        return iso(self._stage.instant(text))


def _share_of(contribution: FiguredContribution | None) -> dict[str, Any]:
    if contribution is None or isinstance(contribution, AvailabilityContribution | RetentionContribution):
        return {"status": NOT_MEASURED}
    if isinstance(contribution, DealContribution):
        return {"status": "won" if contribution.won else "lost", "segment": contribution.segment}
    if isinstance(contribution, VolumeContribution | UnreadyContribution):
        return {
            "status": "delivered" if isinstance(contribution, VolumeContribution) else "unready",
            "segment": contribution.segment,
        }
    found: dict[str, Any] = {
        "status": contribution.status,
        "segment": contribution.segment,
        "team": contribution.team,
        "historic": contribution.historic,
        "deadline": None if contribution.deadline is None else iso(contribution.deadline),
    }
    if isinstance(contribution, SpeedContribution):
        found["wall"] = None if contribution.wall is None else seconds(contribution.wall)
        found["working"] = None if contribution.working is None else seconds(contribution.working)
        found["anomaly"] = contribution.anomaly
    elif isinstance(contribution, DepthContribution):
        found["attempts"] = contribution.attempts
    else:
        assert isinstance(contribution, DeliverableContribution | OutageContribution | LossContribution)
    return found


def _name_of(record: Found) -> tuple[str, str, str, int, str | None, str]:
    tier, message = _tier(record["tier"], record["deadline"]), record.get("message", {}).get("id")
    return record["agreement"], record["lead"], record["obligation"], record["cycle"], message, tier


def _tier(tier: str, deadline: str) -> str:
    """Of reassignments there may be several in one cycle, each of another instant."""
    return f"{tier} {deadline}" if tier.startswith(REASSIGNMENT) else tier


def _line_of(record: Found) -> str:
    tier = "" if record["tier"] == "deadline" else f"{record['tier']} "
    ended = " ended" if "ended_at" in record else ""
    return f"{record['lead']} {record['obligation']} {tier}{record['type'].split('.')[1]}{ended}"


def _is_quantile(name: str) -> bool:
    return name in {"p50_seconds", "p90_seconds"}


def _near(wanted: Any, found: Any) -> bool:
    return None not in {wanted, found} and isclose(wanted, found, rel_tol=QUANTILES_WITHIN)
