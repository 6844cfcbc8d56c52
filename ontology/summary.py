"""What of the ontology others depend on, as plain JSON: its digest tells when to rebuild."""

from __future__ import annotations

from typing import Any

from ontology.model import Ontology
from ontology.spread import print_spread


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
