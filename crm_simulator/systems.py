"""Which systems tell of what is agreed: of leads, customers, tickets or machines, and of what is delivered."""

from collections.abc import Iterator

from crm_simulator.customers import Customers
from crm_simulator.deliveries import Deliveries
from crm_simulator.item import System
from crm_simulator.leads.crm import Crm
from crm_simulator.machines import Machines
from crm_simulator.plan import Plan
from crm_simulator.tickets import Tickets
from sla_rules.agreement.obligations import Availability, OfLeads, Retention, Volume
from sla_rules.agreement.rulebook import RuleBook, Version
from sla_rules.time.periods import start_of


def systems_of(plan: Plan, rules: RuleBook) -> list[System]:
    """The systems of a plan; without an agreement, a CRM with leads."""
    if not rules.versions:
        return [Crm(plan)]
    return [*_by_subject(plan, rules), *(Deliveries(plan, terms) for terms in rules.deliverables.values())]


def _by_subject(plan: Plan, rules: RuleBook) -> Iterator[System]:
    """One for each sort of subject, by the first agreement about it."""
    subjects: set[str | None] = set()
    for versions in rules.versions.values():
        version = _in_force(plan, versions)
        if version.subject in subjects or not any(isinstance(one, OfLeads) for one in version.agreement.obligations):
            continue
        subjects.add(version.subject)
        yield Crm(plan) if version.subject is None else _system(plan, version)


def _in_force(plan: Plan, versions: tuple[Version, ...]) -> Version:
    """The version in force when the plan begins, else the first."""
    begun = [version for version in versions if version.since <= start_of(plan.begins, version.terms[0].zone)]
    return begun[-1] if begun else versions[0]


def _system(plan: Plan, version: Version) -> System:
    obligations = version.agreement.obligations
    if any(isinstance(one, Availability) for one in obligations):
        return Machines(plan, version)
    if any(isinstance(one, Retention | Volume) for one in obligations):
        return Customers(plan, version)
    return Tickets(plan, version)
