"""DDL as each engine writes it, delivery by delivery: migrations numbered, ALTERs after CREATEs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from samples.city import faults
from samples.city.entries import tables
from samples.city.tables import LATER_COLUMNS, Base, Column, Table


def written() -> dict[str, list[Table]]:
    """Short name of a database → its tables; SQLite is delivered as a database itself."""
    found: dict[str, list[Table]] = {}
    for table in tables().values():
        if table.base.engine != "sqlite":
            found.setdefault(table.base.short, []).append(table)
    return found


def write(root: Path) -> None:
    """All scripts below `root`/ddl/DELIVERY/DATABASE. A delivery repeats the scripts before it,
    as a migrations folder does; a database without change is not delivered again."""
    for short, own in written().items():
        scripts = list(_scripts(short, own))
        for delivery in ("2024-01", "2025-01", "2026-01"):
            if not any(when == delivery for when, _, _ in scripts):
                continue
            folder = root / "ddl" / delivery / short
            folder.mkdir(parents=True, exist_ok=True)
            for when, name, text in scripts:
                if when <= delivery:
                    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _scripts(short: str, own: list[Table]) -> Iterator[tuple[str, str, str]]:
    """(delivery, file name, text) of one database."""
    base = own[0].base
    for number, delivery in enumerate(("2024-01", "2025-01", "2026-01"), 1):
        created = [t for t in own if t.stage == delivery]
        parts = [_create(t, _columns(t)) for t in created]
        if delivery == "2025-01":
            parts += [_alter(t, c) for t in own for c in t.columns if c.name in _late(t)]
        if delivery == "2026-01" and short == faults.DROPPED.split(".")[0]:
            table = faults.DROPPED.split(".")[1]
            parts.append(
                f"-- 项目线索改由商务局商务运行监测系统登记，原表停用\nDROP TABLE {table};\n"
            )
        if short == "dw" and delivery == "2026-01":
            parts.append(_OWN_VIEW)
        if parts:
            what = "建库" if number == 1 else "变更"
            head = f"-- {base.system}  {what}脚本  {delivery}\n"
            yield (
                delivery,
                f"V{number}__{what}.sql",
                head + _prelude(base, created) + "\n".join(parts),
            )


_OWN_VIEW = (
    "-- 上月满意率，供 dws_rx_mydtj 作业平滑使用\n"
    "CREATE VIEW dws.v_rx_mydtj AS\n"
    "SELECT cbdw, tjny, mylv\n"
    "  FROM dws.dws_rx_mydtj\n"
    " WHERE tjny = TO_CHAR(CURRENT_DATE - INTERVAL '1 month', 'YYYYMM');\n"
)
"""F16: the view selects from what the job that reads it writes."""


def _late(table: Table) -> tuple[str, ...]:
    return LATER_COLUMNS.get(table.short, ())


def _columns(table: Table) -> list[Column]:
    return [c for c in table.columns if c.name not in _late(table)]


def _prelude(base: Base, created: list[Table]) -> str:
    schemas = dict.fromkeys(t.name.split(".")[0] for t in created if "." in t.name)
    if base.engine == "postgresql":
        return "".join(f"CREATE SCHEMA IF NOT EXISTS {s};\n" for s in schemas) + "\n"
    if base.engine == "hive":
        return "".join(f"CREATE DATABASE IF NOT EXISTS {s};\n" for s in schemas) + "\n"
    return "\n"


_TYPES = {
    # short form → type, by engine; {n} is what follows the letter
    "mysql": {
        "c": "varchar({n})",
        "k": "char({n})",
        "n": "decimal({n})",
        "i": "int",
        "l": "bigint",
        "d": "date",
        "t": "datetime",
        "x": "text",
    },
    "oracle": {
        "c": "VARCHAR2({n} CHAR)",
        "k": "CHAR({n})",
        "n": "NUMBER({n})",
        "i": "NUMBER(10)",
        "l": "NUMBER(19)",
        "d": "DATE",
        "t": "TIMESTAMP",
        "x": "CLOB",
    },
    "dm": {
        "c": "VARCHAR({n} CHAR)",
        "k": "CHAR({n})",
        "n": "DECIMAL({n})",
        "i": "INT",
        "l": "BIGINT",
        "d": "DATE",
        "t": "TIMESTAMP",
        "x": "TEXT",
    },
    "postgresql": {
        "c": "varchar({n})",
        "k": "char({n})",
        "n": "numeric({n})",
        "i": "integer",
        "l": "bigint",
        "d": "date",
        "t": "timestamp",
        "x": "text",
    },
    "sqlserver": {
        "c": "nvarchar({n})",
        "k": "nchar({n})",
        "n": "decimal({n})",
        "i": "int",
        "l": "bigint",
        "d": "date",
        "t": "datetime2",
        "x": "nvarchar(max)",
    },
    "hive": {
        "c": "string",
        "k": "string",
        "n": "decimal({n})",
        "i": "int",
        "l": "bigint",
        "d": "date",
        "t": "timestamp",
        "x": "string",
    },
}
_TYPES["kingbase"] = _TYPES["postgresql"]


def sql_type(column: Column, engine: str) -> str:
    """The column's type in the words of the engine."""
    size = column.type[1:].replace(".", ",")
    return _TYPES[engine][column.type[0]].format(n=size)


def _create(table: Table, columns: list[Column]) -> str:
    engine = table.base.engine
    if engine == "mysql":
        return _mysql(table, columns)
    if engine == "hive":
        return _hive(table, columns)
    return _commented(table, columns)


def _mysql(table: Table, columns: list[Column]) -> str:
    lines = [
        f"  `{c.name}` {sql_type(c, 'mysql')} {_null(c) or 'DEFAULT NULL'} COMMENT '{c.comment}'"
        for c in columns
    ]
    keys = ", ".join(f"`{c.name}`" for c in columns if c.key)
    if keys:
        lines.append(f"  PRIMARY KEY ({keys})")
    return (
        f"CREATE TABLE `{table.name}` (\n" + ",\n".join(lines) + "\n"
        f") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='{table.comment}';\n"
    )


def _hive(table: Table, columns: list[Column]) -> str:
    def line(c: Column) -> str:
        return f"  {c.name} {sql_type(c, 'hive')} COMMENT '{c.comment}'"

    body = ",\n".join(line(c) for c in columns if not c.partition)
    parts = ", ".join(line(c).strip() for c in columns if c.partition)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.name} (\n{body}\n) COMMENT '{table.comment}'\n"
        + (f"PARTITIONED BY ({parts})\n" if parts else "")
        + "STORED AS ORC;\n"
    )


def _null(c: Column) -> str:
    return "NOT NULL" if c.key or c.required else ""


def _commented(table: Table, columns: list[Column]) -> str:
    """CREATE TABLE, then comments in statements of their own."""
    engine = table.base.engine
    name = _name(table)
    lines = [f"  {c.name} {sql_type(c, engine)} {_null(c)}".rstrip() for c in columns]
    keys = ", ".join(c.name for c in columns if c.key)
    if keys:
        lines.append(f"  PRIMARY KEY ({keys})")
    if table.short == "hydj.t_hydj":
        lines.append("  CONSTRAINT ck_hydj_hyzk CHECK (hyzk IN ('01', '02', '03', '04', '9'))")
    text = f"CREATE TABLE {name} (\n" + ",\n".join(lines) + "\n);\n"
    if engine == "sqlserver":
        text += "GO\n" + _extended(table.name, "", table.comment)
        return text + "".join(_extended(table.name, c.name, c.comment) for c in columns)
    text += f"COMMENT ON TABLE {name} IS '{table.comment}';\n"
    return text + "".join(f"COMMENT ON COLUMN {name}.{c.name} IS '{c.comment}';\n" for c in columns)


def _name(table: Table) -> str:
    if table.base.engine in ("oracle", "dm"):
        return f"{table.base.schema.upper()}.{table.name.upper()}"
    if table.base.engine == "kingbase":
        return f"{table.base.schema}.{table.name}"
    return f"[dbo].[{table.name}]" if table.base.engine == "sqlserver" else table.name


def _extended(table: str, column: str, comment: str) -> str:
    """SQL Server keeps comments as extended properties."""
    tail = f", N'COLUMN', N'{column}'" if column else ""
    return (
        f"EXEC sp_addextendedproperty N'MS_Description', N'{comment}', "
        f"N'SCHEMA', N'dbo', N'TABLE', N'{table}'{tail};\nGO\n"
    )


def _alter(table: Table, c: Column) -> str:
    engine, name = table.base.engine, _name(table)
    kind = sql_type(c, engine)
    if engine == "mysql":
        column = f"`{c.name}` {kind} DEFAULT NULL COMMENT '{c.comment}'"
        return f"ALTER TABLE `{table.name}` ADD COLUMN {column};\n"
    added = f"({c.name} {kind})" if engine in ("oracle", "dm") else f"COLUMN {c.name} {kind}"
    return f"ALTER TABLE {name} ADD {added};\nCOMMENT ON COLUMN {name}.{c.name} IS '{c.comment}';\n"
