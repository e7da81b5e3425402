"""What of the people does not fit into their agreement: names nobody has, and people whom nothing can reach."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.notify import REPORT_WORDS, WORDS, Notify, NotifyOfAll
from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.parties import unknown_superiors
from sla_rules.agreement.scheduled_reports import ScheduledReport
from sla_rules.agreement.who_hears import has_address, names, who_gets_reports
from sla_rules.fitting import Misfit, Place, looked_at
from sla_rules.spelling import unknown

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement


def people_misfits(agreement: "Agreement") -> Iterator[Misfit]:
    """All of them, each with its place; of drafts as far as they go."""
    for check in _CHECKS:
        yield from looked_at(check, agreement)


def _superiors(agreement: "Agreement") -> Iterator[Misfit]:
    yield from unknown_superiors(agreement)


def _owners_of_remedies(agreement: "Agreement") -> Iterator[Misfit]:
    known = names(agreement)
    for number, remedy in enumerate(agreement.remedies):
        owner = getattr(remedy, "owner", None)
        if owner is not None and owner not in known:
            yield ("remedies", number, "owner"), unknown("contact or party", owner, known)


def _teams_of_reps(agreement: "Agreement") -> Iterator[Misfit]:
    for number, rep in enumerate(agreement.reps):
        team = getattr(rep, "team", None)
        if team is not None and team not in agreement.teams:
            yield ("reps", number, "team"), unknown("team", team, agreement.teams)


def _notified(agreement: "Agreement") -> Iterator[Misfit]:
    known = {name: any(map(has_address, people)) for name, people in names(agreement).items()}
    told: list[tuple[Place, Notify | None]] = [(("notify",), getattr(agreement, "notify", None))]
    told += [
        (("obligations", number, "notify"), getattr(obligation, "notify", None))
        for number, obligation in enumerate(getattr(agreement, "obligations", ()))
    ]
    for place, notify in told:
        for occasion in NotifyOfAll.model_fields:
            words = REPORT_WORDS if occasion == "reports" else WORDS
            if occasion != "always":
                yield from _addressees((*place, occasion), getattr(notify, occasion, None) or (), words, known)


def _addressees(
    place: Place, addressees: Iterable[str], words: Iterable[str], known: dict[str, bool]
) -> Iterator[Misfit]:
    for number, name in enumerate(addressees):
        if name in words:
            continue
        if name not in known:
            yield (*place, number), unknown("contact, team or party", name, [*words, *known])
        elif not known[name]:
            yield (*place, number), f"nothing reaches {name!r}; give an e-mail address or a webhook"


def _reports(agreement: "Agreement") -> Iterator[Misfit]:
    for number, report in enumerate(agreement.reports):
        for check in (_report_to, _report_from, _report_about, _report_of_periods, _report_confirms):
            for place, message in looked_at(check, agreement, report):
                yield ("reports", number, *place), message


def _report_to(agreement: "Agreement", report: ScheduledReport) -> Iterator[Misfit]:
    known = {name: any(map(has_address, people)) for name, people in names(agreement).items()}
    yield from _addressees(("to",), report.to, REPORT_WORDS, known)
    if not report.to and not who_gets_reports(agreement):
        yield ("to",), "is sent to nobody: give somebody an e-mail address or a webhook"


def _report_from(agreement: "Agreement", report: ScheduledReport) -> Iterator[Misfit]:
    known = names(agreement)
    if report.sender is not None and report.sender not in known:
        yield ("sender",), unknown("contact, team or party", report.sender, known)


def _report_about(agreement: "Agreement", report: ScheduledReport) -> Iterator[Misfit]:
    known = [one.id for one in agreement.obligations if hasattr(one, "id")]
    for number, name in enumerate(report.obligations or ()):
        if name not in known:
            yield ("obligations", number), unknown("obligation", name, known)


def _report_of_periods(agreement: "Agreement", report: ScheduledReport) -> Iterator[Misfit]:
    about = [one for one in agreement.obligations if report.obligations is None or one.id in report.obligations]
    counted = list(dict.fromkeys(interval for one in about for interval in one.intervals))
    if counted and report.interval not in counted:
        yield ("interval",), f"nothing of it is counted by {report.interval}; write {' or '.join(counted)}"


def _report_confirms(agreement: "Agreement", report: ScheduledReport) -> Iterator[Misfit]:
    if report.confirms is None:
        return
    deliverables = {one.id: one for one in agreement.obligations if isinstance(one, Deliverable) and hasattr(one, "id")}
    delivered = deliverables.get(report.confirms)
    if delivered is None:
        yield ("confirms",), unknown("deliverable", report.confirms, deliverables)
        return
    sent, due = report.due, delivered.due
    if (sent.weekdays, sent.days_of_month) == (due.weekdays, due.days_of_month) and sent.at > due.at:
        yield ("due", "at"), f"is after {report.confirms!r} is due; send it by then"
    known, told = names(agreement), who_gets_reports(agreement, report.to)
    if missed := [name for name in delivered.to if not set(known.get(name, ())).issubset(told)]:
        yield ("to",), f"{report.confirms!r} goes to {', '.join(missed)}; write whoever is to get it"


_CHECKS: Final[Iterable[Callable[["Agreement"], Iterator[Misfit]]]] = (
    _superiors,
    _owners_of_remedies,
    _teams_of_reps,
    _notified,
    _reports,
)
