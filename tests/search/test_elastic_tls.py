"""Elasticsearch behind TLS, an API key and a list of hosts, as a cluster would be reached.

The test server speaks plain HTTP and asks for no key: an endpoint before it does both, with a
certificate made for the test.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import uvicorn
from search_engines import MAPPING, WORDS, docs, entry, found
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ontology.errors import InvalidInput, Unavailable
from search.open import open_index
from tests.servers.certificate import certificate

KEY = "dGVzdDprZXk="
HOPS = ("content-length", "transfer-encoding", "connection", "content-encoding", "host")


@dataclass(frozen=True)
class Endpoint:
    """Where it listens, and the file with its certificate."""

    port: int
    ca: Path


def passing_on(to: str) -> Starlette:
    """Whoever has the key reaches the server at `to`."""

    async def passed(request: Request) -> Response:
        if request.headers.get("Authorization") != f"ApiKey {KEY}":
            return JSONResponse({"error": {"type": "security_exception"}}, 401)
        headers = {k: v for k, v in request.headers.items() if k not in (*HOPS, "authorization")}
        address = f"{to}{request.url.path}?{request.url.query}"
        async with httpx.AsyncClient(timeout=60) as client:
            body = await request.body()
            answer = await client.request(request.method, address, headers=headers, content=body)
        kept = {k: v for k, v in answer.headers.items() if k not in HOPS}
        return Response(answer.content, answer.status_code, kept)

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    return Starlette(routes=[Route("/{rest:path}", passed, methods=methods)])


@pytest.fixture(scope="module")
def endpoint(elastic_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    cert, key = certificate(tmp_path_factory.mktemp("tls"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            passing_on(elastic_url), ssl_certfile=str(cert), ssl_keyfile=str(key), log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        end = time.monotonic() + 60
        while not server.started and time.monotonic() < end:
            time.sleep(0.05)
        yield Endpoint(listening.getsockname()[1], cert)
        server.should_exit = True
        thread.join(60)


@pytest.fixture
def prefix(elastic_url: str) -> Iterator[str]:
    name = f"t-{uuid4().hex[:12]}"
    yield name
    for index in httpx.get(f"{elastic_url}/{name}-*", timeout=60).json():
        httpx.delete(f"{elastic_url}/{index}", timeout=60).raise_for_status()


async def test_certificate_key_and_a_host_that_is_away(endpoint: Endpoint, prefix: str) -> None:
    with socket.socket() as away:  # taken, and nobody listens
        away.bind(("127.0.0.1", 0))
        hosts = f"127.0.0.1:{away.getsockname()[1]},127.0.0.1:{endpoint.port}"
        index = open_index(f"https://{hosts}/{prefix}?key={KEY}&ca={endpoint.ca}")
        try:
            await index.ensure(MAPPING, WORDS)
            await index.put(docs(entry("a", "人口台账")), upto=1)
            assert await found(index, "人口") == ["entry:a"]
            assert await index.position() == 1
        finally:
            await index.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("?key=d3Jvbmc=&ca={ca}", "refuses the credentials"),
        ("?ca={ca}", "refuses the credentials"),
        ("?key={key}", "CERTIFICATE_VERIFY_FAILED|certificate"),
    ],
)
async def test_who_is_not_let_in_is_told_why(
    options: str, said: str, endpoint: Endpoint, prefix: str
) -> None:
    chosen = options.format(ca=endpoint.ca, key=KEY)
    index = open_index(f"https://127.0.0.1:{endpoint.port}/{prefix}{chosen}")
    try:
        with pytest.raises(Unavailable, match=said):
            await index.ensure(MAPPING, WORDS)
    finally:
        await index.close()


async def test_plain_http_to_a_tls_port_is_no_answer(endpoint: Endpoint, prefix: str) -> None:
    index = open_index(f"http://127.0.0.1:{endpoint.port}/{prefix}")
    try:
        with pytest.raises(Unavailable):
            await index.ensure(MAPPING, WORDS)
    finally:
        await index.close()


def test_a_file_of_certificates_that_is_none_is_said(tmp_path: Path) -> None:
    none = tmp_path / "ca.pem"
    none.write_text("no certificate")
    with pytest.raises(InvalidInput, match="MULU_SEARCH"):
        open_index(f"https://127.0.0.1:1/mulu?ca={none}")
