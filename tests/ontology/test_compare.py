"""What a new ontology takes away from stored data."""

from __future__ import annotations

import json
from pathlib import Path

from ontology.compare import removed, summary
from ontology.load import load_ontology
from ontology.model import Ontology


def stored(ontology: Ontology) -> object:
    """As a store keeps it: through JSON."""
    return json.loads(json.dumps(summary(ontology)))


def test_the_same_ontology_takes_nothing_away(ontology: Ontology) -> None:
    assert not removed(stored(ontology), ontology)  # type: ignore[arg-type]


def test_adding_takes_nothing_away(ontology: Ontology, extended: Ontology) -> None:
    assert extended.digest != ontology.digest
    assert not removed(stored(ontology), extended)  # type: ignore[arg-type]


def test_dropping_a_file_takes_its_class_links_and_codes_away(
    ontology: Ontology, extended: Ontology
) -> None:
    gone = removed(stored(extended), ontology)  # type: ignore[arg-type]
    assert gone.types == ("UrbanComponent",)
    assert gone.families == ("component",)
    assert gone.links == ("caredForIn", "recordedIn")
    assert ("ComponentClass", "公用设施类") in gone.codes


def test_dropping_an_attribute_of_a_class_that_stays(extended: Ontology, tmp_path: Path) -> None:
    extra = (Path(__file__).parent / "extra.ttl").read_text(encoding="utf-8")
    less = tmp_path / "less.ttl"
    less.write_text(
        extra.replace("    [ sh:path city:material ; sh:maxCount 1 ] ,\n", ""), encoding="utf-8"
    )
    gone = removed(stored(extended), load_ontology([less]))  # type: ignore[arg-type]
    assert gone.attributes == (("UrbanComponent", "material"),)
    assert not gone.types


def test_one_value_where_there_were_many_takes_away(extended: Ontology, tmp_path: Path) -> None:
    extra = (Path(__file__).parent / "extra.ttl").read_text(encoding="utf-8")
    many, one = tmp_path / "many.ttl", tmp_path / "one.ttl"
    many.write_text(extra.replace("city:material ; sh:maxCount 1", "city:material"), "utf-8")
    one.write_text(extra, encoding="utf-8")
    gone = removed(stored(load_ontology([many])), load_ontology([one]))  # type: ignore[arg-type]
    assert gone.attributes == (("UrbanComponent", "material"),)
    assert not removed(stored(load_ontology([one])), load_ontology([many]))  # type: ignore[arg-type]
