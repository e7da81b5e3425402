"""How an event made by hand goes out: shown, asked about, published once, and waited for until the workers have it."""

import asyncio
import json
import logging
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.broker import trouble
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.terminal import say, say_json
from leadsla.hand_events.earlier import Earlier, earlier
from leadsla.hand_events.events import HandEvent
from leadsla.hand_events.fate import letter_of
from sla_rules.instants import SECOND, iso, moment
from streams.kafka.placed import Placed, not_taken_within, place, place_of
from streams.kafka.topics import TopicsError
from streams.settings import Settings, SettingsError
from wording.voice import Voice

T = TypeVar("T")


@dataclass(slots=True)
class HandingIn:
    """One event, and how it is to go out; `wait` is how many seconds the workers are waited for."""

    command: str
    settings: Settings
    voice: Voice
    one: HandEvent
    yes: bool
    again: bool
    as_json: bool
    wait: float
    result: dict[str, Any] = field(default_factory=dict)

    def hand_in(self, words: Sequence[str]) -> None:
        """Show what the event says in words, and publish it.

        Raises:
            typer.Exit: with status 1 if the workers dead-lettered it, or if nobody wanted it published; 2 if it was not to be asked,
                or the broker cannot be reached.

        """
        # The client logs what is raised, too; here it is said once.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        self.result = {"event": self.one.event, "topic": self.one.letter.topic, "published": False, "taken": False}
        for line in words:
            self._say(line)
        self._agree()
        spot = self._ask_broker(place_of(self.settings, self.one.letter))
        now = self.settings.new_clock()()
        before = self._ask_broker(earlier(self.settings, spot, self.one, now))
        if before is not None and (before.same_event or not self.again):
            self._say_before(before, now - before.at)
            return self._end()
        (placed,) = self._ask_broker(place(self.settings, [(spot, self.one.letter)]))
        self.result |= {"published": True, "partition": placed.partition, "offset": placed.offset}
        self._say(self.voice.text("hand-published", place=str(placed)))
        if self.wait:
            self._see_taken(placed)
        return self._end()

    def _agree(self) -> None:
        """Ask, unless that was answered before."""
        if self.yes:
            return
        if self.as_json or not sys.stdin.isatty():
            say(self.voice.text("hand-needs-yes", command=self.command), err=True)
            self._end(UNABLE)
        if not typer.confirm(self.voice.text("hand-ask", broker=self.settings.broker)):
            self._say(self.voice.text("hand-not-published"))
            self._end(FAILED)

    def _say_before(self, before: Earlier, ago: int) -> None:
        self.result["already"] = {"at": iso(before.at), "same_event": before.same_event}
        name = "hand-already" if before.same_event else "hand-same-words"
        at = self.voice.instant(moment(before.at), weekday=False)
        self._say(self.voice.text(name, at=at, ago=self.voice.duration(max(ago, SECOND))))

    def _see_taken(self, placed: Placed) -> None:
        if self._ask_broker(not_taken_within(self.settings, [placed], self.wait)):
            self._say(self.voice.text("hand-not-taken", place=str(placed), seconds=f"{self.wait:g}"))
            return
        letter = self._ask_broker(letter_of(self.settings, placed))
        if letter is None:
            self.result["taken"] = True
            self._say(self.voice.text("hand-taken"))
            return
        self.result["rejected"] = {"reason": letter.reason, "detail": letter.detail}
        say(self.voice.text("hand-rejected", reason=letter.reason, detail=letter.detail), err=True)
        self._end(FAILED)

    def _ask_broker(self, question: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run(question)
        except (SettingsError, TopicsError, KafkaError) as wrong:
            say(f"leadsla {self.command}: {trouble(wrong, self.settings)}", err=True)
            if self.result["published"]:
                say(self.voice.text("hand-published-all-the-same"), err=True)
            raise typer.Exit(UNABLE) from None

    def _say(self, line: str) -> None:
        if not self.as_json:
            say(line)

    def _end(self, status: int = 0) -> None:
        if self.as_json:
            say_json(json.dumps(self.result, ensure_ascii=False))
        if status:
            raise typer.Exit(status)
