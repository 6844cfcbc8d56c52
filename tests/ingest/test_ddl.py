"""DDL of every engine: statements and what they leave behind, as pairs in sql/ddl.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.sql.ddl import Builder, parse_ddl
from ingest.sql.dialect import DIALECTS, detect, dialect_of
from ingest.sql.migration import in_order
from ingest.sql.schema import Schema

PAIRS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sql" / "ddl.yaml").read_text(encoding="utf-8")
)


def described(schema: Schema) -> Iterator[str]:
    """A schema as the lines that the pairs are written in."""
    for table in schema.tables.values():
        kind = "VIEW" if table.view else "TABLE"
        yield " ".join(part for part in (kind, str(table.name), table.comment) if part)
        for column in table.columns:
            null = "" if column.nullable else "not null"
            default = f"= {column.default}" if column.default else ""
            parts = (str(column.ordinal), column.name, column.type, null, default, column.comment)
            yield "  " + " · ".join(part for part in parts if part)
        if table.primary_key:
            yield "  key " + ", ".join(table.primary_key)
        for unique in table.unique_keys:
            yield "  unique " + ", ".join(unique)
        for key in table.foreign_keys:
            target = f"{key.table}({', '.join(key.references)})"
            yield f"  {', '.join(key.columns)} → {target}"
        if table.query:
            yield "  as " + " ".join(table.query.split())
    for problem in schema.problems:
        yield f"! {problem.severity} {problem.row} {problem.what}"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_ddl_leaves_behind(pair: dict[str, Any]) -> None:
    schema = parse_ddl(pair["sql"], dialect_of(pair["dialect"]), "a.sql")
    assert list(described(schema)) == (pair["gives"] or "").splitlines()


def test_problem_says_file_line_and_how_to_mend() -> None:
    text = "create table a (x int);\n\ncreate table b (\n  y int\n;\ncreate table c (z int);"
    schema = parse_ddl(text, DIALECTS["mysql"], "b.sql")
    (problem,) = schema.problems
    assert [str(name) for name in schema.tables] == ["a", "c"]
    assert (problem.file, problem.row, bool(problem.mend)) == ("b.sql", 3, True)
    assert problem.value.startswith("create table b")


def test_lines_are_evidence() -> None:
    schema = parse_ddl("\n-- 表\ncreate table t (\n  a int,\n  b int\n);", DIALECTS["mysql"])
    (table,) = schema.tables.values()
    assert table.line == 3
    assert [column.line for column in table.columns] == [4, 5]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("create table `t` (`id` bigint auto_increment) ENGINE=InnoDB;", "mysql"),
        ("create table t (id bigserial, a int4, b timestamptz default now());", "postgresql"),
        ("create table t (id NUMBER(10), a VARCHAR2(20), b CLOB) tablespace users;", "oracle"),
        ("create table t (a varchar(64 char), b text) storage(on main, clusterbtr);", "dm"),
        ("CREATE TABLE [dbo].[t]([id] [int] NOT NULL)\nGO\n", "sqlserver"),
        ("create table t (id integer primary key autoincrement);", "sqlite"),
        ("create table t (a string) partitioned by (dt string) stored as orc;", "hive"),
        ("-- 人大金仓 KingbaseES V8\ncreate table t (a int4);", "kingbase"),
        ("select a from t;", "ansi"),
    ],
)
def test_dialect_is_detected(text: str, name: str) -> None:
    assert detect(text).name == name


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("DM8", "dm"), ("达梦", "dm"), ("tsql", "sqlserver"), ("pg", "postgresql")],
)
def test_dialect_has_many_names(spelled: str, name: str) -> None:
    assert dialect_of(spelled).name == name


def test_unknown_dialect_lists_the_known() -> None:
    with pytest.raises(KeyError, match="postgresql"):
        dialect_of("nosuch")


def test_migrations_apply_by_version_then_init_then_number() -> None:
    paths = [
        "svc__0.10.0__init.sql",
        "svc__0.4.0__02-b.sql",
        "svc__0.4.0__10-c.sql",
        "svc__0.4.0__init.sql",
        "svc__0.1.0__init.sql",
        "svc__0.4.0__03-b.down.sql",
    ]
    assert [step.path for step in in_order(paths)] == [
        "svc__0.1.0__init.sql",
        "svc__0.4.0__init.sql",
        "svc__0.4.0__02-b.sql",
        "svc__0.4.0__10-c.sql",
        "svc__0.10.0__init.sql",
    ]


def test_migrations_in_folders_and_of_flyway() -> None:
    folders = ["svc/0.2.0/01-x.sql", "svc/0.1.0/02-y.sql", "svc/0.1.0/init.sql"]
    assert [step.path for step in in_order(folders)] == [
        "svc/0.1.0/init.sql",
        "svc/0.1.0/02-y.sql",
        "svc/0.2.0/01-x.sql",
    ]
    flyway = ["V10__c.sql", "V2_1__b.sql", "V2__a.sql", "U2__a.sql"]
    assert [step.path for step in in_order(flyway)] == ["V2__a.sql", "V2_1__b.sql", "V10__c.sql"]


def test_highest_version_of_a_table_wins() -> None:
    builder = Builder(DIALECTS["mysql"])
    builder.run("create table if not exists t (a int)", "1/init.sql", "0.1.0")
    builder.run("create table if not exists t (a int, z int)", "1/01.sql", "0.1.0")
    assert [c.name for t in builder.schema().tables.values() for c in t.columns] == ["a"]
    builder.run("create table if not exists t (a int, b int)", "2/init.sql", "0.2.0")
    (table,) = builder.schema().tables.values()
    assert [column.name for column in table.columns] == ["a", "b"]
    assert table.file == "2/init.sql"
