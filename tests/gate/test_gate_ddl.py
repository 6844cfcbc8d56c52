"""Changes recognised between two DDL states and two states of jobs, each with file and line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from api.gate.book import Attributes, Freshness
from api.gate.change import Changed, Changes
from api.gate.ddl import ddl_changes, migration_changes
from api.gate.sql import sql_changes
from api.gate.standing import Standing
from api.gate.state import read_state
from graph.question import ImpactAnswer, Question
from ingest.source import Options
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.model import Kind, Ontology
from ontology.naming import dataset_of
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


def closest(found: Changes) -> Changed:
    """The one column; beside it the statement as a whole, which may say more, is told coarsely."""
    column, whole = found.changed
    assert found.unread == ()
    assert (whole.resource, whole.kind) == (dataset_of(column.resource), Kind.VALUES)
    assert "粗略" in whole.note
    return column


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
    found = compare(tmp_path, BASE + view.format("name"), BASE + view.format("upper(name)"))
    change = closest(found)
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
        'SELECT "drop_it"()',
        "INSERT INTO person (id) SELECT drop_it()",
        "UPDATE person SET id = drop_it()",
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
        'INSERT INTO public."person" (id) VALUES (abs(1)) ON CONFLICT (id) DO NOTHING',
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
    new = JOB.replace(", name", ", upper(name)")
    change = closest(jobs(tmp_path, {"a.sql": JOB}, {"a.sql": new}))
    assert (change.resource, change.kind) == (AT + "report#n", Kind.VALUES)
    assert "UPPER" in change.note.upper()
    assert change.place.file == (tmp_path / "new" / "a.sql").as_posix()


def test_a_derivation_that_vanishes(tmp_path: Path) -> None:
    new = JOB.replace("(id, n)", "(id)").replace(", name", "")
    change = closest(jobs(tmp_path, {"a.sql": JOB}, {"a.sql": new}))
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

    def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
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

    async def departments(self, title: str) -> Sequence[ResourceId]:
        raise AssertionError("scripts do not ask for departments")


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
    assert (closest(found).resource, closest(found).kind) == (AT + "v#n", Kind.VALUES)


async def test_a_table_that_neither_knows_cannot_be_judged(tmp_path: Path) -> None:
    assert (await against(tmp_path, BASE, "ALTER TABLE nobody DROP COLUMN x;")).unread


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE other.person",
        "DROP TABLE IF EXISTS other.person",
        "DROP VIEW v",
        "ALTER TABLE person DROP COLUMN nothing",
        "ALTER TABLE person ALTER COLUMN nothing TYPE int",
        "ALTER TABLE person RENAME COLUMN nothing TO x",
    ],
)
async def test_what_nobody_knows_is_no_pass(tmp_path: Path, statement: str) -> None:
    """A wrong schema, a misspelled column: in a database this may well hit something."""
    found = await against(tmp_path, BASE, f"COMMENT ON TABLE person IS '人';\n{statement};")
    assert [p.row for p in found.unread] == [2]
    assert compare(tmp_path, BASE, BASE + statement + ";").unread
    both = BASE + statement + ";"
    assert not compare(tmp_path, both, both).unread, "the same in both is no change"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE IF EXISTS fresh; CREATE TABLE fresh (id int)",
        "CREATE TABLE fresh (id int); DROP TABLE fresh",
        "ALTER TABLE person DROP COLUMN IF EXISTS nothing",
        "ALTER TABLE person DROP CONSTRAINT c, DROP CONSTRAINT IF EXISTS d",
    ],
)
async def test_what_scripts_make_or_allow_for_is_no_doubt(tmp_path: Path, statement: str) -> None:
    found = await against(tmp_path, BASE, f"COMMENT ON TABLE person IS '人';{statement};")
    assert found.unread == ()


async def test_a_binding_under_which_nothing_is_known(tmp_path: Path) -> None:
    """All migrations under a wrong schema would all seem new."""
    elsewhere = "SET search_path TO elsewhere;\n" + BASE
    found = await against(tmp_path, BASE, elsewhere + "ALTER TABLE person DROP COLUMN born;")
    assert any("--schema" in p.mend for p in found.unread)


async def test_new_tables_and_other_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "V2__x.py").write_text("drop('person')")
    (tmp_path / "migrations" / "V1__x.sql").write_text(BASE + "CREATE TABLE fresh (id int);")
    standing = Standing(Known(BASE, tmp_path))
    found = await asyncio.to_thread(migration_changes, tmp_path / "migrations", OPTIONS, standing)
    assert any("fresh" in note for note in found.notes)
    assert any("V2__x.py" in note for note in found.notes)


async def test_a_folder_of_undo_scripts_is_no_change(tmp_path: Path) -> None:
    (tmp_path / "U1__x.sql").write_text("DROP TABLE person;")
    with pytest.raises(InvalidInput, match="undo"):
        read_state(tmp_path, OPTIONS)


async def test_a_dataset_without_columns_is_dropped(tmp_path: Path) -> None:
    """Jobs mention it, no DDL has told of it."""
    change = only(await against(tmp_path, "CREATE TABLE seen;", "DROP TABLE seen;"))
    assert (change.resource, change.kind) == (DATASET + "seen", Kind.REMOVE)


async def test_a_type_of_which_nothing_was_known(tmp_path: Path) -> None:
    known = "CREATE TABLE t (a);"
    change = only(await against(tmp_path, known, "ALTER TABLE t ALTER COLUMN a TYPE int;"))
    assert change.kind is Kind.RETYPE


TABLE, VIEW = "CREATE TABLE t (id bigint);", "CREATE VIEW t AS SELECT id FROM person;"


@pytest.mark.parametrize(("was", "now"), [(TABLE, VIEW), (VIEW, TABLE)])
async def test_a_table_that_becomes_a_view_and_back(tmp_path: Path, was: str, now: str) -> None:
    change = only(compare(tmp_path, BASE + was, BASE + now))
    assert (change.resource, change.kind) == (DATASET + "t", Kind.VALUES)
    change = only(await against(tmp_path, BASE + was, now))
    assert (change.resource, change.kind) == (DATASET + "t", Kind.VALUES)


@pytest.mark.parametrize("of", ["VIEW", "MATERIALIZED VIEW", "TABLE"])
async def test_a_views_column_renamed(tmp_path: Path, of: str) -> None:
    """Its columns are read from its query, which a rename does not touch."""
    view = "CREATE VIEW v AS SELECT id, name FROM person;"
    found = await against(tmp_path, BASE + view, f"ALTER {of} v RENAME COLUMN name TO title;")
    assert [p.row for p in found.unread] == [1]


async def test_another_rule_does_not_hide_another_join(tmp_path: Path) -> None:
    new = JOB.replace(", name", ", upper(name)").replace("person", "person JOIN b USING (id)")
    found = jobs(tmp_path, {"a.sql": JOB}, {"a.sql": new})
    assert {(c.resource, c.kind) for c in found.changed} >= {
        (AT + "report#n", Kind.VALUES),
        (DATASET + "report", Kind.VALUES),
    }


@pytest.mark.parametrize(
    "statement", ["SET NOCOUNT ON DROP TABLE dbo.t", "SELECT 1 DROP TABLE dbo.t"]
)
def test_sql_server_needs_no_separators(tmp_path: Path, statement: str) -> None:
    options = replace(OPTIONS, namespace="mssql://db.example:1433", schema="dbo", dialect="tsql")
    for name, text in (("old.sql", ""), ("new.sql", statement)):
        (tmp_path / name).write_text("CREATE TABLE dbo.t (a int);\n" + text)
    found = ddl_changes(tmp_path / "old.sql", tmp_path / "new.sql", options)
    assert [p.row for p in found.unread] == [2]


def test_a_script_whose_name_is_no_utf8(tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / os.fsdecode(b"\xb1\xe4.sql")).write_text(BASE + "ALTER TABLE person DROP COLUMN born;")
    (tmp_path / "old.sql").write_text(BASE)
    change = only(ddl_changes(tmp_path / "old.sql", new, OPTIONS))
    assert change.place.file.encode().endswith(b".sql")


@pytest.mark.parametrize(
    "action", ["SET UNUSED (born)", "SET UNUSED COLUMN born", "ADD (y number) DROP (born)"]
)
def test_oracles_ways_to_drop(tmp_path: Path, action: str) -> None:
    """What is set unused is out of sight at once, and is taken away later."""
    change = only(compare(tmp_path, BASE, BASE + f"ALTER TABLE person {action};"))
    assert (change.resource, change.kind) == (AT + "person#born", Kind.REMOVE)
    later = BASE + "ALTER TABLE person DROP UNUSED COLUMNS;"
    assert compare(tmp_path, BASE, later) == Changes()
