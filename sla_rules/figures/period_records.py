"""A window's figures in one partition as a record of `sla-periods`: `schemas/period.schema.json` says how it looks.

Bands of time are named there as the agreement spells them (`wall_within:24h`), in the latest version that has them, and
among ourselves by the shortest spelling; so whoever spells one otherwise changes no figure.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from sla_rules.agreement.obligations import Speed
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import Figures, WindowKey, period_of_window
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.former_words import FIGURE, in_words_of_now
from sla_rules.instants import format_duration, iso, parse_duration, parse_instant
from sla_rules.names import PERIODS_TOPIC
from sla_rules.notation import Granularity

_WITHIN: Final = "_within:"


def record_key(key: WindowKey, partition: int) -> bytes:
    """The key of a window's record in the periods topic."""
    return "/".join((*map(str, key), str(partition))).encode()


def window_of(key: bytes) -> tuple[WindowKey, int]:
    """The window and the partition that a key of the periods topic names.

    Raises:
        UnknownFormatError: it names none.

    """
    try:
        agreement, obligation, segment, interval, first, partition = key.decode().split("/")
        found = msgspec.convert([agreement, obligation, segment, interval, first], WindowKey), int(partition)
    except (*DAMAGED, ValueError) as broken:
        message = f"{PERIODS_TOPIC} holds a key that is none of ours: {broken}"
        raise UnknownFormatError(message) from None
    return found


def record(key: WindowKey, figures: Figures, partition: int, rules: RuleBook) -> bytes:
    """A window's figures in one partition, absolute: the same bytes for the same figures."""
    period = period_of_window(key, rules)
    marks = {mark: True for mark in ("frozen", "history", "behind") if getattr(figures, mark)}
    spelled = _spelled(rules, key.agreement, key.obligation)
    return _ENCODE(
        {
            "agreement": key.agreement,
            "obligation": key.obligation,
            "segment": key.segment,
            "interval": key.interval,
            "first": key.first.isoformat(),
            "start": iso(period.start),
            "end": iso(period.end),
            "partition": partition,
            "status": figures.status,
            "figures": _in_words(figures.current, spelled),
            "published": None if figures.published is None else _in_words(figures.published, spelled),
            **marks,
            **({"remedies_confirmed": list(map(_as_json, figures.confirmed))} if figures.confirmed else {}),
        }
    )


def _as_json(remedy: ConfirmedRemedy) -> Mapping[str, str]:
    owner = {} if remedy.owner is None else {"owner": remedy.owner}
    return {**owner, "at": iso(remedy.at), "by": remedy.by}


def _in_words(tally: Tally, words: Mapping[str, str]) -> Tally:
    return in_words_of_now(tally, words) if words else tally


@lru_cache(maxsize=1_000)
def _spelled(rules: RuleBook, agreement: str, obligation: str) -> Mapping[str, str]:
    """The names of figures that the agreement spells otherwise than in the shortest way."""
    bands = [
        band
        for version in rules.versions[agreement]
        for term in version.terms
        if term.obligation.id == obligation and isinstance(term.obligation, Speed)
        for band in term.obligation.bands
    ]
    texts = {format_duration(band): band.text for band in bands}
    return {
        f"{clock}{_WITHIN}{short}": f"{clock}{_WITHIN}{text}"
        for short, text in texts.items()
        if text != short
        for clock in ("wall", "working")
    }


class _ConfirmedRemedy(msgspec.Struct):
    at: str
    by: str
    owner: str | None = None

    @property
    def read(self) -> ConfirmedRemedy:
        return ConfirmedRemedy(self.owner, parse_instant(self.at), self.by)


class _PeriodRecord(msgspec.Struct):
    """What is read back of a record of the periods topic."""

    agreement: str
    obligation: str
    segment: str
    interval: Granularity
    first: date
    figures: Tally
    published: Tally | None
    frozen: bool = False
    history: bool = False
    behind: bool = False
    remedies_confirmed: tuple[_ConfirmedRemedy, ...] = ()


def read_record(value: bytes) -> tuple[WindowKey, Figures]:
    """The window and the figures of a record of the periods topic.

    Raises:
        UnknownFormatError: it is none of ours.

    """
    try:
        found = _DECODE(value)
        published = None if found.published is None else _read(found.published)
        confirmed = tuple(one.read for one in found.remedies_confirmed)
        figures = Figures(_read(found.figures), published, found.frozen, found.history, found.behind, confirmed)
    except (*DAMAGED, ValueError) as broken:
        message = f"{PERIODS_TOPIC} holds a record that is none of ours: {broken}"
        raise UnknownFormatError(message) from None
    return WindowKey(found.agreement, found.obligation, found.segment, found.interval, found.first), figures


def _read(tally: Tally) -> Tally:
    return {_name_of(name): count for name, count in in_words_of_now(tally, FIGURE).items() if count}


@lru_cache(maxsize=10_000)
def _name_of(name: str) -> str:
    clock, within, band = name.partition(_WITHIN)
    return f"{clock}{_WITHIN}{format_duration(parse_duration(band))}" if within else name


_DECODE: Final = msgspec.json.Decoder(_PeriodRecord).decode
_ENCODE: Final = msgspec.json.Encoder(order="deterministic").encode
