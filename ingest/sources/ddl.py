"""DDL scripts: tables, views with their lineage, columns, keys, comments (`mulu ingest ddl`).

A file, or a folder whose scripts are applied in the order of their versions and numbers
(ingest/sql/migration.py). The dialect is detected over the whole folder unless --dialect names it;
scripts that are clearly of another engine are another database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.source import Options, Place, Progress, Unread, Yielded
from ingest.sql.binding import Binding, bind, dialects_for, told_dialect
from ingest.sql.ddl import Builder
from ingest.sql.dialect import DIALECTS, Dialect
from ingest.sql.doubtful import passed_over
from ingest.sql.files import Script, scripts, text_of
from ingest.sql.migration import in_order
from ingest.sql.structure import host, records
from ingest.sql.views import with_views
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Rank


@dataclass(frozen=True, slots=True)
class Ddl:
    """The scripts of one target."""

    target: Path
    options: Options
    ontology: Ontology
    name: str
    rank: Rank

    @property
    def scope(self) -> str:
        """The target by name: a folder may be moved."""
        return self.target.name

    def check(self) -> None:
        """There are scripts, the dialect is known, the mapping can be read."""
        scripts(self.target)
        self._binding(told_dialect(self.options) or DIALECTS["ansi"], self.name)

    def _binding(self, dialect: Dialect, unbound: str) -> Binding:
        folder = self.target if self.target.is_dir() else self.target.parent
        return bind(self.options, unbound, dialect, folder)

    def read(self, since: str = "") -> Iterator[Yielded]:
        """All tables as they stand after the last script, then the lineage of the views."""
        texts: dict[str, str] = {}
        for script in scripts(self.target):
            yield from self._text(script, texts)
        dialects = dialects_for(self.options, texts)
        for dialect, names in dialects.items():
            # scripts of several engines tell of several databases
            unbound = self.name if len(dialects) == 1 else f"{self.name}:{dialect.name}"
            chosen = {name: texts[name] for name in names}
            yield from self._database(chosen, dialect, self._binding(dialect, unbound))

    def _database(
        self, texts: Mapping[str, str], dialect: Dialect, binding: Binding
    ) -> Iterator[Yielded]:
        """What the scripts of one engine leave behind."""
        builder = Builder(dialect, binding.home.outer)
        steps = in_order(texts)
        for done, step in enumerate(steps, 1):
            builder.run(texts[step.path], step.path, step.version)
            yield from passed_over(texts[step.path], dialect, step.path)
            yield Progress(done, len(steps), step.path)
        schema = builder.schema()
        yield from schema.problems
        schema, lineage = with_views(schema, dialect, binding, self.options.schemas)
        yield from records(schema, binding, host(self.options, self.ontology))
        yield from lineage

    def _text(self, script: Script, texts: dict[str, str]) -> Iterator[Yielded]:
        for item in text_of(script, self.options.encoding):
            if isinstance(item, Problem):
                yield item
            else:
                texts[script.name] = item
        if script.name not in texts:
            yield Unread(Place(script.name), "文件打不开或过大 (cannot be read)")


def open(target: str, options: Options, ontology: Ontology) -> Ddl:
    """`mulu ingest ddl FILE|FOLDER [--dialect D] [--namespace N --database D --schema S]`."""
    path = Path(target)
    rank = Rank.SCANNED if options.rank is None else options.rank
    return Ddl(path, options, ontology, options.source or f"ddl:{path.stem}", rank)
