"""A disk that a test fills and frees: a small one in memory where this user may mount it, else a limit on files' sizes."""

import os
import resource
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.real_parts.program import Program

_MEGABYTES: Final = 96
_SECONDS: Final = 20


class SmallDisk(ABC):
    """Room for a program's files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder

    @abstractmethod
    def fill(self, program: Program) -> None:
        """Leave no room for what the program writes from now on."""

    @abstractmethod
    def free(self) -> None:
        """Let programs that are started from now on write again."""


class DiskInMemory(SmallDisk):
    """A file system of its own, so that a full one answers as a real disk does."""

    def fill(self, program: Program) -> None:
        del program
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while ballast.write(b"x" * size):
                        pass

    def free(self) -> None:
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


class LimitedFiles(SmallDisk):
    """No file of the program may grow beyond what the largest has; its log, which lies elsewhere, has to be smaller."""

    def fill(self, program: Program) -> None:
        assert program.pid is not None, "it does not run"
        largest = max(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (largest, largest))

    def free(self) -> None:
        """A program that is started again has no limit."""


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk at a folder, which is made; all on it is gone at the end."""
    folder.mkdir(parents=True)
    if not _done("mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(folder)):
        yield LimitedFiles(folder)
        return
    try:
        yield DiskInMemory(folder)
    finally:
        assert _done("umount", "--lazy", str(folder))


def _done(*command: str) -> bool:
    """Whether a command could be run, and did what it was to do."""
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS).returncode == os.EX_OK
    except OSError:
        return False
