"""A file that is there whole or not at all."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from leadsla.event_files.lines import writing
from leadsla.event_files.opening import STANDARD_STREAM


@contextmanager
def writing_whole(name: str) -> Iterator[IO[bytes]]:
    """A file that is written beside its place, or before anything goes to standard output, and put there at the end.

    An error that leaves the context leaves what was there as it was.

    Raises:
        OSError: it cannot be written.

    """
    if name == STANDARD_STREAM:
        with tempfile.TemporaryFile() as kept:
            yield kept
            kept.seek(0)
            shutil.copyfileobj(kept, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    path = Path(name)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        with writing(str(part)) as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
