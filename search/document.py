"""A resource, with the names around it, as search sees it.

`document` works on plain values: the caller follows the paths that the mapping names
(`SearchMapping.types[…].embeddings`) and hands over the resources found at their ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

import orjson

from ontology.resource import Resource, ResourceId, Scalar, Value
from ontology.title import known_as
from ontology.viewer import LEVELS, Viewer, rank_of
from search.instants import instant
from search.mapping import ID, TITLE, TYPE, Embedding, Form, Kept, Path, SearchMapping
from search.ranking import ID_WEIGHT, PRIOR_POWER, SPARSE, TYPE_WEIGHT, WELL_DESCRIBED
from search.text import sound

MAX_PASSAGE = 20_000
"""Characters of one value that are searched; a longer one is a document, not metadata."""
MAX_PASSAGES = 5_000
"""Values of one resource that are searched, nearest first: its own, then its neighbours'."""
MAX_KEYWORD = 256

_LEVEL = "securityLevel"
_REGION = "region"
_UNLEVELLED = "-"
_INT64 = 2**63


class Passage(NamedTuple):
    """One searchable text: the attribute or link it stands under, and its weight."""

    field: str
    text: str
    weight: float


@dataclass(frozen=True)
class SearchDocument:
    """What an index stores of a resource, before tokens are cut.

    `number`: the resource's dense number, which breaks ties in every order. `names`:
    title first, then further names. `values`: by field, in the field's form (text, number,
    microseconds), for filters, facets and order. `refs`: (link, id) of the resources one
    step away. `visibility`: a viewer sees it who holds any of these. `prior`: factor of
    its rank, by class and by how well it is described.
    """

    id: ResourceId
    number: int
    type: str
    title: str
    names: tuple[str, ...]
    passages: tuple[Passage, ...]
    values: Mapping[str, tuple[Scalar, ...]]
    refs: tuple[tuple[str, str], ...]
    visibility: tuple[str, ...]
    prior: float

    @cached_property
    def digest(self) -> str:
        """Equal for equal documents: what `verify` compares."""
        passages = [tuple(passage) for passage in self.passages]
        own = (self.id, self.number, self.type, self.title, self.names, self.visibility, self.prior)
        whole = (own, passages, self.values, self.refs)
        return blake2b(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


Near = Sequence[tuple[Embedding, Sequence[Resource]]]
"""What stands at the end of each embedding, where something does."""


def document(
    resource: Resource,
    around: Mapping[Path, Sequence[Resource]],
    mapping: SearchMapping,
    ranks: Mapping[ResourceId, int] = MappingProxyType({}),
) -> SearchDocument:
    """The document of a living resource. `around`: embedding path → resources at its end;
    neighbours that a viewer of this resource might not see lend it no names. `ranks` of those
    that are more secret than they say, being parts of what is (graph/hidden.py)."""

    def rank(one: Resource) -> int:
        return ranks.get(one.id, rank_of(one.attributes.get(_LEVEL)))

    level = rank(resource)
    kept = mapping.types[resource.type]
    title = title_of(resource, kept)
    near = [
        (embedding, neighbours)
        for embedding in (kept.embeddings if around else ())
        if (neighbours := [n for n in around.get(embedding.path, ()) if rank(n) <= level])
    ]
    return SearchDocument(
        id=resource.id,
        number=resource.number,
        type=resource.type,
        title=title,
        names=_names(resource, kept, title, near),
        passages=tuple(_passages(resource, kept, title, near, mapping)[:MAX_PASSAGES]),
        values=_values(resource, kept, title, near, mapping),
        refs=tuple(sorted(_refs(near))),
        visibility=(LEVELS[level] if level else _level(resource),),
        prior=kept.prior**PRIOR_POWER * _described(resource, near),
    )


def title_of(resource: Resource, kept: Kept | None) -> str:
    """What people call it, as far as an engine can store it."""
    return sound(known_as(resource, kept)[:MAX_PASSAGE])


def visible_to(viewer: Viewer | None) -> tuple[str, ...] | None:
    """The visibilities that a viewer holds; None: sees all."""
    if viewer is None or viewer.sees_all:
        return None
    return (_UNLEVELLED, *LEVELS[: viewer.rank + 1])


def keywords(value: Value, form: Form, home: tzinfo) -> tuple[Scalar, ...]:
    """The value in a field's form; what does not fit it is left out."""
    if not isinstance(value, tuple):
        fitting = _in_form(value, form, home)
        return () if fitting is None else (fitting,)
    several = (_in_form(v, form, home) for v in value)
    return tuple(dict.fromkeys(v for v in several if v is not None))


def _in_form(value: Scalar, form: Form, home: tzinfo) -> Scalar | None:
    if form is Form.KEYWORD:
        text = str(value).lower() if isinstance(value, bool) else str(value).strip()
        return sound(text[:MAX_KEYWORD]) or None
    if form is Form.INSTANT:
        return instant(value, home)
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number) or abs(number) >= _INT64:
        return None
    return (
        int(value)
        if form is Form.INTEGER and isinstance(value, int)
        else (int(number) if form is Form.INTEGER else number)
    )


def _texts(value: Value) -> Sequence[str]:
    """The texts of a value that say something."""
    if isinstance(value, str):  # nearly always
        text = sound(value[:MAX_PASSAGE])
        return (text,) if text.strip() else ()
    several = value if isinstance(value, tuple) else (value,)
    texts = [sound(str(one)[:MAX_PASSAGE]) for one in several]
    return [text for text in texts if text.strip()]


def _level(resource: Resource) -> str:
    level = resource.attributes.get(_LEVEL)
    return str(level) if level in LEVELS else _UNLEVELLED


def _described(resource: Resource, near: Near) -> float:
    """How much is known of the resource, as a factor of its rank."""
    paths = len({embedding.path for embedding, _ in near}) if len(near) > 1 else len(near)
    known = len(resource.attributes) + paths
    return SPARSE + (1 - SPARSE) * min(1.0, known / WELL_DESCRIBED)


def _further_names(resource: Resource, kept: Kept | None) -> list[str]:
    found: list[str] = []
    for name in kept.names if kept else ():
        if (value := resource.attributes.get(name)) is not None:
            found += _texts(value)
    return found


def _names(resource: Resource, kept: Kept, title: str, near: Near) -> tuple[str, ...]:
    """Title first, then further names; and what people of the region say, who leave its name
    out, or others, who put it before: 云澜市公安局 is 公安局, 市人社局 is 云澜市人社局."""
    further = _further_names(resource, kept)
    names = [title, *further]
    for embedding, neighbours in near:
        if embedding.facet == _REGION and len(embedding.path) == 1:
            for region in (str(n.attributes.get("name") or "") for n in neighbours):
                if region and _begins(title, region):
                    names.append(title[len(region) :])
                names += [region + n[1:] for n in further if region and n[:1] == region[-1]]
    return tuple(dict.fromkeys(names))


def _begins(name: str, region: str) -> bool:
    return name.startswith(region) and len(name) >= len(region) + 3


def _passages(
    resource: Resource,
    kept: Kept,
    title: str,
    near: Near,
    mapping: SearchMapping,
) -> list[Passage]:
    found = [Passage(kept.title, title, kept.texts.get(kept.title, ID_WEIGHT))]
    attributes = resource.attributes
    for name, weight in kept.texts.items():
        if name in attributes and name != kept.title:
            found += [Passage(name, text, weight) for text in _texts(attributes[name])]
    found.append(Passage(TYPE, kept.label, TYPE_WEIGHT))
    found += [Passage(ID, id, ID_WEIGHT) for id in (resource.id, *resource.names)]
    for embedding, neighbours in near:
        field, weight = embedding.field, embedding.weight
        if not weight:
            continue
        told: dict[str, None] = {}
        for neighbour in neighbours:
            theirs = mapping.types.get(neighbour.type)
            told[title_of(neighbour, theirs)] = None
            told.update(dict.fromkeys(_further_names(neighbour, theirs)))
        found += [Passage(field, text, weight) for text in told]
    return found


def _values(
    resource: Resource,
    kept: Kept,
    title: str,
    near: Near,
    mapping: SearchMapping,
) -> Mapping[str, tuple[Scalar, ...]]:
    values: dict[str, tuple[Scalar, ...]] = {TITLE: (title[:MAX_KEYWORD],)}
    for name in kept.values:
        value = resource.attributes.get(name)
        form = mapping.fields[name].form
        if value is None or form is None:
            continue
        if fitting := keywords(value, form, mapping.home):
            values[name] = fitting
    for embedding, neighbours in near:
        if embedding.facet is None:
            continue
        titles = _titles(neighbours, mapping)
        if merged := tuple(dict.fromkeys((*values.get(embedding.facet, ()), *titles))):
            values[embedding.facet] = merged
    return values


def _titles(neighbours: Iterable[Resource], mapping: SearchMapping) -> Iterator[str]:
    for neighbour in neighbours:
        yield title_of(neighbour, mapping.types.get(neighbour.type))[:MAX_KEYWORD]


def _refs(near: Near) -> Iterator[tuple[str, str]]:
    for embedding, neighbours in near:
        if len(embedding.path) == 1:
            for neighbour in neighbours:
                yield embedding.field, neighbour.id
