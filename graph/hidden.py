"""What a viewer may not see of what was read, then or now."""

from __future__ import annotations

from collections.abc import Mapping

from graph.store import GraphStore
from ontology.resource import At, Resource, ResourceId
from ontology.viewer import Viewer


async def hidden(
    store: GraphStore, found: Mapping[ResourceId, Resource], viewer: Viewer, at: At
) -> set[ResourceId]:
    """Those above the viewer's clearance, at `at` (as they were found) or now: what was made
    secret since is not told by asking for the past."""
    if viewer.sees_all:
        return set()
    now = {} if at is None else await store.get_many(found)
    both = (*found.items(), *now.items())
    return {id for id, r in both if not viewer.sees(r.attributes)}
