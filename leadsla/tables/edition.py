"""What a release reads otherwise than the one before it, in the same agreement: an edition of the rules in some lines."""

from collections.abc import Iterable, Iterator

from wording.voice import Voice


def edition_lines(editions: Iterable[int], voice: Voice) -> Iterator[str]:
    """What `leadsla check` says of editions of the rules that the workers have not worked by yet."""
    for edition in editions:
        yield voice.text("check-edition", edition=edition)
        yield from (f"  {line}" for line in voice.text(f"edition-{edition}").splitlines())
