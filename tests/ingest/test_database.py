"""`mulu ingest database`: a live SQLite database through SQLAlchemy's inspector."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from graph.memory.store import MemoryStore
from ingest.pipeline import ingest
from ingest.source import Options, Record
from ingest.sources.database import open as open_database
from ontology.errors import InvalidInput, MissingExtra
from ontology.model import Ontology
from ontology.resource import Claim

SCHEMA = (
    "create table t_wg (wgbh text primary key, wgmc text not null)",
    "create table t_sjsb (sjbh integer primary key, wgbh text references t_wg (wgbh),"
    " sjlx varchar(4) default '01', sbsj datetime)",
    "create view v_sj (bh, wg) as select s.sjbh, upper(w.wgmc) from t_sjsb s join t_wg w"
    " on s.wgbh = w.wgbh where s.sjlx <> '04'",
    "create view v_all as select * from v_sj",
    "create table 中文表 (名称 text)",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "wangge.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.execute(text(statement))
    engine.dispose()
    return path


def claims(target: str, ontology: Ontology, **options: str) -> dict[str, list[Claim]]:
    source = open_database(target, Options(**options), ontology)
    source.check()
    found: dict[str, list[Claim]] = {}
    for item in source.read():
        if isinstance(item, Record):
            found.setdefault(item.claim.resource, []).append(item.claim)
    return found


def test_tables_columns_and_keys(ledger: Path, ontology: Ontology) -> None:
    found = claims(str(ledger), ontology, database="wg")
    table = found["dataset:sqlite:wg/t_sjsb"][0]
    assert (table.type, table.attributes["name"]) == ("Table", "t_sjsb")
    assert table.attributes["engine"] == "SQLite"
    assert [link.target.rpartition("#")[2] for link in table.links] == [
        "sjbh",
        "wgbh",
        "sjlx",
        "sbsj",
    ]
    column = found["field:sqlite:wg/t_sjsb#sjlx"][0]
    assert column.attributes["sqlType"] == "VARCHAR(4)"
    assert column.attributes["defaultExpr"] == "'01'"
    assert found["field:sqlite:wg/t_sjsb#sjbh"][0].attributes["primaryKey"] is True
    assert found["field:sqlite:wg/t_wg#wgmc"][0].attributes["nullable"] is False
    (link,) = found["field:sqlite:wg/t_sjsb#wgbh"][0].links
    assert (link.type, link.target) == ("refersTo", "field:sqlite:wg/t_wg#wgbh")
    assert "dataset:sqlite:wg/中文表" in found


def test_view_definitions_feed_lineage(ledger: Path, ontology: Ontology) -> None:
    found = claims(str(ledger), ontology, database="wg")
    view, derived = found["dataset:sqlite:wg/v_sj"]
    assert view.type == "View"
    assert str(view.attributes["definitionSql"]).startswith("select s.sjbh")
    assert {link.target for link in derived.links} == {
        "dataset:sqlite:wg/t_sjsb",
        "dataset:sqlite:wg/t_wg",
    }
    edges = {
        link.target.rpartition("/")[2]: link.properties["derivation"]
        for link in found["field:sqlite:wg/v_sj#wg"][-1].links
    }
    assert edges == {
        "t_wg#wgmc": "transformation",
        "t_wg#wgbh": "join",
        "t_sjsb#wgbh": "join",
        "t_sjsb#sjlx": "filter",
    }
    (edge,) = found["field:sqlite:wg/v_all#bh"][-1].links
    assert edge.target == "field:sqlite:wg/v_sj#bh"


def test_the_path_of_a_file_is_not_its_name(ledger: Path, ontology: Ontology) -> None:
    source = open_database(f"sqlite:///{ledger}", Options(), ontology)
    assert source.scope == "sqlite:wangge"
    assert source.name == "database:sqlite:wangge"
    assert not any(str(ledger.parent) in id for id in claims(str(ledger), ontology))


def test_secrets_are_kept_nowhere(ontology: Ontology) -> None:
    url = "postgresql+psycopg://user1:s3cret@db.example:5433/dw"
    source = open_database(url, Options(), ontology)
    assert source.scope == "postgres://db.example:5433/dw"
    with pytest.raises((InvalidInput, MissingExtra)) as refused:
        source.check()
    told = f"{source.name} {source.scope} {refused.value}"
    assert "s3cret" not in told
    assert "user1" not in told


@pytest.mark.parametrize(
    ("target", "message"),
    [("/nosuch/a.db", "没有这个 SQLite 文件"), ("://x", "数据库地址读不懂")],
)
def test_check_refuses_what_cannot_be_read(ontology: Ontology, target: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        open_database(target, Options(), ontology).check()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, ontology: Ontology) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(InvalidInput, match="连不上"):
        open_database(str(path), Options(), ontology).check()


def test_nothing_is_written_to_the_database(ledger: Path, ontology: Ontology) -> None:
    before = ledger.read_bytes()
    claims(str(ledger), ontology)
    assert ledger.read_bytes() == before


async def test_a_second_run_changes_nothing(ledger: Path, ontology: Ontology) -> None:
    store = MemoryStore()
    await store.ensure(ontology)
    for expected in (True, False):
        source = open_database(str(ledger), Options(database="wg"), ontology)
        report = await ingest(store, ontology, source, actor="测试")
        assert (report.commits is not None) is expected
        assert not report.problems
