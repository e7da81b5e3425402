"""Speed: how soon somebody is followed up, or answered."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field

from sla_rules.agreement.deadlines import Deadline, FollowUp
from sla_rules.agreement.kinds.every_kind import Judges
from sla_rules.agreement.kinds.timed import Fields, LostDeal, Reopened, Timed
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Band, Duration, Frozen, Share

MOST_BANDS: Final = 50


class SpeedTarget(Frozen):
    """How fast on average, and which share within the deadline."""

    average: Duration | None = None
    """Of the follow-ups of one interval."""
    share: Share | None = None
    """Of the leads, within the deadline."""


class Speed(Timed):
    """To the first follow-up from the hand-off (the owner's promise) or the creation (that to the lead), or to a message's answer."""

    kind: Literal["speed"]
    starts: Literal["handed_off", "created", "inbound"] = "handed_off"
    """What starts the clock; with `inbound` each message that comes once the lead has been followed up, while none waits."""
    deadline: Deadline
    target: SpeedTarget = SpeedTarget()
    bands: Annotated[tuple[Band, ...], Field(max_length=MOST_BANDS)] = (
        Band(300_000_000),
        Band(3_600_000_000),
        Band(86_400_000_000, "24h"),
    )
    """Limits that the follow-ups are counted within, rising."""
    follow_up: FollowUp = FollowUp()
    """Which attempts count as a follow-up."""
    pauses: bool = False
    """Whether the clock stands while the lead is paused."""
    lost_deal: LostDeal = "closes"
    """What a lost deal does to the cycle that its lead is in."""
    fields: Fields = "follow"
    """What it does when fields of the lead change while the clock runs: follow, so that the lead comes under the promises of its new
    segment, each deadline counted from the original start; or stay as it was at the start.
    """
    reassignment: Literal["goes_on", "restarts"] = "goes_on"
    """What another owner does to the clock of the hand-off; the same owner again does nothing to it.

    The lead's own clock always goes on, and so does that of a message.
    """
    reassign_after: Duration | None = None
    """After how long without a follow-up the lead is to get another owner, by the clock of the deadline: an event says so, once for
    each owner, from the hand-off or from when another one took over.
    """
    reopened: Reopened = "restarts"
    """What begins when a lead that was closed or connected is reopened."""
    counted_by: Literal["handed_off", "followed_up"] = "handed_off"
    """Which period follow-ups and their times are counted in."""

    @property
    def judges(self) -> Judges:
        """Hand-offs, the lead's creation, or its further messages."""
        return _JUDGED[self.starts]

    @fits
    def _bands_rise(self) -> Iterator[Misfit]:
        for number, (band, further) in enumerate(pairwise(self.bands), start=1):
            if further <= band:
                yield ("bands", number), "has to be more than the band before it"

    @fits
    def _creation_is_nobodys_own(self) -> Iterator[Misfit]:
        if self.starts == "created":
            for name, value in (("reassignment", "restarts"), ("reopened", "continues")):
                if getattr(self, name, None) == value:
                    yield (name,), "the clock from the creation always goes on; leave it out"
        if self.starts != "handed_off" and self.reassign_after is not None:
            what = "creation" if self.starts == "created" else "message"
            message = f"the clock from the {what} is no owner's; write it where the hand-off starts the clock"
            yield ("reassign_after",), message

    @fits
    def _messages_are_answered(self) -> Iterator[Misfit]:
        if self.starts == "inbound":
            if self.reassignment == "restarts":
                yield ("reassignment",), "the clock of a message always goes on, whoever is to answer; leave it out"
            if "inbound" in self.follow_up.directions:
                message = "what comes from the lead is no answer to it; write directions: [outbound], or leave it out"
                yield ("follow_up", "directions"), message


_JUDGED: Final[Mapping[str, Judges]] = {"handed_off": "hand_offs", "created": "creations", "inbound": "messages"}
"""By what starts a clock."""
