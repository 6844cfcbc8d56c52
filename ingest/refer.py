"""A name in a cell → the id of what it names, and a mention of it where it is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.known import Known
from ingest.source import Options, Place, Record
from ontology.checks import CHECKS
from ontology.identity import dataset_id, identifiers_of, resource_id
from ontology.model import Ontology
from ontology.naming import dataset_name, unbound
from ontology.resource import Claim, Link, ResourceId, Value

Scopes = Mapping[str, str]
"""Link type → the id of what a name is unique in."""

OWN = frozenset(
    ("inSystem", "producedBy", "compiledBy", "responsibleUnit", "supportedBy", "hasContact")
)
"""Links that lead, as a rule, to something of the row's own department: what is only named
there is looked for in it first."""

BODY = "Department"

_TECHNICAL = re.compile(r"[A-Za-z_][\w$#.]*")


@dataclass
class Referring:
    """Turns names into ids, for one run."""

    ontology: Ontology
    options: Options
    source: str
    known: Known
    _told: set[ResourceId] = field(default_factory=set)

    def literal(self, text: str, type: str = "") -> ResourceId | None:
        """The text itself where it is an id of the ledger (`org:…`), of the class's family."""
        family, mark, key = text.strip().partition(":")
        wanted = (self.ontology.types[type].family,) if type else self.ontology.families
        return ResourceId(text.strip()) if mark and key and family in wanted else None

    def to(
        self, type: str, text: str, scopes: Scopes, place: Place, *, link: str = "", by: str = ""
    ) -> tuple[ResourceId | None, Record | None]:
        """The id, and a record where it is named for the first time in this run. `by`: the
        text is this attribute and not a name."""
        literal = self.literal(text, type)
        if literal is not None:
            return literal, None
        kind = self.ontology.types[type]
        if kind.family == "dataset":
            return self._dataset(type, text, place)
        coded: dict[str, Value] | None = {by: text} if by else self._by_code(type, text)
        attributes: dict[str, Value] = coded or self._named(type, text)
        near, guessed = self._near(type, scopes, link)
        found = resource_id(self.ontology, type, attributes, near)
        if found is None:
            return None, None
        id, provisional = found
        known = None if coded else self.known.one(kind.family, text)
        if known is not None and provisional:
            return known, None
        told = identifiers_of(self.ontology, type, attributes, scope=near)
        bare = resource_id(self.ontology, type, attributes)
        unsure = provisional and (guessed or not told or found == bare)
        links = () if unsure else self._scoping(type, near)
        return id, self._mention(id, type, attributes, place, unsure, links)

    def _scoping(self, type: str, near: Scopes) -> tuple[Link, ...]:
        """What makes the name unique, as links: by them the ledger finds who answers to it."""
        own = {link.name for link in self.ontology.links_from(type)}
        scoping = {name for s in self.ontology.types[type].identifiers for name in s.scope}
        return tuple(Link(n, ResourceId(near[n])) for n in sorted(own & scoping & near.keys()))

    def _named(self, type: str, text: str) -> dict[str, Value]:
        """The name, and what stands before it where an attribute makes it unique: 人/常住人口
        is 常住人口 in the group 人."""
        kind = self.ontology.types[type]
        before, slash, name = text.rpartition("/")
        for scheme in kind.identifiers:
            if slash and before and name and scheme.weak and len(scheme.scope) == 1:
                scope = kind.attributes.get(scheme.scope[0])
                if scope is not None and scope.code_list is None:
                    return {kind.title: name.strip(), scope.name: before.strip()}
        return {kind.title: text}

    def _by_code(self, type: str, text: str) -> dict[str, Value] | None:
        """The text as a code that has a check of its own: a credit code, a division."""
        for scheme in self.ontology.types[type].identifiers:
            if (
                scheme.check
                and len(scheme.attributes) == 1
                and not CHECKS[scheme.check](text.strip().upper())
            ):
                return {scheme.attributes[0]: text.strip()}
        return None

    def _near(self, type: str, scopes: Scopes, link: str) -> tuple[dict[str, str], bool]:
        """What the name is unique in: what the row says, and for things of the row's own
        department that department, which is a guess (True)."""
        near, guessed = dict(scopes), False
        body = scopes.get("providedBy") or scopes.get("managedBy") or scopes.get("heldBy")
        for name in {name for s in self.ontology.types[type].identifiers for name in s.scope}:
            scope = self.ontology.links.get(name)
            if scope is None or name == link:
                continue
            ends = scope.domain if scope.part_of else scope.range
            if BODY in ends:
                near.pop(name, None)
                if link in OWN and body is not None:
                    near[name], guessed = body, True
        return near, guessed

    def _dataset(
        self, type: str, text: str, place: Place
    ) -> tuple[ResourceId | None, Record | None]:
        """A dataset by the name that a form gives: its technical name within the binding of
        the run where it looks like one, else its display name, unbound until looked up."""
        known = self.known.one("dataset", text)
        if known is not None:
            return known, None
        options = self.options
        if _TECHNICAL.fullmatch(text) and options.namespace:
            dialect = options.dialect or options.namespace.partition(":")[0]
            outer = {} if "." in text else {"database": options.database, "schema": options.schema}
            name = dataset_name(dialect, text, **outer)
            id = dataset_id(options.namespace, name)
            return id, self._mention(
                id, type, {"name": name, "namespace": options.namespace}, place, False
            )
        id = dataset_id(unbound(self.source), text)
        return id, self._mention(id, type, {"displayName": text}, place, True)

    def _mention(
        self,
        id: ResourceId,
        type: str,
        attributes: dict[str, Value],
        place: Place,
        unsure: bool,
        links: tuple[Link, ...] = (),
    ) -> Record | None:
        if id in self._told:
            return None
        self._told.add(id)
        for value in attributes.values():
            self.known.add(id, value)
        kind = self.ontology.types[type]
        required = {a.name for a in kind.attributes.values() if a.required}
        if kind.abstract or not required.issubset(attributes):
            return None  # a link alone: the ledger keeps a placeholder until somebody tells more
        return Record(Claim(id, type, attributes, links), place, mention=unsure)
