"""SQL jobs: what each script reads, writes and derives (`mulu ingest sql`).

Every script of the folder is a job, named by its path. Tables that the jobs themselves create, and
the ledger's own schemas (`Options.schemas`), resolve `*` and unqualified names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from ingest.source import Options, Place, Progress, Record, Unread, Yielded
from ingest.sql.binding import Binding, bind, dialects_for, told_dialect
from ingest.sql.dialect import DIALECTS, Dialect
from ingest.sql.files import scripts, text_of
from ingest.sql.job import Created, Job, read_job
from ingest.sql.lineage import Lineage
from ingest.sql.names import TableName
from ingest.sql.schema import Column, Schema, Table
from ingest.sql.structure import host, table_records
from ontology.identity import resource_id
from ontology.model import Ontology
from ontology.naming import engine
from ontology.problem import Problem
from ontology.resource import Claim, Link, Rank, ResourceId, Value

PASSES: Final = 3
"""Jobs are read again while others turn out to create what they read, so many times at most."""
DEFINITION: Final = 100_000
"""Characters of a script that are kept as its definition."""


@dataclass(frozen=True, slots=True)
class _File:
    """One script with what it is written in and where its tables live."""

    name: str
    text: str
    dialect: Dialect
    binding: Binding


@dataclass(frozen=True, slots=True)
class Sql:
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
        self._binding(told_dialect(self.options) or DIALECTS["ansi"])

    def _binding(self, dialect: Dialect) -> Binding:
        folder = self.target if self.target.is_dir() else self.target.parent
        return bind(self.options, self.name, dialect, folder)

    def read(self, since: str = "") -> Iterator[Yielded]:
        """Each job with its links, then what it derives."""
        texts: dict[str, str] = {}
        for script in scripts(self.target):
            for item in text_of(script, self.options.encoding):
                if isinstance(item, Problem):
                    yield item
                else:
                    texts[script.name] = item
            if script.name not in texts:
                yield Unread(Place(script.name), "文件打不开或过大 (cannot be read)")
        files = [
            _File(name, texts[name], dialect, self._binding(dialect))
            for dialect, names in dialects_for(self.options, texts).items()
            for name in names
        ]
        jobs, created = self._jobs(files)
        system = host(self.options, self.ontology)
        for done, (file, job) in enumerate(zip(files, jobs, strict=True), 1):
            yield from job.problems
            yield from self._records(file, job, system)
            yield Progress(done, len(jobs), file.name)
        for table, binding in created.values():
            yield from table_records(table, Schema(), binding)

    def _jobs(
        self, files: Sequence[_File]
    ) -> tuple[list[Job], dict[ResourceId, tuple[Table, Binding]]]:
        """All jobs, read with each other's tables known, so that a second run finds the same."""
        created: dict[ResourceId, tuple[Table, Binding]] = {}
        jobs: list[Job] = []
        for _ in range(PASSES):
            jobs = [self._job(file, created) for file in files]
            found = {
                file.binding.dataset(made.name): (_table(made, file.name), file.binding)
                for file, job in zip(files, jobs, strict=True)
                for made in job.created
            }
            if found == created:
                break
            created = found
        return jobs, created

    def _job(self, file: _File, created: Mapping[ResourceId, tuple[Table, Binding]]) -> Job:
        def columns(name: TableName) -> Sequence[str] | None:
            dataset = file.binding.dataset(name)
            if dataset in created:
                return [column.name for column in created[dataset][0].columns]
            return self.options.schemas.get(dataset)

        return read_job(file.text, file.dialect, columns, file.name)

    def _records(self, file: _File, job: Job, system: ResourceId | None) -> Iterator[Record]:
        plain = PurePosixPath(file.name).with_suffix("").as_posix()
        title, description = about(file.text)
        attributes: dict[str, Value] = {
            "name": plain,
            "namespace": self.name,
            "displayName": title or plain,
            "engine": engine(file.binding.home.engine).label,
            "path": file.name,
            "sqlHash": hashlib.sha256(file.text.encode()).hexdigest(),
            "definitionSql": file.text[:DEFINITION],
        }
        if description:
            attributes["description"] = description
        found = resource_id(self.ontology, "Job", attributes)
        assert found is not None  # name and namespace identify a job
        id = found[0]
        lineage = Lineage(file.binding, id, file.name)
        lineage.add(job.flows)
        place = Place(file.name, row=1)
        yield Record(Claim(id, "Job", attributes, lineage.job_links()), place)
        if system is not None:
            yield Record(Claim(system, None, {}, (Link("hosts", id),)), place)
        yield from lineage.records()


def _table(made: Created, file: str) -> Table:
    columns = (Column(column, ordinal=n) for n, column in enumerate(made.columns, 1))
    return Table(made.name, tuple(columns), view=made.view, file=file)


_COMMENT: Final = re.compile(r"\A\s*((?:--[^\n]*\n\s*)+|/\*.*?\*/)", re.DOTALL)
_TITLE: Final = re.compile(r"^(?:作业名?|任务名?|名称|job|name)\s*[:：]\s*", re.IGNORECASE)


def about(text: str) -> tuple[str, str]:
    """Title and description of a job from the comment that its script begins with.

    A first line such as ``-- 作业: dws_rk_lnr  老年人口`` gives the title without its label; the
    rest of the comment is the description.
    """
    match = _COMMENT.match(text)
    if match is None:
        return "", ""
    lines = [re.sub(r"^[\s*/-]+|[\s*/-]+$", "", line) for line in match[1].splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return "", ""
    title = re.sub(r"\s+", " ", _TITLE.sub("", lines[0]))
    return title[:1000], "\n".join(lines[1:])[:4000]


def open(target: str, options: Options, ontology: Ontology) -> Sql:
    """`mulu ingest sql FILE|FOLDER [--dialect D] [--namespace N --database D --schema S]`."""
    path = Path(target)
    rank = Rank.SCANNED if options.rank is None else options.rank
    return Sql(path, options, ontology, options.source or f"sql:{path.stem}", rank)
