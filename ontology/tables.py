"""The ontology as people review it: a compact JSON, and how each link spreads a change."""

from __future__ import annotations

from typing import Any

from ontology.model import Attribute, Certainty, Kind, Label, LinkType, Ontology, Spread, Way
from ontology.spread import print_spread

_LETTERS = {Way.FLOW: "F", Way.PART: "P", Way.USE: "U"}
_CERTAINTY = {Certainty.EXACT: "", Certainty.INDIRECT: "~", Certainty.COARSE: "≈"}


def described(ontology: Ontology) -> dict[str, Any]:
    """Classes, attributes, links and code lists as JSON; each attribute in one line, and
    only where a class adds or changes it."""
    return {
        "types": {name: _type(ontology, name) for name in ontology.types},
        "links": {link.name: _link(link) for link in ontology.links.values()},
        "codeLists": {
            codes.name: {
                "label": _both(codes.label),
                "open": codes.open,
                "codes": [
                    " = ".join(dict.fromkeys((c.notation, c.label.zh, c.label.en, *c.synonyms)))
                    for c in codes.codes
                ],
            }
            for codes in ontology.code_lists.values()
        },
    }


def _type(ontology: Ontology, name: str) -> dict[str, Any]:
    kind = ontology.types[name]
    inherited = [ontology.types[a].attributes for a in kind.ancestors]
    return {
        "label": _both(kind.label),
        "family": kind.family,
        "parents": list(kind.parents),
        "abstract": kind.abstract,
        "title": kind.title,
        "prior": kind.search_prior,
        "aligned": list(kind.aligned),
        "clause": kind.clause,
        "identifiers": [
            f"{s.name}{' weak' if s.weak else ''}: {' + '.join(s.attributes)}"
            f" within {', '.join(s.scope) or '-'} fold {s.fold}"
            for s in kind.identifiers
        ],
        "attributes": {
            a.name: _attribute(a)
            for a in kind.attributes.values()
            if all(above.get(a.name) != a for above in inherited)
        },
    }


def _attribute(a: Attribute) -> str:
    words = [
        _both(a.label),
        str(a.datatype) + (f" {a.code_list}" if a.code_list else ""),
        ("1" if a.required else "0") + ("..*" if a.many else "..1"),
    ]
    words += [f"weight {a.search_weight:g}"] if a.search_weight else []
    words += [word for word in ("facet", "filterable", "personal") if getattr(a, word)]
    words += [f"check {a.check}"] if a.check else []
    words += [f"max {a.max_length}"] if a.max_length else []
    return "; ".join(words)


def _link(link: LinkType) -> dict[str, Any]:
    return {
        "label": _both(link.label),
        "inverse": f"{link.inverse_name}: {_both(link.inverse_label)}",
        "ends": f"{' | '.join(link.domain)} → {' | '.join(link.range)}",
        "count": ("1" if link.required else "0") + ("..*" if link.many else "..1"),
        "evidence": list(link.properties),
        "keyedBy": list(link.keyed_by),
        "marks": [
            word
            for word, holds in (
                ("abstract", link.abstract),
                ("lineage", link.lineage),
                ("part of", link.part_of),
                ("facet", link.facet),
                (f"embed {link.embed:g}/{link.inverse_embed:g}", link.embed or link.inverse_embed),
                (
                    f"answerable {link.answerable}/{link.inverse_answerable}",
                    link.answerable or link.inverse_answerable,
                ),
            )
            if holds
        ],
        "clause": link.clause,
        "spreads": [print_spread(s) for s in link.spreads],
    }


def spreading_table(ontology: Ontology) -> str:
    """Markdown: link type and direction × kind; each cell says how the kind arrives."""
    kinds = list(Kind)
    lines = [
        "# How a change spreads: link type × kind × direction",
        "",
        "F flow, P part, U use; then the kind at the other end where it is another one.",
        "s: only from what is itself changed. a: must adapt. ~ indirect, ≈ coarse. c: coarse",
        "effects only. d15: within 15 working days. [..]: only links so derived.",
        "→ along the link as stored, ← against it. Links that carry nothing are not listed.",
        "",
        f"| Link | | {' | '.join(kinds)} |",
        "|---|---|" + "---|" * len(kinds),
    ]
    for link in ontology.links.values():
        for arrow, direction in (("→", "forward"), ("←", "backward")):
            rules = [s for s in link.spreads if s.direction == direction]
            if not rules:
                continue
            cells = [
                "<br>".join(_cell(rule, kind) for rule in rules if kind in rule.kinds)
                for kind in kinds
            ]
            lines.append(f"| {link.label.zh} {link.name} | {arrow} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(rule: Spread, kind: Kind) -> str:
    arrives = rule.kinds[kind]
    plain = Kind.NOTIFY if rule.way is Way.USE else kind
    marks = (
        ("s" if rule.start_only else "")
        + ("a" if rule.adapt else "")
        + ("c" if rule.coarse_only else "")
        + (f"d{rule.due}" if rule.due else "")
        + _CERTAINTY[rule.certainty]
    )
    told = "" if arrives is plain else f" {arrives}"
    where = f" [{', '.join(d or 'none' for d in rule.derivations)}]" if rule.derivations else ""
    return f"{_LETTERS[rule.way]}{marks}{told}{where}"


def _both(label: Label) -> str:
    return f"{label.zh} / {label.en}"
