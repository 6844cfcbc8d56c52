"""The right to write, handed out fairly across threads and processes.

Three lock files beside the data, held with flock(2), which the kernel releases when a
process dies, however it dies:

    -room   who holds it writes
    -next   who holds it is next into the room: a writer that has just left the room queues
            behind whoever already waits, instead of taking it again at once
    -edits  shared by everyone who is in a hurry and waits; the patient (imports) let them
            pass, but not for ever

So an edit waits for at most the one step of an import that is in the room, and an import
goes on even beside a flood of edits.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ontology.errors import Busy

COURTESY = 0.5
"""Seconds for which a patient writer lets others pass before it queues like everyone."""


class FairLock:
    """One writer's place at the door. Each thread and process opens its own."""

    def __init__(self, path: Path) -> None:
        """`path` is that of the data; the lock files get its name and a suffix."""
        self._path = path
        self._files: dict[str, int] = {}

    @contextmanager
    def held(self, *, patient: bool = False, timeout: float = 60.0) -> Iterator[None]:
        """Wait for the room, at most `timeout` seconds (Busy), and leave it at the end."""
        deadline = time.monotonic() + timeout
        if patient:
            self._let_pass(min(deadline, time.monotonic() + COURTESY))
        else:
            self._take("edits", fcntl.LOCK_SH, deadline)
        try:
            self._take("next", fcntl.LOCK_EX, deadline)
            try:
                self._take("room", fcntl.LOCK_EX, deadline)
            finally:
                self._leave("next")
        finally:
            self._leave("edits")
        try:
            yield
        finally:
            self._leave("room")

    def _let_pass(self, until: float) -> None:
        while not self._try("edits", fcntl.LOCK_EX):
            if time.monotonic() > until:
                return
            time.sleep(0.002)
        self._leave("edits")

    def _take(self, name: str, kind: int, deadline: float) -> None:
        pause = 0.0002
        while not self._try(name, kind):
            if time.monotonic() > deadline:
                raise Busy(
                    f"{self._path}: 另一进程正在写入，请稍后重试 / another process is writing and "
                    "did not let this one in. Try again; if nobody writes, look for a hung process."
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 0.002)

    def _try(self, name: str, kind: int) -> bool:
        try:
            fcntl.flock(self._file(name), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _leave(self, name: str) -> None:
        fcntl.flock(self._file(name), fcntl.LOCK_UN)

    def _file(self, name: str) -> int:
        if name not in self._files:
            path = self._path.with_name(f"{self._path.name}-{name}")
            self._files[name] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        return self._files[name]

    def close(self) -> None:
        """Close the lock files (and leave whatever is held)."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()
