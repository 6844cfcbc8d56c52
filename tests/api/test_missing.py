"""While search is down, everything else answers, and each answer says what is missing."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import app_of
from api.ledger import Ledger
from api.projections import Freshness
from api.settings import settings
from ontology.resource import ChangeSet
from ontology.viewer import LOCAL
from tests.api.command import mulu
from tests.api.conftest import FORM, entry

MAKE = """mutation { createDepartment(id: "org:one", input: {name: "云澜市公安局"}, wait: true) {
    commit { number } } }"""


@pytest.fixture(scope="module")
def nowhere() -> Iterator[str]:
    """The address of a search server that nobody runs: the port is taken, and refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/nothing"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, nowhere: str) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("missing")
    app = app_of(settings(data=folder, search=nowhere, query_seconds=60.0))
    with TestClient(app, base_url="http://127.0.0.1:8000") as opened:
        made = post(opened, MAKE)
        assert made["data"], made
        assert made["data"]["createDepartment"]["commit"]["number"] == 1
        yield opened


def post(client: TestClient, query: str) -> Any:
    answer = client.post("/graphql", json={"query": query})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "resting",
    [
        'search(query: "公安") { total }',
        'suggest(prefix: "公") { title }',
        "statistics { total }",
        "departments { totalCount }",
        'departments(filter: {name: {eq: "云澜市公安局"}}) { nodes { id } }',
    ],
)
def test_what_rests_on_search_is_null_and_the_rest_is_answered(
    resting: str, client: TestClient
) -> None:
    told = post(client, f'{{ asked: {resting} resource(id: "org:one") {{ id title }} }}')
    assert told["data"] == {
        "asked": None,
        "resource": {"id": "org:one", "title": "云澜市公安局"},
    }
    (error,) = told["errors"]
    assert error["path"] == ["asked"]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert told["extensions"]["missing"] == ["search"]


def test_a_search_alone_says_so_too(client: TestClient) -> None:
    told = post(client, '{ search { total } suggest(prefix: "公") { title } }')
    assert told["data"] == {"search": None, "suggest": None}
    assert told["extensions"]["missing"] == ["search"]


def test_what_needs_no_search_misses_nothing(client: TestClient) -> None:
    told = post(
        client,
        """{ impact(ids: ["org:one"]) { complete } history(id: "org:one") { source }
        commits { nodes { number } } freshness { commit missing behind } }""",
    )
    assert "errors" not in told
    assert told["data"]["impact"]["complete"] is True
    assert told["data"]["freshness"] == {"commit": 1, "missing": ["search"], "behind": None}
    assert not told.get("extensions")


def test_readiness_and_metrics_name_it(client: TestClient) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "degraded", "missing": ["search"], "head": 1, "search": 0, "reach": 1},
    )
    assert client.get("/healthz").status_code == 200
    shown = client.get("/metrics").text
    assert 'mulu_up{part="search"} 0.0' in shown
    assert 'mulu_up{part="record"} 1.0' in shown


def test_exports_and_reports_go_on(client: TestClient) -> None:
    assert b"org:one" in client.get("/export").content
    assert client.get("/report/impact.xlsx", params={"id": "org:one"}).status_code == 200


def test_the_command_line_goes_on(nowhere: str, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    one = {"id": "org:one", "type": "Department", "attributes": {"name": "云澜市公安局"}}
    file.write_text(json.dumps(one, ensure_ascii=False))
    on = {"data": tmp_path / "data", "MULU_SEARCH": nowhere}
    read = mulu("ingest jsonl", file, "--json", **on)
    assert read.code == 0, read.err
    assert read.json["missing"] == ["search"]
    assert "without search" in read.err
    assert mulu("show org:one --json", **on).json["title"] == "云澜市公安局"
    assert mulu("impact org:one --json", **on).json["complete"] is True
    found = mulu("search 公安 --json", **on)
    assert found.code == 2
    assert "Elasticsearch" in found.err
    assert "Traceback" not in found.err


def test_an_index_that_cannot_be_read_is_missing_until_it_can(tmp_path: Path) -> None:
    folder, away = tmp_path / "search", tmp_path / "away"
    app = app_of(settings(data=tmp_path, query_seconds=60.0))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        post(client, MAKE)
        folder.rename(away)
        folder.touch()
        told = post(client, "{ search { total } }")
        assert told["data"] == {"search": None}
        assert told["extensions"]["missing"] == ["search"]
        folder.unlink()
        away.rename(folder)
        for _ in range(100):
            told = post(client, "{ search { total } }")
            if told["data"]["search"] == {"total": 1}:
                break
            time.sleep(0.1)
        assert told["data"] == {"search": {"total": 1}}


async def test_following_outlives_any_error(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One commit that cannot be taken in is no reason to feed search no more."""
    projections, failed = ledger.projections, asyncio.Event()
    catch_up = projections.catch_up

    async def once() -> Freshness:
        if not failed.is_set():
            failed.set()
            raise KeyError("a defect")
        return await catch_up()

    monkeypatch.setattr(projections, "catch_up", once)
    following = asyncio.create_task(projections.follow())
    await asyncio.wait_for(failed.wait(), 5.0)
    commit = await ledger.commit(ChangeSet("t", FORM, claims=(entry(61),)))
    assert commit is not None
    for _ in range(250):
        if (await projections.freshness()).search == commit.number:
            break
        await asyncio.sleep(0.02)
    assert (await projections.freshness()).search == commit.number
    assert not following.done()
    following.cancel()


async def test_a_search_answers_as_the_index_stands_while_it_is_filled(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long delivery or a new generation takes minutes; a reader waits a moment, no more."""
    filled = asyncio.Event()

    async def filling() -> Freshness:
        await filled.wait()
        return await ledger.projections.freshness()

    monkeypatch.setattr(ledger.projections, "catch_up", filling)
    await ledger.commit(ChangeSet("test", FORM, claims=(entry(999),)))
    async with asyncio.timeout(3.0):
        page = await ledger.search(ledger.query("人口"), LOCAL)
    assert page.total
    assert not filled.is_set()
    filled.set()
