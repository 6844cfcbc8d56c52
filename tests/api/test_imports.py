"""Files handed in over HTTP: seen first, written then, nothing left behind."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from api import imports
from api.app import app_of
from api.settings import settings

DDL = "CREATE TABLE person (id INT PRIMARY KEY COMMENT '编号', name VARCHAR(64) COMMENT '姓名');"
OCTETS = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = app_of(settings(data=tmp_path))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as opened:
        yield opened


def upload(client: TestClient, kind: str, body: bytes, **said: str) -> Any:
    return client.post(f"/import/{kind}", params=said, content=body, headers=OCTETS)


def test_a_dry_run_tells_and_the_run_writes(client: TestClient) -> None:
    said = {"name": "人口库.sql", "dialect": "mysql", "namespace": "mysql://h.example:3306"}
    said |= {"database": "pop", "as": "人口库结构"}
    told = upload(client, "ddl", DDL.encode(), dryRun="true", **said).json()
    assert told["dry_run"]
    assert told["counts"]["new"] == 3
    assert client.get("/readyz").json()["head"] == 0

    told = upload(client, "ddl", DDL.encode(), **said).json()
    assert told["source"] == "人口库结构"
    assert told["scope"] == "人口库.sql"
    query = '{ search(query: "姓名") { hits { id } } commits { nodes { actor } } }'
    found = client.post("/graphql", json={"query": query}).json()["data"]
    assert found["search"]["hits"][0]["id"].endswith("pop.person#name")
    assert {c["actor"] for c in found["commits"]["nodes"]} == {"local"}
    again = upload(client, "ddl", DDL.encode(), **said).json()
    assert again["commits"] is None


def test_rejected_rows_come_back_to_be_corrected(client: TestClient) -> None:
    form = openpyxl.load_workbook(io.BytesIO(client.get("/template/Department.xlsx").content))
    sheet = form.worksheets[0]
    (short,) = [cell.column for cell in sheet[2] if cell.value == "简称"]
    sheet.cell(3, short, "市局")  # and no name, which is required
    file = io.BytesIO()
    form.save(file)
    said = {"name": "部门.xlsx", "dryRun": "true"}
    told = upload(client, "excel", file.getvalue(), **said).json()
    assert told["counts"]["rejected"] == 1
    answer = upload(client, "excel", file.getvalue(), answer="rejected", **said)
    assert answer.status_code == 200
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert "市局" in str([cell.value for row in rows for cell in row])


def test_what_cannot_be_read_says_so(client: TestClient) -> None:
    answer = upload(client, "excel", b"not a workbook", name="目录.xlsx")
    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID"
    assert upload(client, "ddl", b"x", name="").status_code == 400
    assert upload(client, "ddl", b"x", name="a.sql", rank="none").status_code == 400
    assert upload(client, "database", b"x", name="a").status_code == 404
    plain = client.post("/import/ddl?name=a.sql", content=DDL)
    assert plain.status_code == 400


def test_a_name_stays_inside_its_folder_and_nothing_stays(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("../../etc/person.sql", "..\\person.sql", "/person.sql"):
        told = upload(client, "ddl", DDL.encode(), name=name, dryRun="true", dialect="mysql").json()
        assert told["scope"] == "person.sql"
    assert not list(tmp_path.glob("mulu-import-*"))


LIST = "单位,口令,名字\n公安局,x,户籍\n民政局,y,婚姻\n".encode()


def heard(answer: Any) -> list[tuple[str, Any]]:
    """The events of an answer, by name."""
    parts = [part.split("\n", 1) for part in answer.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in parts]


def test_a_run_tells_how_far_it_is(client: TestClient) -> None:
    said = {"name": "pop.sql", "dialect": "mysql", "namespace": "mysql://h.example:3306"}
    answer = upload(client, "ddl", DDL.encode(), answer="events", database="pop", **said)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = heard(answer)
    assert {name for name, _ in events[:-1]} == {"progress"}
    assert events[-2][1] == {"done": 2, "total": 2, "what": "写入 / writing"}
    name, report = events[-1]
    assert name == "report"
    assert report["counts"]["new"] == 3
    assert client.get("/readyz").json()["head"] == report["commits"][1]


def test_what_fails_on_the_way_says_so_as_an_event(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    events = heard(upload(client, "excel", b"none", name="目录.xlsx", answer="events"))
    assert [name for name, _ in events] == ["failed"]
    assert events[0][1]["code"] == "INVALID"
    assert not list(tmp_path.glob("mulu-import-*"))


def test_columns_are_shown_with_samples_and_can_be_corrected(client: TestClient) -> None:
    told = upload(client, "catalogue", LIST, name="甲.csv", dryRun="true").json()
    (sheet,) = told["understood"]
    assert sheet["samples"]["名字"] == ["户籍", "婚姻"]
    assert told["counts"]["new"] == 0

    columns = {"名字": "title", "单位": "providedBy", "口令": None}
    mapping = json.dumps({"type": "InformationResource", "columns": columns})
    said = {"name": "甲.csv", "mapping": mapping, "node": "990100", "region": "990100"}
    told = upload(client, "catalogue", LIST, dryRun="true", **said).json()
    (sheet,) = told["understood"]
    assert sheet["type"] == "InformationResource"
    assert sheet["columns"] == {"单位": "providedBy", "口令": "", "名字": "title"}


def test_samples_tell_nothing_of_rows_marked_secret(client: TestClient) -> None:
    rows = "信息资源名称,摘要,涉密属性\n甲目录,公开的,否\n乙目录,密的,是\n".encode()
    told = upload(client, "catalogue", rows, name="目录.csv", dryRun="true").json()
    (sheet,) = told["understood"]
    assert sheet["samples"]["摘要"] == ["公开的"]


def test_only_so_many_run_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PATIENCE", 0.05)
    turns = client.app.state.imports  # type: ignore[attr-defined]  # a Starlette
    client.portal.call(turns.acquire)  # type: ignore[union-attr]  # open: within the fixture
    client.portal.call(turns.acquire)  # type: ignore[union-attr]
    answer = upload(client, "ddl", DDL.encode(), name="a.sql")
    assert (answer.status_code, answer.json()["code"]) == (503, "BUSY")
    turns.release()
    assert upload(client, "ddl", DDL.encode(), name="a.sql", dialect="mysql").status_code == 200


def test_a_run_ends_in_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MAX_SECONDS", 0.0)
    answer = upload(client, "ddl", DDL.encode(), name="a.sql", dialect="mysql")
    assert answer.json()["code"] == "LIMIT"


@pytest.mark.parametrize("said", ["True", "TRUE", "Yes", "1"])
def test_a_dry_run_is_one_however_it_is_spelled(client: TestClient, said: str) -> None:
    told = upload(client, "ddl", DDL.encode(), name="a.sql", dialect="mysql", dryRun=said).json()
    assert told["dry_run"]
    assert client.get("/readyz").json()["head"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("dry_run", "true"), ("dryRun", "ja"), ("strict", "2"), ("confirm", "?"), ("answer", "all")],
)
def test_what_is_not_understood_writes_nothing(client: TestClient, name: str, value: str) -> None:
    answer = upload(client, "ddl", DDL.encode(), name="a.sql", dialect="mysql", **{name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")
    assert name in answer.json()["message"]
    assert client.get("/readyz").json()["head"] == 0


def test_a_long_name_is_shortened_the_same_way_each_time(client: TestClient) -> None:
    said = {"name": "目录" * 100 + ".csv", "dryRun": "true"}
    first, again = (upload(client, "catalogue", LIST, **said).json() for _ in range(2))
    assert first["scope"] == again["scope"]
    assert first["scope"].startswith("目录目录")
    assert first["scope"].endswith(".csv")
    other = upload(client, "catalogue", LIST, **said | {"name": "目录" * 99 + "表.csv"}).json()
    assert other["scope"] != first["scope"]
    assert upload(client, "catalogue", LIST, name="a\0b.csv").status_code == 400


@pytest.mark.parametrize("mapping", ["columns: [", "no: 1", "columns: {a: {b: c}}"])
@pytest.mark.parametrize("kind", ["catalogue", "ddl"])
def test_a_bad_mapping_tells_nothing_of_the_server(
    client: TestClient, kind: str, mapping: str
) -> None:
    answer = upload(client, kind, DDL.encode(), name="a.sql", mapping=mapping)
    assert answer.status_code == 400 or kind == "ddl"
    assert tempfile.gettempdir() not in answer.text


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("catalogue", "a.csv", {"type": "Nope"}),
        ("excel", "a.csv", {"type": "CatalogEntry"}),
        ("catalogue", "a.json", {"encoding": "nope"}),
        ("catalogue", "a.json", {"encoding": "hex"}),
    ],
)
def test_a_slip_is_the_caller_s(
    client: TestClient, kind: str, name: str, said: dict[str, str]
) -> None:
    answer = upload(client, kind, LIST, name=name, **said)
    told = answer.json()
    assert (answer.status_code, told.get("code")) == (400, "INVALID") or told["unread"]
    if said.get("type") == "CatalogEntry":
        assert "InformationResource" in told["message"]


def test_a_class_is_named_by_its_label_too(client: TestClient) -> None:
    said = {"name": "a.csv", "type": "信息资源", "dryRun": "true"}
    told = upload(client, "catalogue", LIST, **said).json()
    assert told["understood"][0]["type"] == "InformationResource"
