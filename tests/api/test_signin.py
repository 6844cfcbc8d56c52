"""Sign-in by bearer tokens: who asks is known on every way in, and may do what the token's
entry says."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api import signin
from api.app import app_of
from api.portal import PAGES
from api.settings import settings
from api.signin import SignIn, Tries
from api.tokens import TokenFile, digest, read
from ontology.errors import InvalidInput, TooManyTries, Unauthenticated
from tests.api.command import mulu

SOCKET = "ws://city.example/graphql"
OCTETS = {"Content-Type": "application/octet-stream"}
CREATE = """mutation { createDepartment(id: "org:%s", input: {name: "%s"}, wait: true)
    { commit { actor } resource { id } } }"""


def make(file: Path, name: str, *more: str) -> str:
    """A token made as people make it."""
    done = mulu("token", name, "--file", file, *more)
    assert done.code == 0, done.err
    return done.out.strip()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class City:
    """A server that listens to everybody, and one token of each kind."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tokens.toml"
        top = ("--clearance", "核心数据", "--personal")
        self.chief = make(self.file, "主管", "--role", "admin", *top)
        self.editor = make(self.file, "编目员", "--role", "editor", *top)
        self.clerk = make(self.file, "clerk", "--role", "editor", "--clearance", "内部数据")
        self.reader = make(self.file, "reader")
        chosen = settings(data=folder / "data", host="0.0.0.0", tokens=self.file)
        self.app = app_of(chosen)
        self.client = TestClient(self.app, "http://city.example", raise_server_exceptions=False)

    def ask(self, token: str, query: str) -> Any:
        answer = self.client.post("/graphql", json={"query": query}, headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def upload(self, token: str, body: str, **said: str) -> Any:
        return self.client.post(
            "/import/catalogue", params=said, content=body.encode(), headers=bearer(token) | OCTETS
        )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = City(tmp_path_factory.mktemp("signin"))
    with made.client:
        made.ask(made.chief, CREATE % ("office", "保密局"))
        raised = '{title: "重点人员", securityLevel: "核心数据"}'
        made.ask(
            made.chief,
            f'mutation {{ createInformationResource(id: "entry:x/1", input: {raised}, wait: true) '
            "{ commit { number } } }",
        )
        yield made


@pytest.fixture(autouse=True)
def fresh(city: City) -> None:
    """Wrong tokens of one test are not counted in the next."""
    city.app.state.sign_in._tries = Tries()


# --- the file ---------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "private" / "tokens.toml"
    token = make(
        file, "portal", "--role", "editor", "--department", "org:a", "--expires=2099-12-31"
    )
    assert token not in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (entry,) = read(file)
    assert entry.sha256 == digest(token)
    assert entry.viewer.departments == {"org:a"}
    assert entry.viewer.edits
    assert not entry.viewer.personal
    make(file, "second")
    assert [t.name for t in read(file)] == ["portal", "second"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a b",), "name"),
        (("a", "--role", "boss"), "editor"),
        (("a", "--clearance", "绝密"), "公开数据"),
        (("a", "--expires", "soon"), "2027-12-31"),
    ],
)
def test_what_cannot_be_a_token_is_refused(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    done = mulu("token", *arguments, "--file", tmp_path / "tokens.toml")
    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "tokens.toml").exists()


def test_a_token_needs_a_file_to_go_to() -> None:
    assert "MULU_TOKENS" in mulu("token portal").err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[token]]\nname = 1", "name"),
        ('[[token]]\nname = "a"\nsha256 = "12"', "sha256"),
        ('[[token]]\nname = "a"\nrole = "admin"', "role"),
        ("[[token", "cannot be read"),
        ("", "mulu token"),
        (None, "mulu token"),
    ],
)
def test_a_file_that_is_no_good_stops_the_start(
    text: str | None, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "tokens.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InvalidInput, match=told):
        app_of(settings(data=tmp_path, host="0.0.0.0", tokens=file))


def test_without_a_file_the_server_stays_on_loopback(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="MULU_TOKENS"):
        app_of(settings(data=tmp_path, host="0.0.0.0"))


def test_the_file_is_followed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "tokens.toml"
    first = make(file, "first")
    tokens = TokenFile(file)
    second = make(file, "second")
    found = tokens.viewer(second)
    assert found is not None
    assert found.name == "second"
    whole = file.read_text("utf-8")
    with caplog.at_level(logging.ERROR, "mulu.api"):
        file.write_text("[[token]")
        assert tokens.viewer(first) is not None  # half written: as it was
    assert "tokens.toml" in caplog.text
    file.write_text(whole.split("\n\n")[0] + "\n", "utf-8")
    assert tokens.viewer(second) is None  # taken back
    assert tokens.viewer(first) is not None


def test_a_token_ends(tmp_path: Path) -> None:
    file = tmp_path / "tokens.toml"
    over = make(file, "over", "--expires", "2020-01-01")
    assert TokenFile(file).viewer(over) is None


# --- every way in -----------------------------------------------------------------------


def test_nothing_that_holds_data_is_open(city: City) -> None:
    for route in city.app.routes:
        assert isinstance(route, Route | Mount | WebSocketRoute)
        path = route.path.replace("{name}", "Department").replace("{kind}", "ddl")
        path += "/any.js" if isinstance(route, Mount) else ""
        for method in ("GET", "POST"):
            status = city.client.request(method, path).status_code
            files = ("/static/any.js", "/assets/any.js")
            closed = path not in (*PAGES, *files, "/graphiql", "/healthz", "/readyz")
            assert (status == 401) == closed, (method, path, status)


@pytest.mark.parametrize(
    "said",
    [{}, {"Authorization": "mulu_x"}, {"Authorization": "Basic eDp5"}, bearer("mulu_wrong")],
)
def test_who_is_not_known_gets_401_and_why(city: City, said: dict[str, str]) -> None:
    for path in ("/graphql", "/export", "/metrics", "/template/Department.xlsx", "/no/such"):
        answer = city.client.get(path, headers=said)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "UNAUTHENTICATED"


def test_the_token_tells_who_asks(city: City) -> None:
    assert city.ask(city.reader, "{ statistics { total } }")["data"]["statistics"]["total"]
    made = city.ask(city.editor, CREATE % ("made", "云澜市民政局"))
    assert made["data"]["createDepartment"]["commit"]["actor"] == "编目员"
    query = '{ resource(id: "entry:x/1") { id } }'
    assert city.ask(city.chief, query)["data"]["resource"] is not None
    assert city.ask(city.reader, query)["data"]["resource"] is None
    text = city.client.get("/export", headers=bearer(city.reader)).text
    assert "entry:x/1" not in text
    assert "org:office" in text


def test_who_may_only_read_does_not_write(city: City) -> None:
    for query in (
        CREATE % ("no", "不"),
        'mutation { retire(id: "org:office") { commit { number } } }',
    ):
        (error,) = city.ask(city.reader, query)["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
    answer = city.upload(city.reader, "名称\n不\n", name="部门.csv", type="Department")
    assert answer.status_code == 403
    assert answer.json()["code"] == "FORBIDDEN"
    assert city.ask(city.chief, '{ resource(id: "org:no") { id } }')["data"]["resource"] is None


def test_nobody_writes_to_what_they_may_not_see(city: City) -> None:
    told = 'id: "entry:x/1", input: {title: "公开的", securityLevel: "公开数据"}'
    for query in (
        f"mutation {{ createInformationResource({told}) {{ resource {{ id }} }} }}",
        'mutation { alias(name: "entry:x/1", of: "org:office") { resource { id } } }',
    ):
        (error,) = city.ask(city.clerk, query)["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
    line = {"id": "entry:x/1", "type": "InformationResource", "attributes": {"title": "公开的"}}
    answer = city.client.post(
        "/import/jsonl",
        params={"name": "a.jsonl", "as": "部门"},
        content=json.dumps(line).encode(),
        headers=bearer(city.clerk) | OCTETS,
    )
    assert answer.json()["code"] == "FORBIDDEN", answer.text
    query = '{ resource(id: "entry:x/1") { ... on InformationResource { title } } }'
    assert city.ask(city.chief, query)["data"]["resource"]["title"] == "重点人员"


def test_who_imports_is_named_and_only_an_admin_confirms_a_large_loss(city: City) -> None:
    said = {"name": "部门.csv", "type": "Department", "region": "990100", "as": "清单"}
    told = city.upload(city.editor, "部门名称\n云澜市气象局\n云澜市档案局\n", **said).json()
    assert told["counts"]["new"] == 2, told
    query = "{ commits(first: 1) { nodes { actor source } } }"
    (last,) = city.ask(city.chief, query)["data"]["commits"]["nodes"]
    assert last == {"actor": "编目员", "source": "清单"}
    said["confirm"] = "true"
    assert city.upload(city.editor, "部门名称\n云澜市气象局\n", **said).status_code == 403
    done = city.upload(city.chief, "部门名称\n云澜市气象局\n", **said)
    assert done.json()["counts"]["withdrawn"] == 1


def test_monitoring_is_open_where_the_setting_says_so(city: City, tmp_path: Path) -> None:
    assert city.client.get("/healthz").status_code == 200
    assert city.client.get("/readyz").json() == {"status": "ok"}
    assert city.client.get("/metrics").status_code == 401
    signed = bearer(city.reader)
    assert city.client.get("/readyz", headers=signed).json()["head"] >= 1
    assert city.client.get("/metrics", headers=signed).status_code == 200
    chosen = settings(data=tmp_path, host="0.0.0.0", tokens=city.file, monitoring="open")
    with TestClient(app_of(chosen), "http://city.example") as client:
        assert "head" in client.get("/readyz").json()
        assert client.get("/metrics").status_code == 200
        assert client.get("/export").status_code == 401


# --- websockets -------------------------------------------------------------------------


def test_a_websocket_signs_in_with_its_first_message(city: City) -> None:
    with city.client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init", "payload": bearer(city.reader)})
        assert socket.receive_json()["type"] == "connection_ack"
        hidden = '{ resource(id: "entry:x/1") { id } }'
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": hidden}})
        assert socket.receive_json()["payload"]["data"] == {"resource": None}
        assert socket.receive_json()["type"] == "complete"
        query = CREATE % ("no", "不")
        socket.send_json({"id": "2", "type": "subscribe", "payload": {"query": query}})
        assert "FORBIDDEN" in json.dumps(socket.receive_json()["payload"])


def test_a_program_may_send_the_header(city: City) -> None:
    with city.client.websocket_connect(
        SOCKET, subprotocols=["graphql-transport-ws"], headers=bearer(city.chief)
    ) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json()["type"] == "connection_ack"
        seen = '{ resource(id: "entry:x/1") { id } }'
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": seen}})
        assert socket.receive_json()["payload"]["data"]["resource"] is not None


@pytest.mark.parametrize("payload", [None, {}, {"Authorization": 5}, bearer("mulu_wrong")])
def test_a_websocket_without_a_token_is_closed(city: City, payload: Any) -> None:
    with city.client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        message = {"type": "connection_init"} | ({"payload": payload} if payload else {})
        socket.send_json(message)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 4403


def test_nothing_is_told_before_the_first_message(city: City) -> None:
    with city.client.websocket_connect(SOCKET, subprotocols=["graphql-transport-ws"]) as socket:
        query = {"query": "{ statistics { total } }"}
        socket.send_json({"id": "1", "type": "subscribe", "payload": query})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 4401


# --- guessing ---------------------------------------------------------------------------


def test_who_guesses_is_not_listened_to_for_a_while(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(signin.TRIES):
        assert city.client.get("/export", headers=bearer(f"mulu_{n}")).status_code == 401
    answer = city.client.get("/export", headers=bearer(city.chief))
    assert answer.status_code == 429
    assert answer.json()["code"] == "TOO_MANY_TRIES"
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.setattr(signin, "WINDOW", 0.0)
    assert city.client.get("/readyz", headers=bearer(city.chief)).status_code == 200


def test_one_token_that_has_ended_shuts_nobody_out(city: City) -> None:
    for _ in range(3 * signin.TRIES):
        city.client.get("/export", headers=bearer("mulu_old"))
    assert city.client.get("/readyz", headers=bearer(city.chief)).status_code == 200


def test_many_addresses_do_not_fill_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "tokens.toml"
    make(file, "one")
    sign_in = SignIn(TokenFile(file))
    for n in range(signin.ADDRESSES + 50):
        with pytest.raises(Unauthenticated):
            sign_in.viewer("Bearer mulu_x", f"host{n}")
    assert len(sign_in._tries._wrong) == signin.ADDRESSES
    for n in range(signin.TRIES):
        with pytest.raises(Unauthenticated):
            sign_in.viewer(f"Bearer mulu_{n}", "guesser")
    with pytest.raises(TooManyTries):
        sign_in.viewer("Bearer mulu_x", "guesser")
