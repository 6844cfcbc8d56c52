"""Reading the sample city finds its faults at the rows that truth.json tells, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.reading import Reading
from ingest.registry import open_source
from ingest.source import Options
from ontology.load import load_ontology
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Rank
from samples.make import HOME

Found = tuple[str, str, int | None, str]  # file, sheet, row, clause

FOUND_BY_READING = {
    "F6": {"C 22"},
    "F7": {"form note 15", "form note 18"},
    "F8": {"G 6.2.2"},
    "F9": {"C 2; S 1"},
    "F10": {"GB 32100"},
    "F11": {"N 四(二)2"},
    "F13": {"ontology §8"},
}
"""Faults that one file shows by itself, and the clauses that they break."""


@cache
def the_ontology() -> Ontology:
    return load_ontology()


def steps() -> list[Mapping[str, Any]]:
    """Every step of the manifest."""
    manifest = yaml.safe_load((HOME / "city.yaml").read_text("utf-8"))
    return [step for delivery in manifest["deliveries"] for step in delivery["steps"]]


def problems_of(step: Mapping[str, Any]) -> list[Problem]:
    """What reading one step finds, without a ledger."""
    said = {k: v for k, v in step.items() if k not in ("kind", "target", "rank", "mapping")}
    mapping = str(HOME / step["mapping"]) if "mapping" in step else ""
    options = Options(rank=Rank[step["rank"].upper()], mapping=mapping, **said)
    ontology = the_ontology()
    source = open_source(step["kind"], str(HOME / step["target"]), options, ontology)
    source.check()
    reading = Reading(source, ontology)
    for _ in reading.steps():
        pass
    assert not reading.tally.unread, step["target"]
    return reading.tally.problems


@pytest.fixture(scope="module")
def found() -> set[Found]:
    return {
        (step["target"], problem.sheet, problem.row, problem.rule)
        for step in steps()
        for problem in problems_of(step)
    }


@pytest.fixture(scope="module")
def expected() -> set[Found]:
    faults = json.loads((HOME / "truth.json").read_text("utf-8"))["faults"]
    told: set[Found] = set()
    for fault in faults:
        for rule in FOUND_BY_READING.get(fault["id"], ()):
            told.add((fault["file"], fault.get("sheet", ""), fault["row"], rule))
            if fault["id"] == "F10":  # the list of bodies comes with every delivery
                for delivery in ("2024-01", "2025-01"):
                    earlier = fault["file"].replace("2026-01", delivery)
                    told.add((earlier, "", fault["row"], rule))
    return told


def test_each_fault_is_found_at_its_row(found: set[Found], expected: set[Found]) -> None:
    assert expected - found == set()


def test_nothing_else_is_found(found: set[Found], expected: set[Found]) -> None:
    assert found - expected == set()


def test_what_is_secret_is_not_kept() -> None:
    """F9: the row is told, its content is not."""
    step = next(s for s in steps() if "工信局_公安局" in Path(s["target"]).name)
    (problem,) = problems_of(step)
    assert "专用通信频段" not in repr(problem)
