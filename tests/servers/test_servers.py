"""The harness says what it started, and the tests find it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SCRIPT = Path(__file__).parent / "servers.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_an_unknown_server_is_named() -> None:
    done = run("up", "oracle")
    assert done.returncode == 2
    assert "no server is called oracle; there are neo4j, elastic, elastic8" in done.stderr


def test_nothing_started_is_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULU_SERVERS", str(tmp_path))
    assert [line.split()[:2] for line in run("status").stdout.splitlines()] == [
        ["neo4j", "down"],
        ["elastic", "down"],
        ["elastic8", "down"],
    ]


@pytest.mark.parametrize(("name", "major"), [("elastic_url", 9), ("elastic8_url", 8)])
def test_an_elasticsearch_answers(request: pytest.FixtureRequest, name: str, major: int) -> None:
    url = request.getfixturevalue(name) + "/_nodes?filter_path=nodes.*.version"
    with urllib.request.urlopen(url, timeout=10) as answer:
        (node,) = json.load(answer)["nodes"].values()
    assert int(node["version"].split(".")[0]) == major


def test_neo4j_speaks_bolt(neo4j_url: str) -> None:
    where = urlsplit(neo4j_url)
    with socket.create_connection((where.hostname, where.port), 5) as bolt:
        bolt.sendall(bytes.fromhex("6060b017 00000505 00000404 00000000 00000000"))
        assert bolt.recv(4) in (bytes.fromhex("00000505"), bytes.fromhex("00000404"))
