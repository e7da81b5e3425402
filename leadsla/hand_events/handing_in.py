"""How an event made by hand goes out: shown, asked about, published once, and waited for until the workers have it."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.broker import quieten_client, trouble
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.terminal import say, say_json
from leadsla.event_files.aftermath import HIDDEN, letters_from_now
from leadsla.hand_events.earlier import Earlier, earlier
from leadsla.hand_events.events import HandEvent
from leadsla.hand_events.fate import Fate, Place
from sla_rules.instants import SECOND, Instant, moment
from streams.kafka.publisher import Publisher
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
    fate: Fate = field(default_factory=Fate)

    def hand_in(self, words: Sequence[str]) -> None:
        """Show what the event says in words, and publish it.

        Raises:
            typer.Exit: with status 1 if the workers dead-lettered it, or if nobody wanted it published; 2 if it was not to be asked,
                or the broker cannot be reached.

        """
        quieten_client()
        for line in words:
            self._say(line)
        self._agree()
        now = self.settings.new_clock()()
        before = self._ask_broker(self._earlier(now))
        if before is not None and (before.same_event or not self.again):
            self._say_before(before, now - before.at)
        else:
            self._ask_broker(self._publish())
        self._end(0 if self.fate.rejected is None else FAILED)

    async def _earlier(self, now: Instant) -> Earlier | None:
        """What was published before; whoever may publish and no more hears that it cannot be seen."""
        try:
            return await earlier(self.settings, self.one, now)
        except HIDDEN:
            self._say(self.voice.text("hand-not-looked"))
            return None

    async def _publish(self) -> None:
        """Publish it, and wait for what the workers make of it."""
        letters = await letters_from_now(self.settings)
        async with Publisher(self.settings, [self.one.topic]) as publisher:
            await publisher.publish(self.one.topic, self.one.key, self.one.value)
        ((spot, (place,)),) = publisher.places.items()
        self.fate.place = Place(spot.partition, place.start)
        lies_at = f"{spot.topic}/{spot.partition}, offset {place.start}"
        self._say(self.voice.text("hand-published", place=lies_at))
        if not self.wait:
            return
        became = None if letters is None else await letters.became_of(publisher.places, self.wait)
        if became is None:
            self._say(self.voice.text("hand-not-seen"))
        elif became.waiting:
            self._say(self.voice.text("hand-not-taken", place=lies_at, seconds=f"{self.wait:g}"))
        elif became.put_away:
            (reason,) = became.put_away
            self.fate.rejected = reason
            say(self.voice.text("hand-rejected", reason=reason), err=True)
        else:
            self.fate.taken = True
            self._say(self.voice.text("hand-taken"))

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
        self.fate.already = before
        name = "hand-already" if before.same_event else "hand-same-words"
        at = self.voice.instant(moment(before.at), weekday=False)
        self._say(self.voice.text(name, at=at, ago=self.voice.duration(max(ago, SECOND))))

    def _ask_broker(self, question: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run(question)
        except (SettingsError, TopicsError, KafkaError) as wrong:
            say(f"leadsla {self.command}: {trouble(wrong, self.settings)}", err=True)
            if self.fate.place is not None:
                say(self.voice.text("hand-not-seen"), err=True)
            raise typer.Exit(UNABLE) from None

    def _say(self, line: str) -> None:
        if not self.as_json:
            say(line)

    def _end(self, status: int = 0) -> None:
        if self.as_json:
            say_json(json.dumps(self.fate.as_json(self.one), ensure_ascii=False))
        if status:
            raise typer.Exit(status)
