"""Tables of the city's systems: those planned by hand and those that follow an entry's items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from samples.city.plan import PLAN

_SECOND = re.compile(r"_(hj|jt|zl)_")
_THIRD = re.compile(r"_(cg|wg|yj|cs|aq|yh|ywtg|zw|rx)_|_cs_")

LATER_COLUMNS = {
    "gjj.t_grzh": ("skyh",),
    "qydj.t_qyjbxx": ("jyqxq", "jyqxz"),
    "rkk.dwd_rk_jbxx": ("sjlydw",),
    "hydj.t_hydj": ("cxbz",),
    "szcg.t_bj": ("wgbh",),
}
"""Columns that came with the delivery of 2025, by ALTER."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` is the plan's short form (c18, k2, n12.2, i, l, d, t, x)."""

    name: str
    type: str
    comment: str
    key: bool = False
    required: bool = False
    partition: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """A database that holds tables: where it is and who runs it."""

    short: str
    engine: str
    namespace: str
    database: str
    schema: str
    system: str

    def full(self, table: str) -> str:
        """The dataset's name below the namespace (ontology §8), from `schema.table` or `table`."""
        schema, _, name = table.rpartition(".")
        if self.engine == "sqlite":
            return name
        if self.engine in ("mysql", "hive"):
            return f"{schema or self.database}.{name}"
        if self.engine == "dm":
            return f"{self.schema}.{name}"
        return f"{self.database}.{schema or self.schema}.{name}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `name` carries its schema where the database has several."""

    base: Base
    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def stage(self) -> str:
        """The delivery with which it came: the middle platform was built in three stages, and
        the district's grid joined with the last."""
        if self.base.short == "wg":
            return "2026-01"
        if self.base.short == "dw":
            if _SECOND.search(self.name):
                return "2025-01"
            if _THIRD.search(self.name):
                return "2026-01"
        return "2024-01"

    @property
    def short(self) -> str:
        """How the plan refers to it: base and table."""
        return f"{self.base.short}.{self.name}"

    @property
    def dataset(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.base.namespace, self.base.full(self.name)


@cache
def planned() -> dict[str, Table]:
    """Short name → table of plan/tables.txt."""
    found: dict[str, Table] = {}
    base: Base | None = None
    for line in (PLAN / "tables.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            base = Base(*line[1:].split("|"))
        elif line and not line.startswith("#") and base:
            name, comment, columns = line.split("|")
            table = Table(base, name, comment, tuple(_column(c) for c in columns.split()))
            found[table.short] = table
    return found


def _column(text: str) -> Column:
    name, type, *marks, comment = text.split(":")
    return Column(
        name, type, comment, key="pk" in marks, required="nn" in marks, partition="part" in marks
    )


def bases() -> dict[str, Base]:
    """Short name → database of plan/tables.txt."""
    return {table.base.short: table.base for table in planned().values()}
