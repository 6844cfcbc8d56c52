"""What `--json` gives is what docs/json.md says, on the sample city."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.command import ROOT, mulu

PAGE = (ROOT / "docs" / "json.md").read_text("utf-8")
SECTION = re.compile(r"^## mulu (\w+)\n.*?```json\n(.*?)```", re.MULTILINE | re.DOTALL)
SHAPES: dict[str, Any] = {name: json.loads(text) for name, text in SECTION.findall(PAGE)}

ENTRY = "entry:990100/30701001/000002"
TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_rs_sb_d"
SOURCE = "dataset:oracle://sb.yunlan.example:1521/sbdb.sb.ac02"

COMMANDS = {
    "search": "search 社保缴费 --limit 3 --json",
    "suggest": "suggest 社 --json",
    "show": f"show {ENTRY} --claims --json",
    "impact": f"impact {SOURCE} --why --grouped --json",
    "lineage": f"lineage {TABLE} --json",
    "comparison": f"impact {SOURCE} --at 2024-12-31 --against 2026-12-31 --why --json",
    "origins": "origins field:sqlite:rk_tz/t_czrk#sjhm --json",
    "diff": "diff 2025-06-30 2026-12-31 --type Table --json",
    "log": "log --limit 3 --json",
    "conflicts": "conflicts --json",
}
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "num": (int, float), "bool": (bool,),
}  # fmt: skip
OPTIONAL = {"claims", "path"}


def holds(shape: Any, told: Any, where: str) -> None:
    """Whether the answer has exactly this shape."""
    if shape == "any":
        return
    if isinstance(shape, str):
        if shape.endswith("?") and told is None:
            return
        assert type(told) in TYPES[shape.rstrip("?")], f"{where}: {told!r} is no {shape}"
    elif isinstance(shape, list):
        assert isinstance(told, list), where
        for one in told:
            holds(shape[0], one, f"{where}[]")
    elif shape.keys() == {"*"}:
        for name, value in told.items():
            holds(shape["*"], value, f"{where}.{name}")
    else:
        assert shape.keys() - OPTIONAL <= told.keys() <= shape.keys(), f"{where}: {told.keys()}"
        for name, value in told.items():
            holds(shape[name], value, f"{where}.{name}")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documented_shape_holds(command: str, city: Path) -> None:
    done = mulu(COMMANDS[command], data=city)
    assert done.code == 0, done.err
    assert done.json, "an answer that shows something"
    holds(SHAPES[command], done.json, command)


def test_every_shape_is_tested() -> None:
    assert SHAPES.keys() == COMMANDS.keys() | {"verify", "export", "copy"}


def test_search_selects_counts_and_turns_pages(city: Path) -> None:
    first = mulu("search 社保 --limit 2 --json", data=city).json
    assert first["total"] > 4
    assert first["complete"] is True
    second = mulu(f"search 社保 --limit 2 --json --after {first['after']}", data=city).json
    assert not {h["id"] for h in first["hits"]} & {h["id"] for h in second["hits"]}
    for counted in first["facets"]["type"][:2]:
        one = mulu(f"search 社保 --json --facet type={counted['value']}", data=city).json
        assert one["total"] == counted["count"]
    tables = mulu("search 社保 --type Table --json", data=city).json
    assert {h["type"] for h in tables["hits"]} == {"Table"}


def test_the_issue_s_fields_of_impact(city: Path) -> None:
    plain = mulu(f"impact {SOURCE} --json", data=city).json
    named = {"id", "type", "title", "depth", "effect", "certainty", "via", "department", "contact"}
    for found in (*plain["affected"], *plain["touched"]):
        assert named <= found.keys()
        assert "path" not in found, "only under --why"
    assert plain["counts"]["touched"] == len(plain["touched"])
    told = mulu(f"impact {SOURCE} --why --grouped --json", data=city).json
    for found in told["affected"]:
        assert found["path"][0]["from"].startswith(SOURCE)
        assert found["path"][-1]["to"] == found["id"]


def test_lineage_leads_from_origin_to_use(city: Path) -> None:
    up = mulu(f"lineage {TABLE} --upstream --json", data=city).json
    assert SOURCE in {edge["from"] for edge in up["edges"]}
    assert TABLE in {edge["to"] for edge in up["edges"]}
    assert TABLE not in {edge["from"] for edge in up["edges"]}
    down = mulu(f"lineage {TABLE} --downstream --depth 1 --json", data=city).json
    assert {edge["from"] for edge in down["edges"]} == {TABLE}
    assert {node["depth"] for node in down["nodes"]} == {0, 1}


def test_the_past_is_answered_as_it_was(city: Path) -> None:
    newest, *_, oldest = mulu("log --limit 1000 --json", data=city).json
    assert (oldest["number"], oldest["parent"]) == (1, "") or oldest["number"] == 1
    assert mulu(f"show {ENTRY} --at {newest['number']} --json", data=city).code == 0
    before = mulu(f"show {ENTRY} --at 1 --json", data=city)
    assert before.code == 2
    assert "账本中没有" in before.err


def test_export_is_a_line_a_resource(city: Path) -> None:
    done = mulu("export -", data=city)
    header, *lines = (json.loads(line) for line in done.raw.splitlines())
    assert header["mulu"] == "jsonl"
    resources = [line for line in lines if "id" in line]
    assert len(resources) > 1_000
    assert all(line.keys() >= SHAPES["export"].keys() for line in resources)
    ids = [line["id"] for line in resources]
    assert ids == sorted(ids)


def test_ontology_describes_every_class(city: Path) -> None:
    told = mulu("ontology --json", data=city).json
    assert "InformationResource" in str(told)
    assert mulu("ontology 信息资源", data=city).code == 0
