"""What a new ontology takes away from what is stored.

A store keeps `summary(ontology)` as JSON. Before it takes on another ontology it asks
`removed(kept, new)`, counts the claims that use what is removed, and refuses with these
counts when there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ontology.model import Ontology
from ontology.spread import print_spread


@dataclass(frozen=True, slots=True)
class Removed:
    """What was there and is no longer. `attributes` and `links` are names that no class
    has any more, or that changed so that stored values no longer fit; `codes` are
    (code list, notation) of closed lists."""

    types: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.types or self.families or self.attributes or self.links or self.codes)


def summary(ontology: Ontology) -> dict[str, Any]:
    """All that storage, search and spreading depend on, as plain JSON, in a fixed order."""
    return {
        "types": {
            kind.name: {
                "family": kind.family,
                "parents": list(kind.parents),
                "abstract": kind.abstract,
                "title": kind.title,
                "prior": kind.search_prior,
                "identifiers": [
                    [s.name, list(s.attributes), list(s.scope), s.fold, s.weak]
                    for s in kind.identifiers
                ],
                "attributes": {
                    a.name: {
                        "datatype": str(a.datatype),
                        "required": a.required,
                        "many": a.many,
                        "codeList": a.code_list,
                        "weight": a.search_weight,
                        "facet": a.facet,
                        "filterable": a.filterable,
                        "personal": a.personal,
                    }
                    for a in kind.attributes.values()
                },
            }
            for kind in ontology.types.values()
        },
        "links": {
            link.name: {
                "inverse": link.inverse_name,
                "domain": list(link.domain),
                "range": list(link.range),
                "many": link.many,
                "specialises": link.specialises,
                "partOf": link.part_of,
                "keyedBy": list(link.keyed_by),
                "evidence": list(link.properties),
                "answerable": [link.answerable, link.inverse_answerable],
                "embed": [link.embed, link.inverse_embed],
                "facet": link.facet,
                "spreads": [print_spread(s) for s in link.spreads],
            }
            for link in ontology.links.values()
        },
        "codes": {
            codes.name: {"open": codes.open, "notations": [c.notation for c in codes.codes]}
            for codes in ontology.code_lists.values()
        },
    }


def removed(old: Mapping[str, Any], new: Ontology) -> Removed:
    """What the stored summary `old` had and `new` no longer has."""
    types = old.get("types", {})
    attributes: set[tuple[str, str]] = set()
    for name, kind in types.items():
        if name not in new.types:
            continue
        now = new.types[name].attributes
        for attribute, was in kind["attributes"].items():
            is_now = now.get(attribute)
            if is_now is None or (was["many"] and not is_now.many):
                attributes.add((name, attribute))
    return Removed(
        types=tuple(sorted(set(types) - set(new.types))),
        families=tuple(sorted({k["family"] for k in types.values()} - set(new.families) - {""})),
        attributes=tuple(sorted(attributes)),
        links=tuple(sorted(set(old.get("links", {})) - set(new.links))),
        codes=tuple(
            sorted(
                (name, notation)
                for name, was in old.get("codes", {}).items()
                if name not in new.code_lists or not new.code_lists[name].open
                for notation in was["notations"]
                if name not in new.code_lists
                or notation not in {c.notation for c in new.code_lists[name].codes}
            )
        ),
    )
