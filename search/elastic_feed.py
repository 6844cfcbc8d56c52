"""How documents get into an index on Elasticsearch, which knows no transactions.

Documents go first, then the position, then both are made visible by one refresh. A crash in
between repeats harmlessly. Each document carries the number of the commit it was made at as
its version, so that a feeder that was overtaken cannot put older documents over newer ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch

from ontology.errors import Busy, Unavailable
from ontology.problem import Problem
from search.elastic_address import Address
from search.elastic_client import reason, refusal, translated
from search.elastic_query import KEPT, META, POSITION

MAX_BYTES = 4_000_000
"""Of one request, unless a single document is larger."""
MAX_DOCUMENT = 64_000_000
"""Bytes of a document: the cluster takes no request of 100 MB."""
TRIES, PAUSE = 7, 0.1
"""How often an overloaded cluster is asked again, and after how many seconds the first time;
then twice as long each time."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document to store, or (without a body) to remove. `id` is the resource's, or the name
    of one of the index's own documents."""

    id: str
    body: bytes | None
    own: bool = False

    @property
    def stored_as(self) -> str:
        """An id may be longer than what the engine takes for one."""
        return self.id if self.own else blake2b(self.id.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Feed:
    """Writes one generation through its own alias: with the generation goes the alias, so
    no write ever makes an index by accident."""

    address: Address
    client: AsyncElasticsearch
    alias: str

    async def store(self, items: Iterable[Item], upto: int) -> list[Problem]:
        """Send the last item of each id; what is refused comes back. Not visible yet."""
        problems: list[Problem] = []
        for batch in _batches({item.id: item for item in items}.values(), problems):
            overtaken = await self._send(batch, upto, problems)
            if overtaken:
                if await self.position() > upto:
                    raise Busy(
                        "另一个进程正在更新检索索引 · another process feeds the search index"
                    )
                # Nobody is ahead: somebody wrote behind our back. What we say counts.
                await self._send(overtaken, None, problems)
        return problems

    async def move(self, upto: int, *before: Item) -> None:
        """Set the position, and make visible all that was stored."""
        kept = orjson.dumps({META: POSITION, KEPT: {"upto": upto}})
        items = [*before, Item(POSITION, kept, own=True)]
        overtaken = await self._send(items, upto, [], refresh=True)
        if overtaken:
            raise Busy("另一个进程正在更新检索索引 · another process feeds the search index")

    async def position(self) -> int:
        """As it is stored, visible or not."""
        with translated(self.address):
            found = await self.client.get(index=self.alias, id=POSITION)
        return int(found["_source"][KEPT]["upto"])

    async def _send(
        self,
        items: Sequence[Item],
        version: int | None,
        problems: list[Problem],
        *,
        refresh: bool = False,
    ) -> list[Item]:
        """Those of which a newer version is there. Waits while the cluster is overloaded."""
        overtaken: list[Item] = []
        for attempt in range(TRIES):
            again = []
            for item, result in await self._bulk(items, version, refresh):
                status = result["status"]
                if status < 300 or (status == 404 and "error" not in result):
                    continue
                why = reason(result)
                if status == 409:
                    overtaken.append(item)
                elif status in (429, 503) and "cluster_block" not in why:
                    again.append(item)
                elif status == 400 or status == 413:
                    problems.append(_refused(item, why))
                else:
                    raise refusal(self.address, status, why)
            if not again:
                return overtaken
            items = again
            await asyncio.sleep(PAUSE * 2**attempt)
        raise Unavailable(
            f"检索服务 {self.address.nodes[0]} 持续过载，稍后自动重试 · Elasticsearch stays "
            "overloaded; the index catches up later by itself"
        )

    async def _bulk(
        self, items: Sequence[Item], version: int | None, refresh: bool
    ) -> list[tuple[Item, dict[str, Any]]]:
        lines: list[Any] = []  # bytes: the client sends them as they are
        for item in items:
            what: dict[str, Any] = {"_id": item.stored_as}
            if version is not None:
                what |= {"version": version, "version_type": "external_gte"}
            lines.append(orjson.dumps({"delete" if item.body is None else "index": what}))
            if item.body is not None:
                lines.append(item.body)
        try:
            with translated(self.address):
                done = await self.client.options(request_timeout=60).bulk(
                    index=self.alias, operations=lines, require_alias=True, refresh=refresh
                )
        except Unavailable as refused:
            if type(refused) is not Unavailable or not _overloaded(refused):
                raise
            return [(item, {"status": 429, "error": str(refused)}) for item in items]
        results = (next(iter(one.values())) for one in done["items"])
        return list(zip(items, results, strict=True))


def _overloaded(error: Unavailable) -> bool:
    return getattr(getattr(error.__cause__, "meta", None), "status", 0) == 429


def _batches(items: Iterable[Item], problems: list[Problem]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        length = len(item.body or b"")
        if length > MAX_DOCUMENT:
            problems.append(_refused(item, f"{length} bytes"))
            continue
        if batch and size + length > MAX_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch


def _refused(item: Item, why: str) -> Problem:
    return Problem(
        what=f"检索引擎拒收此资源，检索不到它 · the search engine refuses the document: {why}"[
            :500
        ],
        mend="缩短过长的标识或属性 · shorten the id or attribute that is too long",
        resource=item.id,
    )
