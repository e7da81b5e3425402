"""What somebody may have meant who wrote a word that is not known."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_TRANSLATED: Final[Mapping[str, tuple[str, ...]]] = {
    "monday": ("mon",),
    "lunes": ("mon",),
    "lun": ("mon",),
    "tuesday": ("tue",),
    "martes": ("tue",),
    "mar": ("tue", "march"),
    "wednesday": ("wed",),
    "miercoles": ("wed",),
    "mie": ("wed",),
    "thursday": ("thu",),
    "jueves": ("thu",),
    "jue": ("thu",),
    "friday": ("fri",),
    "viernes": ("fri",),
    "vie": ("fri",),
    "saturday": ("sat",),
    "sabado": ("sat",),
    "sab": ("sat",),
    "sunday": ("sun",),
    "domingo": ("sun",),
    "dom": ("sun",),
    "enero": ("january",),
    "febrero": ("february",),
    "marzo": ("march",),
    "abril": ("april",),
    "mayo": ("may",),
    "junio": ("june",),
    "julio": ("july",),
    "agosto": ("august",),
    "septiembre": ("september",),
    "setiembre": ("september",),
    "octubre": ("october",),
    "noviembre": ("november",),
    "diciembre": ("december",),
    "opened": ("created",),
    "solved": ("closed",),
    "resolved": ("closed",),
    "min": ("at_least",),
    "max": ("below",),
    "laboral": ("working",),
    "business": ("working",),
    "calendar": ("wall",),
    "english": ("en",),
    "ingles": ("en",),
    "spanish": ("es",),
    "espanol": ("es",),
    "castellano": ("es",),
}
"""Words that no likeness brings together: days, months and languages in full and in Spanish, and what things are called elsewhere."""


_BEGINNING: Final = 3
"""Letters that say which word is meant."""


def meant(word: object, known: Iterable[str]) -> str | None:
    """The known word nearest to one, or that it begins, whatever its case and accents; None where none is near."""
    by_plain = {plain(one): one for one in known}
    asked = plain(str(word))
    if asked in by_plain:
        return by_plain[asked]
    if translated := [one for one in _TRANSLATED.get(asked, ()) if one in by_plain]:
        return by_plain[translated[0]]
    begun = [one for one in by_plain if len(asked) >= _BEGINNING and one.startswith(asked)]
    close = begun if len(begun) == 1 else get_close_matches(asked, by_plain, n=1)
    return by_plain[close[0]] if close else None


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """That there is no such thing, with the one that may have been meant, or all that there are."""
    known = list(known)
    close = meant(name, known)
    others = f"did you mean {close!r}?" if close is not None else f"known: {', '.join(known) or 'none'}"
    return f"no {what} {name!r}; {others}"


def plain(text: str) -> str:
    """In lower case, without accents and the space around."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).strip()
