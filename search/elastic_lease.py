"""The lease of the one feeder, kept in the cluster, for servers on several machines.

It is a document that its holder writes again and again; whoever finds it unchanged for
SECONDS, by a clock of its own, may take it (if_seq_no lets one of them win). A process that
did not watch goes by the time written there, with room for clocks that differ. A holder who
was stopped for too long is told so before its next write; should a late write slip through,
versions by commit keep newer documents (elastic_index.py).
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from elasticsearch import AsyncElasticsearch

from ontology.errors import Busy, CatalogError
from search.elastic_address import Address
from search.elastic_client import Conflict, Gone, translated

SECONDS = 15.0
"""How long a lease is good for without being renewed."""
SKEW = 60.0
"""Seconds by which the clocks of two machines may differ."""

_ID = "feeder"
_Place = tuple[int, int]  # sequence number and primary term of the document as it was read


@dataclass
class ElasticLease:
    """See `search.lease.Lease`."""

    address: Address
    client: AsyncElasticsearch
    seconds: float = SECONDS
    skew: float = SKEW
    _holder: str = field(default_factory=lambda: f"{platform.node()}:{os.getpid()}:{uuid4().hex}")
    _good_until: float | None = None  # None: not held
    _watched: tuple[_Place, float] | None = None

    @property
    def index(self) -> str:
        return f"{self.address.prefix}-lease"

    def check(self) -> None:
        """Raises Busy where it was held and ran out: another process may feed by now."""
        if self._good_until is not None and time.monotonic() > self._good_until:
            raise Busy(
                "检索索引的更新权已过期，由其他进程接管 · the lease to feed the search index ran "
                "out; another process takes over"
            )

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[bool]:
        place = await self._take()
        if place is None:
            yield False
            return
        done = asyncio.Event()
        renewing = asyncio.create_task(self._renew(place, done))
        try:
            yield True
        finally:
            done.set()
            await renewing
            self._good_until = None

    async def _take(self) -> _Place | None:
        """Where the lease now stands, if it is ours."""
        with suppress(Conflict):
            found = await self._read()
            if found is None:
                return await self._write(self._holder, op_type="create")
            place, kept = found
            if self._free(place, kept):
                return await self._write(self._holder, if_seq_no=place[0], if_primary_term=place[1])
        return None

    def _free(self, place: _Place, kept: dict[str, Any]) -> bool:
        if not kept["holder"]:
            return True
        now = time.monotonic()
        if self._watched is None or self._watched[0] != place:
            self._watched = place, now
        unchanged = now - self._watched[1] > self.seconds
        return unchanged or time.time() - kept["renewed"] > self.seconds + self.skew

    async def _renew(self, place: _Place, done: asyncio.Event) -> None:
        """Until it is done; then give it back. A renewal that fails is tried again: what
        counts is `check`."""
        holder = self._holder
        while holder:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), self.seconds / 4)
                holder = ""
            with suppress(CatalogError):
                place = await self._write(holder, if_seq_no=place[0], if_primary_term=place[1])

    async def _read(self) -> tuple[_Place, dict[str, Any]] | None:
        try:
            with translated(self.address):
                found = await self.client.get(index=self.index, id=_ID)
        except Gone:
            return None
        return (found["_seq_no"], found["_primary_term"]), found["_source"]

    async def _write(self, holder: str, **condition: Any) -> _Place:
        begun = time.monotonic()
        kept = {"holder": holder, "renewed": time.time()}
        with translated(self.address):
            done = await self.client.index(index=self.index, id=_ID, document=kept, **condition)
        self._good_until = begun + self.seconds
        return done["_seq_no"], done["_primary_term"]
