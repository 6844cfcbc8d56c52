"""Connections: one thread that writes, a few that read, none on the event loop."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar

from graph.lock import COURTESY, FairLock
from graph.sqlite.failure import translating
from ontology.errors import Unavailable

T = TypeVar("T")

READERS = 4
WAIT = 10.0
"""Seconds to wait for a program that holds the file without queueing for it."""
CHECKPOINT_BYTES = 8 << 20
"""Size of the write-ahead log from which a thread of its own copies it back."""
WAL_BYTES = 256 << 20
"""Size from which a step of an import does so itself, under the lock."""


def connect(path: Path, *, cache_mib: int) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun and ended by hand."""
    connection = sqlite3.connect(
        path, timeout=WAIT, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # by a thread of its own, see below
    connection.execute(f"PRAGMA cache_size = -{cache_mib * 1024}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA journal_size_limit = 4194304")
    return connection


class Readers:
    """A pool of threads, each with a connection of its own. Each read is one snapshot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="mulu-read")

    def submit(self, read: Callable[[sqlite3.Connection], T]) -> Future[T]:
        try:
            return self._threads.submit(self._run, read)
        except RuntimeError as error:
            raise Unavailable(f"{self._path}: the store is closed.") from error

    def _run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        with translating(str(self._path)):
            connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = connect(self._path, cache_mib=16)
                self._open.append(connection)
            connection.execute("BEGIN")
            try:
                return read(connection)
            finally:
                if connection.in_transaction:  # SQLite itself ends it at a damaged page
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        for connection in self._open:
            connection.close()
        self._open.clear()


class Writer:
    """The thread that writes: jobs in order of arrival, where a patient one (a step of an
    import) counts as arrived a little later, so that edits go before it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FairLock(path)
        self._jobs: queue.PriorityQueue[tuple[float, int, _Job[Any] | None]] = queue.PriorityQueue()
        self._order = count()
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._checkpoint = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name="mulu-write", daemon=True),
            threading.Thread(target=self._copy_back, name="mulu-checkpoint", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self, write: Callable[[sqlite3.Connection], T], *, patient: bool = False
    ) -> Future[T]:
        """Run `write` in a transaction under the lock. It commits where it returns and
        rolls back where it raises."""
        if self._closed:
            raise Unavailable(f"{self._path}: the store is closed.")
        job = _Job(write, patient)
        due = time.monotonic() + (COURTESY if patient else 0.0)
        self._jobs.put((due, next(self._order), job))
        return job.future

    def close(self) -> None:
        """Finish the jobs that wait, then stop."""
        if not self._closed:
            self._closed = True
            self._jobs.put((float("inf"), next(self._order), None))
            self._threads[0].join()
            self._checkpoint.set()
            self._threads[1].join()
            self._lock.close()

    def _work(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                with translating(str(self._path)):
                    result = self._run(job)
            except BaseException as error:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)
        if self._connection is not None:
            self._connection.close()

    def _run(self, job: _Job[T]) -> T:
        with self._lock.held(patient=job.patient):
            connection = self._connection = self._connection or _opened(self._path)
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = job.write(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if job.patient:
                self._copy_if_beyond(WAL_BYTES, connection)
        self._checkpoint.set()
        return result

    def _copy_if_beyond(self, size: int, connection: sqlite3.Connection) -> None:
        """Copy the write-ahead log back if it has grown beyond `size`; waits for nobody."""
        with suppress(sqlite3.Error, OSError):  # the next commit says what is wrong
            if self._wal_bytes() > size:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _wal_bytes(self) -> int:
        return self._path.with_name(self._path.name + "-wal").stat().st_size

    def _copy_back(self) -> None:
        """Copy the write-ahead log back into the file beside the writer, so that no edit
        pays for it. An import that outruns this does it itself, in its own step."""
        connection: sqlite3.Connection | None = None
        while True:
            self._checkpoint.wait()
            self._checkpoint.clear()
            if self._closed:
                break
            with suppress(sqlite3.Error):
                connection = connection or connect(self._path, cache_mib=2)
                self._copy_if_beyond(CHECKPOINT_BYTES, connection)
        if connection is not None:
            connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that may write. Turning a new file to WAL does not wait for its readers
    as everything else does (SQLite gives up at once), so the waiting is done here."""
    connection = connect(path, cache_mib=64)
    end = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                connection.close()
                raise
            time.sleep(0.005)
        else:
            return connection


class _Job(Generic[T]):
    def __init__(self, write: Callable[[sqlite3.Connection], T], patient: bool) -> None:
        self.write, self.patient = write, patient
        self.future: Future[T] = Future()
