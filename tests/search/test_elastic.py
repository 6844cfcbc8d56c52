"""What is Elasticsearch's own: addresses, refusals, faults of the cluster, the lease."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import elastic_transport
import elasticsearch
import elasticsearch.helpers
import httpx
import orjson
import pytest
from elasticsearch import ApiError, TransportError
from search_engines import MAPPING, WORDS, ask, docs, entry, found, where

from ontology.errors import (
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    LimitExceeded,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)
from ontology.resource import ResourceId
from search import elastic_feed
from search.elastic_address import Address, address_of
from search.elastic_client import Conflict, Gone, connect, translated
from search.elastic_index import ElasticIndex
from search.elastic_lease import ElasticLease
from search.index import Page, Request
from search.open import open_index

HERE = Address(("http://127.0.0.1:9200",))


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from where("elastic", request, tmp_path)


@pytest.fixture
async def index(url: str) -> AsyncIterator[ElasticIndex]:
    opened = open_index(url)
    assert isinstance(opened, ElasticIndex)
    await opened.ensure(MAPPING, WORDS)
    yield opened
    await opened.close()


def send(url: str, method: str, path: str, **more: Any) -> Any:
    """To the cluster, behind the index's back."""
    server = url.rpartition("/")[0]
    answer = httpx.request(method, f"{server}/{path}", timeout=30, **more)
    assert answer.status_code < 300, answer.text
    return answer.json()


def generation(url: str) -> str:
    prefix = url.rpartition("/")[2]
    (name,) = send(url, "GET", f"_alias/{prefix}")
    return str(name)


# --- addresses --------------------------------------------------------------------------------


def test_an_address_names_nodes_prefix_login_and_certificates() -> None:
    found = address_of("https://ann:p%40ss@one:9201,two/town?ca=ca.pem")
    assert found.nodes == ("https://one:9201", "https://two:9200")
    assert (found.prefix, found.login, found.ca) == ("town", ("ann", "p@ss"), "ca.pem")
    assert address_of("https://one?key=abc").key == "abc"
    assert address_of("http://[::1]:9200") == Address(("http://[::1]:9200",), "mulu")
    assert address_of("http://ann:x@elastic?clear=yes").nodes == ("http://elastic:9200",)
    assert "p@ss" not in f"{found} {found!r}"


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:secret@",
        "http://ann:secret@h:x",
        "https://ann:secret@h/UPPER",
        "https://ann:secret@h/a/b",
        "https://ann:secret@h/..",
        "https://ann:secret@h?secret=1",
        "http://ann:secret@other.example",  # in the clear
        "https://other.example",  # by nobody
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidInput, match="MULU_SEARCH") as refused:
        open_index(url.replace("secret=1", "q=1"))
    assert "secret" not in str(refused.value)


def test_a_file_of_certificates_must_be_there() -> None:
    with pytest.raises(InvalidInput):
        open_index("https://ann:secret@h?ca=/nowhere.pem")


def test_the_client_is_loaded_only_when_it_is_asked_for(tmp_path: Path) -> None:
    code = "import sys, search.open as o; o.open_index('tantivy:///x'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "elasticsearch" not in done.stdout.split()


# --- errors -----------------------------------------------------------------------------------

REFUSALS = {
    elasticsearch.ApiError: (500, Unavailable),
    elasticsearch.AuthenticationException: (401, Unavailable),
    elasticsearch.AuthorizationException: (403, StorageReadOnly),
    elasticsearch.BadRequestError: (400, Unavailable),
    elasticsearch.ConflictError: (409, Conflict),
    elasticsearch.NotFoundError: (404, Gone),
    elasticsearch.UnsupportedProductError: (200, Unavailable),
}
FAILURES = {
    elastic_transport.ConnectionError,
    elastic_transport.ConnectionTimeout,
    elastic_transport.SerializationError,
    elastic_transport.SniffingError,
    elastic_transport.TlsError,
    elastic_transport.TransportError,
    elasticsearch.SerializationError,
}
UNUSED = {elasticsearch.helpers.BulkIndexError, elasticsearch.helpers.ScanError}
"""What the client's helpers raise, which are not used here."""


def below(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*(below(one) for one in root.__subclasses__()))


def test_every_exception_of_the_client_is_known() -> None:
    assert below(ApiError) == set(REFUSALS)
    assert below(TransportError) == FAILURES
    modules = {**vars(elasticsearch), **vars(elasticsearch.helpers)}
    raised = {one for one in modules.values() if isinstance(one, type) and _is_error(one)}
    assert raised <= {*REFUSALS, *FAILURES, *UNUSED}


def _is_error(one: type) -> bool:
    return issubclass(one, Exception) and not issubclass(one, Warning)


@pytest.mark.parametrize("error", sorted(REFUSALS, key=lambda e: e.__name__))
def test_a_refusal_is_ours(error: type[ApiError]) -> None:
    status, ours = REFUSALS[error]
    meta: Any = SimpleNamespace(status=status)
    with pytest.raises(ours) as raised, translated(HERE):
        raise error("no", meta, {"error": {"type": "x", "reason": "why"}})
    assert str(raised.value)


@pytest.mark.parametrize("error", sorted(FAILURES, key=lambda e: e.__name__))
def test_a_failure_is_ours(error: type[TransportError]) -> None:
    with pytest.raises(Unavailable, match=r"127.0.0.1:9200"), translated(HERE):
        raise error("no")


@pytest.mark.parametrize(
    ("status", "type", "reason", "ours"),
    [
        (429, "cluster_block_exception", "blocked by: [429/12/disk usage]", StorageFull),
        (403, "cluster_block_exception", "blocked by: [FORBIDDEN/8/index write]", StorageReadOnly),
        (503, "cluster_block_exception", "blocked by: [2/no master]", Unavailable),
        (429, "es_rejected_execution_exception", "queue full", Unavailable),
        (400, "too_many_clauses", "maxClauseCount is set to 4096", LimitExceeded),
    ],
)  # fmt: skip
def test_refusals_are_told_apart(status: int, type: str, reason: str, ours: object) -> None:
    meta: Any = SimpleNamespace(status=status)
    with pytest.raises(CatalogError) as raised, translated(HERE):
        raise ApiError("no", meta, {"error": {"type": type, "reason": reason}})
    assert raised.type is ours


async def test_a_cluster_that_is_not_there_is_unavailable() -> None:
    index = open_index("http://127.0.0.1:9/none")
    with pytest.raises(Unavailable, match=r"127.0.0.1:9 "):
        await index.ensure(MAPPING)
    await index.close()


# --- documents --------------------------------------------------------------------------------


async def test_a_refused_document_is_a_problem_and_the_rest_is_stored(index: ElasticIndex) -> None:
    long = ResourceId("entry:" + "长" * 20_000)
    bad, good = docs(entry("x", "户籍登记"), entry("a", "婚姻登记"))
    problems = await index.put([replace(bad, id=long), good], upto=3)
    assert [(p.resource, bool(p.what), bool(p.mend)) for p in problems] == [(long, True, True)]
    assert (await found(index, "登记"), await index.position()) == (["entry:a"], 3)


async def test_many_documents_go_in_several_requests(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_feed, "MAX_BYTES", 5_000)
    await index.put([*docs(*(entry(str(n), f"登记{n}") for n in range(40)))], upto=1)
    assert await index.count() == 40


async def test_an_overtaken_feeder_changes_nothing(index: ElasticIndex) -> None:
    """One that was stopped with documents of commit 5 goes on after another has put 9."""
    await index.put(docs(entry("a", "新的名称")), upto=9)
    with pytest.raises(Busy):
        await index.put(docs(entry("a", "旧的名称")), upto=5)
    assert (await ask(index, "id:entry:a")).hits[0].title == "新的名称"
    assert await index.position() == 9


async def test_what_was_changed_behind_our_back_is_put_right(index: ElasticIndex, url: str) -> None:
    good = docs(entry("a", "户籍登记"), entry("b", "婚姻登记"))
    await index.put(good, upto=7)
    name, id = generation(url), elastic_feed.Item("entry:a", b"").stored_as
    for _ in range(5):  # each raises the version beyond the commit
        send(url, "PUT", f"{name}/_doc/{id}", json={"key": "entry:a", "kinds": ["*"]})
    gone = elastic_feed.Item("entry:b", b"").stored_as
    send(url, "DELETE", f"{name}/_doc/{gone}?refresh=true")
    stored = await index.stored()
    assert [(one.id, one.digest) for one in stored] == [("entry:a", "")]
    await index.put(good, upto=7)
    assert {(s.id, s.digest) for s in await index.stored()} == {(d.id, d.digest) for d in good}
    assert set(await found(index, "登记")) == {"entry:a", "entry:b"}


# --- faults -----------------------------------------------------------------------------------


async def test_a_full_disk_is_noticed_and_said_and_gone_by_itself(
    index: ElasticIndex, url: str
) -> None:
    await index.put(docs(entry("a", "户籍登记")), upto=1)
    blocked = f"{generation(url)}/_settings"
    send(url, "PUT", blocked, json={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(StorageFull, match="磁盘"):
        await index.put(docs(entry("b", "婚姻登记")), upto=2)
    assert await found(index, "登记") == ["entry:a"]  # it goes on answering
    assert await index.position() == 1
    send(url, "PUT", blocked, json={"index.blocks.read_only_allow_delete": None})
    await index.put(docs(entry("b", "婚姻登记")), upto=2)
    assert set(await found(index, "登记")) == {"entry:a", "entry:b"}


async def test_a_blocked_index_is_noticed_and_said(index: ElasticIndex, url: str) -> None:
    send(url, "PUT", f"{generation(url)}/_settings", json={"index.blocks.write": True})
    with pytest.raises(StorageReadOnly, match="不可写"):
        await index.put(docs(entry("b", "婚姻登记")), upto=2)


async def test_a_lost_index_is_empty_and_built_again(index: ElasticIndex, url: str) -> None:
    await index.put(docs(entry("a", "户籍登记")), upto=4)
    assert await found(index, "登记") == ["entry:a"]
    send(url, "DELETE", generation(url))
    with pytest.raises(Unavailable):
        await index.search(Request())
    assert (await index.position(), index.outdated(MAPPING)) == (0, True)
    built = await index.rebuild(MAPPING, WORDS)
    await built.put(docs(entry("a", "户籍登记")), upto=4)
    await built.publish()
    assert (await found(index, "登记"), await index.position()) == (["entry:a"], 4)


LOST = {
    "for reading": ("{prefix}",),
    "for writing": ("{name}-in",),
    "both": ("{prefix}", "{name}-in"),
}


@pytest.mark.parametrize("which", LOST)
@pytest.mark.parametrize("anew", [False, True])
async def test_a_lost_alias_costs_nothing(
    index: ElasticIndex, url: str, which: str, anew: bool
) -> None:
    """As after a snapshot was restored without its aliases: the generation that is whole answers
    and is fed again, whether mulu was there or is started now."""
    await index.put(docs(entry("a", "户籍登记")), upto=4)
    half = await index.rebuild(MAPPING, WORDS)
    await half.keep(ResourceId("entry:a"), 4)
    name, prefix = generation(url), url.rpartition("/")[2]
    for alias in LOST[which]:
        send(url, "DELETE", f"{name}/_alias/{alias.format(prefix=prefix, name=name)}")
    now = index
    if anew:
        now = open_index(url)  # type: ignore[assignment]
        await now.ensure(MAPPING, WORDS)
    assert (await found(now, "登记"), await now.position()) == (["entry:a"], 4)
    assert not now.outdated(MAPPING, WORDS)
    await now.put(docs(entry("b", "婚姻登记")), upto=5)
    assert set(await found(now, "登记")) == {"entry:a", "entry:b"}
    assert generation(url) == name
    assert len(send(url, "GET", f"{prefix}-gen-*")) == 2
    assert await now.unfinished(MAPPING) is not None
    if anew:
        await now.close()


async def test_of_two_that_answer_the_newer_one_does(index: ElasticIndex, url: str) -> None:
    """As after a snapshot was restored beside what there was."""
    prefix = url.rpartition("/")[2]
    await index.put(docs(entry("a", "户籍登记")), upto=4)
    restored = await index.rebuild(MAPPING, WORDS)
    await restored.put(docs(entry("b", "婚姻登记"), entry("c", "结婚登记")), upto=3)
    await restored._opened.feed.move(3)
    send(url, "PUT", f"{prefix}-gen-2/_alias/{prefix}")
    other = open_index(url)
    await other.ensure(MAPPING, WORDS)
    for one in (index, other):
        assert (set(await found(one, "登记")), await one.count(), await one.position()) == (
            {"entry:b", "entry:c"},
            2,
            3,
        )
    assert generation(url) == f"{prefix}-gen-2"
    await other.close()


async def test_nothing_whole_is_removed_before_the_next_is_whole(
    index: ElasticIndex, url: str
) -> None:
    await index.put(docs(entry("a", "户籍登记")), upto=4)
    name, prefix = generation(url), url.rpartition("/")[2]
    send(url, "DELETE", f"{name}/_alias/{prefix}")
    built = await index.rebuild(MAPPING, WORDS)
    await built.publish()  # empty, so that there is something to ask
    assert name in send(url, "GET", f"{prefix}-gen-*")
    assert await index.count() == 0
    built = await index.rebuild(MAPPING, WORDS)
    await built.put(docs(entry("a", "户籍登记")), upto=4)
    await built.publish()
    assert list(send(url, "GET", f"{prefix}-gen-*")) == [generation(url)]


async def test_a_write_to_a_lost_index_makes_none_by_accident(
    index: ElasticIndex, url: str
) -> None:
    name = generation(url)
    send(url, "DELETE", name)
    with pytest.raises(CatalogError):
        await index.put(docs(entry("a", "户籍登记")), upto=5)
    assert name not in send(url, "GET", "_all?expand_wildcards=all")


async def test_an_index_of_another_format_is_damaged(index: ElasticIndex, url: str) -> None:
    name, prefix = generation(url), url.rpartition("/")[2]
    kept = {"meta": "generation", "kept": {"format": 1, "mapping": {}, "words": []}}
    send(url, "PUT", f"{name}/_doc/generation?refresh=true", json=kept)
    other = open_index(url)
    with pytest.raises(Damaged, match="mulu reindex"):
        await other.ensure(MAPPING)
    empty = await other.rebuild(MAPPING, ())
    await empty.publish()
    assert (await other.position(), generation(url)) == (0, f"{prefix}-gen-2")
    filled = await other.rebuild(MAPPING, ())
    await filled.put(docs(entry("a", "户籍登记")), upto=1)
    await filled.publish()
    assert list(send(url, "GET", f"{prefix}-gen-*")) == [f"{prefix}-gen-3"]
    await other.close()


async def test_an_overloaded_cluster_is_asked_again(url: str) -> None:
    """A proxy that refuses the first two writes, as a full queue does."""
    refusals = [429, 429]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            length = next((int(v) for k, v in head[1:] if k == "content-length"), 0)
            content = await reader.readexactly(length)
            method, path, _ = head[0][0].split(" ", 2)
            if "_bulk" in path and refusals:
                status, kind = refusals.pop(), "application/json"
                body = orjson.dumps({"error": {"type": "es_rejected_execution_exception"}})
            else:
                kept = {k: v for k, v in head[1:] if k in ("content-type", "accept")}
                async with httpx.AsyncClient(timeout=30) as client:
                    server = url.rpartition("/")[0]
                    whole = server + path
                    done = await client.request(method, whole, content=content, headers=kept)
                status, body = done.status_code, done.content
                kind = done.headers.get("content-type", "")
            lines = [
                f"HTTP/1.1 {status} X",
                "x-elastic-product: Elasticsearch",
                f"content-type: {kind}",
                f"content-length: {len(body)}",
            ]
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    index = open_index(f"http://127.0.0.1:{port}/{url.rpartition('/')[2]}")
    await index.ensure(MAPPING, WORDS)
    refusals[:] = [429, 429]
    await index.put(docs(entry("a", "户籍登记")), upto=1)
    assert refusals == []
    assert await found(index, "登记") == ["entry:a"]
    await index.close()
    server.close()


async def _head(reader: asyncio.StreamReader) -> list[tuple[str, str]]:
    """Request line and headers of one request; nothing at the end."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode()
    except (asyncio.IncompleteReadError, ConnectionError):
        return []
    first, *rest = text.split("\r\n")
    pairs = [line.partition(":") for line in rest if line]
    return [(first, ""), *((k.strip().lower(), v.strip()) for k, _, v in pairs)]


# --- views ------------------------------------------------------------------------------------


async def test_a_page_goes_on_when_its_view_is_over(index: ElasticIndex) -> None:
    await index.put(docs(*(entry(str(n), f"登记{n}") for n in range(9))), upto=1)
    first = await ask(index, "登记", page=Page(4))
    opened = index._opened
    assert opened is not None
    assert opened.view is not None
    await index._forget(opened.view)  # as the cluster does after a while
    second = await ask(index, "登记", page=Page(9, first.after))
    assert len({h.id for h in (*first.hits, *second.hits)}) == 9


# --- the lease --------------------------------------------------------------------------------


@pytest.fixture
async def leases(url: str) -> AsyncIterator[tuple[ElasticLease, ElasticLease]]:
    """Two servers that want to feed; a lease runs out after a second."""
    address = address_of(url)
    made = [ElasticLease(address, connect(address), seconds=1.0) for _ in range(2)]
    yield made[0], made[1]
    for one in made:
        await one.client.close()


async def test_one_feeds_at_a_time(leases: tuple[ElasticLease, ElasticLease]) -> None:
    first, second = leases
    async with first.hold() as granted:
        assert granted
        await asyncio.sleep(1.5)  # it is renewed meanwhile
        async with second.hold() as also:
            assert not also
        first.check()
    async with second.hold() as now:
        assert now


async def test_of_many_at_once_one_is_granted(leases: tuple[ElasticLease, ElasticLease]) -> None:
    async def compete(lease: ElasticLease) -> bool:
        async with lease.hold() as granted:
            await asyncio.sleep(0.5)
            return granted

    assert sorted(await asyncio.gather(*map(compete, leases))) == [False, True]


async def test_the_lease_of_a_dead_process_is_taken_over(
    leases: tuple[ElasticLease, ElasticLease],
) -> None:
    first, second = leases
    assert await first._take() is not None  # and dies without a word
    async with second.hold() as at_once:
        assert not at_once
    await asyncio.sleep(1.2)
    async with second.hold() as later:
        assert later
    with pytest.raises(Busy):  # the dead one was only asleep: it is told before it writes
        first.check()


async def test_who_did_not_watch_goes_by_the_time_written(
    leases: tuple[ElasticLease, ElasticLease],
) -> None:
    first, second = leases
    assert await first._take() is not None
    second.skew = 0.0
    await asyncio.sleep(1.2)
    async with second.hold() as granted:
        assert granted
