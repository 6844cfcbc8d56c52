"""`mulu ingest ddl`: from scripts to claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.memory.store import MemoryStore
from ingest.pipeline import ingest
from ingest.source import Options, Place, Record, Unread
from ingest.sources.ddl import open as open_ddl
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Claim


def claims(target: Path, ontology: Ontology, **options: str) -> dict[str, Claim]:
    """Resource → its claim; every record once."""
    source = open_ddl(str(target), Options(**options), ontology)
    source.check()
    return {r.claim.resource: r.claim for r in source.read() if isinstance(r, Record)}


KINGBASE = """
create table public.dwd_rk_jbxx (zjhm varchar(18) not null, hyzk_dm char(2) default '9',
  constraint pk primary key (zjhm));
comment on table public.dwd_rk_jbxx is '人口基本信息';
comment on column public.dwd_rk_jbxx.zjhm is '公民身份号码';
create table dwd_rk_jhgx (zjhm varchar(18) references dwd_rk_jbxx, jhrq date);
create view v_rk (sfz, lb) as
  select zjhm, case when hyzk_dm = '04' then '其他' end from dwd_rk_jbxx;
"""


def test_tables_fields_and_keys(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "rkk.sql").write_text(KINGBASE, "utf-8")
    found = claims(
        tmp_path / "rkk.sql",
        ontology,
        dialect="kingbase",
        namespace="kingbase8://rkk.example:54321",
        database="rkk",
    )
    dataset = "kingbase8://rkk.example:54321/rkk.public.dwd_rk_jbxx"
    table = found[f"dataset:{dataset}"]
    assert table.type == "Table"
    assert table.attributes == {
        "name": "rkk.public.dwd_rk_jbxx",
        "namespace": "kingbase8://rkk.example:54321",
        "displayName": "人口基本信息",
        "originalName": "public.dwd_rk_jbxx",
        "schemaName": "public",
        "comment": "人口基本信息",
        "engine": "人大金仓",
    }
    assert [(link.type, link.target) for link in table.links] == [
        ("hasField", f"field:{dataset}#zjhm"),
        ("hasField", f"field:{dataset}#hyzk_dm"),
    ]
    assert found[f"field:{dataset}#zjhm"].attributes == {
        "physicalName": "zjhm",
        "displayName": "公民身份号码",
        "comment": "公民身份号码",
        "sqlType": "varchar(18)",
        "ordinal": 1,
        "nullable": False,
        "primaryKey": True,
    }
    assert found[f"field:{dataset}#hyzk_dm"].attributes["defaultExpr"] == "'9'"
    other = "field:kingbase8://rkk.example:54321/rkk.public.dwd_rk_jhgx#zjhm"
    assert [(link.type, link.target) for link in found[other].links] == [
        ("refersTo", f"field:{dataset}#zjhm")
    ]


def test_views_have_lineage_without_a_job(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "rkk.sql").write_text(KINGBASE, "utf-8")
    source = open_ddl(str(tmp_path / "rkk.sql"), Options(dialect="kingbase"), ontology)
    links = {
        (record.claim.resource.rpartition("/")[2], link.type, link.target.rpartition("/")[2]): link
        for record in source.read()
        if isinstance(record, Record)
        for link in record.claim.links
    }
    view, table = "public.v_rk", "public.dwd_rk_jbxx"
    assert links[view, "datasetDerivedFrom", table].properties == {"complete": True}
    assert links[f"{view}#sfz", "fieldDerivedFrom", f"{table}#zjhm"].properties == {
        "derivation": "identity",
        "complete": True,
        "rule": "zjhm",
    }
    edge = links[f"{view}#lb", "fieldDerivedFrom", f"{table}#hyzk_dm"]
    assert edge.properties["derivation"] == "transformation"
    assert edge.properties["literals"] == "04"
    assert edge.key == ""


def test_what_is_not_bound_lives_under_its_source(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "a.sql").write_text("create table yw.t (a int) engine=InnoDB;", "utf-8")
    assert list(claims(tmp_path / "a.sql", ontology, source="企业登记")) == [
        "dataset:unbound:企业登记/yw.t",
        "field:unbound:企业登记/yw.t#a",
    ]


@pytest.mark.parametrize(
    ("dialect", "script", "name"),
    [
        ("mysql", "use qydj; create table t (a int);", "qydj.t"),
        ("postgresql", "create table ods.t (a int);", "db.ods.t"),
        ("postgresql", "create table t (a int);", "db.public.t"),
        ("oracle", "create table hz.t (a number);", "db.hz.t"),
        ("dm", "create table hydj.t (a int);", "hydj.t"),
        ("sqlserver", "use yw\ngo\ncreate table [t] (a int)", "yw.dbo.t"),
        ("sqlite", "create table t (a);", "t"),
        ("hive", "create table ods_jt.t (a string);", "ods_jt.t"),
    ],
)
def test_names_have_the_parts_of_their_engine(
    tmp_path: Path, ontology: Ontology, dialect: str, script: str, name: str
) -> None:
    (tmp_path / "a.sql").write_text(script, "utf-8")
    found = claims(tmp_path / "a.sql", ontology, dialect=dialect, database="db", source="s")
    assert f"dataset:unbound:s/{name}" in found


def test_a_system_hosts_what_is_read(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "a.sql").write_text("create table t (a int);", "utf-8")
    found = claims(tmp_path / "a.sql", ontology, source="s", system="system:hz")
    links = found["dataset:unbound:s/t"].links
    assert [(link.type, link.target) for link in links][-1] == ("hostedIn", "system:hz")


def test_encodings_and_order_of_a_folder(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "x__0.1.0__02-alter.sql").write_bytes(
        "alter table t add b int comment '乙的中文注释';".encode("gb18030")
    )
    (tmp_path / "x__0.1.0__init.sql").write_text("\ufeffcreate table t (a int);", "utf-8")
    (tmp_path / "notes.md").write_text("create table no (a int);", "utf-8")
    found = claims(tmp_path, ontology, dialect="mysql", source="s")
    assert found["field:unbound:s/t#b"].attributes["comment"] == "乙的中文注释"
    assert len(found) == 3


def test_scripts_of_several_engines_are_several_databases(
    shared_data: Path, ontology: Ontology
) -> None:
    found = claims(shared_data / "relational_ddl", ontology, source="ruoyi")
    tables: dict[str, int] = {}
    for id, claim in found.items():
        if claim.type == "Table":
            space = id.partition(":")[2].partition("/")[0]
            tables[space] = tables.get(space, 0) + 1
    assert tables == {
        "unbound:ruoyi:dm": 48,
        "unbound:ruoyi:mysql": 48,
        "unbound:ruoyi:oracle": 48,
        "unbound:ruoyi:postgresql": 49,
    }


def test_a_product_s_migrations_are_one_database(shared_data: Path, ontology: Ontology) -> None:
    found = claims(shared_data / "government_catalog/ddl", ontology, source="product")
    assert sum(claim.type == "Table" for claim in found.values()) == 256
    assert all(
        id.partition(":")[2].startswith("unbound:product/af_")
        or id.partition(":")[2].startswith("unbound:product/data_")
        for id in found
    )


def test_bad_statements_bad_bytes_and_nul_lose_nothing_else(
    tmp_path: Path, ontology: Ontology
) -> None:
    (tmp_path / "a.sql").write_bytes(b"create table a (x int\x00);\ncreate table b (;\n")
    (tmp_path / "b.sql").write_bytes(b"create table c (y int comment '\xff\xfe\xfa');")
    source = open_ddl(str(tmp_path), Options(dialect="mysql", source="s"), ontology)
    items = list(source.read())
    problems = [item for item in items if isinstance(item, Problem)]
    assert {r.claim.resource for r in items if isinstance(r, Record)} >= {
        "dataset:unbound:s/a",
        "dataset:unbound:s/c",
    }
    assert [(p.file, p.row) for p in problems if p.rule == "sql"][-1] == ("a.sql", 2)
    assert any("NUL" in problem.what for problem in problems)
    assert not any(isinstance(item, Unread) for item in items)


def test_circular_views_are_told_and_read(tmp_path: Path, ontology: Ontology) -> None:
    text = (
        "create view a as select x from b; create view b as select x from a;"
        "create view c as select x from c;"
    )
    (tmp_path / "a.sql").write_text(text, "utf-8")
    source = open_ddl(str(tmp_path / "a.sql"), Options(dialect="mysql", source="s"), ontology)
    items = list(source.read())
    problems = [item for item in items if isinstance(item, Problem)]
    assert [problem.severity for problem in problems] == ["warning", "warning"]
    assert all("视图" in problem.what for problem in problems)
    derived = {
        (record.claim.resource, link.target)
        for record in items
        if isinstance(record, Record)
        for link in record.claim.links
        if link.type == "fieldDerivedFrom"
    }
    assert ("field:unbound:s/a#x", "field:unbound:s/b#x") in derived
    assert ("field:unbound:s/b#x", "field:unbound:s/a#x") in derived


def test_places_are_evidence(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "a.sql").write_text("-- 甲\ncreate table t (\n  a int,\n  b int);", "utf-8")
    source = open_ddl(str(tmp_path / "a.sql"), Options(source="s"), ontology)
    places = [record.place for record in source.read() if isinstance(record, Record)]
    assert places == [Place("a.sql", row=2), Place("a.sql", row=3), Place("a.sql", row=4)]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"dialect": "nosuch"}, "方言"), ({"mapping": "nosuch.yaml"}, "映射")],
)
def test_check_refuses_what_cannot_be_understood(
    tmp_path: Path, ontology: Ontology, options: dict[str, str], message: str
) -> None:
    (tmp_path / "a.sql").write_text("create table t (a int);", "utf-8")
    with pytest.raises(InvalidInput, match=message):
        open_ddl(str(tmp_path / "a.sql"), Options(**options), ontology).check()


def test_check_refuses_a_missing_target(tmp_path: Path, ontology: Ontology) -> None:
    with pytest.raises(InvalidInput, match="没有这个"):
        open_ddl(str(tmp_path / "nosuch"), Options(), ontology).check()
    with pytest.raises(InvalidInput, match="没有脚本"):
        open_ddl(str(tmp_path), Options(), ontology).check()


async def test_a_second_run_changes_nothing_and_a_dropped_table_is_withdrawn(
    tmp_path: Path, ontology: Ontology
) -> None:
    script = tmp_path / "rkk.sql"
    script.write_text(KINGBASE, "utf-8")
    store = MemoryStore()
    await store.ensure(ontology)
    for expected in (True, False):
        source = open_ddl(str(script), Options(dialect="kingbase"), ontology)
        report = await ingest(store, ontology, source, actor="测试")
        assert (report.commits is not None) is expected
        assert not report.problems
    script.write_text(KINGBASE + "drop table dwd_rk_jhgx;", "utf-8")
    source = open_ddl(str(script), Options(dialect="kingbase"), ontology)
    report = await ingest(store, ontology, source, actor="测试", confirm=True)
    assert report.counts.withdrawn == 3


def test_statements_that_nobody_understands_are_told(tmp_path: Path, ontology: Ontology) -> None:
    script = """create table t (a int);
CRATE TABLE u (b int);
ALTER TABEL t ADD c int;
drop schema s cascade;
insert into t select f(a) from t;
delete from t;
CREATE INDEX i ON t (a);
do $$ begin execute format('drop table %s', 't'); end $$;
do $$ begin if true then delete from t; end if; end $$;
"""
    (tmp_path / "a.sql").write_text(script, "utf-8")
    source = open_ddl(str(tmp_path / "a.sql"), Options(dialect="postgresql", source="s"), ontology)
    told = [(p.row, p.severity) for p in source.read() if isinstance(p, Problem)]
    assert told == [(2, "warning"), (3, "warning"), (4, "warning"), (8, "warning")]


@pytest.mark.parametrize("folder", ["relational_ddl", "government_catalog/ddl"])
def test_real_scripts_raise_no_doubt(shared_data: Path, ontology: Ontology, folder: str) -> None:
    source = open_ddl(str(shared_data / folder), Options(source="s"), ontology)
    assert not [p.value for p in source.read() if isinstance(p, Problem) and "不知道" in p.what]
