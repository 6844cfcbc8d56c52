"""The official client of Elasticsearch, and its errors as ours.

    CatalogError ← what the client raises
    ├── StorageFull       a block that the disk watermark put on the index
    ├── StorageReadOnly   any other write block; rights that are missing
    ├── LimitExceeded     a query that the cluster finds too large
    ├── Gone              no such index, or a point in time that is over (internal: asked again)
    ├── Conflict          a newer version is there (internal: read by the feeder and the lease)
    └── Unavailable       anything else: no connection, no time, overload, refused credentials

The 8.19 client speaks to 8.19 and 9 servers alike (the 9 client to 9 only).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import OrjsonSerializer
from elasticsearch import ApiError, AsyncElasticsearch, TransportError

from ontology.errors import (
    CatalogError,
    InvalidInput,
    LimitExceeded,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)
from search.elastic_address import Address

SECONDS = 30.0
"""Longest time that one request may take."""

_TOO_LARGE = ("too_many_clauses", "too_many_nested_clauses")


class Gone(Unavailable):
    """The index or point in time asked is no more: another generation was published."""


class Conflict(Unavailable):
    """What was to be replaced is not as it was."""


def connect(address: Address) -> AsyncElasticsearch:
    """A client; the first request opens a connection. Certificates are always checked."""
    trust: Any = {"ca_certs": address.ca} if address.ca else {}
    try:
        return AsyncElasticsearch(
            list(address.nodes),
            api_key=address.key or None,
            basic_auth=None if address.key else address.login,
            serializer=OrjsonSerializer(),
            request_timeout=SECONDS,
            max_retries=1,
            retry_on_status=(502, 503, 504),
            **trust,
        )
    except (ValueError, OSError) as error:  # the file of certificates, mostly
        raise InvalidInput(f"MULU_SEARCH: {error}"[:300]) from error


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except ApiError as error:
        ours = refusal(address, error.meta.status, reason(error.body))
        if isinstance(ours, Unavailable):
            ours.part = "search"
        raise ours from error
    except TransportError as error:
        raise Unavailable(
            f"检索服务 {address.nodes[0]} 无法访问 · Elasticsearch cannot be reached: "
            f"{type(error).__name__}: {error.message}"[:400],
            part="search",
        ) from error


def reason(body: Any) -> str:
    """Type and text of an error that the cluster answered with."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:300]
    causes = [error, *error.get("root_cause", ()), error.get("caused_by") or {}]
    causes += [shard.get("reason") or {} for shard in error.get("failed_shards", ())]
    said = dict.fromkeys(f"{c.get('type', '')}: {c.get('reason', '')}" for c in causes if c)
    return "; ".join(said)[:600]


def refusal(address: Address, status: int, why: str) -> CatalogError:
    """What a status and its reason mean here."""
    where = address.nodes[0]
    if "cluster_block_exception" in why:
        return _blocked(where, why)
    if status == 409 or "resource_already_exists" in why:
        return Conflict(why)
    if status == 404:
        return Gone(f"检索索引不存在 · no such search index: {why}")
    if any(sign in why for sign in _TOO_LARGE):
        return LimitExceeded(f"查询过长或过于复杂 · the query is too large: {why[:200]}")
    if status == 401:
        return Unavailable(
            f"检索服务 {where} 不接受凭据 · Elasticsearch refuses the credentials; check "
            "those in MULU_SEARCH"
        )
    if status == 403:
        return StorageReadOnly(
            f"在检索服务 {where} 上权限不足 · Elasticsearch does not allow it; the account needs "
            f"all rights on its own indices: {why[:200]}"
        )
    if status == 429:
        return Unavailable(f"检索服务 {where} 过载 · Elasticsearch is overloaded: {why[:200]}")
    return Unavailable(f"检索服务 {where} 出错 · Elasticsearch failed ({status}): {why}")


def _blocked(where: str, why: str) -> CatalogError:
    """Writing is blocked: by the disk watermark (12), or by a person."""
    if "/12/" in why or "flood" in why:
        return StorageFull(
            f"检索服务 {where} 磁盘将满，索引被设为只读 · the disk of Elasticsearch is nearly full "
            "and the index read-only; free some, the block then goes by itself"
        )
    if "no master" in why or "recovered" in why:
        return Unavailable(f"检索服务 {where} 尚未就绪 · the cluster is not ready: {why[:200]}")
    return StorageReadOnly(
        f"检索服务 {where} 的索引不可写 · the search index is blocked for writing; take the block "
        f"away (index.blocks): {why[:200]}"
    )
