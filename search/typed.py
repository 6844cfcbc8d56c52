"""What people may type for a field, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ontology.model import Label, Ontology


def typed(
    ontology: Ontology,
    own: Mapping[str, Sequence[Label]],
    fields: Iterable[str],
    facets: Iterable[str],
) -> Mapping[str, str]:
    """Text → the field that it means. The earlier kinds of name win over the later; `own`: labels
    of fields that are not the ontology's."""
    fields = tuple(fields)
    labels = {name: list(labels) for name, labels in own.items()}
    headers: dict[str, list[str]] = {}
    for kind in ontology.types.values():
        labels.setdefault(kind.name[0].lower() + kind.name[1:], []).append(kind.label)
        for attribute in kind.attributes.values():
            labels.setdefault(attribute.name, []).append(attribute.label)
            headers.setdefault(attribute.name, []).extend(attribute.headers)
    for link in ontology.links.values():
        labels.setdefault(link.name, []).append(link.label)
        labels.setdefault(link.inverse_name, []).append(link.inverse_label)
        headers.setdefault(link.name, []).extend(link.headers)
    found: dict[str, str] = {name.casefold(): name for name in fields}
    for pick in ("zh", "en"):
        for name in fields:
            for label in labels.get(name, ()):
                found.setdefault(getattr(label, pick).replace(" ", "").casefold(), name)
    for name in fields:
        for header in headers.get(name, ()):
            found.setdefault(header.casefold(), name)
    for word, name in _short(facets, labels):
        found.setdefault(word, name)
    found.pop("", None)
    return found


def _short(
    facets: Iterable[str], labels: Mapping[str, Sequence[Label]]
) -> Iterable[tuple[str, str]]:
    """One word of a facet's English label will do where it means no other facet:
    sharing: for "sharing type", level: for "security level"."""
    meant: dict[str, set[str]] = {}
    for name in facets:
        for label in labels.get(name, ()):
            for word in (w for w in label.en.casefold().split() if len(w) > 4):
                meant.setdefault(word, set()).add(name)
    return [(word, names.pop()) for word, names in meant.items() if len(names) == 1]
