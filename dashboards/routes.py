"""Whom an agreement's alerts go to, in which hours: one route an alert, made of what the agreement says of who hears of it.

An alert knows its obligation and, where it is about leads, their team; it knows no owner, so that the team stands in. What
all obligations of a party say alike is one route; teams that differ have theirs before it.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dashboards.alert_names import BY_TEAM
from dashboards.alert_rules import alert_rules
from dashboards.escaping import quoted
from dashboards.kinds.obliged import Severity
from dashboards.quiet_hours import quiet_hours
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.notify import Occasion
from sla_rules.agreement.obligations import Obligation, OfLeads
from sla_rules.agreement.parties import Contact, Person
from sla_rules.agreement.who_hears import Matter, People, may_wake
from sla_rules.figures.team_labels import label_of

OCCASION: Final[Mapping[Severity, Occasion]] = {"page": "breaches", "notice": "goals"}
"""What an alert of each severity tells of. Of warnings and escalations, which are about one lead, no alert tells."""


class Audience(NamedTuple):
    """Who hears of an alert, and the quiet hours that it waits for the end of, by their name; None for at any hour."""

    people: tuple[Person, ...]
    quiet: str | None


class Route(NamedTuple):
    """Alerts that go to the same people; the first of an agreement's that matches is theirs."""

    party: str
    matchers: tuple[str, ...]
    severity: Severity
    receiver: str
    audience: Audience


def routes_of(agreement: Agreement, settings: Settings) -> Iterator[Route]:
    """The routes of an agreement in their order: every alert of its takes one."""
    told, people = list(alert_rules(agreement, settings)), People(agreement)
    for party in dict.fromkeys(alert.labels["party"] for alert in told):
        of_party = [alert for alert in told if alert.labels["party"] == party]
        for severity in OCCASION:
            by_team = {
                name: any(alert.name in BY_TEAM for alert in of_party if alert.labels["obligation"] == name)
                for name in dict.fromkeys(a.labels["obligation"] for a in of_party if a.labels["severity"] == severity)
            }
            yield from _of_obligations(_Side(agreement, people, settings, party, severity), by_team)


def reachable(person: Person, settings: Settings) -> bool:
    """Whether Alertmanager has a way to somebody."""
    return person.webhook is not None or (person.email is not None and settings.smtp is not None)


def integrations(people: Sequence[Person], settings: Settings) -> dict[str, Any]:
    """Alertmanager's integrations of these people; empty where none can be reached."""
    webhooks = [webhook(url) for url in dict.fromkeys(person.webhook for person in people) if url]
    emails = [{"to": to, "send_resolved": True} for to in dict.fromkeys(person.email for person in people) if to]
    return {
        **({"webhook_configs": webhooks} if webhooks else {}),
        **({"email_configs": emails} if emails and settings.smtp else {}),
    }


def webhook(url: str) -> dict[str, Any]:
    """One of Alertmanager's webhooks."""
    return {"url": url, "send_resolved": True}


class _Side(NamedTuple):
    """What one party is told of by alerts of one severity."""

    agreement: Agreement
    people: People
    settings: Settings
    party: str
    severity: Severity

    def audiences(self, obligation: Obligation) -> tuple[tuple[str | None, Audience], ...]:
        """Of the teams that differ, and then of all others, by None."""
        rest = self.audience(obligation, None)
        apart = ((team, self.audience(obligation, team)) for team in self.agreement.teams)
        return (*((team, audience) for team, audience in apart if audience != rest), (None, rest))

    def audience(self, obligation: Obligation, team: str | None) -> Audience:
        occasion = OCCASION[self.severity]
        people = self.people.who_hears(
            occasion, Matter(obligation, team), lambda person: reachable(person, self.settings)
        )
        if may_wake(self.agreement, occasion, obligation):
            return Audience(people, None)
        # An alert does not say which segment its leads are of: where those keep different hours, somebody may be at work.
        calendars = _kept(self.agreement, self.severity, obligation, team)
        return Audience(people, _quiet(self.agreement, calendars.pop()) if len(calendars) == 1 else None)

    def receiver(self, audience: Audience, *, only: str, team: str | None) -> str:
        """A name that no other audience of the agreement has; that of all contacts of the party is theirs alone."""
        contacts: Sequence[Contact] = self.agreement.parties[self.party].contacts
        named = f"{self.agreement.agreement}/{self.party}"
        if audience.people == tuple(one for one in contacts if one.pages and reachable(one, self.settings)):
            return f"{named}/provider"
        return f"{named}/{OCCASION[self.severity]}{only}" + ("" if team is None else f"@{label_of(team)}")


def _of_obligations(side: _Side, by_team: Mapping[str, bool]) -> Iterator[Route]:
    """Obligations that are told of alike have their routes in common; `by_team` says whose alerts come by team."""
    alike: dict[tuple[tuple[str | None, Audience], ...], list[str]] = {}
    audiences: dict[Hashable, tuple[tuple[str | None, Audience], ...]] = {}
    for obligation in side.agreement.obligations:
        if obligation.id in by_team:
            key = obligation.notify, obligation.recipient, frozenset(_of_segments(side.agreement, obligation))
            told = audiences[key] = audiences.get(key) or side.audiences(obligation)
            alike.setdefault(told, []).append(obligation.id)
    for told, obligations in alike.items():
        is_all = len(obligations) == len(by_team)
        comes_by_team = any(by_team[name] for name in obligations)
        for team, audience in told if comes_by_team else told[-1:]:
            yield Route(
                side.party,
                (
                    f'party="{side.party}"',
                    f'severity="{side.severity}"',
                    *(() if is_all else (f'obligation=~"{"|".join(obligations)}"',)),
                    *(() if team is None else (f'team="{quoted(label_of(team))}"',)),
                ),
                side.severity,
                side.receiver(audience, only="" if is_all else f"/{obligations[0]}", team=team),
                audience,
            )


def quiet_of(agreement: Agreement, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The quiet hours of an agreement by name, as Alertmanager has them: of its calendar and of others; none if always open."""
    hours = [(None, agreement.calendar), *agreement.calendars.items()]
    named = {_quiet(agreement, name): quiet_hours(one, settings.today) for name, one in hours}
    return {name: closed for name, closed in named.items() if closed}


def _quiet(agreement: Agreement, calendar: str | None) -> str:
    return f"{agreement.agreement}/quiet-hours" + ("" if calendar is None else f"/{calendar}")


def _kept(agreement: Agreement, severity: Severity, obligation: Obligation, team: str | None) -> set[str | None]:
    """Those that the promise is kept by; None is the agreement's own, which figures keep."""
    if severity != "page":
        return {None}
    calendar = None if team is None else agreement.teams[team].calendar
    return _of_segments(agreement, obligation) if calendar is None else {calendar}


def _of_segments(agreement: Agreement, obligation: Obligation) -> set[str | None]:
    """Of the segments whose leads it judges; None is the agreement's own."""
    if not isinstance(obligation, OfLeads) or not agreement.segments:
        return {None}
    if obligation.segments is not None:
        return {segment.calendar for segment in agreement.segments if segment.id in obligation.segments} or {None}
    takes_the_rest = any(not segment.when for segment in agreement.segments)
    return {segment.calendar for segment in agreement.segments} | (set() if takes_the_rest else {None})
