"""DDL that others wrote: one schema in four dialects, and a product's migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sql.ddl import Builder, parse_ddl
from ingest.sql.dialect import DIALECTS, detect
from ingest.sql.migration import in_order
from ingest.sql.schema import Schema

FOUR = {"mysql": "mysql", "postgresql": "postgresql", "oracle": "oracle", "dm8": "dm"}


def read(shared_data: Path, dialect: str) -> Schema:
    text = (shared_data / f"relational_ddl/ruoyi_vue_pro_{dialect}.sql").read_text("utf-8")
    return parse_ddl(text)


def told(schema: Schema) -> dict[str, tuple[str, list[tuple[str, str]], tuple[str, ...]]]:
    """Table → comment, columns with comments, primary key; all but the types."""
    return {
        name.table.lower(): (
            table.comment,
            [(column.key, column.comment) for column in table.columns],
            table.primary_key,
        )
        for name, table in schema.tables.items()
    }


@pytest.mark.parametrize("dialect", FOUR)
def test_one_schema_in_four_dialects_gives_the_same(shared_data: Path, dialect: str) -> None:
    text = (shared_data / f"relational_ddl/ruoyi_vue_pro_{dialect}.sql").read_text("utf-8")
    assert detect(text).name == FOUR[dialect]
    schema = read(shared_data, dialect)
    assert not schema.problems
    found, model = told(schema), told(read(shared_data, "mysql"))
    if dialect == "postgresql":
        assert found.pop("dual") == ("数据库连接的表", [("id", "")], ())  # its helper table
    assert found == model
    assert len(model) == 48
    assert sum(len(columns) for _, columns, _ in model.values()) == 711


def test_types_stay_as_written(shared_data: Path) -> None:
    types = {
        dialect: next(iter(table.columns)).type
        for dialect in FOUR
        for name, table in read(shared_data, dialect).tables.items()
        if name.table == "infra_api_access_log"
    }
    assert types == {"mysql": "bigint", "postgresql": "int8", "oracle": "number", "dm8": "bigint"}


def test_migrations_of_a_product(shared_data: Path) -> None:
    folder = shared_data / "government_catalog/ddl"
    builder = Builder(DIALECTS["mariadb"])
    steps = in_order(path.name for path in folder.glob("*.sql"))
    for step in steps:
        builder.run((folder / step.path).read_text("utf-8"), step.path, step.version)
    schema = builder.schema()
    assert not schema.problems
    # 247 names, of which seven stand in two or three of the seven databases
    assert len({name.table.lower() for name in schema.tables}) == 247
    assert len(schema.tables) == 256
    assert sum(len(table.columns) for table in schema.tables.values()) == 3245


def test_the_highest_version_and_later_alters_win(shared_data: Path) -> None:
    folder = shared_data / "government_catalog/ddl"
    builder = Builder(DIALECTS["mariadb"])
    for step in in_order(path.name for path in folder.glob("*.sql")):
        builder.run((folder / step.path).read_text("utf-8"), step.path, step.version)
    tables = {str(name): table for name, table in builder.schema().tables.items()}
    menu = tables["af_configuration.menu"]
    assert menu.file == "configuration-center__0.4.0__init.sql"
    view = tables["af_main.form_view"]  # altered by data-view 0.1.0, step 28
    assert view.columns[-1].name == "understand_status"
    assert tables["af_main.form_view_field"].column("FIELD_ROLE")
