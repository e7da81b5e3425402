"""Events that somebody publishes by hand, taken by the workers or put away by them; the command says which."""

import asyncio
import json
from pathlib import Path
from subprocess import CompletedProcess

from sla_rules.instants import DAY, iso
from sla_rules.names import REJECTED_TOPIC
from streams.clock import wall_clock
from tests.real_parts.commands import leadsla
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import Worker, all_records
from tests.streams.agreements import quick_agreement


async def test_a_command_says_when_the_workers_have_taken_its_event_or_why_they_have_not(
    broker: str, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)

    async def attempt(*arguments: str) -> "CompletedProcess[str]":
        told = ("attempt", "L-7", "--channel", "phone", "--yes", "--broker", broker, "--agreements", str(agreement))
        return await asyncio.to_thread(leadsla, *told, *arguments)

    before = await attempt("--rep", "ana", "--wait", "1", "--json")
    with Worker(broker, agreement, tmp_path, LEADSLA_KEEP_DAYS="40"):
        taken = await attempt("--rep", "bo", "--wait", f"{AT_MOST:g}")
        expired = await attempt("--at", iso(wall_clock() - 60 * DAY), "--wait", f"{AT_MOST:g}")
        again = await attempt("--rep", "bo", "--wait", f"{AT_MOST:g}", "--again", "--json")

    assert (before.returncode, taken.returncode, expired.returncode, again.returncode) == (0, 0, 1, 0)
    found = json.loads(before.stdout)
    assert (found["published"], found["taken"]) == (True, False)
    assert taken.stdout.splitlines()[-1] == "the workers have taken it"
    assert "the workers have dead-lettered it: expired; leadsla deadletter list shows it" in expired.stderr
    assert json.loads(again.stdout)["taken"] is True
    assert len(await all_records(broker, REJECTED_TOPIC)) == 1
    assert len(await all_records(broker, "contact-attempt")) == 4
