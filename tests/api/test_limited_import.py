"""An editor of low clearance hands in files: no dry run tells what they may not see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import app_of
from api.settings import settings
from tests.api.test_signin import OCTETS, bearer, make

SECRET = "昭雪专案"
TABLE = "dataset:mysql://h.example:3306/pop.person"


def resource(id: str, type: str, attributes: dict[str, Any], *links: tuple[str, str]) -> Any:
    return {
        "id": id,
        "type": type,
        "attributes": attributes,
        "links": [{"type": link, "target": end} for link, end in links],
    }


HIDDEN = resource(
    "entry:n/0",
    "InformationResource",
    {"title": SECRET, "abstract": "昭雪专案摘要", "securityLevel": "核心数据"},
)
OPEN = resource("org:bureau", "Department", {"name": "云澜市公安局"})
PERSON = resource("contact:bureau/post", "ContactPoint", {"name": "值班岗", "personName": "王昭君"})


class Desk:
    """A server with one who may see all and one editor of 公开数据."""

    def __init__(self, folder: Path) -> None:
        tokens = folder / "tokens.toml"
        top = ("--clearance", "核心数据", "--personal")
        self.chief = make(tokens, "主管", "--role", "admin", *top)
        self.editor = make(tokens, "编目员", "--role", "editor", "--clearance", "公开数据")
        chosen = settings(data=folder / "data", host="0.0.0.0", tokens=tokens)
        self.client = TestClient(app_of(chosen), "http://city.example")

    def upload(self, token: str, *lines: Any, **said: str) -> Any:
        body = b"\n".join(orjson.dumps(line) for line in lines)
        return self.client.post(
            "/import/jsonl",
            params={"name": "base.jsonl", "as": "base", **said},
            content=body,
            headers=OCTETS | bearer(token),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with made.client:
        told = made.upload(made.chief, HIDDEN, OPEN, PERSON)
        assert told.status_code == 200, told.text
        assert told.json()["counts"]["new"] == 3, told.text
        yield made


def clean(answer: Any) -> None:
    for word in (SECRET, "王昭君"):
        assert word not in answer.text, f"{word} in {answer.text}"


@pytest.mark.parametrize("dry", ["true", "false"])
def test_a_hidden_resource_is_not_compared(desk: Desk, dry: str) -> None:
    asked = resource("entry:n/0", "InformationResource", {"title": "试探"})
    answer = desk.upload(desk.editor, asked, dryRun=dry, name="one.jsonl")
    clean(answer)
    assert answer.status_code == 403
    assert SECRET in desk.upload(desk.chief, asked, dryRun="true").text


def test_a_row_that_is_refused_is_no_way_round(desk: Desk) -> None:
    wrong = resource("entry:n/0", "NoSuchClass", {"title": "试探"})
    answer = desk.upload(desk.editor, wrong, dryRun="true")
    clean(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize("dry", ["true", "false"])
def test_what_would_be_withdrawn_is_not_named(desk: Desk, dry: str) -> None:
    answer = desk.upload(desk.editor, OPEN, dryRun=dry)
    assert answer.status_code == 403
    assert "entry:n/0" not in answer.text


def test_personal_data_that_stood_there_is_not_told(desk: Desk) -> None:
    changed = resource("contact:bureau/post", "ContactPoint", {"name": "值班室"})
    answer = desk.upload(desk.editor, changed, dryRun="true", name="one.jsonl")
    clean(answer)
    (told,) = answer.json()["changes"]
    assert told["attributes"]["name"] == ["值班岗", "值班室"]
    told = desk.upload(desk.chief, changed, dryRun="true", name="one.jsonl")
    assert "王昭君" in told.text


def test_a_view_over_a_hidden_table_shows_no_columns(desk: Desk) -> None:
    said = {"dialect": "mysql", "namespace": "mysql://h.example:3306", "database": "pop"}

    def read(token: str, ddl: str, **more: str) -> Any:
        headers = OCTETS | bearer(token)
        return desk.client.post("/import/ddl", params=said | more, content=ddl, headers=headers)

    made = read(desk.chief, "CREATE TABLE person (zhaoxue INT);", name="t.sql")
    assert made.json()["counts"]["new"] == 2, made.text
    raised = resource(TABLE, "Table", {"name": "pop.person", "securityLevel": "核心数据"})
    assert desk.upload(desk.chief, raised, name="levels.jsonl").json()["counts"]["new"] == 1
    view = "CREATE VIEW all_of AS SELECT * FROM person;"
    assert "zhaoxue" in read(desk.chief, view, name="v.sql", dryRun="true").text
    assert "zhaoxue" not in read(desk.editor, view, name="v.sql", dryRun="true").text
