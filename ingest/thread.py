"""A blocking iterator, read in a worker thread and followed from the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")

WAIT = 0.2
"""Seconds after which a thread that waits looks whether anybody still listens."""


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing more will come."""


async def followed(items: Iterator[T], *, ahead: int = 4) -> AsyncIterator[T]:
    """Each item of `items`, made in a thread of its own at most `ahead` before it is taken.

    What the iterator raises is raised here. When the reader stops early, the thread ends
    at its next item and closes the iterator.
    """
    queue: Queue[T | _Failed | _End] = Queue(maxsize=ahead)
    stopped = threading.Event()

    def put(item: T | _Failed | _End) -> None:
        while not stopped.is_set():
            try:
                queue.put(item, timeout=WAIT)
                return
            except Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    break
        except BaseException as error:
            put(_Failed(error))
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
            put(_End())

    def take() -> T | _Failed | _End:
        while thread.is_alive() or not queue.empty():
            try:
                return queue.get(timeout=WAIT)
            except Empty:
                continue
        return _End()

    thread = threading.Thread(target=work, name="mulu-ingest", daemon=True)
    thread.start()
    try:
        while True:
            item = await asyncio.to_thread(take)
            if isinstance(item, _Failed):
                raise item.error
            if isinstance(item, _End):
                return
            yield item
    finally:
        stopped.set()
        await asyncio.to_thread(thread.join, 30)
