"""What becomes of dead letters that are sent again, as lines on a terminal."""

from leadsla.cli.terminal import say
from leadsla.dead_letters.listing import LONGEST_KEY
from leadsla.dead_letters.replay import Tally
from leadsla.dead_letters.text import printable
from streams.dead_letters.letters import DeadLetter


def show_fate(letter: DeadLetter, obstacle: str | None) -> None:
    """Print that a letter is sent, or what is in its way."""
    place = f"{printable(letter.original_topic)} {letter.original_partition} {letter.original_offset}"
    fate = "send " if obstacle is None else "leave"
    say(f"{fate}  {place}  {printable(letter.key, LONGEST_KEY)}  {obstacle or ''}".rstrip())


def show_tally(tally: Tally, word: str, *, err: bool = False) -> None:
    """Print how many of which topic were sent, and how many were left for which reason."""
    say(f"{word}: {tally.sent.total():,}", err=err)
    for name, count in sorted(tally.sent.items()):
        say(f"  {name:<20}{count:>10,}", err=err)
    if tally.left:
        say(f"left, since it would be dead-lettered again or cannot be sent: {tally.left.total():,}", err=err)
        for name, count in tally.left.most_common():
            say(f"  {name:<20}{count:>10,}", err=err)
