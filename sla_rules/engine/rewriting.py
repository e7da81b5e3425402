"""Writing again what a topic no longer holds, a few leads at a time, so that it holds up no event and no deadline."""

from collections.abc import Iterable, Iterator, Mapping

from sla_rules.engine.codec import as_kept, decode
from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.engine.walk import Walk


class Rewriting:
    """The leads whose states, whose standing notices, and what they sent on, are still to be written again."""

    def __init__(self) -> None:
        self._of_states = Walk[bytes]()
        self._of_notices = Walk[str]()
        self._of_forwards = Walk[bytes]()

    def begin_states(self, leads: Iterable[bytes]) -> None:
        """Write all states again, from the first on."""
        self._of_states.begin(leads)

    def begin_notices(self, published: PublishedNotices) -> None:
        """Write all notices that stand again, from the first on."""
        self._of_notices.begin(published.leads)

    def begin_forwards(self, leads: Iterable[bytes]) -> None:
        """Send again all that merged leads have sent on, from the first on."""
        self._of_forwards.begin(leads)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to write again."""
        return self._of_states.is_over and self._of_notices.is_over and self._of_forwards.is_over

    def states(self, leads: Mapping[bytes, bytes], most: int | None) -> Iterator[tuple[bytes, bytes]]:
        """The states of so many leads more, as they are now and as a topic takes them."""
        for lead in self._of_states.some(most):
            if (state := leads.get(lead)) is not None:
                yield lead, as_kept(state)

    def notices(self, published: PublishedNotices, most: int | None) -> Iterator[tuple[str, bytes]]:
        """The notices that stand of so many leads more."""
        return (notice for lead in self._of_notices.some(most) for notice in published.standing(lead))

    def merged(self, leads: Mapping[bytes, bytes], most: int | None) -> Iterator[bytes]:
        """Of so many leads more, those that may have sent anything on."""
        return (lead for lead in self._of_forwards.some(most) if lead in leads and decode(leads[lead]).revised)
