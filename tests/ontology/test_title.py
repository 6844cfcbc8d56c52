"""What people call a resource."""

from __future__ import annotations

import pytest

from ontology.model import Ontology
from ontology.resource import Resource, ResourceId, Value
from ontology.title import known_as


@pytest.mark.parametrize(
    ("id", "type", "attributes", "title"),
    [
        ("org:990100/人社局", "Department", {"name": "云澜市人社局"}, "云澜市人社局"),
        ("org:990100/人社局", "Department", {"name": ("人社局", "社保局")}, "人社局"),
        ("org:990100/人社局", "Department", {"name": " "}, "人社局"),
        ("org:990100/人社局", "Department", {"name": ()}, "人社局"),
        ("field:postgres://h:5432/d.public.t#c", "Field", {}, "c"),
        ("dataset:postgres://h:5432/d.public.t", "Table", {}, "d.public.t"),
        ("job:nightly", "Unknown", {}, "nightly"),
    ],
)
def test_a_resource_always_has_a_title(
    ontology: Ontology, id: str, type: str, attributes: dict[str, Value], title: str
) -> None:
    resource = Resource(ResourceId(id), type, attributes, version=1, number=1)
    assert known_as(resource, ontology.types.get(type)) == title
