"""What has to be asked before a table is read: what its first rows leave open, and nobody has said."""

from collections.abc import Iterator, Sequence

from leadsla.importing.cells import text_of
from leadsla.importing.compiled import ColumnRefused, Compiled
from leadsla.importing.date_forms import Look
from leadsla.importing.guess import looks_of
from leadsla.importing.header import places_of
from leadsla.importing.table import Row
from wording.voice import Voice


def questions(compiled: Compiled, header: Sequence[str], sample: Sequence[Row], voice: Voice) -> Iterator[str]:
    """Each in a sentence: of columns whose dates may have the day or the month first, and of the zone."""
    alike: dict[Look, list[str]] = {}
    for column, look in looks_of(compiled.mapping, header, sample):
        if look.day_first_at is not None and look.month_first_at is not None:
            yield voice.text(
                "import-ask-both", column=column, day=str(look.day_first_at), month=str(look.month_first_at)
            )
        else:
            alike.setdefault(look, []).append(column)
    for look, columns in alike.items():
        yield _which_first(look, columns, voice)
    if compiled.mapping.zone is None and (without := _without_offset(compiled, header, sample)) is not None:
        column, example = without
        yield voice.text("import-ask-zone", column=column, example=example)


def _which_first(look: Look, columns: Sequence[str], voice: Voice) -> str:
    day, month = ", ".join(look.day_first), ", ".join(look.month_first)
    only = look.day_first_at or look.month_first_at
    return voice.text(
        "import-ask-dates",
        columns=", ".join(columns),
        day_first=day,
        month_first=month,
        only=None if only is None else str(only),
        fits=day if look.month_first_at is None else month,
    )


def _without_offset(compiled: Compiled, header: Sequence[str], sample: Sequence[Row]) -> tuple[str, str] | None:
    for row in sample:
        for told in compiled.events:
            try:
                told.time(row.cells)
            except ColumnRefused as refused:
                if refused.why.code == "no-zone":
                    return refused.column, text_of(row.cells[places_of(header, refused.column)[0]])
    return None
