"""Several processes behind one address: who answers makes no difference."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.cli.serving import listening
from tests.api.command import mulu
from tests.api.running import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("workers"), "--workers", 2) as running:
        yield running


def _workers(server: Server) -> list[int]:
    """Processes below the one that was started, but for Python's own tracker of resources."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    found = [int(pid) for pid in children.read_text().split()]
    return [p for p in found if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()]


def test_what_one_wrote_every_other_finds(server: Server) -> None:
    for n in range(6):
        server.create(f"worker{n}", f"云澜市众人局{n}")
        for _ in range(4):
            found = server.find(f"众人局{n}")
            end = time.monotonic() + 10
            while not found["complete"] and time.monotonic() < end:
                found = server.find(f"众人局{n}")
            assert f"org:worker{n}" in {hit["id"] for hit in found["hits"]}


def test_figures_are_of_all_workers(server: Server) -> None:
    def asked() -> float:
        text = server.get("/metrics").decode()
        return sum(float(n) for n in re.findall(r'seconds_count{route="/graphql".*} (.+)', text))

    before = asked()
    for _ in range(20):
        server.find("众人局")
    end = time.monotonic() + 5  # an answer is counted just after it has left
    while asked() < before + 20 and time.monotonic() < end:
        time.sleep(0.05)
    assert asked() == before + 20


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are read from /proc")
def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    before = _workers(server)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    end = time.monotonic() + 60
    while time.monotonic() < end and (len(_workers(server)) < 2 or before[0] in _workers(server)):
        time.sleep(0.1)
    assert len(_workers(server)) == 2
    server.create("afterwards", "云澜市善后局")
    assert server.find("善后局")["hits"]


def test_no_part_of_an_answer_waits_for_an_acknowledgement() -> None:
    bound = listening(uvicorn.Config("api.app:app_of_environment", port=0))
    with bound:
        bound.listen()
        with socket.create_connection(bound.getsockname()), bound.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_settings_that_are_no_good_are_told_once() -> None:
    told = mulu("serve --workers 0")
    assert told.code == 2
    assert "workers" in told.err.lower()
    told = mulu("serve --workers 2 --host 0.0.0.0")
    assert told.code == 2
    assert "MULU_TOKENS" in told.err
