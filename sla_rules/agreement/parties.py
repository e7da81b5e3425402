"""The parties of an agreement and whom to turn to, as they stand in it."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from sla_rules.agreement.addresses import EmailAddress, WebAddress
from sla_rules.fitting import Misfit, Place, fits
from sla_rules.notation import Frozen, Line, Name
from sla_rules.spelling import unknown


class Contact(Frozen):
    """A point of contact; each way to reach it becomes an Alertmanager receiver."""

    name: Name
    role: Line | None = None
    """What the person does, as it is printed in the agreement."""
    email: EmailAddress | None = None
    webhook: WebAddress | None = None
    reports_to: Line | None = None
    """The name of whom to turn to next."""
    pages: bool = True
    """Whether alerts go there; reports always do."""


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
        seen = set[str]()
        for number, contact in enumerate(self.contacts):
            name = getattr(contact, "name", None)
            if name in seen:
                yield ("contacts", number, "name"), f"{name!r} is taken already; nobody could tell them apart"
            if name is not None:
                seen.add(name)


def people(parties: Mapping[str, Party]) -> dict[str, Contact]:
    """The contacts of all parties by name; one person may be a contact of several."""
    found: dict[str, Contact] = {}
    for _, contact in _contacts(parties):
        if hasattr(contact, "name"):
            found.setdefault(contact.name, contact)
    return found


def unknown_superiors(parties: Mapping[str, Party]) -> Iterator[Misfit]:
    """Contacts that report to nobody known, or in a circle."""
    known = people(parties)
    for place, contact in _contacts(parties):
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


def _leads_back(contact: Contact, known: Mapping[str, Contact]) -> bool:
    seen, superior = set[str](), contact.reports_to
    while superior is not None and superior not in seen:
        if superior == contact.name:
            return True
        seen.add(superior)
        superior = getattr(known.get(superior), "reports_to", None)
    return False


def _contacts(parties: Mapping[str, Party]) -> Iterator[tuple[Place, Contact]]:
    for name, party in parties.items():
        for number, contact in enumerate(getattr(party, "contacts", ())):
            yield ("parties", name, "contacts", number), contact
