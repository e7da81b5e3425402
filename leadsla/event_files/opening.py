"""The bytes of a file of events as UTF-8, however the file was packed and encoded, or why they cannot be read.

What a file is, its first bytes say, and not its name: downloads lose endings, and browsers unpack what keeps them.
"""

import codecs
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

STANDARD_STREAM: Final = "-"
CHUNK: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_PACKED_OTHERWISE: Final = {
    b"PK\x03\x04": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ": "xz",
    b"BZh": "bzip2",
}
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_HEAD: Final = 6
"""Bytes that the longest of these take."""


class EventFileError(Exception):
    """A file cannot be read, or is none of events; `why` in words, without its name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class Source(NamedTuple):
    """A file being read: the next chunk (about `CHUNK` bytes, empty at its end), its size and how far it is read."""

    read: Callable[[], bytes]
    size: int | None
    position: Callable[[], int]


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """A file, or standard input; reading a chunk raises `EventFileError`, too.

    Raises:
        EventFileError: it cannot be opened, or is packed by something else than gzip.

    """
    if name == STANDARD_STREAM:
        yield Source(_text_of(sys.stdin.buffer), None, lambda: 0)
        return
    with bytes_of(name) as file:
        yield Source(_text_of(file), Path(name).stat().st_size, file.tell)


@contextmanager
def bytes_of(name: str) -> Iterator[IO[bytes]]:
    """A file as it is.

    Raises:
        EventFileError: it cannot be opened.

    """
    try:
        with Path(name).open("rb") as file:
            yield file
    except FileNotFoundError:
        raise EventFileError(why="there is no such file") from None
    except IsADirectoryError:
        raise EventFileError(why="it is a folder, not a file") from None
    except OSError as wrong:
        raise EventFileError(why=wrong.strerror or str(wrong)) from None


def _text_of(stream: Any) -> Callable[[], bytes]:
    """What yields the text of a stream in UTF-8, chunk by chunk."""
    head = _head_of(stream)
    if head.startswith(_GZIP):
        again: Any = _Again(head, stream)
        stream = GzipFile(fileobj=again, mode="rb")
        head = _unpacked(lambda: _head_of(stream))
        if head.startswith(_GZIP):
            raise EventFileError(why="it is packed twice; unpack it once")
        return _decoded(head, lambda: _unpacked(lambda: stream.read1(CHUNK)))
    for mark, packer in _PACKED_OTHERWISE.items():
        if head.startswith(mark):
            raise EventFileError(why=f"it is packed by {packer}; unpack it, or pack it by gzip")
    return _decoded(head, lambda: stream.read1(CHUNK))


def _head_of(stream: Any) -> bytes:
    """The first bytes, no fewer than tell what it is unless there are no more; a pipe may give them one by one."""
    head = b""
    while len(head) < _HEAD and (more := stream.read1(CHUNK)):
        head += more
    return head


def _unpacked(read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except EOFError:
        raise EventFileError(why="it ends too early: the packed file was cut off") from None
    except BadGzipFile as wrong:
        if str(wrong).startswith("Not a gzipped file"):
            raise EventFileError(why="something that is not packed lies behind what is") from None
        raise EventFileError(why="the packed file is damaged") from None
    except zlib.error:
        raise EventFileError(why="the packed file is damaged") from None


def _decoded(head: bytes, read: Callable[[], bytes]) -> Callable[[], bytes]:
    encoding = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    chunks = _chunks(head.removeprefix(codecs.BOM_UTF8), read)
    if encoding is not None:
        chunks = _recoded(chunks, encoding)
    return lambda: next(chunks, b"")


def _chunks(head: bytes, read: Callable[[], bytes]) -> Iterator[bytes]:
    if head:
        yield head
    while chunk := read():
        yield chunk


def _recoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    name = encoding[:6].upper()
    try:
        for chunk in chunks:
            if text := decoder.decode(chunk):
                yield text.encode()
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise EventFileError(why=f"it begins as {name} and goes on as something else, or was cut off") from None


class _Again:
    """A stream whose first bytes were read already, from its beginning."""

    def __init__(self, head: bytes, rest: Any) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if self._head:
            found, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
            return found
        found = self._rest.read(size)
        return bytes(found)
