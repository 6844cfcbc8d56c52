"""A server that only one test uses, of the jars that `make servers` has found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals

import pytest

from tests.servers.certificate import certificate
from tests.servers.servers import FOLDER, KINDS, Failed, Server

PATIENCE = 60.0
"""Seconds in which a process that was told to end has ended."""


@contextmanager
def own(name: str, folder: Path, *, encrypted: bool = False) -> Iterator[Server]:
    """It runs, in this folder; skipped where the test's servers are others than ours."""
    kind = KINDS[name]
    if not (FOLDER / f"{kind.pom}-{kind.version}.jars").exists():
        pytest.skip(f"{name} runs elsewhere; `make servers` makes one that a test may kill")
    server = Server(name, folder, heap="512m")
    if encrypted:
        certificate(server.certificate.parent)
    try:
        begin(server)
        yield server
    except Failed as failure:
        pytest.fail(str(failure))
    finally:
        server.stop()


def begin(server: Server) -> None:
    server.start()
    server.wait()


def end(server: Server, sign: Signals) -> None:
    """End the process, and wait until it has."""
    server.send(sign)
    until = time.monotonic() + PATIENCE
    while server.pid and time.monotonic() < until:
        time.sleep(0.02)
    assert not server.pid
