"""The CRM: it tells of the leads that its web forms bring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from crm_simulator.chance import chance
from crm_simulator.envelope import mark_of
from crm_simulator.item import Episode
from crm_simulator.leads.forms import Lead, leads_of
from crm_simulator.leads.life import life
from crm_simulator.named import a_segment, fields_of
from crm_simulator.plan import Plan
from sla_rules.events.vocabulary import LEAD


@dataclass(frozen=True)
class Crm:
    """Leads, from their forms to their deals."""

    plan: Plan
    name: str = "crm"

    @property
    def zone(self) -> ZoneInfo:
        """That of the working hours."""
        return self.plan.calendar.zone

    def episodes(self, day: date) -> Iterator[Episode]:
        """The lives of the leads that come on a day."""
        for lead in leads_of(self.plan, day, mark_of(self.plan.seed)):
            yield Episode(lead.id, life(self._sorted(lead), self.plan))

    def _sorted(self, lead: Lead) -> Lead:
        """The lead with the attributes that an agreement tells its leads by, which no form asks for."""
        agreement = next((one for one in self.plan.agreements if one.subject == LEAD), None)
        if agreement is None:
            return lead
        rng = chance(self.plan.seed, lead.id, "attributes")
        number = a_segment(agreement, rng)
        fields = fields_of(agreement, None if number is None else agreement.segments[number], rng)
        own = {name: value for name, value in fields.items() if name == "attributes"}
        return lead._replace(fields={**lead.fields, **own})
