"""Which column says what: the language of mappings, as frozen models."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from leadsla.importing.date_forms import check_form
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Frozen, distinct
from sla_rules.time.zones import TimeZone

_MOST: Final = 200
"""Of anything that is listed."""

Name = Annotated[str, Field(min_length=1, max_length=256)]
Scalar = str | int | float | bool


def _listed(value: object) -> object:
    """One alone stands for a list of it."""
    return [value] if isinstance(value, str | int | float) else value


Form = Annotated[str, AfterValidator(check_form)]
Forms = Annotated[
    tuple[Form, ...], BeforeValidator(_listed), Field(min_length=1, max_length=_MOST), AfterValidator(distinct)
]
"""How dates are written, as `%d/%m/%Y %H:%M`; a cell is of one of them."""
Texts = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1, max_length=_MOST)]


class Origin(Frozen):
    """Where a value comes from: a column, or the same for every row. A text alone is the name of a column."""

    column: Name | None = None
    value: Scalar | None = None
    """The same for every row."""
    values: Annotated[dict[str, Scalar], Field(min_length=1, max_length=_MOST)] | None = None
    """What each text of the column stands for; a row with another one is refused."""
    dates: Forms | None = None
    """How its dates are written, if otherwise than those of other columns."""
    kind: Literal["text", "number", "yes_no"] | None = None
    """What its texts are read as, where the event leaves it open: in `attributes`."""

    @fits
    def _has_one_source(self) -> Iterator[Misfit]:
        if (self.column is None) == (self.value is None):
            yield (), "needs either a column or a value"
        if self.column is None and (self.values or self.dates or self.kind):
            yield (), "values, dates and kind say how a column is read; there is none"
        for text, others in groupby(sorted(self.values or (), key=str.casefold), key=str.casefold):
            if len(same := list(others)) > 1:
                yield ("values", same[-1]), f"{text!r} is there {len(same)} times; texts are compared without case"


def _by_name(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


From = Annotated[Origin, BeforeValidator(_by_name)]


class EventOf(Frozen):
    """An event that rows tell of."""

    event: Name
    """Its type, as `lead.handed_off.v1` or `handed_off`; or one that an agreement names."""
    time: From
    """When it happened; where the cell is blank, it did not."""
    when: Annotated[dict[Name, Texts], Field(max_length=_MOST)] = Field(default_factory=dict)
    """Only of rows that have one of these texts in each of these columns."""
    id: From | None = None
    """What the CRM knows it by; without one the id follows from what the event says."""
    data: Annotated[dict[Name, From], Field(max_length=_MOST)] = Field(default_factory=dict)
    """Fields of the event, as `rep_id` or `attributes.industry`."""


class TableMapping(Frozen):
    """How the rows of a table become events."""

    row: Literal["lead", "event"]
    """What one row is about. A lead stands in one row only; of one lead there may be many events."""
    lead: From | None = None
    """Its id, which the events name; not needed for deals and deliverables."""
    source: Name = "/import"
    """Where the events say that they come from."""
    zone: TimeZone | None = None
    """Of dates without an offset."""
    dates: Forms | None = None
    """How dates are written; else year, month, day and time, as `2026-03-14 15:04`."""
    decimal: Literal[".", ","] | None = None
    """What stands before the decimals of numbers; a number with a comma needs it."""
    blanks: Annotated[tuple[str, ...], Field(max_length=_MOST)] = ()
    """Texts that stand for nothing, as `(No value)`."""
    leave_out: Annotated[dict[Name, Texts], Field(max_length=_MOST)] = Field(default_factory=dict)
    """Rows with one of these texts in any of these columns are counted and left out."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    sheet: Name | None = None
    """Of a spreadsheet; without it, the first."""
    events: Annotated[tuple[EventOf, ...], Field(min_length=1, max_length=_MOST)]


def as_tree(mapping: TableMapping) -> Mapping[str, Any]:
    """The mapping as somebody would write it: without what need not be said, a column alone by its name."""
    tree: dict[str, Any] = _short(mapping.model_dump(mode="json", exclude_defaults=True))
    return tree


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return value["column"] if value.keys() == {"column"} else {name: _short(one) for name, one in value.items()}
    if isinstance(value, list):
        return value[0] if len(value) == 1 and isinstance(value[0], str) else [_short(one) for one in value]
    return value
