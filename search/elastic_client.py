"""The way to an Elasticsearch cluster: its address, the official client, and its errors as ours.

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

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

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

SECONDS = 30.0
"""Longest time that one request may take."""

_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")
_TOO_LARGE = ("too_many_clauses", "too_many_nested_clauses", "too_long_http_line_exception")


class Gone(Unavailable):
    """The index or point in time asked is no more: another generation was published."""


class Conflict(Unavailable):
    """What was to be replaced is not as it was."""


@dataclass(frozen=True, slots=True)
class Address:
    """`https://user:password@one:9200,two:9200/prefix`: any node of one cluster will do.

    `prefix` begins the names of all that is kept there. `key` (an API key) and `ca` (a file
    of certificates to trust) come from the settings."""

    nodes: tuple[str, ...]
    prefix: str = "mulu"
    login: tuple[str, str] | None = None
    key: str = ""
    ca: str = ""

    @staticmethod
    def read(url: str, key: str = "", ca: str = "") -> Address:
        """Raises InvalidInput, without showing the password."""
        parts = urlsplit(url)
        credentials, _, hosts = parts.netloc.rpartition("@")
        prefix = parts.path.strip("/") or "mulu"
        nodes = tuple(_node(parts.scheme, host) for host in hosts.split(",") if host)
        if not nodes or parts.query or parts.fragment or not _PREFIX.fullmatch(prefix):
            raise InvalidInput(
                f"无法识别的检索地址：{parts.scheme}://{hosts}{parts.path} · not the address of an "
                "Elasticsearch cluster; write https://one:9200,two:9200/prefix (prefix: lower-case "
                "letters, digits, - and _)"
            )
        user, _, password = credentials.partition(":")
        login = (unquote(user), unquote(password)) if credentials else None
        return Address(nodes, prefix, login, key, ca)

    def connect(self) -> AsyncElasticsearch:
        """A client; the first request opens a connection. Certificates are always checked."""
        secure = self.nodes[0].startswith("https")
        trust: Any = {"ca_certs": self.ca} if self.ca and secure else {}
        return AsyncElasticsearch(
            list(self.nodes),
            api_key=self.key or None,
            basic_auth=None if self.key else self.login,
            serializer=OrjsonSerializer(),
            request_timeout=SECONDS,
            max_retries=1,
            retry_on_status=(502, 503, 504),
            **trust,
        )


def _node(scheme: str, host: str) -> str:
    """A node's URL; the client wants the port in it."""
    named = urlsplit(f"{scheme}://{host}")
    try:
        port = named.port or 9200
    except ValueError as error:
        raise InvalidInput(f"检索地址的端口不正确：{host} · the port is no number") from error
    name = named.hostname or ""
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except ApiError as error:
        raise refusal(address, error.meta.status, reason(error.body)) from error
    except TransportError as error:
        raise Unavailable(
            f"检索服务 {address.nodes[0]} 无法访问 · Elasticsearch cannot be reached: "
            f"{type(error).__name__}: {error.message}"[:400]
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
            f"检索服务 {where} 不接受凭据 · Elasticsearch refuses the credentials; check the "
            "password in MULU_SEARCH, or MULU_SEARCH_KEY"
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
