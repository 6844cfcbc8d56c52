"""The test of the idea, from the command line: a class that a city adds in a TTL file has its
template, its import, its shape, its facet and its place in impact, with no line of Python."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.api.command import ROOT, mulu

EXTRA = str(ROOT / "tests" / "ontology" / "extra.ttl")
WITH = {"MULU_ONTOLOGY": EXTRA}
TABLE = "dataset:postgres://city.example:5432/city.public.lamp"

ROWS: tuple[dict[str, str | int], ...] = (
    {"名称": "人民路 12 号路灯", "部件标识码": "9901020100000001", "部件大类": "公用设施",
     "材质": "钢", "巡查间隔（天）": 30, "登记于": TABLE},
    {"名称": "滨河路井盖", "部件标识码": "9901020200000002", "部件大类": "交通设施",
     "材质": "铸铁", "巡查间隔（天）": 60, "登记于": TABLE},
)  # fmt: skip
WRONG: dict[str, str | int] = {
    "名称": "错码路灯",
    "部件标识码": "9901020200000003",
    "部件大类": "公用设施",
}


def filled(data: Path, path: Path, *rows: dict[str, str | int]) -> Path:
    """The class's own template with these rows under its header."""
    made = mulu("template 城市部件 --to", path, data=data, **WITH)
    assert made.code == 0, made.err
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = {str(cell.value).strip("*"): cell.column for cell in sheet[2] if cell.value}
    for number, said in enumerate(rows, 3):
        for name, value in said.items():
            sheet.cell(number, names[name]).value = value
    book.save(path)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that has taken in the filled template of the class."""
    folder = tmp_path_factory.mktemp("extra")
    table = folder / "table.jsonl"
    said = {"id": TABLE, "type": "Table", "attributes": {"name": "city.public.lamp"}}
    table.write_text(json.dumps(said) + "\n")
    assert mulu("ingest jsonl", table, data=folder / "data", **WITH).code == 0
    book = filled(folder / "data", folder / "components.xlsx", *ROWS)
    done = mulu("ingest excel", book, "--json", data=folder / "data", **WITH)
    assert done.code == 0, done.out + done.err
    assert done.json["counts"]["new"] == 2
    return folder / "data"


def test_a_second_import_makes_no_commit(data: Path, tmp_path: Path) -> None:
    before = mulu("log --limit 1 --json", data=data, **WITH).json
    book = filled(data, tmp_path / "components.xlsx", *ROWS)
    assert mulu("ingest excel", book, data=data, **WITH).code == 0
    assert mulu("log --limit 1 --json", data=data, **WITH).json == before


def test_its_shape_refuses_what_breaks_it(data: Path, tmp_path: Path) -> None:
    book = filled(data, tmp_path / "wrong.xlsx", WRONG)
    rejected = tmp_path / "rejected.xlsx"
    done = mulu("ingest excel", book, "--rejected", rejected, "--json", data=data, **WITH)
    assert done.code == 1
    assert any("大类不符" in problem["what"] for problem in done.json["problems"])
    assert rejected.is_file()
    assert mulu("show component:9901020200000003", data=data, **WITH).code == 2


def test_it_is_found_with_its_facet(data: Path) -> None:
    found = mulu("search 路灯 --type UrbanComponent --json", data=data, **WITH).json
    assert [hit["id"] for hit in found["hits"]] == ["component:9901020100000001"]
    chosen = mulu("search 路 --facet componentClass=交通设施类 --json", data=data, **WITH).json
    assert [hit["id"] for hit in chosen["hits"]] == ["component:9901020200000002"]


def test_impact_follows_its_link(data: Path) -> None:
    reached = mulu(f"impact {TABLE} --json", data=data, **WITH).json
    via = {one["id"]: one["via"] for one in reached["affected"]}
    assert via["component:9901020100000001"] == "recordedIn"
    assert via["component:9901020200000002"] == "recordedIn"


def test_the_model_describes_it(data: Path) -> None:
    assert "UrbanComponent" in mulu("ontology 城市部件", data=data, **WITH).out
    assert mulu("ontology 城市部件", data=data).code == 2


def test_taking_it_away_again_is_refused_with_a_count(data: Path) -> None:
    done = mulu("log", data=data)
    assert done.code == 2
    assert "UrbanComponent" in done.err
    assert "2" in done.err.replace("2 ", "2"), done.err
    assert "Traceback" not in done.err
    assert mulu("log", data=data, **WITH).code == 0, "with it, all is as before"
