"""The figures that a tally may hold, by kind of obligation: their names as `sla-periods` has them, and what they count.

All are whole numbers: counts, microseconds, or millionths. Names that end in a colon are followed by what they are
counted by. Those of a kind that is not here are nobody's: a test holds every record published to this list.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from sla_rules.agreement.flags import FLAGS
from sla_rules.names import WINDOWS

Unit = Literal["count", "microseconds", "millionths"]


class FigureName(NamedTuple):
    """A figure's name, what it says, its unit, and a pattern of what follows a name that ends in a colon."""

    name: str
    says: str
    unit: Unit = "count"
    by: str | None = None


BAND: Final = r"([0-9]+[wdhms])+"
INTERVAL: Final = "|".join(WINDOWS)
BUCKET_END: Final = r"[0-9]+"
CURRENCY: Final = r"[A-Z]{3}"
FLAG_AND_TEAM: Final = rf"({'|'.join(FLAGS)}):.*"

_UNREADY: Final = FigureName("unready", "Hand-offs below the agreed quality; they count for no one.")
_EXCUSED: Final = FigureName("excused", "Cycles waived.")
_STANDING: Final = (
    FigureName("met", "Cycles in which what was promised came in time."),
    FigureName("breached", "Cycles in which it did not."),
    FigureName("open", "Cycles not decided yet."),
)
_CYCLES: Final = (
    FigureName("leads", "Cycles counted, those excused left out."),
    *_STANDING,
    FigureName("closed", "Cycles closed before they were decided."),
    _EXCUSED,
    _UNREADY,
)
_FLAGGED: Final = (
    FigureName("flagged", "Attempts with any flag, of those that the promise looks at; they count as any other."),
    FigureName(
        "flagged:",
        "Those with one flag, by flag and team: `unassigned` where the lead had none, `other` for teams beyond 200.",
        by=FLAG_AND_TEAM,
    ),
)


def _times(clock: str, by: str) -> tuple[FigureName, ...]:
    return (
        FigureName(f"{clock}_sum", f"Time to the first follow-up, all together, {by}.", "microseconds"),
        FigureName(
            f"{clock}_within:", f"Follow-ups within a band as the agreement spells it, {by}: cumulative.", by=BAND
        ),
        FigureName(
            f"{clock}_bucket_to:",
            f"Follow-ups in a bucket of time, {by}, by where it ends in microseconds: longer than the end of the bucket"
            " before, at most as long as this, and within 1 % of it. Not cumulative.",
            by=BUCKET_END,
        ),
        FigureName(
            f"{clock}_bucket:",
            f"As former releases wrote it: follow-ups in bucket n, {by}, which ends at (1.01 / 0.99)^(n - 1)"
            " microseconds; bucket 0 holds those that took no time.",
            by=BUCKET_END,
        ),
    )


FIGURE_NAMES: Final[Mapping[str, tuple[FigureName, ...]]] = {
    "speed": (
        *_CYCLES,
        FigureName("followed_up", "Cycles followed up, in time or late."),
        FigureName("untouched", "Cycles without any follow-up."),
        FigureName("anomalies", "Follow-ups stamped before their clock began; they took no time."),
        *_FLAGGED,
        *_times("wall", "by the clock on the wall"),
        *_times("working", "in working hours"),
    ),
    "depth": (
        *_CYCLES,
        FigureName("connected", "Cycles connected before they were decided."),
        FigureName("unconnected", "Cycles not connected."),
        FigureName("attempts", "Qualifying attempts on those."),
        FigureName("unconnected_open", "Cycles neither connected nor closed."),
        FigureName("attempts_open", "Qualifying attempts on those."),
        FigureName("human_attempts", "Attempts by people, qualifying or not."),
        FigureName("automated_attempts", "Attempts by automation, qualifying or not."),
        *_FLAGGED,
    ),
    "volume": (
        FigureName("delivered", "Leads delivered."),
        FigureName("value", "What they are worth by their segments.", "millionths"),
        _UNREADY,
        FigureName("won", "Deals of marketing's leads won in the period."),
        FigureName("lost", "Deals of marketing's leads lost in the period."),
        FigureName("revenue:", "What the deals won brought, by currency.", "millionths", CURRENCY),
        FigureName("other_won", "Deals of others won in the period."),
        FigureName("other_lost", "Deals of others lost in the period."),
        FigureName("other_revenue:", "What the others' deals brought, by currency.", "millionths", CURRENCY),
        FigureName("sales_cycles", "Deals won in the period whose lead was delivered."),
        FigureName("sales_cycle_sum", "From the delivery to the deal, all together.", "microseconds"),
        FigureName("before_delivery", "Deals won before their lead was delivered."),
        FigureName("converted", "Leads delivered in the period that became customers, whenever."),
        FigureName("customers:", "Of those, the ones with a deal won in a currency.", by=CURRENCY),
        FigureName("customer_revenue:", "What they brought, by currency.", "millionths", CURRENCY),
    ),
    "deliverable": (
        FigureName("leads", "Deliveries due."),
        FigureName("met", "Deliveries confirmed in time."),
        FigureName("breached", "Deliveries not confirmed in time."),
        FigureName("open", "Deliveries not decided yet."),
        FigureName("quantity", "How much was confirmed.", "millionths"),
        FigureName("wanted", "How much was agreed.", "millionths"),
        FigureName("wrong_recipient", "Confirmations to somebody else than agreed."),
        FigureName("elsewhere", "The same, as former releases wrote it."),
    ),
    "availability": (
        FigureName("available", "Time in which services are to be up, of the days that have begun.", "microseconds"),
        FigureName("down", "Of that, the time in which they were not.", "microseconds"),
        FigureName(
            "ahead:",
            "The same of the days of the period that are still to come, by interval.",
            "microseconds",
            INTERVAL,
        ),
        FigureName("excused_time", "Time waived beside that.", "microseconds"),
        FigureName("outages", "How often one went down, whenever it came up again."),
        FigureName("down_now", "Of those, the ones that are not over."),
        FigureName(
            "outage_bucket_to:",
            "Of those, how many lasted how long, by where the bucket ends in microseconds, as times to the follow-up.",
            by=BUCKET_END,
        ),
        _UNREADY,
    ),
    "retention": (
        FigureName("leads", "Customers who were there when the period began, those excused left out."),
        FigureName("met", "Of those, the ones kept: there at its end, or not gone so far."),
        FigureName("breached", "Of those, the ones lost."),
        FigureName("won", "New customers in the period, who were not there at its start."),
        FigureName(
            "losses", "How often customers were lost in the period, those included who were won in it or came back."
        ),
        FigureName("excused", "Customers at its start who were lost, which was waived."),
        _UNREADY,
    ),
}
