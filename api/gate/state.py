"""What the DDL of a folder leaves behind, with the statements that led there.

The scripts are read and bound as `mulu ingest ddl` does it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.gate.derivation import wording
from api.gate.standing import Standing
from ingest.source import Options, Place, Record
from ingest.sql.binding import FILE, Binding, bind, dialects_for
from ingest.sql.ddl import Builder
from ingest.sql.dialect import Dialect
from ingest.sql.doubtful import doubtful
from ingest.sql.files import scripts, text_of
from ingest.sql.migration import in_order
from ingest.sql.names import TableName
from ingest.sql.schema import Schema, Table
from ingest.sql.script import Statement, split
from ingest.sql.views import with_views
from ontology.errors import InvalidInput
from ontology.problem import Problem
from ontology.resource import ResourceId

CHANGING = frozenset(("ALTER", "DROP", "RENAME", "EXEC", "EXECUTE"))


@dataclass(slots=True)
class State:
    """Dataset id → table as it stands after the last script; the lineage of the views. `left` are
    the files of the folder that are no scripts, so that nobody read them."""

    tables: dict[ResourceId, Table] = field(default_factory=dict)
    lineage: list[Record] = field(default_factory=list)
    wordings: dict[ResourceId, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    statements: list[tuple[str, Statement]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def place(self, table: str, column: str = "") -> Place | None:
        """The last statement that alters or drops this table (and names this column)."""
        named = [re.compile(rf"(?<!\w){re.escape(n)}(?!\w)", re.I) for n in (table, column) if n]
        for file, statement in reversed(self.statements):
            found = [pattern.search(statement.text) for pattern in named]
            if all(found):
                last = found[-1]
                assert last is not None
                return Place(file, row=statement.line + statement.text[: last.start()].count("\n"))
        return None


def read_state(target: Path, options: Options) -> State:
    """The state after all scripts. What cannot be read is among its problems. Raises
    InvalidInput where there are no scripts."""
    state = State()
    texts = _texts(target, options, state)
    folder = target if target.is_dir() else target.parent
    for dialect, names in dialects_for(options, texts).items():
        binding = bind(options, "gate", dialect, folder)
        builder = Builder(dialect, binding.home.outer)
        _apply(builder, {name: texts[name] for name in names}, dialect, target, state)
        _take(builder.schema(), state, dialect, binding, options)
    return state


def against_ledger(target: Path, options: Options, standing: Standing) -> tuple[State, State]:
    """The tables that scripts create, change or drop: as the ledger knows them, and as the
    scripts leave them. Raises InvalidInput where there are no scripts."""
    before, after = State(), State()
    texts = _texts(target, options, after)
    folder = target if target.is_dir() else target.parent
    met = False
    for dialect, names in dialects_for(options, texts).items():
        binding = bind(options, "gate", dialect, folder)

        def known(name: TableName, binding: Binding = binding) -> Table | None:
            return standing.table(binding.dataset(name), name)

        builder = Builder(dialect, binding.home.outer, known)
        _apply(builder, {name: texts[name] for name in names}, dialect, target, after)
        _take(builder.schema(), after, dialect, binding, options)
        named = builder.tables.met
        met = met or bool(named)
        found = {name: table for name in named if (table := known(name)) is not None}
        _take(Schema(found), before, dialect, binding, options)
    if met and not before.tables:
        after.problems.append(
            Problem(
                "这些脚本的表，账本一张也不认识 the ledger knows none of their tables",
                "核对 --namespace --database --schema，或先导入 check the binding, or ingest",
                rule="sql",
            )
        )
    return before, after


def path_of(target: Path, name: str) -> str:
    """A script's path as the build knows it."""
    path = (target / name if target.is_dir() else target).as_posix()
    return os.fsencode(path).decode("utf-8", "replace")  # a name of another encoding is shown so


def _texts(target: Path, options: Options, state: State) -> dict[str, str]:
    """The scripts by name. Raises InvalidInput where there are none that would be run."""
    read: dict[str, str] = {}
    for script in (found := scripts(target)):
        for item in text_of(script, options.encoding):
            if isinstance(item, Problem):
                state.problems.append(replace(item, file=path_of(target, item.file)))
            else:
                read[script.name] = item
    if not in_order(script.name for script in found):
        raise InvalidInput(f"只有撤销脚本 / nothing but undo scripts: {target}")
    state.left += _left(target, {script.path for script in found})
    return read


def _left(target: Path, read: Container[Path]) -> list[str]:
    """Files beside the scripts: migrations in another language would go unseen."""
    if not target.is_dir():
        return []
    return sorted(
        path_of(target, path.relative_to(target).as_posix())
        for path in target.rglob("*")
        if path.is_file() and path not in read and path.name != FILE
    )


def _apply(
    builder: Builder, texts: Mapping[str, str], dialect: Dialect, target: Path, state: State
) -> None:
    """Run the scripts of one engine, in their order."""
    for step in in_order(texts):
        file = path_of(target, step.path)
        builder.run(texts[step.path], file, step.version)
        state.problems += doubtful(texts[step.path], dialect, file)
        found = split(texts[step.path], dialect)
        state.statements += [(file, part) for part in found if part.verb in CHANGING]
    state.problems += builder.tables.doubts()


def _take(
    schema: Schema, state: State, dialect: Dialect, binding: Binding, options: Options
) -> None:
    """Add what stands, and the lineage of its views."""
    state.problems += schema.problems
    schema, lineage = with_views(schema, dialect, binding, options.schemas)
    state.problems += [item for item in lineage if isinstance(item, Problem)]
    state.lineage += [item for item in lineage if isinstance(item, Record)]
    for name, table in schema.tables.items():
        if table.query:
            state.wordings[binding.dataset(name)] = wording(table.query.rstrip("; \n"), dialect)
    state.tables |= {binding.dataset(name): table for name, table in schema.tables.items()}
