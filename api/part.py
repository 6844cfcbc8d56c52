"""A part of the ledger that may be down while the others answer: the record, or search."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from ontology.errors import Damaged, Unavailable

T = TypeVar("T")

ANSWER = 5.0
"""Seconds in which a part that is up has said how far it is."""
REST = 0.5
"""Seconds between two tries where it is down."""


@dataclass(eq=False)
class Part:
    """Asks one part. While it is down one question every REST seconds is let through, and the
    others are told at once: so its standstill holds up nobody else."""

    name: str
    _down: Unavailable | None = None
    _again: float = 0.0

    def damaged(self) -> bool:
        """Whether what is stored could not be read, the last time it was asked. Told once."""
        found = isinstance(self._down, Damaged)
        if found:
            self._down = None
        return found

    async def ask(
        self, question: Callable[[], Awaitable[T]], *, seconds: float | None = ANSWER
    ) -> T:
        """The answer. Raises Unavailable, with the name of the part."""
        if self._down is not None:
            if time.monotonic() < self._again:
                raise Unavailable(str(self._down), part=self.name)
            self._again = time.monotonic() + REST
        try:
            async with asyncio.timeout(seconds):
                answer = await question()
        except TimeoutError:
            raise self._noted(
                Unavailable(f"{self.name} 没有按时回答 / did not answer within {seconds:g} seconds")
            ) from None
        except Unavailable as error:
            raise self._noted(error) from None
        self._down = None
        return answer

    def _noted(self, error: Unavailable) -> Unavailable:
        error.part = self.name
        self._down, self._again = error, time.monotonic() + REST
        return error
