"""Files of events: one CloudEvent a line, packed by gzip or not; `-` is a standard stream."""

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from leadsla.event_files.opening import CHUNK, STANDARD_STREAM, EventFileError, Source, opened
from leadsla.event_files.shape import NOTHING, check_beginning


class Line(NamedTuple):
    """One line, without its end; numbers count from 1. `cut` says that it was longer than allowed and lost its rest."""

    number: int
    text: bytes
    cut: bool = False

    @property
    def value(self) -> bytes | None:
        """As the value of a record, which may be none."""
        return None if self.text == NOTHING else self.text


@dataclass(slots=True)
class Lines:
    """Cuts chunks into lines; a line longer than `longest` is cut off, so that no file can fill the memory."""

    longest: int
    number: int = 0
    _rest: bytes = field(default=b"", init=False)
    _skipping: bool = field(default=False, init=False)

    def of(self, chunk: bytes) -> Iterator[Line]:
        """The lines that end in this chunk, blank ones left out; an empty chunk ends the file."""
        *ended, rest = (self._rest + chunk).split(b"\n")
        if not chunk:
            ended, rest = [rest], b""
        for text in ended:
            yield from self._ended(text)
        if len(rest) > self.longest and not self._skipping:
            self._skipping = True
            yield Line(self.number + 1, rest[: self.longest], cut=True)
        self._rest = b"" if self._skipping else rest

    def _ended(self, text: bytes) -> Iterator[Line]:
        self.number += 1
        if self._skipping:
            self._skipping = False
        elif text.strip():
            yield Line(self.number, text[: self.longest].strip(), cut=len(text) > self.longest)


@contextmanager
def reading(name: str) -> Iterator[Source]:
    """A file of events, or standard input; reading a chunk raises `EventFileError`, too.

    Raises:
        EventFileError: it cannot be opened, or is something else.

    """
    with opened(name) as source:
        yield source._replace(read=_Checked(source.read).read)


def check_whole(name: str) -> None:
    """Read a file to its end, so that none of it is taken if its rest cannot be; standard input can only be read once.

    Raises:
        EventFileError: it cannot be opened or is something else, or not all of it can be read.

    """
    if name != STANDARD_STREAM:
        with reading(name) as source:
            while source.read():
                pass


@dataclass(slots=True)
class _Checked:
    """Chunks that may be lines of events."""

    source: Callable[[], bytes]
    _begun: bool = field(default=False, init=False)

    def read(self) -> bytes:
        chunk = self.source()
        if not self._begun:
            while b"\n" not in chunk.lstrip() and len(chunk) < CHUNK and (more := self.source()):
                chunk += more  # a pipe may give less than a line at a time
            self._begun = bool(chunk.strip())
            check_beginning(chunk)
        if b"\0" in chunk:
            raise EventFileError(why="it holds NUL bytes: it was damaged, or is no text")
        return chunk


@contextmanager
def writing(name: str) -> Iterator[IO[bytes]]:
    """A file that replaces what was there, or standard output. The same lines give the same bytes, packed or not.

    Raises:
        OSError: it cannot be written.

    """
    if name == STANDARD_STREAM:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    with path.open("wb") as raw:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed:
                yield packed  # type: ignore[misc]
        else:
            yield raw
