"""Who or where a deliverable goes to, as it stands in an agreement."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag

from sla_rules.agreement.goals import Amount
from sla_rules.notation import Line, in_order


def _whose_quantity(value: object) -> str:
    """Told apart by what they are, so that an error is only about what was meant."""
    return "for each" if isinstance(value, Mapping) else "for all together"


Recipients = Annotated[
    Annotated[tuple[Line, ...], Tag("for all together")]
    | Annotated[dict[Line, Amount], Field(min_length=1), AfterValidator(in_order), Tag("for each")],
    Discriminator(_whose_quantity),
]
"""Names, which the quantity is divided among as they like; or a quantity for each."""
