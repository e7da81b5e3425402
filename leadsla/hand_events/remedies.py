"""What was done since a goal was missed: for which period of which obligation, whose it was to do, and who did it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from leadsla.hand_events.deliveries import NothingToConfirm
from sla_rules.agreement.consequences import Remedy
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import called_for


class Done(NamedTuple):
    """The remedies of an owner, or all of them, for a period by its name; `by` is None where whoever owns them did them."""

    agreement: str
    obligation: str
    period: str
    owner: str | None
    by: str | None

    @property
    def key(self) -> str:
        """Under which it is published."""
        return f"{self.agreement}:{self.obligation}"

    def data(self, rules: RuleBook) -> Mapping[str, str | None]:
        """What the event says.

        Raises:
            NothingToConfirm: there is no such period, or several own remedies for it and nobody says who has done them.

        """
        return {
            "agreement": self.agreement,
            "obligation": self.obligation,
            "period": self.period,
            "owner": self.owner,
            "by": self.by or self.owner or self._only_owner(rules),
        }

    def remedies(self, rules: RuleBook) -> Sequence[Remedy]:
        """Those that are done."""
        return [one for one in called_for(rules, self.key, self.period) if self.owner in {None, one.owner}]

    def _only_owner(self, rules: RuleBook) -> str:
        """Whoever is to do all of it; of what nobody is to do, the event is refused."""
        if self.key not in rules.obligations:
            return "-"
        try:
            owners = list(dict.fromkeys(one.owner for one in called_for(rules, self.key, self.period)))
        except ValueError as no_period:
            raise NothingToConfirm(str(no_period)) from None
        if len(owners) > 1:
            message = (
                f"say with --owner whose remedy was carried out, or with --by who did them all: {', '.join(owners)}"
            )
            raise NothingToConfirm(message)
        return owners[0] if owners else "-"
