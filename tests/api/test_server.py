"""The server over HTTP and websockets, with the ledger opened as `mulu serve` opens it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.app import LOOPBACK, app_of
from api.settings import settings

SOCKET = "ws://127.0.0.1:8000/graphql"

CREATE = """mutation($name: String!) { createDepartment(id: "org:%s", input: {name: $name},
    wait: true) { commit { number } } }"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = app_of(settings(data=tmp_path_factory.mktemp("server")))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as opened:
        make(opened, "first", "云澜市公安局")
        yield opened


def post(client: TestClient, query: str, **variables: Any) -> Any:
    answer = client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


def make(client: TestClient, key: str, name: str) -> int:
    made = post(client, CREATE % key, name=name)
    return int(made["data"]["createDepartment"]["commit"]["number"])


def test_graphql_over_http(client: TestClient) -> None:
    found = post(client, "query($q: String!) { search(query: $q) { hits { title } } }", q="公安")
    assert found == {"data": {"search": {"hits": [{"title": "云澜市公安局"}]}}}


def test_queries_may_be_asked_by_get_but_nothing_is_written_so(client: TestClient) -> None:
    asked = client.get("/graphql", params={"query": "{ statistics { total } }"})
    assert asked.json()["data"]["statistics"]["total"] >= 1
    written = client.get(
        "/graphql", params={"query": 'mutation { retire(id: "org:first") { commit { number } } }'}
    )
    assert written.status_code == 400


def test_only_json_is_read(client: TestClient) -> None:
    # A page from elsewhere can send text/plain without asking first; JSON it cannot.
    asked = client.post(
        "/graphql",
        content='{"query": "{ statistics { total } }"}',
        headers={"Content-Type": "text/plain"},
    )
    assert asked.status_code == 400


def test_pages_load_nothing_from_elsewhere(client: TestClient) -> None:
    for path in ("/", "/graphiql"):
        page = client.get(path)
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert "http" not in page.text.replace("http-equiv", "")
        for address in _addresses(page.text):
            found = client.get(address)
            assert found.status_code == 200, address
        assert "<script>" not in page.text
        assert " style=" not in page.text
    assert "unsafe-inline" not in client.get("/").headers["content-security-policy"]


def _addresses(page: str) -> list[str]:
    parts = page.replace('src="', 'href="').split('href="')[1:]
    return [part.partition('"')[0] for part in parts]


def test_licences_stand_beside_what_is_vendored() -> None:
    vendor = Path(__file__).parents[2] / "api" / "static" / "vendor"
    named = (vendor / "README.md").read_text()
    for file in vendor.glob("*.min.*"):
        assert file.name in named
    for name in ("graphiql", "react", "react-dom"):
        assert "MIT" in (vendor / "licences" / f"{name}.txt").read_text()


def test_every_answer_carries_security_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", "/nowhere", "/graphql"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_on_loopback_only_names_of_this_machine_are_answered(client: TestClient) -> None:
    asked = client.get("/healthz", headers={"Host": "rebound.example"})
    assert asked.status_code == 400
    for host in LOOPBACK:
        assert client.get("/healthz", headers={"Host": f"{host}:8000"}).status_code == 200


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["head"] >= 1


def test_metrics(client: TestClient) -> None:
    post(client, '{ history(id: "org:none") { since } }')
    client.get("/no/such/page")
    text = client.get("/metrics").text
    assert 'mulu_resources{type="Department"}' in text
    assert 'mulu_position{part="record"}' in text
    assert 'mulu_graphql_errors_total{code="NOT_FOUND"}' in text
    assert 'mulu_http_seconds_count{route="/graphql",status="200"}' in text
    assert 'route="other",status="404"' in text
    assert "/no" not in text


def test_export_is_a_line_a_resource(client: TestClient) -> None:
    answer = client.get("/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    resources = [line for line in lines if "id" in line and "type" in line]
    assert "org:first" in {line["id"] for line in resources}
    assert client.get("/export?type=Table").text.count('"id"') == 0
    assert client.get("/export?type=None").status_code == 404


def test_the_template_of_a_class(client: TestClient) -> None:
    answer = client.get("/template/InformationResource.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_column > 10
    assert client.get("/template/CatalogEntry.xlsx").status_code == 404
    assert client.get("/template/Nothing.xlsx").json()["code"] == "NOT_FOUND"


def test_a_request_too_large_is_refused(client: TestClient) -> None:
    body = b'{"query": "' + b"x" * 5_000_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/graphql", content=body, headers=headers).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield from (body[i : i + 500_000] for i in range(0, len(body), 500_000))

    assert client.post("/graphql", content=chunks(), headers=headers).status_code == 413


def test_commits_arrive_over_a_websocket(client: TestClient) -> None:
    with client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json()["type"] == "connection_ack"
        query = "subscription { commits(after: 0) { number actor lines { id } } }"
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        first = socket.receive_json()
        assert first["type"] == "next"
        assert first["payload"]["data"]["commits"]["number"] == 1
        assert first["payload"]["data"]["commits"]["lines"] == [{"id": "org:first"}]
        number = make(client, "streamed", "云澜市民政局")
        while True:
            message = socket.receive_json()
            if message["payload"]["data"]["commits"]["number"] == number:
                break
        socket.send_json({"id": "1", "type": "complete"})


def test_a_subscription_without_after_tells_of_what_is_to_come(client: TestClient) -> None:
    with client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        query = "subscription { commits { number } }"
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        socket.send_json({"type": "ping"})
        assert socket.receive_json()["type"] == "pong"
        number = make(client, "later", "云澜市文旅局")
        assert socket.receive_json()["payload"]["data"]["commits"]["number"] == number


def test_errors_over_a_websocket_have_codes(client: TestClient) -> None:
    with client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        for n, (query, code) in enumerate(
            {
                "subscription { nonsense }": "INVALID_QUERY",
                '{ history(id: "org:none") { since } }': "NOT_FOUND",
            }.items()
        ):
            socket.send_json({"id": str(n), "type": "subscribe", "payload": {"query": query}})
            payload = socket.receive_json()["payload"]
            (error,) = payload if isinstance(payload, list) else payload["errors"]
            assert error["extensions"]["code"] == code
            if not isinstance(payload, list):
                assert socket.receive_json()["type"] == "complete"


def test_a_page_from_elsewhere_gets_no_websocket(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            SOCKET,
            subprotocols=["graphql-transport-ws"],
            headers={"Origin": "http://elsewhere.example"},
        ),
    ):
        pass
