"""Writing again what a topic no longer holds, a few leads at a time, so that it holds up no event and no deadline."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from sla_rules.engine.codec import as_kept, decode
from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.engine.walk import Walk

LEAD_IN_LOOKS: Final = 10
"""Making the record of a lead's open clocks takes as long as so many looks at leads."""


class Rewriting:
    """The leads whose states, whose standing notices, whose open clocks, and what they sent on, are still to be written again."""

    def __init__(self) -> None:
        self._of_states = Walk[bytes]()
        self._of_notices = Walk[str]()
        self._of_forwards = Walk[bytes]()
        self._of_clocks = Walk[bytes]()
        self._of_found = Walk[bytes]()

    def begin_states(self, leads: Iterable[bytes]) -> None:
        """Write all states again, from the first on."""
        self._of_states.begin(leads)

    def begin_notices(self, published: PublishedNotices) -> None:
        """Write all notices that stand again, from the first on."""
        self._of_notices.begin(published.leads)

    def begin_forwards(self, leads: Iterable[bytes]) -> None:
        """Send again all that merged leads have sent on, from the first on."""
        self._of_forwards.begin(leads)

    def begin_clocks(self, leads: Iterable[bytes], found: Iterable[bytes] = ()) -> None:
        """Write the records of all open clocks again, from the first on; of those `found` there, what is to stand no more goes."""
        self._of_clocks.begin(leads)
        self._of_found.begin(found)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to write again."""
        walks = self._of_states, self._of_notices, self._of_forwards, self._of_clocks, self._of_found
        return all(walk.is_over for walk in walks)

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

    def clocks(
        self, record_of: Callable[[bytes], bytes | None], most: int | None
    ) -> Iterator[tuple[bytes, bytes | None]]:
        """Of so many leads more, the records that have to stand and those to take out."""
        fewer = most and max(most // LEAD_IN_LOOKS, 1)
        for lead in self._of_clocks.some(fewer):
            if (record := record_of(lead)) is not None:
                yield lead, record
        for lead in self._of_found.some(fewer):
            if record_of(lead) is None:
                yield lead, None
