"""How a table is going to be read: by the mapping given, or by one that is guessed from its header."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from leadsla.importing.compiled import Compiled, MappingDoesNotFit, compiled
from leadsla.importing.guess import SAMPLE, Guess, NoGuess, guess
from leadsla.importing.mapping import TableMapping
from leadsla.importing.mapping_file import parse_mapping, written, wrong_place
from leadsla.importing.opening import opened_table
from leadsla.importing.table import Layout, Row, Table
from sla_rules.agreement.file import AgreementErrors, text_of
from sla_rules.events.vocabulary import Vocabulary


class UnreadyError(Exception):
    """It cannot be read like that; every line says one thing that is wrong."""


class Reading(NamedTuple):
    """The mapping, what it comes to for the table, and what the table begins with; `guessed` is its YAML if it is a guess."""

    compiled: Compiled
    layout: Layout
    header: tuple[str, ...]
    sample: Sequence[Row]
    read_as: Sequence[str]
    guessed: str | None


def reading_of(
    file: str, mapping: Path | None, zone: str | None, dates: Sequence[str], vocabulary: Vocabulary
) -> Reading:
    """How a file is read; zone and dates that the command line gives go before those of the mapping.

    Raises:
        UnreadyError: the mapping is wrong or does not fit the table, or none can be guessed.
        TableError: the file cannot be read.

    """
    said = {name: value for name, value in {"zone": zone, "dates": tuple(dates)}.items() if value}
    text = None if mapping is None else _text(mapping)
    given = None if text is None else _mapping(text, str(mapping))
    layout = Layout() if given is None else Layout(given.delimiter, given.encoding, given.sheet)
    with opened_table(file, layout) as table:
        sample = list(islice(table.rows, SAMPLE))
    found = _guess(file, table, sample, vocabulary) if given is None else Guess(given, {})
    chosen = found.mapping.model_copy(update=said)
    try:
        fitted = compiled(chosen, table.header, vocabulary)
    except MappingDoesNotFit as unfit:
        raise UnreadyError(_unfit(unfit, text, str(mapping))) from None
    remarks = {key: remark for key, remark in found.remarks.items() if key not in said}
    guessed = written(chosen, remarks) if given is None else None
    return Reading(fitted, table.layout, table.header, sample, table.read_as, guessed)


def _guess(file: str, table: Table, sample: Sequence[Row], vocabulary: Vocabulary) -> Guess:
    try:
        return guess(table.header, sample, vocabulary)
    except NoGuess as unclear:
        message = f"{file}: {unclear}; say by --mapping which columns they are"
        raise UnreadyError(message) from None


def _unfit(unfit: MappingDoesNotFit, text: str | None, name: str) -> str:
    """Each part that does not fit, with its line in the mapping's text."""
    if text is None:
        return str(unfit)
    return "\n".join(map(str, sorted(wrong_place(name, text, one.place, one.message) for one in unfit.found)))


def _text(file: Path) -> str:
    try:
        return text_of(file)
    except AgreementErrors as wrong:
        raise UnreadyError(str(wrong)) from None


def _mapping(text: str, file: str) -> TableMapping:
    try:
        return parse_mapping(text, file)
    except AgreementErrors as wrong:
        raise UnreadyError(str(wrong)) from None
