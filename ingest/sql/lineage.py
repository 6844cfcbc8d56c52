"""Flows as claims: derivations of datasets and fields, and what a job reads and writes.

Column derivations are direct edges with their rule. What only chooses rows (filter, join, group,
sort) is an indirect edge into every column written. `complete` is true between two datasets only if
every statement of the job that moves data between them is understood to the last column, so that
the column edges may stand for the dataset's edge (DESIGN.md, "How a change spreads").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ingest.source import Place, Record
from ingest.sql.binding import Binding
from ingest.sql.flow import Derivation, Flow
from ingest.sql.names import ColumnName
from ingest.sql.relation import STAR, Kind, Trace, Traces
from ontology.naming import dataset_of
from ontology.resource import Claim, Link, ResourceId, Scalar

INFLUENCED = 20_000
"""Indirect edges of one job at most; beyond, its dataset edges say the same, coarsely."""


@dataclass(slots=True)
class Lineage:
    """The flows of one job (or view) put together."""

    binding: Binding
    job: ResourceId | None = None
    file: str = ""
    _complete: dict[tuple[ResourceId, ResourceId], bool] = field(default_factory=dict)
    _fields: dict[ResourceId, dict[ResourceId, Traces]] = field(default_factory=dict)
    _lines: dict[ResourceId, int] = field(default_factory=dict)
    _read: dict[ResourceId, dict[str, None]] = field(default_factory=dict)
    _written: dict[ResourceId, None] = field(default_factory=dict)
    _indirect: int = 0

    def add(self, flows: Iterable[Flow]) -> None:
        """Take these in."""
        for flow in flows:
            origins = [self.binding.dataset(name) for name in flow.origins]
            for origin in origins:
                self._read.setdefault(origin, {})
            used: Iterator[Derivation | Trace] = chain(flow.columns, flow.influences)
            for item in used:
                if item.origin.key != STAR:
                    known = self._read.setdefault(self._id(item.origin), {})
                    known.update(dict.fromkeys(item.literals))
            if flow.target is not None:
                self._move(flow, origins)

    def _id(self, column: ColumnName) -> ResourceId:
        return self.binding.field(column.table, column.column)

    def _move(self, flow: Flow, origins: Sequence[ResourceId]) -> None:
        assert flow.target is not None
        target = self.binding.dataset(flow.target)
        self._lines.setdefault(target, flow.line)
        self._written[target] = None
        for origin in origins:
            pair = (target, origin)
            self._complete[pair] = self._complete.get(pair, True) and flow.complete
        columns = {name: self.binding.field(flow.target, name) for name in flow.written}
        for edge in flow.columns:
            if STAR in (edge.target.key, edge.origin.key):
                continue
            derived = self.binding.field(flow.target, edge.target.column)
            self._lines.setdefault(derived, flow.line)
            self._add(derived, Trace(edge.origin, edge.kind, edge.rule, edge.literals))
        self._indirect += len(columns) * len(flow.influences)
        if self._indirect > INFLUENCED:
            for origin in origins:
                self._complete[(target, origin)] = False
            return
        for derived in columns.values():
            self._lines.setdefault(derived, flow.line)
            for trace in flow.influences:
                self._add(derived, trace)

    def _add(self, derived: ResourceId, trace: Trace) -> None:
        origin = self._id(trace.origin)
        if origin != derived:
            self._fields.setdefault(derived, {}).setdefault(origin, Traces()).add((trace,))

    # -- claims ------------------------------------------------------------------------------

    def records(self) -> Iterator[Record]:
        """The derivations, on the datasets and fields that are derived."""
        links: dict[ResourceId, list[Link]] = {}
        for (target, origin), complete in self._complete.items():
            if origin != target:
                link = self._link("datasetDerivedFrom", origin, {"complete": complete})
                links.setdefault(target, []).append(link)
        for target, found in links.items():
            yield self._record(target, found)
        for derived, origins in self._fields.items():
            yield self._record(
                derived, [self._field_link(derived, o, traces) for o, traces in origins.items()]
            )

    def _field_link(self, derived: ResourceId, origin: ResourceId, traces: Traces) -> Link:
        """One edge: the direct derivation if there is one, else the strongest indirect one."""
        found = sorted(traces, key=lambda trace: list(Kind).index(trace.kind))
        first = found[0]
        literals = dict.fromkeys(literal for trace in found for literal in trace.literals)
        rules = dict.fromkeys(trace.rule for trace in found if trace.kind.direct or trace is first)
        properties: dict[str, Scalar] = {
            "derivation": first.kind.value,
            "complete": self._is_complete(derived, origin),
        }
        rule = "; ".join(rule for rule in rules if rule)
        if rule:
            properties["rule"] = rule
        if literals:
            properties["literals"] = "\n".join(literals)
        return self._link("fieldDerivedFrom", origin, properties)

    def _is_complete(self, derived: ResourceId, origin: ResourceId) -> bool:
        target, source = dataset_of(derived), dataset_of(origin)
        return bool(target and source and self._complete.get((target, source)))

    def _link(self, type: str, origin: ResourceId, properties: dict[str, Scalar]) -> Link:
        if self.job is not None:
            properties = {**properties, "job": self.job}
        return Link(type, origin, properties, self.job or "")

    def _record(self, resource: ResourceId, links: Sequence[Link]) -> Record:
        line = self._lines.get(resource)
        return Record(Claim(resource, None, {}, tuple(links)), Place(self.file, row=line))

    def job_links(self) -> tuple[Link, ...]:
        """What the job reads (with the literals that it compares) and writes."""
        reads = [
            Link("reads", id, {"literals": "\n".join(found)} if found else {})
            for id, found in self._read.items()
        ]
        return (*reads, *(Link("writes", id) for id in self._written))
