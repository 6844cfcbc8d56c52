"""Changes recognised between two DDL states and two states of jobs, each with file and line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from api.gate.book import Attributes, Freshness
from api.gate.change import Changed, Changes
from api.gate.ddl import ddl_changes, migration_changes
from api.gate.sql import sql_changes
from api.gate.standing import Standing
from api.gate.state import read_state
from graph.impact import ImpactAnswer, Question
from ingest.source import Options
from ontology.load import load_ontology
from ontology.model import Kind, Ontology
from ontology.resource import ResourceId

OPTIONS = Options(
    namespace="postgres://db.example:5432", database="db", schema="public", dialect="postgres"
)
AT = "field:postgres://db.example:5432/db.public."
DATASET = AT.replace("field:", "dataset:")
BASE = """CREATE TABLE person (
  id bigint,
  id_card_no varchar(18),
  name varchar(50),
  born date
);
COMMENT ON COLUMN person.id_card_no IS '公民身份号码';
COMMENT ON COLUMN person.born IS '出生日期';
"""


def compare(tmp_path: Path, old: str, new: str) -> Changes:
    for name, text in (("old.sql", old), ("new.sql", new)):
        (tmp_path / name).write_text(text, "utf-8")
    return ddl_changes(tmp_path / "old.sql", tmp_path / "new.sql", OPTIONS)


def only(found: Changes) -> Changed:
    assert found.unread == ()
    assert len(found.changed) == 1, found.changed
    return found.changed[0]


def test_nothing_changes(tmp_path: Path) -> None:
    assert compare(tmp_path, BASE, BASE.upper().replace("公民", "公民")).changed == ()


def test_a_dropped_column_by_its_statement(tmp_path: Path) -> None:
    new = BASE + "\nALTER TABLE person\n  DROP COLUMN id_card_no;\n"
    change = only(compare(tmp_path, BASE, new))
    assert (change.resource, change.kind) == (AT + "person#id_card_no", Kind.REMOVE)
    assert change.place.file.endswith("new.sql")
    assert new.splitlines()[(change.place.row or 0) - 1].strip() == "DROP COLUMN id_card_no;"


def test_a_column_left_out_is_told_at_its_table(tmp_path: Path) -> None:
    change = only(compare(tmp_path, BASE, BASE.replace("  name varchar(50),\n", "")))
    assert (change.resource, change.kind, change.place.row) == (AT + "person#name", Kind.REMOVE, 1)


@pytest.mark.parametrize(
    "new",
    [
        BASE.replace("id_card_no", "cert_no"),
        BASE + "ALTER TABLE person RENAME COLUMN id_card_no TO cert_no;",
        BASE
        + "ALTER TABLE person ADD COLUMN cert_no varchar(18);\n"
        + "COMMENT ON COLUMN person.cert_no IS '公民身份号码';\n"
        + "ALTER TABLE person DROP COLUMN id_card_no;",
    ],
    ids=["rewritten", "renamed", "added and dropped"],
)
def test_a_rename_is_told_from_drop_and_add(tmp_path: Path, new: str) -> None:
    change = only(compare(tmp_path, BASE, new))
    assert (change.resource, change.kind) == (AT + "person#id_card_no", Kind.RENAME)
    assert "cert_no" in change.note
    assert "据类型与注释或位置推断" in change.note


def test_another_type_is_no_rename(tmp_path: Path) -> None:
    change = only(compare(tmp_path, BASE, BASE.replace("name varchar(50)", "age int")))
    assert (change.resource, change.kind) == (AT + "person#name", Kind.REMOVE)


def test_two_likenesses_are_no_rename(tmp_path: Path) -> None:
    """Either of the new columns could be either of the old: both old ones are gone."""
    old = "CREATE TABLE t (a int COMMENT '数量', b int COMMENT '数量', c date);"
    found = compare(tmp_path, old, old.replace("a int", "d int").replace("b int", "e int"))
    assert [c.kind for c in found.changed] == [Kind.REMOVE, Kind.REMOVE]


def test_types_and_meanings(tmp_path: Path) -> None:
    retyped = only(compare(tmp_path, BASE, BASE.replace("varchar(18)", "varchar(15)")))
    assert (retyped.kind, retyped.place.row) == (Kind.RETYPE, 3)
    meant = only(compare(tmp_path, BASE, BASE.replace("出生日期", "登记日期")))
    assert (meant.resource, meant.kind) == (AT + "person#born", Kind.MEANING)
    assert only(compare(tmp_path, BASE, BASE.replace("(18)", "( 15 )"))).kind is Kind.RETYPE


def test_tables_go_or_are_renamed(tmp_path: Path) -> None:
    gone = only(compare(tmp_path, BASE, BASE + "\nDROP TABLE person;"))
    assert gone.kind is Kind.REMOVE
    assert gone.place.row == len(BASE.splitlines()) + 2
    renamed = only(compare(tmp_path, BASE, BASE.replace("person", "people")))
    assert (renamed.resource, renamed.kind) == (
        "dataset:postgres://db.example:5432/db.public.person",
        Kind.RENAME,
    )


def test_a_view_that_computes_otherwise(tmp_path: Path) -> None:
    view = "CREATE VIEW v AS SELECT id, {} AS n FROM person;"
    change = only(compare(tmp_path, BASE + view.format("name"), BASE + view.format("upper(name)")))
    assert (change.resource, change.kind) == (AT + "v#n", Kind.VALUES)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("LEFT JOIN", "JOIN"),
        ("HAVING count(*) > 1", "HAVING count(*) > 2"),
        ("SELECT", "SELECT DISTINCT"),
        ("n;", "n LIMIT 5;"),
        ("UNION", "UNION ALL"),
        (", 1", ", 2"),
    ],
)
def test_other_values_from_the_same_origins(tmp_path: Path, was: str, now: str) -> None:
    """Of a view and of a job: nobody can tell which column, so all of the dataset (coarse)."""
    query = (
        "SELECT p.id AS id, 1 AS n FROM person p LEFT JOIN other o ON o.id = p.id GROUP BY p.id "
        "HAVING count(*) > 1 UNION SELECT id, 1 FROM other ORDER BY n;"
    )
    other = query.replace(was, now, 1)
    assert other != query
    base = BASE + "CREATE TABLE other (id bigint);"
    view = only(
        compare(tmp_path, base + "CREATE VIEW v AS " + query, base + f"CREATE VIEW v AS {other}")
    )
    job = only(
        jobs(tmp_path, {"a.sql": f"INSERT INTO v {query}"}, {"a.sql": f"INSERT INTO v {other}"})
    )
    for change in (view, job):
        assert (change.resource, change.kind) == (DATASET + "v", Kind.VALUES)
        assert "粗略" in change.note


def test_a_table_emptied_first(tmp_path: Path) -> None:
    change = only(jobs(tmp_path, {"a.sql": JOB}, {"a.sql": "TRUNCATE TABLE report;\n" + JOB}))
    assert change.resource == DATASET + "report"
    assert change.kind is Kind.VALUES


def test_a_column_that_is_added_breaks_nobody(tmp_path: Path) -> None:
    assert compare(tmp_path, BASE, BASE + "ALTER TABLE person ADD COLUMN x int;").changed == ()


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken = BASE + "ALTER TABLE nobody DROP COLUMN x;"
    assert compare(tmp_path, BASE, broken).unread
    assert not compare(tmp_path, broken, broken).unread, "the same in both is no change"


def test_two_unreadable_statements_are_not_one(tmp_path: Path) -> None:
    """They begin alike for longer than a message quotes them, or come once more."""
    one = BASE + "ALTER TABLE nobody ADD COLUMN " + "x" * 90 + " int"
    assert len(compare(tmp_path, one + ";", one + ", DROP COLUMN y;").unread) == 2
    assert len(compare(tmp_path, one + ";", one + ";" + one.removeprefix(BASE) + ";").unread) == 1
    assert compare(tmp_path, one + ";", "-- moved\n\n" + one + ";").unread == ()
    broken = BASE + "CREATE VIEW v AS SELECT " + "1 + " * 30 + "FROM ( {};"
    assert compare(tmp_path, broken.format("a"), broken.format("b")).unread
    assert compare(tmp_path, broken.format("a"), "\n\n" + broken.format("a")).unread == ()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP SCHEMA public CASCADE",
        "DROP DATABASE db",
        "DROP OWNED BY app",
        "DROP TYPE level CASCADE",
        "ALTER SCHEMA public RENAME TO old",
        "ALTER VIEW v AS SELECT 1",
        "ALTER TABLE person DROP PARTITION p1",
        "ALTER TABLE person DROPP COLUMN born",
        "ALTR TABLE person DROP COLUMN born",
        "DO $$ BEGIN DROP TABLE person; END $$",
        "CREATE FUNCTION f() RETURNS int AS $$ BEGIN DROP TABLE person; END $$ LANGUAGE plpgsql",
        "CALL tidy()",
        "SELECT tidy()",
        "EXECUTE prepared",
        "TRUNCATE person",
        "\\i drop.sql",
        "SET a = 1\nDROP TABLE person",
    ],
)
def test_what_may_drop_tables_is_no_pass(tmp_path: Path, statement: str) -> None:
    found = compare(tmp_path, BASE, BASE + statement + ";")
    assert {p.row for p in found.unread} == {len(BASE.splitlines()) + 1}
    assert compare(tmp_path, BASE + statement + ";", BASE + "\n" + statement + ";").unread == ()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE UNIQUE INDEX i ON person (lower(name))",
        "GRANT SELECT ON person TO app",
        "INSERT INTO person (id) VALUES (1)",
        "ALTER TABLE ONLY public.person OWNER TO app",
        "SELECT pg_catalog.setval('s', 1, true)",
        "BEGIN",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION f()",
        "DROP SEQUENCE IF EXISTS s",
    ],
)
def test_what_leaves_tables_alone_passes(tmp_path: Path, statement: str) -> None:
    found = compare(tmp_path, BASE, BASE + statement + ";")
    assert (found.changed, found.unread) == ((), ())


def test_what_follows_a_function_is_read(tmp_path: Path) -> None:
    """Its body is a string: the function ends with its own statement."""
    function = "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql;\n"
    change = only(compare(tmp_path, BASE, BASE + function + "DROP TABLE person;"))
    assert change.kind is Kind.REMOVE


# --- jobs -----------------------------------------------------------------------------------

JOB = "INSERT INTO report (id, n) SELECT id, name FROM person WHERE born > '2000-01-01';"


def jobs(tmp_path: Path, old: dict[str, str], new: dict[str, str]) -> Changes:
    for side, files in (("old", old), ("new", new)):
        (tmp_path / side).mkdir()
        for name, text in files.items():
            (tmp_path / side / name).write_text(text, "utf-8")
    return sql_changes(tmp_path / "old", tmp_path / "new", OPTIONS, load_ontology(()))


def test_jobs_unchanged_or_moved_to_another_file(tmp_path: Path) -> None:
    assert jobs(tmp_path, {"a.sql": JOB}, {"b.sql": "-- moved\n" + JOB}).changed == ()


def test_a_rule_that_changes(tmp_path: Path) -> None:
    change = only(jobs(tmp_path, {"a.sql": JOB}, {"a.sql": JOB.replace(", name", ", upper(name)")}))
    assert (change.resource, change.kind) == (AT + "report#n", Kind.VALUES)
    assert "UPPER" in change.note.upper()
    assert change.place.file == (tmp_path / "new" / "a.sql").as_posix()


def test_a_derivation_that_vanishes(tmp_path: Path) -> None:
    new = JOB.replace("(id, n)", "(id)").replace(", name", "")
    change = only(jobs(tmp_path, {"a.sql": JOB}, {"a.sql": new}))
    assert (change.resource, change.kind) == (AT + "report#n", Kind.REMOVE)


def test_a_job_that_vanishes_is_told_once(tmp_path: Path) -> None:
    other = "INSERT INTO other (id) SELECT id FROM person;"
    found = jobs(tmp_path, {"a.sql": JOB, "b.sql": other}, {"b.sql": other})
    change = only(found)
    assert change.resource == "dataset:postgres://db.example:5432/db.public.report"
    assert change.kind is Kind.REMOVE


def test_a_derivation_that_appears_is_noted(tmp_path: Path) -> None:
    more = "INSERT INTO other (id) SELECT id FROM person;"
    found = jobs(tmp_path, {"a.sql": JOB}, {"a.sql": JOB, "b.sql": more})
    assert found.changed == ()
    assert any("other#id" in note for note in found.notes)


def test_a_job_that_cannot_be_read(tmp_path: Path) -> None:
    assert jobs(tmp_path, {"a.sql": JOB}, {"a.sql": JOB, "b.sql": "INSERT INTO ( SELECT"}).unread


# --- scripts against the ledger's own state -------------------------------------------------


class Known:
    """A ledger after these scripts, asked as the gate asks it."""

    def __init__(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "ledger.sql").write_text(text, "utf-8")
        self._tables = read_state(tmp_path / "ledger.sql", OPTIONS).tables

    @property
    def ontology(self) -> Ontology:
        return load_ontology(())

    async def freshness(self) -> Freshness:
        raise AssertionError("scripts do not ask how fresh it is")

    async def impact(self, question: Question) -> ImpactAnswer:
        raise AssertionError("scripts do not ask what is reached")

    async def resources(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        found = {id: self._tables[id] for id in ids if id in self._tables}
        return {
            id: {"comment": t.comment, **({"definitionSql": t.query} if t.query else {})}
            for id, t in found.items()
        }

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        table = self._tables.get(dataset)
        return [
            {
                "physicalName": c.name,
                "sqlType": c.type,
                "comment": c.comment,
                "ordinal": c.ordinal,
            }
            for c in (table.columns if table else ())
        ]


async def against(tmp_path: Path, ledger: str, *migrations: str) -> Changes:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for i, text in enumerate(migrations, 1):
        (folder / f"V{i}__x.sql").write_text(text, "utf-8")
    standing = Standing(Known(ledger, tmp_path))
    return await asyncio.to_thread(migration_changes, folder, OPTIONS, standing)


async def test_only_the_new_migration(tmp_path: Path) -> None:
    """It changes a table that it does not create: the ledger knows its columns."""
    change = only(await against(tmp_path, BASE, "ALTER TABLE person DROP COLUMN id_card_no;"))
    assert (change.resource, change.kind) == (AT + "person#id_card_no", Kind.REMOVE)
    assert change.place.file.endswith("V1__x.sql")
    assert change.place.row == 1


async def test_all_migrations_and_one_that_is_new(tmp_path: Path) -> None:
    found = await against(
        tmp_path, BASE, BASE, "ALTER TABLE person ALTER COLUMN name TYPE varchar(20);"
    )
    change = only(found)
    assert (change.resource, change.kind) == (AT + "person#name", Kind.RETYPE)


async def test_migrations_that_the_ledger_has_already(tmp_path: Path) -> None:
    drop = "ALTER TABLE person DROP COLUMN born;"
    assert (await against(tmp_path, BASE + drop, BASE, drop)).changed == ()


async def test_a_table_dropped_and_one_that_nobody_mentions(tmp_path: Path) -> None:
    both = BASE + "CREATE TABLE other (id int);"
    change = only(await against(tmp_path, both, "DROP TABLE person;"))
    assert (change.resource, change.kind) == (
        "dataset:postgres://db.example:5432/db.public.person",
        Kind.REMOVE,
    )
    assert change.place.row == 1


async def test_created_and_dropped_by_the_scripts(tmp_path: Path) -> None:
    change = only(await against(tmp_path, BASE, BASE, "DROP TABLE person;"))
    assert change.kind is Kind.REMOVE


async def test_a_rename_against_the_ledger(tmp_path: Path) -> None:
    change = only(
        await against(tmp_path, BASE, "ALTER TABLE person RENAME COLUMN id_card_no TO cert_no;")
    )
    assert (change.kind, "cert_no" in change.note) == (Kind.RENAME, True)


async def test_a_view_that_the_ledger_knows_otherwise(tmp_path: Path) -> None:
    view = "CREATE VIEW v AS SELECT id, {} AS n FROM person;"
    found = await against(tmp_path, BASE + view.format("name"), view.format("upper(name)"))
    assert (only(found).resource, only(found).kind) == (AT + "v#n", Kind.VALUES)


async def test_a_table_that_neither_knows_cannot_be_judged(tmp_path: Path) -> None:
    assert (await against(tmp_path, BASE, "ALTER TABLE nobody DROP COLUMN x;")).unread
