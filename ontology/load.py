"""TTL files → `Ontology`: the one place where the model is read.

Reads catalog.ttl and shapes.ttl beside this module and any further files after them; a
further file may add classes, attributes, links, code lists and shapes, and attributes to
classes that are already there. Everything that is wrong is an `OntologyError` with file,
line and reason, so that a broken model never serves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ontology.cache import cached
from ontology.model import Ontology
from ontology.summary import summary

HERE = Path(__file__).parent
BASE = (HERE / "catalog.ttl", HERE / "shapes.ttl")


def load_ontology(extra: Sequence[Path] = ()) -> Ontology:
    """The ontology of this installation, with further TTL files merged in their order.

    Raises OntologyError (file, line, reason) for anything that cannot be used.
    """
    return cached((*BASE, *extra), read_ontology)


def read_ontology(files: Sequence[Path]) -> Ontology:
    """The ontology that these files alone declare, read anew."""
    # Here, so that rdflib is loaded only where TTL is read.
    from ontology.classes import read_types
    from ontology.links import names_apart, read_links, scopes_known
    from ontology.rdf import read_turtle
    from ontology.shacl import compile_shapes
    from ontology.vocabulary import read_attributes, read_code_lists, read_groups

    turtle = read_turtle(files)
    lists = read_code_lists(turtle)
    groups = read_groups(turtle)
    attributes = read_attributes(turtle, lists, groups)
    types = read_types(turtle, attributes, lists, groups)
    links = read_links(turtle, types, attributes)
    names_apart(turtle, types, links)
    scopes_known(turtle, types, links)
    shapes = compile_shapes(turtle, types, links, (a.name for a in attributes.values()))
    ontology = Ontology(types=types, links=links, code_lists=lists, digest="", shapes=shapes)
    text = json.dumps(summary(ontology), ensure_ascii=False, sort_keys=True)
    return replace(ontology, digest=hashlib.sha256(text.encode()).hexdigest())
