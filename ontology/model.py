"""The ontology as frozen values: all that the rest of mulu knows of the TTL files.

`ontology/load.py` reads TTL into these; every projection (storage, search mapping,
GraphQL, Excel template, validation, spreading) is a pure function over `Ontology`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ontology.shapes import Shape


class Datatype(StrEnum):
    """What a value is. Dates and instants are ISO 8601 strings in values."""

    STRING = "string"
    TEXT = "text"  # long; tokenised, never a facet
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "dateTime"
    URI = "anyURI"
    CODE = "code"  # a value of a code list, held as its notation


@dataclass(frozen=True, slots=True)
class Label:
    """One name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code list: `notation` is stored, labels are shown."""

    notation: str
    label: Label
    synonyms: tuple[str, ...] = ()
    order: int = 0
    aligned: tuple[str, ...] = ()  # IRIs of outside concepts


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed (or open: unknown values are kept, with a warning) list of codes."""

    name: str
    label: Label
    codes: tuple[Code, ...]
    open: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as it applies to one class.

    `required`/`many` are its cardinality; `search_weight` 0 keeps it out of full
    text; `headers` are further column names under which sources deliver it.
    """

    name: str
    label: Label
    datatype: Datatype
    iri: str
    definition: Label = Label("", "")
    clause: str = ""
    required: bool = False
    many: bool = False
    code_list: str | None = None
    pattern: str | None = None
    check: str | None = None  # a named check: "uscc", "citizenId", "division" (ontology/checks.py)
    max_length: int | None = None
    search_weight: float = 0.0
    facet: bool = False
    filterable: bool = False
    personal: bool = False  # personal data: only shown to viewers with that right
    true_words: tuple[str, ...] = ()  # further words for a boolean: 涉密
    false_words: tuple[str, ...] = ()  # 非涉密
    other_note: str | None = None  # attribute that explains a code 其他 (每10日)
    headers: tuple[str, ...] = ()
    group: Label = Label("", "")
    order: int = 0
    aligned: tuple[str, ...] = ()  # IRIs of outside vocabularies (dct:title …)


@dataclass(frozen=True, slots=True)
class IdentifierScheme:
    """One way to identify a resource of a family (domain/ontology.md §8).

    `attributes` must all be present; `scope` names the attribute or link types whose
    value makes the identifier unique. `weak` ids are marked provisional. `fold` gives
    how each value is normalised: "exact", "upper", "lower", "name" (folded name), or a rule
    of its own kind: "dataset", "division", "standard", "edition" (ontology/identity.py).
    `scope_folds` says the same of scopes that are attributes, where it is not "name".
    """

    name: str
    attributes: tuple[str, ...]
    scope: tuple[str, ...] = ()
    fold: str = "exact"
    weak: bool = False
    check: str | None = None
    scope_folds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A class of resources. `attributes` and `ancestors` include what is inherited."""

    name: str
    label: Label
    iri: str
    family: str
    title: str  # name of the attribute that names a resource to people
    parents: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()  # nearest first, without itself
    abstract: bool = False
    definition: Label = Label("", "")
    clause: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    identifiers: tuple[IdentifierScheme, ...] = ()
    aligned: tuple[str, ...] = ()  # IRIs of outside vocabularies (dcat:Dataset …)
    headers: tuple[str, ...] = ()  # further names under which sources deliver it
    search_prior: float = 1.0  # entries rank before fields for the same words


class Kind(StrEnum):
    """What changes. The last three are derived: they are never asked, only reached."""

    REMOVE = "remove"
    RENAME = "rename"
    RETYPE = "retype"
    VALUES = "values"
    MEANING = "meaning"
    MOVE = "move"
    LEVEL = "level"
    REORGANISE = "reorganise"
    BROKEN = "broken"
    STALE = "stale"
    NOTIFY = "notify"


class Way(StrEnum):
    FLOW = "flow"
    PART = "part"
    USE = "use"


class Direction(StrEnum):
    """Along the link as stored (from → to), or against it."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Certainty(StrEnum):
    """How sure a result is; a path is as sure as its worst link."""

    EXACT = "exact"
    INDIRECT = "indirect"
    COARSE = "coarse"


@dataclass(frozen=True, slots=True)
class Spread:
    """How one link type carries a change in one direction (domain/spreading.md).

    `kinds` maps an accepted kind to the kind at the other end; kinds not named do
    not pass. A `use` always arrives as NOTIFY unless it says STALE. `start_only` holds
    for a resource that is itself changed; `adapt` results are obliged, not broken (R6);
    `derivations` restricts it to links whose `derivation` property is among them ("" is
    a link that states none); `certainty` is the best that arrives; `coarse_only` lets only
    coarse effects pass; `due` is the number of working days to act in (0: no limit).
    """

    direction: Direction
    way: Way
    kinds: Mapping[Kind, Kind]
    start_only: bool = False
    adapt: bool = False
    derivations: tuple[str, ...] = ()
    certainty: Certainty = Certainty.EXACT
    coarse_only: bool = False
    due: int = 0


@dataclass(frozen=True, slots=True)
class LinkType:
    """A typed relation. `domain` and `range` are class names (subclasses included)."""

    name: str
    label: Label
    inverse_name: str
    inverse_label: Label
    iri: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    definition: Label = Label("", "")
    clause: str = ""
    required: bool = False
    many: bool = True  # how many targets one resource may have
    abstract: bool = False  # only a name for its specialisations; no claim holds one
    specialises: str | None = None
    lineage: bool = False  # specialises derivedFrom: target is the origin
    part_of: bool = False  # from = whole, to = part
    keyed_by: tuple[str, ...] = ()  # properties that tell parallel links apart (job)
    properties: Mapping[str, Attribute] = field(default_factory=dict)
    spreads: tuple[Spread, ...] = ()
    answerable: int = 0  # >0: target is, or leads to, the answerable party; smaller first (R5)
    inverse_answerable: int = 0  # >0: the origin is, or leads to, the target's
    embed: float = 0.0  # >0: target's title is searchable from the origin, with that weight
    inverse_embed: float = 0.0  # >0: origin's title is searchable from the target
    facet: bool = False  # target's title is a facet of the origin
    headers: tuple[str, ...] = ()
    inverse_headers: tuple[str, ...] = ()  # columns of the target's rows that name the origin
    order: int = 0
    aligned: tuple[str, ...] = ()  # IRIs of outside vocabularies (prov:wasDerivedFrom …)


@dataclass(frozen=True, repr=False)
class Ontology:
    """The whole model. Look-ups by name raise KeyError for unknown names."""

    types: Mapping[str, ResourceType]
    links: Mapping[str, LinkType]
    code_lists: Mapping[str, CodeList]
    digest: str  # of all that storage, search and spreading depend on
    shapes: Sequence[Shape] = ()  # compiled by ontology/shacl.py

    def __repr__(self) -> str:
        return f"<Ontology {self.digest[:12]}: {len(self.types)} types, {len(self.links)} links>"

    @cached_property
    def _descendants(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {name: [name] for name in self.types}
        for kind in self.types.values():
            for ancestor in kind.ancestors:
                found[ancestor].append(kind.name)
        return {name: tuple(sorted(names)) for name, names in found.items()}

    def descendants(self, name: str) -> tuple[str, ...]:
        """The class and all below it, sorted by name."""
        return self._descendants[name]

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether class `name` is `ancestor` or stands below it."""
        return name == ancestor or ancestor in self.types[name].ancestors

    @cached_property
    def families(self) -> Mapping[str, str]:
        """Family → the root class that declares it."""
        roots: dict[str, str] = {}
        for kind in self.types.values():
            if kind.family and not any(self.types[a].family == kind.family for a in kind.ancestors):
                roots.setdefault(kind.family, kind.name)
        return roots

    @cached_property
    def _links_from(self) -> Mapping[str, tuple[LinkType, ...]]:
        return {t: tuple(self._touching(t, outgoing=True)) for t in self.types}

    @cached_property
    def _links_to(self) -> Mapping[str, tuple[LinkType, ...]]:
        return {t: tuple(self._touching(t, outgoing=False)) for t in self.types}

    def _touching(self, name: str, *, outgoing: bool) -> Iterator[LinkType]:
        for link in self.links.values():
            ends = link.domain if outgoing else link.range
            if any(self.is_a(name, end) for end in ends):
                yield link

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Class → types of the links by which a resource of it is part of another."""
        found = {name: [x.name for x in to if x.part_of] for name, to in self._links_to.items()}
        for kind in self.types.values():  # a source may know no more than a class above
            for ancestor in kind.ancestors:
                found[ancestor] += found[kind.name]
        return {name: tuple(sorted(set(types))) for name, types in found.items()}

    @cached_property
    def ruled(self) -> tuple[str, ...]:
        """Types of links that may tell a rule (the expression)."""
        return tuple(x.name for x in self.links.values() if "rule" in x.properties)

    def links_from(self, name: str) -> tuple[LinkType, ...]:
        """Link types that a resource of this class may have, in the ontology's order."""
        return self._links_from[name]

    def links_to(self, name: str) -> tuple[LinkType, ...]:
        """Link types that may point at a resource of this class."""
        return self._links_to[name]
