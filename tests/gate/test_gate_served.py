"""A served ledger gives the verdict of the same ledger as a file; all else is "could not tell"."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.gate.served import endpoint
from ontology.errors import InvalidInput
from tests.api.command import ROOT, Done, mulu
from tests.api.running import serving

MARITAL = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm"
HOME = ROOT / "samples" / "yunlan" / "ddl" / "2025-01" / "rkk"
BINDING = "--namespace kingbase8://rkk.yunlan.example:54321 --database rkk --schema public"
JOB = "INSERT INTO ads.x (a) SELECT zjhm FROM ads.ads_gl_jt;"


@pytest.fixture(scope="module")
def served(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server over the sample city that asks for a token, and a token."""
    tokens = tmp_path_factory.mktemp("tokens") / "tokens.toml"
    told = mulu("token gate --clearance 核心数据 --personal", MULU_TOKENS=str(tokens))
    assert told.code == 0, told.err
    token = next(word for word in told.out.split() if word.startswith("mulu_"))
    with serving(city, MULU_TOKENS=tokens) as server:
        yield f"http://127.0.0.1:{server.port}", token


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    listed = [{"resource": MARITAL, "change": c} for c in ("remove", "meaning")]
    (tmp_path / "changes.yaml").write_text(yaml.safe_dump({"changes": listed}))
    shutil.copytree(HOME, tmp_path / "new")
    (tmp_path / "new" / "V9__x.sql").write_text(
        "ALTER TABLE public.dwd_rk_jbxx DROP COLUMN hyzk_dm;"
    )
    (tmp_path / "only").mkdir()
    shutil.copy(tmp_path / "new" / "V9__x.sql", tmp_path / "only")
    policy = {"block": [{"name": "level", "where": {"securityLevel": ["敏感数据"]}}], "warn": []}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True))
    (tmp_path / "empty").mkdir()
    return tmp_path


WAYS = {
    "list": "{t}/changes.yaml",
    "policy": "{t}/changes.yaml --policy {t}/policy.yaml",
    "own": "{t}/changes.yaml --department 云澜市民政局",
    "ddl": f"--ddl {HOME} {{t}}/new {BINDING}",
    "migrations": f"--migrations {{t}}/only {BINDING}",
    "old": "{t}/changes.yaml --max-age 0m",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_verdict(way: str, city: Path, served: tuple[str, str], inputs: Path) -> None:
    line = f"gate {WAYS[way].format(t=inputs)} --json"
    address, token = served
    here = mulu(line, data=city)
    there = mulu(f"{line} --server {address}", data=inputs / "none", MULU_TOKEN=token)
    assert here.code == there.code == 1, there.err
    assert json.loads(there.raw) == json.loads(here.raw)
    assert not (inputs / "none").exists()


def doubts(done: Done) -> set[str]:
    assert done.code == 2, done.err
    return {d["reason"] for d in json.loads(done.raw)["doubts"]}


@pytest.mark.parametrize("token", ["", "mulu_wrong"])
def test_without_a_good_token(token: str, served: tuple[str, str], inputs: Path) -> None:
    line = f"gate {inputs}/changes.yaml --json --server {served[0]}"
    done = mulu(line, MULU_TOKEN=token)
    assert doubts(done) == {"ledger"}
    assert "MULU_TOKEN" in json.loads(done.raw)["doubts"][0]["what"]
    assert mulu(f"{line} --fail-open", MULU_TOKEN=token).code == 0, "only when asked for"


def test_unknown_and_hidden_resources(served: tuple[str, str], inputs: Path) -> None:
    (inputs / "c.yaml").write_text("changes: [{resource: 'field:nowhere#x', change: remove}]")
    line = f"gate {inputs}/c.yaml --json --server {served[0]}"
    assert doubts(mulu(line, MULU_TOKEN=served[1])) == {"resource"}


def test_another_ontology(served: tuple[str, str], inputs: Path) -> None:
    extra = ROOT / "tests" / "ontology" / "extra.ttl"
    line = f"gate {inputs}/changes.yaml --json --server {served[0]}"
    done = mulu(line, MULU_TOKEN=served[1], MULU_ONTOLOGY=str(extra))
    assert doubts(done) == {"ledger"}
    assert "MULU_ONTOLOGY" in json.loads(done.raw)["doubts"][0]["what"]


# --- servers that are none of ours ---------------------------------------------------------


class Stranger(BaseHTTPRequestHandler):
    """Answers everything alike, and keeps the headers that it was sent."""

    status, headers_out, body = 200, {}, b""  # type: ignore[var-annotated]
    seen: list[dict[str, str]]

    def do_POST(self) -> None:
        self.seen.append(dict(self.headers))
        self.send_response(self.status)
        for name, value in self.headers_out.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *said: Any) -> None:
        """Nothing: the test is quiet."""


@contextmanager
def stranger(**how: Any) -> Iterator[tuple[str, list[dict[str, str]]]]:
    seen: list[dict[str, str]] = []
    handler = type("Told", (Stranger,), {**how, "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "how",
    [
        {"status": 500},
        {"status": 404},
        {"body": b"<html>"},
        {"body": b"[]"},
        {"body": b"null"},
        {"body": b"{}"},
        {"body": b'{"data": null}'},
        {"body": b'{"data": {"freshness": null, "ontology": null}}'},
        {"body": b'{"errors": [{"message": "no"}], "data": null}'},
        {"body": b'{"errors": ["no"]}'},
    ],
    ids=str,
)
def test_what_is_no_answer_is_no_pass(how: dict[str, Any], inputs: Path) -> None:
    with stranger(**how) as (address, _):
        assert doubts(mulu(f"gate {inputs}/changes.yaml --json --server {address}")) == {"ledger"}


def test_a_redirect_does_not_carry_the_token_on(inputs: Path) -> None:
    with stranger() as (elsewhere, seen):
        for status in (301, 302, 303, 307, 308):
            with stranger(status=status, headers_out={"Location": elsewhere}) as (address, _):
                line = f"gate {inputs}/changes.yaml --json --server {address}"
                assert doubts(mulu(line, MULU_TOKEN="mulu_secret")) == {"ledger"}
        assert seen == []


def test_nobody_there(inputs: Path) -> None:
    with stranger() as (address, _):
        pass
    assert doubts(mulu(f"gate {inputs}/changes.yaml --json --server {address}")) == {"ledger"}


@pytest.mark.parametrize(
    "address",
    ["mulu.example", "ftp://mulu.example", "https://", "https://user:secret@mulu.example"],
)
def test_addresses(address: str, inputs: Path) -> None:
    with pytest.raises(InvalidInput):
        endpoint(address)
    done = mulu(f"gate {inputs}/changes.yaml --json --server {address}", MULU_TOKEN="mulu_x")
    assert doubts(done) == {"input"}
    assert "mulu_x" not in done.out + done.err


def test_where_a_server_is_asked() -> None:
    for address in (
        "https://mulu.example",
        "https://mulu.example/",
        "https://mulu.example/graphql",
    ):
        assert endpoint(address) == "https://mulu.example/graphql"
    assert endpoint("http://10.0.0.1:8000/mulu") == "http://10.0.0.1:8000/mulu/graphql"
