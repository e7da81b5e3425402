"""The people of an agreement and whom to turn to, as they stand in it: contacts of parties and of teams."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sla_rules.agreement.addresses import EmailAddress, WebAddress
from sla_rules.fitting import Misfit, Place, fits
from sla_rules.notation import Frozen, Identifier, Line, Name
from sla_rules.spelling import unknown

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement


class Person(Frozen):
    """Somebody who can be reached; each way to reach them becomes an integration of an Alertmanager receiver."""

    name: Name
    role: Line | None = None
    """What the person does, as it is printed in the agreement."""
    email: EmailAddress | None = None
    webhook: WebAddress | None = None


class Contact(Person):
    """A point of contact."""

    reports_to: Line | None = None
    """The name of whom to turn to next."""
    pages: bool = True
    """Whether alerts for a group that they belong to go there; what names them does, and reports do."""


def _names_of_their_own(part: "Party | Team") -> Iterator[Misfit]:
    seen = set[str]()
    for number, contact in enumerate(part.contacts):
        name = getattr(contact, "name", None)
        if name in seen:
            yield ("contacts", number, "name"), f"{name!r} is taken already; nobody could tell them apart"
        if name is not None:
            seen.add(name)


class Party(Frozen):
    """One side of the agreement."""

    name: Name
    goals: tuple[str, ...] = ()
    """What it wants to reach."""
    needs: tuple[str, ...] = ()
    """What it needs of the others."""
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]

    @fits
    def _contacts_have_names_of_their_own(self) -> Iterator[Misfit]:
        yield from _names_of_their_own(self)


class Team(Frozen):
    """A team with hours of its own, people of its own, or both."""

    party: Identifier | None = None
    """Whose team it is, so that nobody there hears of what another side owes; None for that of whoever owes."""
    calendar: Identifier | None = None
    """Which of `calendars` it works by; None for those of the segment, else of the agreement."""
    contacts: tuple[Contact, ...] = ()
    """Who is turned to for its leads; without any, the contacts of its party."""

    @fits
    def _contacts_have_names_of_their_own(self) -> Iterator[Misfit]:
        yield from _names_of_their_own(self)


def contacts_of(agreement: "Agreement") -> dict[str, Contact]:
    """The contacts of all parties and teams by name; one person may be a contact of several."""
    found: dict[str, Contact] = {}
    for _, contact in _contacts(agreement):
        if hasattr(contact, "name"):
            found.setdefault(contact.name, contact)
    return found


def unknown_superiors(agreement: "Agreement") -> Iterator[Misfit]:
    """Contacts that report to nobody known, or in a circle."""
    known = contacts_of(agreement)
    for place, contact in _contacts(agreement):
        superior = getattr(contact, "reports_to", None)
        if superior is None:
            continue
        if superior not in known:
            yield (*place, "reports_to"), unknown("contact", superior, known)
        elif superior == getattr(contact, "name", None):
            yield (*place, "reports_to"), "nobody reports to themselves; leave it out"
        elif hasattr(contact, "name") and _leads_back(contact, known):
            yield (
                (*place, "reports_to"),
                f"leads from {superior!r} back to {contact.name!r}; somebody has to be the last",
            )


def heads(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """Those of them who report to none of the others."""
    names = {contact.name for contact in contacts}
    return tuple(contact for contact in contacts if contact.reports_to not in names)


def _leads_back(contact: Contact, known: Mapping[str, Contact]) -> bool:
    seen, superior = set[str](), contact.reports_to
    while superior is not None and superior not in seen:
        if superior == contact.name:
            return True
        seen.add(superior)
        superior = getattr(known.get(superior), "reports_to", None)
    return False


def _contacts(agreement: "Agreement") -> Iterator[tuple[Place, Contact]]:
    """Of a draft as far as it goes."""
    for part in ("parties", "teams"):
        for name, group in getattr(agreement, part, {}).items():
            for number, contact in enumerate(getattr(group, "contacts", ())):
                yield (part, name, "contacts", number), contact
