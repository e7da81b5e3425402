"""The columns of a table by their names, which are compared without case and with any blanks."""

from collections.abc import Sequence


def as_compared(text: str) -> str:
    """A text of a table as it is compared."""
    return " ".join(text.split()).casefold()


def places_of(header: Sequence[str], name: str) -> list[int]:
    """The columns that a name may mean: the one that is called so to the letter, else all that are called alike."""
    wanted = as_compared(name)
    alike = [place for place, one in enumerate(header) if as_compared(one) == wanted]
    exact = [place for place in alike if header[place] == name]
    return exact if len(exact) == 1 else alike


def letter_of(place: int) -> str:
    """As spreadsheets call a column: A, B ... Z, AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
