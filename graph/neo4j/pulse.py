"""Whether the server answers anybody: asked for those who will not wait until it is back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ontology.errors import Unavailable

T = TypeVar("T")

SILENCE = 2.0
"""Seconds of silence after which a sign of life is asked for, and in which it has to come."""
REST = 0.5
"""Seconds before it is asked for again, where none came."""


class Pulse:
    """`sign` asks the server the smallest question. Everybody who waits shares one."""

    def __init__(self, sign: Callable[[], Awaitable[object]], where: str) -> None:
        self._sign, self._where = sign, where
        self._down, self._again = False, 0.0
        self._feeling: asyncio.Task[bool] | None = None

    async def watching(self, work: Callable[[], Awaitable[T]]) -> T:
        """What the work comes to, however long it takes while the server lives. Raises
        Unavailable where it gives no sign of life."""
        if self._down:
            await self._feel()
        task = asyncio.ensure_future(work())
        try:
            while not (await asyncio.wait({task}, timeout=SILENCE))[0]:
                await self._feel()
            return task.result()
        finally:
            task.cancel()

    async def _feel(self) -> None:
        if not self._down or time.monotonic() >= self._again:
            if self._feeling is None or self._feeling.done():
                self._feeling = asyncio.create_task(self._alive())
            if await asyncio.shield(self._feeling):
                return
        raise Unavailable(
            f"{self._where}: 数据库没有回应 / the database gives no sign of life.", part="record"
        )

    async def _alive(self) -> bool:
        try:
            async with asyncio.timeout(SILENCE):
                await self._sign()
        except (TimeoutError, Unavailable):
            self._down, self._again = True, time.monotonic() + REST
            return False
        self._down = False
        return True
