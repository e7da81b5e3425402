"""Files of events: one CloudEvent a line, packed by gzip where the name ends in `.gz`; `-` is a standard stream."""

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

STANDARD_STREAM: Final = "-"
CHUNK: Final = 256 * 1024


class Line(NamedTuple):
    """One line, without its end; numbers count from 1. `cut` says that it was longer than allowed and lost its rest."""

    number: int
    text: bytes
    cut: bool = False


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


class Source(NamedTuple):
    """A file being read: the next chunk (at most `CHUNK` bytes, empty at its end), its size and how far it is read."""

    read: Callable[[], bytes]
    size: int | None
    position: Callable[[], int]


@contextmanager
def reading(name: str) -> Iterator[Source]:
    """A file, or standard input.

    Raises:
        OSError: it cannot be read, or is packed and broken.

    """
    if name == STANDARD_STREAM:
        stream: Any = sys.stdin.buffer
        yield Source(lambda: stream.read1(CHUNK), None, lambda: 0)
        return
    path = Path(name)
    with path.open("rb") as raw:
        file: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        yield Source(lambda: file.read1(CHUNK), path.stat().st_size, raw.tell)


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
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed:
                yield packed  # type: ignore[misc]
        else:
            yield raw
