"""What a server holds in memory while search is down for long and writes go on: nothing waits
there, since search catches up from the record."""

from __future__ import annotations

import time
from pathlib import Path
from signal import SIGTERM

import pytest

from tests.api.running import Server, serving
from tests.faults.stream import DEADLINE, resident
from tests.servers.own import begin, end, own

pytestmark = pytest.mark.timeout(900)

CACHED, WRITES, SIZE, AMONG = 400, 300, 200 << 10, 20
"""Texts of so many bytes are written meanwhile, to so few resources: first as many as fill what
the record keeps of its file (`cache_mib`), then 60 MB, all of which a queue would hold."""
CHANGE = """mutation($id: ID!, $text: String!) {
    changeDepartment(id: $id, input: {description: $text}) { commit { number } } }"""
ASK = "query($id: ID!) { resource(id: $id) { id } freshness { missing } }"


def write(mulu: Server, first: int, count: int) -> None:
    for n in range(first, first + count):
        mulu.ask(CHANGE, id=f"org:{n % AMONG}", text=f"第{n}次 {'x' * SIZE}")


def test_a_long_outage_of_search_costs_no_memory(elastic_url: str, tmp_path: Path) -> None:
    with own("elastic", tmp_path / "elastic") as elastic:
        address = f"{elastic.url}/memory"
        with serving(tmp_path / "data", MULU_SEARCH=address, MULU_QUERY_SECONDS=60) as mulu:
            for n in range(AMONG):
                mulu.create(str(n), f"第{n}局")
            end(elastic, SIGTERM)
            write(mulu, 0, CACHED)
            before = resident(mulu.process.pid)
            write(mulu, CACHED, WRITES)
            told = mulu.ask(ASK, id="org:1")
            assert told == {"resource": {"id": "org:1"}, "freshness": {"missing": ["search"]}}
            grown = resident(mulu.process.pid) - before
            print(f"{WRITES * SIZE >> 20} MB written, grown by {grown >> 20} MB")
            assert grown < WRITES * SIZE / 2
            begin(elastic)
            mulu.ask(CHANGE, id="org:0", text="后来写入")
            late = time.monotonic() + DEADLINE
            while not (mulu.find("后来写入")["hits"] or time.monotonic() > late):
                time.sleep(0.1)
            assert [hit["id"] for hit in mulu.find("后来写入")["hits"]] == ["org:0"]
