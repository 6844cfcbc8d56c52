"""Classes by the names that callers give."""

from __future__ import annotations

import pytest

from ontology.errors import InvalidInput
from ontology.lookup import class_named
from ontology.model import Ontology


def test_a_class_by_its_name(ontology: Ontology) -> None:
    assert class_named(ontology, "Table") is ontology.types["Table"]


def test_an_unknown_name_is_refused_with_the_nearest(ontology: Ontology) -> None:
    with pytest.raises(InvalidInput, match=r"'table'.*near: Table"):
        class_named(ontology, "table")
    with pytest.raises(InvalidInput, match="mulu ontology"):
        class_named(ontology, "甲")
