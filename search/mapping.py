"""What search knows of the ontology: fields, weights, facets, and whose names an entry carries.

`derive` is a pure function over `Ontology`. The mapping is stored whole with each
generation of an index, so that an older generation goes on answering while a new one is
built beside it; `version` is its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ontology.model import Attribute, Datatype, Direction, Label, LinkType, Ontology, ResourceType
from ontology.moment import ZONE
from search.pinyin import order_key
from search.ranking import ID_WEIGHT, NAME_SHARE, REMOTE, SPEAKS_FOR_WHOLE, TYPE_WEIGHT, band
from search.text import fold
from search.typed import typed

FORMAT = 6
"""Raised when the same mapping makes other tokens or physical fields than before."""

TYPE, ID, TITLE = "type", "id", "title"
"""Fields that every resource has, whatever attribute holds its title."""
_OWN = {
    TYPE: (Label("类型", "class"),),
    ID: (Label("标识", "id"),),
    TITLE: (Label("名称", "title"), Label("标题", "name")),
}


class Form(StrEnum):
    """How a field's values are kept for filters, facets and order."""

    KEYWORD = "keyword"
    INTEGER = "integer"
    DECIMAL = "decimal"
    INSTANT = "instant"  # dates and times, as microseconds since 1970


_FORMS = {
    Datatype.INTEGER: Form.INTEGER,
    Datatype.DECIMAL: Form.DECIMAL,
    Datatype.DATE: Form.INSTANT,
    Datatype.DATETIME: Form.INSTANT,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a person or a program may name.

    `form` None: only its text is searched. `within` are the passages (attributes, links)
    in which `field:value` looks for text. `codes` gives notations in their order, and
    `spellings` each folded label or synonym → notation.
    """

    name: str
    form: Form | None
    within: tuple[str, ...] = ()
    facet: bool = False
    sortable: bool = False
    codes: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One link to follow, along or against the way it is stored."""

    link: str
    way: Direction

    def __hash__(self) -> int:  # paths are looked up for every document of a ledger
        return hash(self.link)


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """Names at the end of `path` are searchable from its start, in the passage `field`
    with `weight` (0: not as text), and count in the facet, if one is named."""

    path: Path
    field: str
    weight: float
    facet: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What of one class goes into a document. `texts`: attribute → weight. `dependants`:
    from a resource of this class to those whose documents hold its names. `wholes`: types of
    links that make it a part, as secret as its whole."""

    label: str
    title: str
    ancestors: tuple[str, ...]
    prior: float
    names: tuple[str, ...]
    texts: Mapping[str, float]
    values: tuple[str, ...]
    embeddings: tuple[Embedding, ...]
    dependants: tuple[Path, ...]
    wholes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchMapping:
    """See the module's text. `typed` gives what people may type for a field (lower case,
    Chinese or English) → its name, for `parse`. `bands` are the weights of the text
    fields, heaviest first. Dates that name no zone are of `zone`."""

    types: Mapping[str, Kept]
    fields: Mapping[str, Field]
    typed: Mapping[str, str]
    bands: tuple[float, ...]
    zone: str = ZONE

    @cached_property
    def home(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def version(self) -> str:
        told = orjson.dumps([FORMAT, self._told()], option=orjson.OPT_SORT_KEYS)
        return sha256(told).hexdigest()[:16]

    @cached_property
    def facets(self) -> tuple[str, ...]:
        return tuple(name for name, f in self.fields.items() if f.facet)

    @cached_property
    def parts(self) -> Mapping[str, Sequence[str]]:
        """Class → types of the links that make a resource of it a part."""
        return {name: kept.wholes for name, kept in self.types.items()}

    @cached_property
    def type_places(self) -> Mapping[str, int]:
        """Classes in the order of their labels."""
        ordered = sorted(self.types, key=lambda name: (order_key(self.types[name].label), name))
        return {name: place for place, name in enumerate(ordered)}

    def dependants(self, type: str) -> tuple[Path, ...]:
        """Paths from a changed resource of this class to those whose documents hold its
        names (department → entries it provides, item → its entry). Where a link itself
        was taken away, follow them as of before the change as well as now."""
        kept = self.types.get(type)
        return kept.dependants if kept else ()

    def to_json(self) -> dict[str, Any]:
        """Plain values that `from_json` reads back."""
        found: dict[str, Any] = orjson.loads(orjson.dumps(self._told()))
        return found

    def _told(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> SearchMapping:
        return SearchMapping(
            types={name: _kept(kept) for name, kept in data["types"].items()},
            fields={name: _field(f) for name, f in data["fields"].items()},
            typed=data["typed"],
            bands=tuple(data["bands"]),
            zone=data.get("zone", ZONE),
        )


def derive(ontology: Ontology, zone: str = ZONE) -> SearchMapping:
    """The mapping of an ontology. Personal attributes are left out altogether: nobody finds
    a person by searching for the contact of an entry. Abstract classes have documents too:
    a source may know no more of a resource than that it is some catalogue entry."""
    embeddings = {n: tuple(_embeddings(kind, ontology)) for n, kind in ontology.types.items()}
    back = _dependants(embeddings, ontology)
    types = {
        name: _keep(kind, embeddings[name], tuple(back.get(name, ())), ontology.parts[name])
        for name, kind in ontology.types.items()
    }
    fields = {f.name: f for f in _fields(ontology, types)}
    weights = [TYPE_WEIGHT, ID_WEIGHT]
    for kept in types.values():
        weights += kept.texts.values()
        weights += [e.weight for e in kept.embeddings if e.weight]
    bands = tuple(sorted({band(w) for w in weights}, reverse=True))
    facets = [name for name, f in fields.items() if f.facet]
    return SearchMapping(types, fields, typed(ontology, _OWN, fields, facets), bands, zone)


def _keep(
    kind: ResourceType,
    embeddings: tuple[Embedding, ...],
    dependants: tuple[Path, ...],
    wholes: tuple[str, ...],
) -> Kept:
    open_ = {name: a for name, a in kind.attributes.items() if not a.personal}
    texts = {name: a.search_weight for name, a in open_.items() if a.search_weight > 0}
    title = texts.get(kind.title, 1.0)
    return Kept(
        label=kind.label.zh,
        title=kind.title,
        ancestors=kind.ancestors,
        prior=kind.search_prior,
        names=tuple(
            name
            for name, weight in texts.items()
            if name != kind.title
            and open_[name].datatype is Datatype.STRING
            and weight >= NAME_SHARE * title
        ),
        texts=texts,
        values=tuple(n for n, a in open_.items() if (a.filterable or a.facet) and n != TITLE),
        embeddings=embeddings,
        dependants=dependants,
        wholes=wholes,
    )


def _embeddings(kind: ResourceType, ontology: Ontology) -> Iterator[Embedding]:
    """One step along each link that embeds; two where the first leads to parts that speak
    for the whole: the element of an item finds the entry, by its synonyms too."""
    for step, link, weight in _steps(kind.name, ontology):
        yield Embedding((step,), _passage(step, link), weight, _facet_name(step, link, ontology))
        if not link.part_of or step.way is Direction.BACKWARD or weight < SPEAKS_FOR_WHOLE:
            continue
        seen: set[Step] = set()
        for part in _classes(link.range, ontology):
            for inner, inner_link, inner_weight in _steps(part, ontology):
                if inner.link == link.name or not inner_weight or inner in seen:
                    continue
                seen.add(inner)
                field = _passage(inner, inner_link)
                yield Embedding((step, inner), field, weight * inner_weight * REMOTE)


def _dependants(
    embeddings: Mapping[str, tuple[Embedding, ...]], ontology: Ontology
) -> Mapping[str, Iterable[Path]]:
    """Every embedding read backwards, from each class that it may lead to."""
    found: dict[str, dict[Path, None]] = {}
    for embedding in (e for of_type in embeddings.values() for e in of_type):
        last = embedding.path[-1]
        link = ontology.links[last.link]
        ends = link.range if last.way is Direction.FORWARD else link.domain
        for end in _classes(ends, ontology):
            found.setdefault(end, {})[_reversed(embedding.path)] = None
    return found


def _steps(type: str, ontology: Ontology) -> Iterator[tuple[Step, LinkType, float]]:
    for link in ontology.links_from(type):
        if link.embed or link.facet:
            yield Step(link.name, Direction.FORWARD), link, link.embed
    for link in ontology.links_to(type):
        if link.inverse_embed:
            yield Step(link.name, Direction.BACKWARD), link, link.inverse_embed


def _passage(step: Step, link: LinkType) -> str:
    return link.name if step.way is Direction.FORWARD else link.inverse_name


def _facet_name(step: Step, link: LinkType, ontology: Ontology) -> str | None:
    """Links to one class make one facet: provided by, managed by … → department."""
    if not link.facet or step.way is Direction.BACKWARD:
        return None
    name = link.range[0]
    return name[0].lower() + name[1:]


def _classes(names: Iterable[str], ontology: Ontology) -> Iterator[str]:
    for name in names:
        yield from ontology.descendants(name)


def _fields(ontology: Ontology, types: Mapping[str, Kept]) -> Iterator[Field]:
    labels = {n: ontology.types[n].label for n in ontology.types}
    spellings = {fold(s): n for n, label in labels.items() for s in (label.en, label.zh, n)}
    yield Field(TYPE, Form.KEYWORD, facet=True, codes=tuple(types), spellings=spellings)
    yield Field(ID, Form.KEYWORD)
    titles = tuple(dict.fromkeys((TITLE, *(kept.title for kept in types.values()))))
    yield Field(TITLE, Form.KEYWORD, within=titles, sortable=True)
    attributes: dict[str, list[Attribute]] = {}
    for name in types:
        for attribute in ontology.types[name].attributes.values():
            if not attribute.personal:
                attributes.setdefault(attribute.name, []).append(attribute)
    attributes.pop(TITLE, None)
    for name, found in attributes.items():
        if (attribute_field := _attribute_field(name, found, ontology)) is not None:
            yield attribute_field
    facets: dict[str, dict[str, None]] = {}
    passages: dict[str, None] = {}
    for kept in types.values():
        for e in kept.embeddings:
            passages[e.field] = None
            if e.facet:
                facets.setdefault(e.facet, {})[e.field] = None
    for name in passages:
        if name not in attributes:
            yield Field(name, None, within=(name,))
    for name, within in facets.items():
        if name not in attributes and name not in passages:
            yield Field(name, Form.KEYWORD, within=tuple(within), facet=True)


def _attribute_field(name: str, found: list[Attribute], ontology: Ontology) -> Field | None:
    """An attribute may differ by class: it is kept in the form that fits all of them."""
    kept = [a for a in found if a.filterable or a.facet]
    searched = any(a.search_weight > 0 for a in found)
    if not kept and not searched:
        return None
    forms = {_FORMS.get(a.datatype, Form.KEYWORD) for a in kept}
    lists = [ontology.code_lists[a.code_list] for a in kept if a.code_list]
    codes = [code for code_list in lists for code in code_list.codes]
    spellings: dict[str, str] = {}
    for code in codes:
        for spelling in (code.notation, code.label.zh, code.label.en, *code.synonyms):
            spellings.setdefault(fold(spelling), code.notation)
    return Field(
        name,
        form=None if not kept else forms.pop() if len(forms) == 1 else Form.KEYWORD,
        within=(name,) if searched else (),
        facet=any(a.facet for a in found),
        sortable=bool(kept) and not any(a.many or a.datatype is Datatype.TEXT for a in found),
        codes=tuple(dict.fromkeys(code.notation for code in codes)),
        spellings=spellings,
    )


def _opposite(way: Direction) -> Direction:
    return Direction.BACKWARD if way is Direction.FORWARD else Direction.FORWARD


def _reversed(path: Path) -> Path:
    return tuple(Step(step.link, _opposite(step.way)) for step in reversed(path))


def _kept(data: Mapping[str, Any]) -> Kept:
    embeddings = tuple(
        Embedding(_path(e["path"]), e["field"], e["weight"], e["facet"]) for e in data["embeddings"]
    )
    lists = {name: tuple(data.get(name, ())) for name in ("ancestors", "names", "values", "wholes")}
    dependants = tuple(_path(path) for path in data["dependants"])
    return Kept(**{**data, **lists, "embeddings": embeddings, "dependants": dependants})


def _path(data: Iterable[Mapping[str, str]]) -> Path:
    return tuple(Step(step["link"], Direction(step["way"])) for step in data)


def _field(data: Mapping[str, Any]) -> Field:
    form = Form(data["form"]) if data["form"] else None
    return Field(
        **{**data, "form": form, "within": tuple(data["within"]), "codes": tuple(data["codes"])}
    )
