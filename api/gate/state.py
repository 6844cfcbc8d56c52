"""What the DDL of a folder leaves behind, with the statements that led there.

The scripts are read and bound as `mulu ingest ddl` does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.gate.derivation import wording
from api.gate.doubtful import doubtful
from api.gate.standing import Standing
from ingest.source import Options, Place, Record
from ingest.sql.binding import Binding, bind, dialects_for
from ingest.sql.ddl import Builder
from ingest.sql.dialect import Dialect
from ingest.sql.files import scripts, text_of
from ingest.sql.migration import in_order
from ingest.sql.names import TableName
from ingest.sql.schema import Schema, Table
from ingest.sql.script import Statement, split
from ingest.sql.views import with_views
from ontology.problem import Problem
from ontology.resource import ResourceId

CHANGING = frozenset(("ALTER", "DROP", "RENAME", "EXEC", "EXECUTE"))


@dataclass(slots=True)
class State:
    """Dataset id → table as it stands after the last script; the lineage of the views."""

    tables: dict[ResourceId, Table] = field(default_factory=dict)
    lineage: list[Record] = field(default_factory=list)
    wordings: dict[ResourceId, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    statements: list[tuple[str, Statement]] = field(default_factory=list)

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
    texts = dict(_texts(target, options, state))
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
    texts = dict(_texts(target, options, after))
    folder = target if target.is_dir() else target.parent
    for dialect, names in dialects_for(options, texts).items():
        binding = bind(options, "gate", dialect, folder)

        def known(name: TableName, binding: Binding = binding) -> Table | None:
            return standing.table(binding.dataset(name), name)

        builder = Builder(dialect, binding.home.outer, known)
        _apply(builder, {name: texts[name] for name in names}, dialect, target, after)
        _take(builder.schema(), after, dialect, binding, options)
        found = {name: table for name in builder.met if (table := known(name)) is not None}
        _take(Schema(found), before, dialect, binding, options)
    return before, after


def path_of(target: Path, name: str) -> str:
    """A script's path as the build knows it."""
    return (target / name if target.is_dir() else target).as_posix()


def _texts(target: Path, options: Options, state: State) -> Iterator[tuple[str, str]]:
    for script in scripts(target):
        for item in text_of(script, options.encoding):
            if isinstance(item, Problem):
                state.problems.append(item)
            else:
                yield script.name, item


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
