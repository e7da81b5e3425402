"""Who hears of X? The people whom an agreement names for an occasion, an obligation, a team and an owner, in order.

Who cannot be reached is stood in for: the owner by the team, the team by the side that owes. So there is always somebody,
as long as that side has anybody who can be reached, and never the other side unless the agreement says so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from sla_rules.agreement.notify import BY_DEFAULT, REPORTED_BY_DEFAULT, Occasion
from sla_rules.agreement.parties import Contact, Person, heads
from sla_rules.agreement.reps import Rep

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement
    from sla_rules.agreement.obligations import Obligation

Somebody = TypeVar("Somebody", bound=Person)
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


def may_wake(agreement: "Agreement", occasion: Occasion, obligation: "Obligation") -> bool:
    """Whether people hear of it outside the hours of the promise as well."""
    own = obligation.notify.always
    return occasion in ((agreement.notify.always or ()) if own is None else own)


class People:
    """Whoever there is in an agreement, or in a draft of one as far as it goes, ready to be asked."""

    def __init__(self, agreement: "Agreement") -> None:
        self._agreement = agreement
        self._reps = {rep.id: rep for rep in _people(agreement, "reps", Rep) if hasattr(rep, "id")}
        self.by_name: Final[Mapping[str, tuple[Person, ...]]] = _by_name(agreement)
        """Every name that may be written for somebody, and whom it stands for.

        People are named by themselves, by what they do and, reps, by their id; all contacts of a team or of a party by its
        name.
        """

    def who_hears(self, occasion: Occasion, matter: Matter, reaches: Reaches = has_address) -> tuple[Person, ...]:
        """The people to tell, each once; `reaches` says whether one can be reached.

        Empty only where nobody who owes can.
        """
        own, agreed = matter.obligation.notify, self._agreement.notify
        said = getattr(own, occasion) or getattr(agreed, occasion) or BY_DEFAULT[occasion]
        if matter.team is None and matter.owner in self._reps:
            matter = matter._replace(team=self._reps[matter.owner].team)
        for words in (said, *_LAST_RESORTS):
            found = dict.fromkeys(person for word in words for person in self._called(word, matter, reaches))
            if found:
                return tuple(found)
        return ()

    def who_gets_reports(self, to: Iterable[str] = ()) -> tuple[Person, ...]:
        """Who gets a report: whom it names, else whom the agreement names, and of those whoever can be reached."""
        words = tuple(to) or self._agreement.notify.reports or REPORTED_BY_DEFAULT
        found = dict.fromkeys(person for word in words for person in self._reported_to(word))
        return tuple(filter(has_address, found))

    def _called(self, word: str, matter: Matter, reaches: Reaches) -> tuple[Person, ...]:
        """Whom a word stands for or, as long as none of them can be reached, who stands in for them."""
        for people in self._standing_in(word, matter):
            if found := tuple(filter(reaches, people)):
                return found
        return ()

    def _standing_in(self, word: str, matter: Matter) -> Iterator[Iterable[Person]]:
        parties = self._agreement.parties
        contacts = parties[matter.obligation.provider].contacts
        match word:
            case "owner":
                owner = self._reps.get(matter.owner) if matter.owner is not None else None
                yield [owner] if owner is not None and self._owes(owner.team, matter) else ()
                yield from self._standing_in("team", matter)
            case "team":
                team = self._agreement.teams.get(matter.team) if matter.team is not None else None
                yield _paged(team.contacts) if team is not None and self._owes(matter.team, matter) else ()
                yield _paged(contacts)
            case "heads":
                yield _paged(heads(contacts))
                yield _paged(contacts)
            case "provider":
                yield _paged(contacts)
            case "recipient":
                yield _paged(parties[matter.obligation.recipient].contacts)
            case "everybody":
                yield _paged(contact for party in parties.values() for contact in party.contacts)
            case _:
                yield self.by_name.get(word, ())

    def _owes(self, team: str | None, matter: Matter) -> bool:
        """Whether a team is of the side that owes; one that is not said to be of another is taken to be."""
        found = self._agreement.teams.get(team) if team is not None else None
        return found is None or found.party in {None, matter.obligation.provider}

    def _reported_to(self, word: str) -> Iterable[Person]:
        parties = self._agreement.parties.values()
        match word:
            case "everybody":
                return [contact for party in parties for contact in party.contacts]
            case "heads":
                return [head for party in parties for head in heads(party.contacts)]
        return self.by_name.get(word, ())


def _by_name(agreement: "Agreement") -> dict[str, tuple[Person, ...]]:
    found: defaultdict[str, dict[Person, None]] = defaultdict(dict)
    for name, people in _named(agreement):
        if name is not None:
            found[name].update(dict.fromkeys(people))
    return {name: tuple(people) for name, people in found.items()}


def _named(agreement: "Agreement") -> Iterator[tuple[str | None, Iterable[Person]]]:
    groups = [*getattr(agreement, "parties", {}).items(), *getattr(agreement, "teams", {}).items()]
    people = [person for _, group in groups for person in _people(group, "contacts", Contact)]
    for field in ("name", "role", "id"):
        for person in (*people, *_people(agreement, "reps", Rep)):
            yield getattr(person, field, None), (person,)
    for name, group in groups:
        contacts = _people(group, "contacts", Contact)
        yield getattr(group, "name", None), contacts
        yield name, contacts


def _people(of: object, field: str, kind: type[Somebody]) -> list[Somebody]:
    return [one for one in getattr(of, field, ()) if isinstance(one, kind)]


def _paged(contacts: Iterable[Contact]) -> Iterable[Contact]:
    return [contact for contact in contacts if contact.pages]
