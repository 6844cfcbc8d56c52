"""What kind of change an edit is to others."""

from __future__ import annotations

import pytest

from ontology.consequence import ATTRIBUTES, LINKS, kinds_of_edit
from ontology.model import Kind, Ontology


@pytest.mark.parametrize(
    ("type", "attributes", "links", "kinds"),
    [
        ("Table", ("name", "comment"), (), (Kind.RENAME,)),
        ("Field", ("sqlType", "securityLevel"), (), (Kind.RETYPE, Kind.LEVEL)),
        ("DataElement", (), ("valueDomain",), (Kind.VALUES,)),
        ("Department", ("name",), (), (Kind.REORGANISE,)),
        ("Table", ("description",), ("hasContact",), ()),
    ],
)
def test_kinds(
    type: str, attributes: tuple[str, ...], links: tuple[str, ...], kinds: tuple[Kind, ...]
) -> None:
    assert kinds_of_edit((type,), attributes, links) == kinds


def test_all_that_is_listed_is_in_the_ontology(ontology: Ontology) -> None:
    known = {name for kind in ontology.types.values() for name in kind.attributes}
    assert {name for names in ATTRIBUTES.values() for name in names} <= known
    assert {name for names in LINKS.values() for name in names} <= ontology.links.keys()
