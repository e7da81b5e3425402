"""What of the people does not fit into their agreement: names nobody has, and people whom nothing can reach."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.notify import REPORT_WORDS, WORDS, Notify, NotifyOfAll
from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.parties import Person, unknown_superiors
from sla_rules.agreement.scheduled_reports import ScheduledReport
from sla_rules.agreement.who_hears import People, has_address
from sla_rules.fitting import Misfit, Place, looked_at
from sla_rules.spelling import unknown

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement


def people_misfits(agreement: "Agreement") -> Iterator[Misfit]:
    """All of them, each with its place; of drafts as far as they go."""
    people = People(agreement)
    for check in _CHECKS:
        yield from looked_at(check, agreement, people)


def _superiors(agreement: "Agreement", _: People) -> Iterator[Misfit]:
    yield from unknown_superiors(agreement)


def _owners_of_remedies(agreement: "Agreement", people: People) -> Iterator[Misfit]:
    for number, remedy in enumerate(agreement.remedies):
        owner = getattr(remedy, "owner", None)
        if owner is not None and owner not in people.by_name:
            yield ("remedies", number, "owner"), unknown("contact or party", owner, people.by_name)


def _teams_of_reps(agreement: "Agreement", _: People) -> Iterator[Misfit]:
    for number, rep in enumerate(agreement.reps):
        team = getattr(rep, "team", None)
        if team is not None and team not in agreement.teams:
            yield ("reps", number, "team"), unknown("team", team, agreement.teams)


def _parties_of_teams(agreement: "Agreement", _: People) -> Iterator[Misfit]:
    for name, team in agreement.teams.items():
        party = getattr(team, "party", None)
        if party is not None and party not in agreement.parties:
            yield ("teams", name, "party"), unknown("party", party, agreement.parties)


def _notified(agreement: "Agreement", people: People) -> Iterator[Misfit]:
    told: list[tuple[Place, Notify | None]] = [(("notify",), getattr(agreement, "notify", None))]
    told += [
        (("obligations", number, "notify"), getattr(obligation, "notify", None))
        for number, obligation in enumerate(getattr(agreement, "obligations", ()))
    ]
    for place, notify in told:
        for occasion in NotifyOfAll.model_fields:
            words = REPORT_WORDS if occasion == "reports" else WORDS
            if occasion != "always":
                yield from _addressees((*place, occasion), getattr(notify, occasion, None) or (), words, people)


def _addressees(place: Place, addressees: Iterable[str], words: Iterable[str], people: People) -> Iterator[Misfit]:
    for number, name in enumerate(addressees):
        if name in words:
            continue
        if name not in people.by_name:
            yield (*place, number), unknown("contact, team or party", name, [*words, *people.by_name])
        elif not any(map(_may_be_reached, people.by_name[name])):
            yield (*place, number), f"nothing reaches {name!r}; give an e-mail address or a webhook"


def _may_be_reached(person: Person) -> bool:
    """Whether there is an address, or somebody wrote a wrong one, of which is said what is wrong with it."""
    return not (hasattr(person, "email") and hasattr(person, "webhook")) or has_address(person)


def _reports(agreement: "Agreement", people: People) -> Iterator[Misfit]:
    for number, report in enumerate(agreement.reports):
        for check in (_report_to, _report_from, _report_about, _report_of_periods, _report_confirms):
            for place, message in looked_at(check, agreement, people, report):
                yield ("reports", number, *place), message


def _report_to(_: "Agreement", people: People, report: ScheduledReport) -> Iterator[Misfit]:
    yield from _addressees(("to",), report.to, REPORT_WORDS, people)
    if not report.to and not people.who_gets_reports():
        yield ("to",), "is sent to nobody: give somebody an e-mail address or a webhook"


def _report_from(_: "Agreement", people: People, report: ScheduledReport) -> Iterator[Misfit]:
    if report.sender is not None and report.sender not in people.by_name:
        yield ("sender",), unknown("contact, team or party", report.sender, people.by_name)


def _report_about(agreement: "Agreement", _: People, report: ScheduledReport) -> Iterator[Misfit]:
    known = [one.id for one in agreement.obligations if hasattr(one, "id")]
    for number, name in enumerate(report.obligations or ()):
        if name not in known:
            yield ("obligations", number), unknown("obligation", name, known)


def _report_of_periods(agreement: "Agreement", _: People, report: ScheduledReport) -> Iterator[Misfit]:
    about = [one for one in agreement.obligations if report.obligations is None or one.id in report.obligations]
    counted = list(dict.fromkeys(interval for one in about for interval in one.intervals))
    if counted and report.interval not in counted:
        yield ("interval",), f"nothing of it is counted by {report.interval}; write {' or '.join(counted)}"


_MOVES: Final = ("previous", "same", "next")
"""What closed days do to a date, the earliest first."""


def _report_confirms(agreement: "Agreement", people: People, report: ScheduledReport) -> Iterator[Misfit]:
    if report.confirms is None:
        return
    deliverables = {one.id: one for one in agreement.obligations if isinstance(one, Deliverable) and hasattr(one, "id")}
    delivered = deliverables.get(report.confirms)
    if delivered is None:
        yield ("confirms",), unknown("deliverable", report.confirms, deliverables)
        return
    sent, due = report.due, delivered.due
    if (sent.weekdays, sent.days_of_month) == (due.weekdays, due.days_of_month):
        if sent.at > due.at:
            yield ("due", "at"), f"is after {report.confirms!r} is due; send it by then"
        if _MOVES.index(sent.on_closed_day) > _MOVES.index(due.on_closed_day):
            yield ("due", "on_closed_day"), f"is after {report.confirms!r} is due; write {due.on_closed_day}"
    told = people.who_gets_reports(report.to)
    if missed := [name for name in delivered.to if not set(people.by_name.get(name, ())).issubset(told)]:
        yield ("to",), f"{report.confirms!r} goes to {', '.join(missed)}; write whoever is to get it"


_CHECKS: Final[Iterable[Callable[["Agreement", People], Iterator[Misfit]]]] = (
    _superiors,
    _owners_of_remedies,
    _teams_of_reps,
    _parties_of_teams,
    _notified,
    _reports,
)
