"""The ledger over Elasticsearch: the command line end to end, and what readers and writers meet
while the index cannot be written."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import settings
from api.wiring import kept_up, open_ledger
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source
from ontology.viewer import LOCAL
from tests.api.command import ROOT, mulu

sys.path.insert(0, str(ROOT / "tests" / "search"))
from search_engines import where

PEOPLE = """{"id": "dataset:postgres://h:5432/d.s.person", "type": "Table", "attributes": {"name": "d.s.person", "comment": "常住人口信息表"}}
{"id": "entry:rk", "type": "InformationResource", "attributes": {"title": "常住人口信息", "sharingType": "无条件共享"}}
"""  # noqa: E501
FORM = Source("form", Rank.AUTHORITATIVE)


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from where("elastic", request, tmp_path)


def generation(url: str) -> str:
    server, _, prefix = url.rpartition("/")
    (name,) = httpx.get(f"{server}/_alias/{prefix}", timeout=30).json()
    return f"{server}/{name}"


def block(url: str, blocked: bool | None) -> None:
    said = {"index.blocks.read_only_allow_delete": blocked}
    httpx.put(f"{generation(url)}/_settings", json=said, timeout=30).raise_for_status()


def lose(url: str) -> None:
    httpx.delete(generation(url), timeout=30).raise_for_status()


def entry(n: int) -> ChangeSet:
    said = Claim(ResourceId(f"entry:{n}"), "InformationResource", {"title": f"户籍登记{n}"})
    return ChangeSet("tester", FORM, claims=[said])


def test_the_command_line_end_to_end(url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(PEOPLE, encoding="utf-8")
    on = {"MULU_SEARCH": url}
    assert mulu("ingest jsonl", file, data=tmp_path / "data", **on).code == 0
    shown = mulu("search 常住人口", data=tmp_path / "data", **on)
    assert "常住人口信息" in shown.out, shown.err
    assert mulu("verify", data=tmp_path / "data", **on).code == 0
    assert mulu("reindex", data=tmp_path / "data", **on).code == 0
    assert generation(url).endswith("-gen-3")  # the first was empty, the second its filling
    assert "常住人口信息" in mulu("search 人口", data=tmp_path / "data", **on).out


def test_verify_finds_and_mends_what_was_changed_behind_our_back(url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(PEOPLE, encoding="utf-8")
    on = {"MULU_SEARCH": url}
    assert mulu("ingest jsonl", file, data=tmp_path / "data", **on).code == 0
    strange = {"key": "entry:strange", "kinds": ["*"], "digest": "x"}
    httpx.put(f"{generation(url)}/_doc/strange", json=strange, timeout=30).raise_for_status()
    hits = httpx.get(f"{generation(url)}/_search?q=key:entry*", timeout=30).json()["hits"]["hits"]
    (mine,) = [hit["_id"] for hit in hits if hit["_id"] != "strange"]
    httpx.delete(f"{generation(url)}/_doc/{mine}", timeout=30).raise_for_status()
    found = mulu("verify", data=tmp_path / "data", **on)
    assert found.code == 1
    assert "entry:strange" in found.out
    assert "entry:rk" in found.out
    mulu("verify --repair", data=tmp_path / "data", **on)
    assert mulu("verify", data=tmp_path / "data", **on).code == 0


async def test_writes_and_reads_go_on_while_the_index_cannot_be_written(
    url: str, tmp_path: Path
) -> None:
    """As when the disk of the cluster is full: said, and made good once the block is gone."""
    async with open_ledger(settings(data=tmp_path, search=url)) as ledger, kept_up(ledger):
        await ledger.commit(entry(1), wait=10.0)
        await asyncio.to_thread(block, url, True)
        await ledger.commit(entry(2), wait=0.5)
        page = await ledger.search(ledger.query("户籍登记"), LOCAL)
        assert ([hit.id for hit in page.hits], page.position) == (["entry:1"], 1)
        fresh = await ledger.projections.freshness()
        assert (fresh.head, fresh.search) == (2, 1)
        await asyncio.to_thread(block, url, None)
        assert await ledger.projections.wait(2, 20.0)
        page = await ledger.search(ledger.query("户籍登记"), LOCAL)
        assert {hit.id for hit in page.hits} == {"entry:1", "entry:2"}


async def test_a_lost_index_is_built_again_by_itself(url: str, tmp_path: Path) -> None:
    async with open_ledger(settings(data=tmp_path, search=url)) as ledger:
        await ledger.commit(entry(1), wait=10.0)
        await asyncio.to_thread(lose, url)
        await ledger.commit(entry(2), wait=20.0)
        page = await ledger.search(ledger.query("户籍登记"), LOCAL)
        assert {hit.id for hit in page.hits} == {"entry:1", "entry:2"}
