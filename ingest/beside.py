"""Work that processes beside this one do: dealt out to them, handed back in order.

Python computes in one process at a time. `begin` is called once in each process, `work` for
each task; both, and all that they are told and give, must be what can be sent (plain functions,
frozen values). The processes end with the `async with`, or with this process if that is killed.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from ingest.collected import SELDOM
from ontology.errors import Unavailable

T = TypeVar("T")


class Beside:
    """As many processes as the machine has processors."""

    def __init__(self, begin: Callable[..., None], *told: Any) -> None:
        self._count = max(2, os.cpu_count() or 2)
        self._pool = ProcessPoolExecutor(
            self._count,
            multiprocessing.get_context("spawn"),
            initializer=_begun,
            initargs=(begin, *told),
        )

    async def __aenter__(self) -> Beside:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def each(
        self, work: Callable[..., T], tasks: AsyncIterator[tuple[Any, ...]]
    ) -> AsyncIterator[T]:
        """What the work makes of each task, in order; a few are under way at a time. Raises
        what the work raises, and Unavailable where a process ended."""
        loop, under_way = asyncio.get_running_loop(), deque[asyncio.Future[T]]()
        try:
            async for task in tasks:
                under_way.append(loop.run_in_executor(self._pool, work, *task))
                if len(under_way) > self._count + 1:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        except BrokenProcessPool:
            raise Unavailable(
                "辅助进程意外结束，请再试一次，将从中断处继续 / a process beside this one ended "
                "(out of memory?); run it again, it goes on from there"
            ) from None
        finally:
            for one in under_way:
                one.cancel()


def _begun(begin: Callable[..., None], *told: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # told to the whole terminal: the other ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(*SELDOM)
    begin(*told)


def _end_with_parent() -> None:
    """A killed process tells nobody; we would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
