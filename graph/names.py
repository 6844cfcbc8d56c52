"""Names for places: ids, titles, contacts, asked of the record for what is shown only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.hidden import hidden
from graph.reach.view import View
from graph.store import GraphStore
from ontology.model import Ontology
from ontology.resource import At, Resource, ResourceId
from ontology.title import ending, known_as
from ontology.viewer import Viewer

CONTACT = "hasContact"
_MANY_CONTACTS = 10


@dataclass(frozen=True, slots=True)
class Names:
    """By place. What the viewer may not see has an id here and shows none."""

    ontology: Ontology
    ids: Mapping[int, ResourceId]
    resources: Mapping[ResourceId, Resource]
    secret: frozenset[int]
    contacts: Mapping[ResourceId, str] = field(default_factory=dict)

    @classmethod
    async def read(
        cls,
        store: GraphStore,
        ontology: Ontology,
        view: View,
        places: Iterable[Sequence[int] | Any],
        ways: Any,
        viewer: Viewer,
        at: At,
    ) -> Names:
        """The names of these places; `ways` lead to who answers for each (answer.py)."""
        wanted = np.unique(np.concatenate([np.asarray(p, np.int64).reshape(-1) for p in places]))
        along = np.unique(ways[ways >= 0])
        every = np.union1d(wanted[wanted >= 0], along).astype(np.int64)
        numbers = view.places.number[every].tolist()
        named = await store.named(numbers)
        ids = {
            place: named[number]
            for place, number in zip(every.tolist(), numbers, strict=True)
            if number in named
        }
        listed = set(wanted.tolist())
        read = [ids[p] for p in ids if p in listed or not viewer.sees_all]
        led = [ids[place] for place in along.tolist()]
        resources, contacts = await asyncio.gather(  # of hidden ones too: these are left out below
            store.get_many(read, at=at), _contacts(store, ontology, led, viewer, at)
        )
        unseen = await hidden(store, ontology, resources, viewer, at)
        resources = {id: r for id, r in resources.items() if id not in unseen}
        contacts = {id: contact for id, contact in contacts.items() if id not in unseen}
        secret = frozenset(p for p, id in ids.items() if id in unseen)
        return cls(ontology, ids, resources, secret, contacts)

    def shown(self, place: int) -> ResourceId:
        """The id, or "" where the viewer may not see it."""
        return ResourceId("") if place in self.secret else self.ids[place]

    def type(self, place: int) -> str:
        resource = self.resources.get(self.ids[place])
        return resource.type if resource else ""

    def title(self, place: int) -> str:
        """What people call it: its title, or what its id ends with where it has none yet."""
        if place in self.secret:
            return ""
        id = self.ids[place]
        resource = self.resources.get(id)
        if resource is None:
            return ending(id)
        return known_as(resource, self.ontology.types.get(resource.type))

    def contact(self, way: Iterable[int]) -> str:
        """The contact of the first on the way to the department who has one."""
        for place in way:
            if place >= 0 and (found := self.contacts.get(self.ids[place], "")):
                return found
        return ""


async def _contacts(
    store: GraphStore, ontology: Ontology, ids: Sequence[ResourceId], viewer: Viewer, at: At
) -> dict[ResourceId, str]:
    """Who is to be told, for those that have a contact of their own: post and telephone."""
    if CONTACT not in ontology.links or not ids:
        return {}
    links = await store.links_many(ids, [CONTACT], at=at, limit=_MANY_CONTACTS)
    posts = {edge.target for edges in links.values() for edge in edges}
    told = dict(await store.get_many(posts, at=at)) if posts else {}
    for unseen in await hidden(store, ontology, told, viewer, at):
        del told[unseen]
    found = {id: [told[e.target] for e in edges if e.target in told] for id, edges in links.items()}
    return {
        id: "；".join(_post(ontology, contact, viewer) for contact in contacts)
        for id, contacts in found.items()
        if contacts
    }


def _post(ontology: Ontology, contact: Resource, viewer: Viewer) -> str:
    """Title and telephone; personal attributes only for who may see them."""
    kind = ontology.types[contact.type]
    words = [known_as(contact, kind)]
    phone = kind.attributes.get("phone")
    if phone and "phone" in contact.attributes and (viewer.personal or not phone.personal):
        value = contact.attributes["phone"]
        words.extend(str(v) for v in (value if isinstance(value, tuple) else (value,)))
    return " ".join(words)
