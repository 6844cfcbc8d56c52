"""The visible links of one resource, a page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from graph.memory.picture import Shown
from graph.page import Place
from graph.store import LinkPage
from ontology.model import Direction
from ontology.resource import Edge, ResourceId


def page(
    holding: Iterable[Shown],
    id: ResourceId,
    types: Sequence[str] | None,
    way: Direction,
    *,
    name: Callable[[ResourceId], ResourceId],
    numbers: Mapping[ResourceId, int],
    start: Place | None,
    limit: int,
) -> LinkPage:
    """Of the links that hold at one commit; `name` is what a name is called then."""
    alike: dict[tuple[str, ResourceId, str], list[Shown]] = {}
    for shown in holding:
        link = shown.row.link
        here, there = shown.row.name, link.target
        if way is Direction.BACKWARD:
            here, there = there, here
        if name(here) == name(id) and (types is None or link.type in types):
            alike.setdefault((link.type, name(there), link.key), []).append(shown)
    placed = sorted(
        (Place(kind, min(numbers[_far(s, way)] for s in same), key), _best(same, numbers))
        for (kind, _, key), same in alike.items()
    )
    page = [(p, s) for p, s in placed if start is None or p > start]
    edges = tuple(_edge(s, name) for _, s in page[:limit])
    return LinkPage(edges, str(page[limit - 1][0]) if len(page) > limit else None)


def _far(shown: Shown, way: Direction) -> ResourceId:
    return shown.row.link.target if way is Direction.FORWARD else shown.row.name


def _best(same: Sequence[Shown], numbers: Mapping[ResourceId, int]) -> Shown:
    """Of links that mean the same under several names: the highest rank, the newest."""

    def order(shown: Shown) -> tuple[int, int, int, int]:
        row = shown.row
        return -row.source.rank, -row.since, numbers[row.name], numbers[row.link.target]

    return min(same, key=order)


def _edge(shown: Shown, name: Callable[[ResourceId], ResourceId]) -> Edge:
    link = shown.row.link
    return Edge(
        origin=name(shown.row.name),
        type=link.type,
        target=name(link.target),
        key=link.key,
        properties=link.properties,
        source=shown.row.source.name,
        since=shown.since,
        until=shown.until,
    )
