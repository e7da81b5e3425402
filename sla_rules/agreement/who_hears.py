"""Who hears of X? The people whom an agreement names for an occasion, an obligation, a team and an owner, in order.

Who cannot be reached is stood in for: the owner by the team, the team by the side that owes. So there is always somebody,
as long as that side has anybody who can be reached, and never the other side unless the agreement says so.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from sla_rules.agreement.notify import BY_DEFAULT, REPORTED_BY_DEFAULT, Occasion
from sla_rules.agreement.parties import Contact, Person, heads
from sla_rules.agreement.reps import Rep

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement
    from sla_rules.agreement.obligations import Obligation

Reaches = Callable[[Person], bool]
_LAST_RESORTS: Final = (("provider",), ("team",), ("owner",))


def has_address(person: Person) -> bool:
    """Whether there is any way to reach somebody."""
    return person.email is not None or person.webhook is not None


class Matter(NamedTuple):
    """What is to be heard of: an obligation and, where it is about one lead, whose that is, as events name them."""

    obligation: "Obligation"
    team: str | None = None
    owner: str | None = None


def who_hears(
    agreement: "Agreement", occasion: Occasion, matter: Matter, reaches: Reaches = has_address
) -> tuple[Person, ...]:
    """The people to tell, each once; `reaches` says whether one can be reached. Empty only where nobody who owes can."""
    said = getattr(matter.obligation.notify, occasion) or getattr(agreement.notify, occasion) or BY_DEFAULT[occasion]
    if matter.team is None and (owner := _owner(agreement, matter)) is not None:
        matter = matter._replace(team=owner.team)
    for words in (said, *_LAST_RESORTS):
        found = dict.fromkeys(person for word in words for person in _called(agreement, word, matter, reaches))
        if found:
            return tuple(found)
    return ()


def may_wake(agreement: "Agreement", occasion: Occasion, obligation: "Obligation") -> bool:
    """Whether people hear of it outside the hours of the promise as well."""
    own = obligation.notify.always
    return occasion in ((agreement.notify.always or ()) if own is None else own)


def who_gets_reports(agreement: "Agreement", to: Iterable[str] = ()) -> tuple[Person, ...]:
    """Who gets a report: whom it names, else whom the agreement names, and of those whoever can be reached."""
    words = tuple(to) or agreement.notify.reports or REPORTED_BY_DEFAULT
    found = dict.fromkeys(person for word in words for person in _reported_to(agreement, word))
    return tuple(person for person in found if has_address(person))


def names(agreement: "Agreement") -> dict[str, tuple[Person, ...]]:
    """Every name that may be written for somebody, and whom it stands for; of drafts as far as they go.

    People are named by themselves, by what they do and, reps, by their id; all contacts of a team or of a party by its name.
    """
    found: dict[str, tuple[Person, ...]] = {}
    for name, people in _named(agreement):
        if name is not None:
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *people)))
    return found


def _named(agreement: "Agreement") -> Iterator[tuple[str | None, Iterable[Person]]]:
    groups = [*getattr(agreement, "parties", {}).items(), *getattr(agreement, "teams", {}).items()]
    people = [person for _, group in groups for person in _people(group, "contacts")]
    for field in ("name", "role", "id"):
        for person in (*people, *_people(agreement, "reps")):
            yield getattr(person, field, None), (person,)
    for name, group in groups:
        contacts = _people(group, "contacts")
        yield getattr(group, "name", None), contacts
        yield name, contacts


def _people(of: object, field: str) -> list[Person]:
    return [one for one in getattr(of, field, ()) if isinstance(one, Person)]


def _called(agreement: "Agreement", word: str, matter: Matter, reaches: Reaches) -> tuple[Person, ...]:
    """Whom a word stands for or, as long as none of them can be reached, who stands in for them."""
    for people in _standing_in(agreement, word, matter):
        if found := tuple(filter(reaches, people)):
            return found
    return ()


def _standing_in(agreement: "Agreement", word: str, matter: Matter) -> Iterator[Iterable[Person]]:
    contacts = agreement.parties[matter.obligation.provider].contacts
    match word:
        case "owner":
            yield [owner for owner in (_owner(agreement, matter),) if owner is not None]
            yield from _standing_in(agreement, "team", matter)
        case "team":
            team = None if matter.team is None else agreement.teams.get(matter.team)
            yield () if team is None else _paged(team.contacts)
            yield _paged(contacts)
        case "heads":
            yield _paged(heads(contacts))
            yield _paged(contacts)
        case "provider":
            yield _paged(contacts)
        case "recipient":
            yield _paged(agreement.parties[matter.obligation.recipient].contacts)
        case "everybody":
            yield _paged(_all_contacts(agreement))
        case _:
            yield names(agreement).get(word, ())


def _reported_to(agreement: "Agreement", word: str) -> Iterable[Person]:
    match word:
        case "everybody":
            return _all_contacts(agreement)
        case "heads":
            return [head for party in agreement.parties.values() for head in heads(party.contacts)]
    return names(agreement).get(word, ())


def _paged(contacts: Iterable[Contact]) -> Iterable[Contact]:
    return [contact for contact in contacts if contact.pages]


def _all_contacts(agreement: "Agreement") -> Iterator[Contact]:
    for party in agreement.parties.values():
        yield from party.contacts


def _owner(agreement: "Agreement", matter: Matter) -> Rep | None:
    return next((rep for rep in agreement.reps if rep.id == matter.owner), None)
