"""What the facts of a file come to, worked out by one process or several."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from zlib import crc32

import msgspec

from leadsla.cli.progress import progress
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.facts_by_key import Facts, connected
from sla_rules.reports.replay import Outcome, replay, watched
from sla_rules.reports.report import Scope


def outcome_of(agreed: Sequence[Agreement], rules: RuleBook, facts: Facts, scope: Scope, jobs: int) -> Outcome:
    """What the facts come to; with several jobs the same, each working out its share of the leads."""
    told = watched(rules, facts, scope.begin)
    with progress() as shown:
        task = shown.add_task("judging", total=len(told), done="")
        if jobs == 1:
            return replay(rules, told, scope.until, lambda: shown.advance(task))
        return _shared_out(
            agreed, rules.listening_since, told, scope.until, jobs, lambda count: shown.advance(task, count)
        )


def _shared_out(
    agreed: Sequence[Agreement],
    listening_since: Mapping[str, Instant],
    told: Facts,
    until: Instant,
    jobs: int,
    done: Callable[[int], None],
) -> Outcome:
    """Leads that a merge connects go to one job; which, the first of their names says."""
    shares: list[dict[str, Sequence[Fact]]] = [{} for _ in range(jobs)]
    for group in connected(told):
        shares[crc32(group[0].encode()) % jobs].update((key, told[key]) for key in group)
    outcome = Outcome()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        tasks = {
            pool.submit(_work_out, list(agreed), listening_since, msgspec.msgpack.encode(share), until): len(share)
            for share in shares
            if share
        }
        for task in as_completed(tasks):
            outcome.absorb(task.result())
            done(tasks[task])
    return outcome


def _work_out(
    agreed: list[Agreement], listening_since: Mapping[str, Instant], packed: bytes, until: Instant
) -> Outcome:
    return replay(RuleBook(agreed, listening_since=listening_since), _FACTS.decode(packed), until)


_FACTS = msgspec.msgpack.Decoder(dict[str, list[Fact]])
