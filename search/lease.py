"""The right to feed an index: one process at a time, free again when the process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol


class Lease(Protocol):
    """Whoever does not get it lets the holder do the work."""

    def hold(self) -> AbstractAsyncContextManager[bool]:
        """Yield whether the lease was granted; never waits."""
        ...


class FileLease:
    """A lock on a file, for the processes of one machine. The system takes it back from a
    killed one, so no clock is needed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[bool]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(file)
