"""What the reach index reads of the reference store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph.memory.picture import Picture, Shown
from graph.numbered import AliasInterval, RawEdge
from ontology.changes import job_in, literals_in
from ontology.resource import ResourceId


def raw_edges(shown_ever: Sequence[Shown], numbers: Mapping[ResourceId, int]) -> Iterator[RawEdge]:
    """Every interval of every link that was ever visible."""
    for shown in shown_ever:
        link = shown.row.link
        job = job_in(link.properties)
        yield RawEdge(
            origin=numbers[shown.row.name],
            type=link.type,
            target=numbers[link.target],
            key=link.key,
            derivation=str(link.properties.get("derivation", "")),
            job=numbers.get(job, 0) if job else 0,
            source=shown.row.source.name,
            complete=link.properties.get("complete") is True,
            since=shown.since,
            until=shown.until,
            literals=literals_in(link.properties),
        )


def alias_intervals(
    pictures: Sequence[Picture], numbers: Mapping[ResourceId, int]
) -> Iterator[AliasInterval]:
    """Every interval in which a name stood for another."""
    stands = [p.stand for p in pictures]
    for name in numbers:
        since, of = 0, None
        for commit, stand in enumerate([*stands, None]):
            current = stand.get(name) if stand is not None else None
            if of is not None and (stand is None or current != of):
                until = None if stand is None else commit
                yield AliasInterval(numbers[name], numbers[of], since, until)
            if current != of:
                since, of = commit, current
