"""What a source of metadata is, and how to write the next one.

A source turns one target (a file, a folder, a live database) into records. It knows
neither store nor index: it yields `Claim`s with ids built by `ontology/identity.py`,
and `Problem`s for what it could not read, and goes on. The pipeline validates, diffs,
commits, withdraws and reports.

To write one: a module with a frozen dataclass that has `check` and `read`, and a
factory `open(target, options, ontology) -> Source`, registered under the entry point
group `mulu.sources` (see pyproject.toml). Bound your parsing in time and memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Alias, Claim, Rank
from ontology.resource import Source as Teller


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its file, for problems and rejected rows."""

    file: str = ""
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One claim and where it came from. `raw` is the row as read (header → cell text),
    for the workbook of rejected rows; empty where there is no row. `teller` is set only
    where the record hands on what another source said (the ledger's own export)."""

    claim: Claim
    place: Place = Place()
    raw: Mapping[str, str] = field(default_factory=dict)
    teller: Teller | None = None
    mention: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that made no record at all: why, and the row for the workbook of rejected
    rows (`raw` empty where its content must not be kept)."""

    place: Place
    problems: tuple[Problem, ...]
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come; `total` 0 when unknown. `cursor` lets a run resume:
    everything before it has been yielded."""

    done: int
    total: int = 0
    what: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the target could not be read: nothing of the scope is withdrawn."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How a sheet's columns were understood; printed, and mended by a mapping file.
    `columns` maps header → attribute or link name ("" = ignored), `samples` header → the
    first values under it (none from rows marked 涉密)."""

    place: Place
    type: str
    columns: Mapping[str, str]
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says beside the target."""

    source: str = ""  # name of the source; "" lets the kind choose
    rank: Rank | None = None
    namespace: str = ""
    database: str = ""
    schema: str = ""
    dialect: str = ""
    encoding: str = ""
    node: str = ""  # catalogue node that entries belong to
    region: str = ""
    type: str = ""  # class of the rows, where the target does not tell
    mapping: str = ""  # path of a YAML mapping of columns
    system: str = ""  # system that hosts what is read
    schemas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dataset id → its column names in order, as the ledger knows them; for `SELECT *`."""
    extra: Mapping[str, str] = field(default_factory=dict)


Yielded = Record | Rejected | Alias | Problem | Progress | Unread | Understood


class Source(Protocol):
    """One target, ready to be read."""

    @property
    def name(self) -> str:
        """Stable name of the source: its claims are kept under it."""
        ...

    @property
    def scope(self) -> str:
        """What a full run covers; withdrawals stay inside."""
        ...

    @property
    def rank(self) -> Rank: ...

    def check(self) -> None:
        """Raise InvalidInput, telling how to mend, if the target cannot be read at all."""
        ...

    def read(self, since: str = "") -> Iterator[Yielded]:
        """Everything, in a stable order; from the cursor `since` on if it is given."""
        ...


@runtime_checkable
class Streaming(Source, Protocol):
    """A source that names each resource at most once, in a stable order, may say so: it is
    then committed while it is read, in constant memory, and can resume at a cursor. All
    others are read to the end first, so that several rows about one resource are combined."""

    @property
    def streams(self) -> bool: ...

    def fits(self, cursor: str) -> bool:
        """Whether the target is still what it was when it gave this cursor."""
        ...


@runtime_checkable
class Parted(Streaming, Protocol):
    """A streaming source that several processes may read at once, a part each."""

    def part(self, since: str, until: str) -> Iterator[Yielded]:
        """As `read`, up to the cursor `until` ("": to the end); a `Progress` comes last."""
        ...

    def cuts(self, count: int, since: str = "") -> Iterator[str]:
        """Cursors behind every `count` resources or so, the last one at the end."""
        ...


class Factory(Protocol):
    """What an entry point of the group `mulu.sources` names."""

    def __call__(self, target: str, options: Options, ontology: Ontology) -> Source: ...
