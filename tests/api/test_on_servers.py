"""`mulu serve` on Neo4j and Elasticsearch, as processes of their own, over HTTP and websockets."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.api.running import Server, serving
from tests.servers.emptied import emptied

DDL = """CREATE TABLE person (id INT PRIMARY KEY COMMENT '编号', name VARCHAR(64) COMMENT '姓名');
CREATE VIEW adult AS SELECT id, name FROM person;"""
SAID = {"name": "人口库.sql", "dialect": "mysql", "namespace": "mysql://h.example:3306"}
SAID |= {"database": "pop", "as": "人口库结构"}
DEADLINE = 120.0


@pytest.fixture
async def on(neo4j_database: str, elastic_url: str) -> dict[str, str]:
    """Settings of a ledger on both servers, empty."""
    await emptied(neo4j_database)
    prefix = f"served-{uuid.uuid4().hex[:8]}"
    return {"MULU_GRAPH": neo4j_database, "MULU_SEARCH": f"{elastic_url}/{prefix}"} | {
        "MULU_QUERY_SECONDS": "60"
    }


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + DEADLINE
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.2)
    assert answer
    return answer


def told(server: Server) -> Iterator[dict[str, Any]]:
    """Commits as a subscriber is told of them, from the first."""
    address = f"ws://127.0.0.1:{server.port}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"], open_timeout=60) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(60))["type"] == "connection_ack"
        query = "subscription { commits(after: 0) { number source } }"
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        while True:
            message = json.loads(socket.recv(60))
            if message["type"] == "next":
                yield message["payload"]["data"]["commits"]


def test_import_search_impact_and_subscription(on: dict[str, str], tmp_path: Path) -> None:
    with serving(tmp_path, **on) as server:
        upload = httpx.post(
            f"http://127.0.0.1:{server.port}/import/ddl",
            params=SAID,
            content=DDL.encode(),
            headers={"Content-Type": "application/octet-stream"},
            timeout=DEADLINE,
        )
        assert upload.status_code == 200, upload.text
        assert upload.json()["counts"]["new"] > 3
        hits = until(lambda: server.find("姓名")["hits"])
        field = hits[0]["id"]
        assert field.endswith("pop.person#name")
        impact = "query($id: ID!) { impact(ids: [$id]) { complete affected { id } } }"
        answer = server.ask(impact, id=field)["impact"]
        assert answer["complete"]
        assert any(one["id"].endswith("pop.adult#name") for one in answer["affected"])
        server.create("beside", "云澜市公安局")
        commits = told(server)
        seen = [next(commits)]
        while seen[-1]["number"] < 2:
            seen.append(next(commits))
        assert [one["number"] for one in seen] == [1, 2]
        assert seen[0]["source"] == "人口库结构"
        commits.close()  # type: ignore[attr-defined]


def test_another_server_feeds_where_the_feeder_dies(on: dict[str, str], tmp_path: Path) -> None:
    with serving(tmp_path / "one", **on) as one, serving(tmp_path / "two", **on) as two:
        for number, (writer, reader) in enumerate(((one, two), (two, one))):
            writer.create(f"pair{number}", f"云澜市双子局{number}")
            until(lambda n=number, r=reader: r.find(f"双子局{n}")["hits"])  # type: ignore[misc]
        one.process.kill()  # with the lease in its hands, or not
        one.process.wait()
        two.create("left", "云澜市留守局")
        found = until(lambda: two.find("留守局")["hits"])
        assert [hit["id"] for hit in found] == ["org:left"]
        assert two.find("双子局")["complete"]
