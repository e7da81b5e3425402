"""What a merged lead sends on, and to whom: each fact once along each of its mergers, and only what is new.

What was received for a lead has to reach every lead that its mergers may ever take it to: a merger may turn out to have been
one of several, or be corrected away, and a period is judged on what had arrived by its end. So a lead sends what it knows,
its own facts and those sent to it, to each lead that a merger received for it names, and these do likewise. What a merger says,
and what corrects it, is known wherever it leads to: each lead concerned comes to the same answer.

What a lead owes is a function of what it knows, and all that it owed by what it knew `before` has been delivered, or what
it knew would not have been kept. So it sends the difference: facts that are new or have changed, and all facts where a
merger is new. It leaves out what was received for a lead that itself sends to the same target.

So a fact crosses a merger once, and there are never more records than facts times mergers. But it does so one merger at a
time, and each lead on a long way would be written once for each. Who lies far down asks those far up for all that they
know, at 32 mergers, at 64, at 128 and so on, and they ask likewise: what has to go a long way goes it in leaps. On such
ways there are up to three times as many records, and what is known in the end is the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from sla_rules.engine.codec import each_packed, pack_facts, unpack_facts
from sla_rules.lead.erasure import Gone, deleted, mark
from sla_rules.lead.facts import NEVER, Asked, Fact, Forwarded, Merged, deletes

DEEP: Final = 32
"""Mergers between a lead and the first that it asks."""

Owed = dict[str, tuple[Forwarded, ...]]
"""Facts by the lead that they have to reach, each saying which lead it was received for."""

NOTHING: Final = pack_facts(())
"""What is known of a lead that nothing was received for."""


def owed(
    lead: str, before: msgspec.Raw, facts: Sequence[Fact], packed: msgspec.Raw, asked_by: Iterable[str] = ()
) -> Owed:
    """What `lead` owes to others by the facts that it knows now, packed too, and did not owe by what it knew before."""
    found: dict[str, list[Forwarded]] = {target: _sent(lead, target, facts) for target in asked_by}
    if packed != before:
        known = set(each_packed(before))
        fresh = [fact for fact, data in zip(facts, each_packed(packed), strict=True) if data not in known]
        now, then = _Mergers(lead, facts), _Mergers(lead, unpack_facts(before))
        for target in now.targets | then.targets:
            tellers = (now.targets if target in now.targets else then.targets)[target]
            owes_no_more = target in then.targets and then.targets[target] <= tellers
            found[target] = _sent(lead, target, fresh if owes_no_more else facts, tellers)
        for one in now.erased_with() - then.erased_with():
            found.setdefault(one.id, []).append(mark(one))
        if now.depth.bit_length() > max(then.depth, DEEP - 1).bit_length():
            found.setdefault(now.farthest, []).append(Asked(NEVER, NEVER, "/leadsla", "asked", lead))
    return {target: tuple(news) for target, news in found.items() if news}


def _sent(lead: str, target: str, facts: Iterable[Fact], tellers: Collection[str] = ()) -> list[Forwarded]:
    return [
        fact if fact.origin else msgspec.structs.replace(fact, origin=lead)
        for fact in facts
        if fact.origin != target and fact.origin not in tellers
    ]


class _Mergers:
    """All mergers that are known at a lead, whether they hold or not.

    `targets` are the leads that those received for it name, each with the leads that send to it themselves. `farthest` is the
    lead from which it takes most mergers to come here, where that is `depth` mergers.
    """

    def __init__(self, lead: str, facts: Iterable[Fact]) -> None:
        self._lead = lead
        self._deletions = [fact for fact in facts if not fact.origin and deletes(fact)]
        self._known = [fact for fact in facts if type(fact) is Merged]
        self.targets: dict[str, set[str]] = {
            merger.into: set() for merger in self._known if not merger.origin and merger.into != lead
        }
        for merger in self._known if self.targets else ():
            if merger.origin and merger.origin != lead and merger.into in self.targets:
                self.targets[merger.into].add(merger.origin)
        self.farthest, self.depth = self._way() if len(self._known) >= DEEP else (lead, 0)

    def _way(self) -> tuple[str, int]:
        losers = defaultdict[str, list[str]](list)
        for merger in self._known:
            losers[merger.into].append(merger.loser(self._lead))
        depths = {self._lead: 0}
        reached = [self._lead]
        for into in reached:
            for loser in losers[into]:
                if loser not in depths:
                    depths[loser] = depths[into] + 1
                    reached.append(loser)
        return reached[-1], depths[reached[-1]]

    def erased_with(self) -> frozenset[Gone]:
        """The leads whose data goes with a deletion received for this one, since they were merged into it."""
        gone = deleted(self._lead, [*self._deletions, *self._known]) if self._deletions else frozenset[Gone]()
        return frozenset(one for one in gone if one.id != self._lead)
