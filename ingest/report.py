"""What a run did, as one value: for the command line, the API and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.diff import Difference
from ingest.source import Understood, Unread
from ontology.problem import Problem, Severity
from ontology.resource import Alias, ResourceId

MAX_KEPT = 10_000
"""Problems and differences kept in a report; the counts go on."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Several resources answer to one identifier, and none can be chosen without a person."""

    scheme: str
    value: str
    resources: tuple[ResourceId, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Resources by what became of them, and links and problems in them.

    `read` counts records (rows); several may speak of one resource. `rejected` rows were
    kept out, `secret` among them because they are marked 涉密. `unsaid` are aliases that the
    source says no more.
    """

    read: int = 0
    rejected: int = 0
    secret: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    links: int = 0
    aliases: int = 0
    unsaid: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def resources(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run of a source. `changes` is filled by a dry run; `commits` are
    the first and the last number made, None when nothing changed. `complete` False: the run
    did not read all (so nothing was withdrawn)."""

    source: str
    scope: str
    run: str
    dry_run: bool
    complete: bool
    seconds: float
    counts: Counts
    types: Mapping[str, int] = field(default_factory=dict)
    commits: tuple[int, int] | None = None
    problems: tuple[Problem, ...] = ()
    understood: tuple[Understood, ...] = ()
    unread: tuple[Unread, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()
    aliases: tuple[Alias, ...] = ()
    changes: tuple[Difference, ...] = ()
    refused: str = ""  # why a strict run committed nothing, or a dry run foretells a refusal
    rejected: tuple[RejectedRow, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all went in; 1 something was kept out or not read. (2, could not run at all, is
        an exception.) Warnings let their rows in and leave it at 0."""
        return 1 if self.counts.errors or self.unread or self.refused else 0

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`, rejected rows left out (they are for the workbook)."""
        plain = {
            name: asdict(value) if hasattr(value, "__dataclass_fields__") else value
            for name, value in (
                (name, getattr(self, name))
                for name in self.__dataclass_fields__
                if name not in ("rejected", "problems", "understood", "unread", "changes")
            )
        }
        plain["duplicates"] = [asdict(found) for found in self.duplicates]
        plain["aliases"] = [asdict(alias) for alias in self.aliases]
        plain["problems"] = [
            {**asdict(problem), "severity": str(problem.severity), "where": problem.where}
            for problem in self.problems
        ]
        plain["understood"] = [
            {
                **asdict(sheet.place),
                "type": sheet.type,
                "columns": dict(sheet.columns),
                "samples": {header: list(values) for header, values in sheet.samples.items()},
            }
            for sheet in self.understood
        ]
        plain["unread"] = [{**asdict(part.place), "why": part.why} for part in self.unread]
        plain["changes"] = [difference.as_json() for difference in self.changes]
        plain["exit_code"] = self.exit_code
        return plain


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row kept out, as read, and why."""

    file: str
    sheet: str
    row: int | None
    raw: Mapping[str, str]
    problems: tuple[Problem, ...]


def is_error(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR
