"""Wholes that are parts of themselves, found among the claims of one run.

A 机构 within itself, a 类目 above itself, a chain of regions that comes back: the link that
closes the circle is left out and told; the rest stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ontology.model import LinkType, Ontology
from ontology.resource import Claim, ResourceId

Edge = tuple[ResourceId, str, ResourceId]


def climbing(ontology: Ontology) -> Mapping[str, LinkType]:
    """Link types that can make a circle and must not: between resources of one family, from
    whole to part or to the only one above."""
    return {
        link.name: link
        for link in ontology.links.values()
        if (link.part_of or not link.many)
        and not link.abstract
        and {ontology.types[end].family for end in link.domain}
        & {ontology.types[end].family for end in link.range}
    }


def closing(claims: Iterable[Claim], ontology: Ontology) -> frozenset[Edge]:
    """The links that close a circle, each link type by itself; in the order of the claims."""
    kinds = climbing(ontology)
    ahead: dict[str, dict[ResourceId, list[ResourceId]]] = {name: {} for name in kinds}
    for claim in claims:
        for link in claim.links:
            if link.type in kinds:
                ahead[link.type].setdefault(claim.resource, []).append(link.target)
    return frozenset(
        (origin, name, target)
        for name, graph in ahead.items()
        for origin, target in _back_edges(graph)
    )


def _back_edges(
    graph: Mapping[ResourceId, list[ResourceId]],
) -> Iterable[tuple[ResourceId, ResourceId]]:
    """Edges that lead back onto the path of a depth-first walk; no recursion, since chains
    may be long."""
    done: set[ResourceId] = set()
    for root in graph:
        if root in done:
            continue
        path = {root: iter(graph[root])}
        while path:
            node, following = next(reversed(path.items()))
            target = next(following, None)
            if target is None:
                done.add(node)
                del path[node]
            elif target in path:
                yield node, target
            elif target not in done:
                path[target] = iter(graph.get(target, ()))
