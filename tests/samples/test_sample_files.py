"""The sample city's files: made again they are the same, and their wording is sound."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from datetime import date
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from chinese_calendar import is_workday

from ontology.checks import CHECKS
from samples.city.entries import CLASSES, data, information
from samples.city.form import FORMS
from samples.city.plan import departments
from samples.make import GENERATED, HOME, make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city, made again. Jobs are written by hand, so theirs are taken as they are."""
    root = tmp_path_factory.mktemp("made")
    (root / "sql").symlink_to(HOME / "sql")
    make(root)
    return root


def generated(root: Path) -> dict[str, Path]:
    """Every generated file by its path below `root`."""
    files = [p for folder in GENERATED for p in (root / folder).rglob("*") if p.is_file()]
    files += [root / name for name in ("city.yaml", "truth.json", "requests.csv")]
    return {path.relative_to(root).as_posix(): path for path in files}


def content(path: Path) -> object:
    """What a file says: the parts of a workbook, the rows of a database, else its bytes.
    Compression and page layout are the libraries' own, not the sample's."""
    if path.suffix == ".sqlite":
        base = sqlite3.connect(path)
        try:
            return list(base.iterdump())
        finally:
            base.close()
    if is_zipfile(path):
        with ZipFile(path) as book:
            return {part.filename: (part.date_time, book.read(part)) for part in book.infolist()}
    return path.read_bytes()


def test_made_again_the_files_are_the_same(made: Path) -> None:
    old, new = generated(HOME), generated(made)
    assert old.keys() == new.keys()
    assert [name for name in old if content(old[name]) != content(new[name])] == []


def test_the_sample_is_small() -> None:
    assert sum(p.stat().st_size for p in HOME.rglob("*") if p.is_file()) < 3 * 2**20


def test_there_is_what_the_outline_says() -> None:
    assert len(FORMS) == len(list((HOME / "forms").rglob("*.*"))) == 22
    assert len(list((HOME / "sql").rglob("*.sql"))) == 60
    assert len(list((HOME / "openlineage").glob("*.json"))) == 40
    assert len(list((HOME / "licences").glob("*.xlsx"))) == 2
    assert len(information()) == 300
    assert len(data()) == 100
    assert sum(len(e.items) for e in (*information(), *data())) == 6_000


def test_every_information_resource_has_a_name_and_an_abstract_of_its_own() -> None:
    entries = information()
    assert len({e.title for e in entries}) == len({e.abstract for e in entries}) == 300
    for e in entries:
        assert e.abstract not in (e.title, f"{e.title}。")
        assert len(e.keywords) >= 2
        assert len(e.items) == len({i.name for i in e.items}) >= 12
        assert not re.search(r"\d$", e.title)
    assert {e.class_name for e in entries} == set(CLASSES)


def test_nothing_points_outside_the_invented_city() -> None:
    text = "".join(
        p.read_text("utf-8-sig", errors="ignore")
        for p in HOME.rglob("*")
        if p.suffix in (".csv", ".sql", ".json", ".jsonl", ".yaml")
    )
    hosts = set(re.findall(r"[a-z]+[0-9]*://([\w.-]+)", text))
    outside = {h for h in hosts if not h.endswith(".yunlan.example") and h != "openlineage.io"}
    assert outside == set()
    assert set(re.findall(r"\b0\d{3}-\d{7}\b", text)) == {d.phone for d in departments().values()}
    for office in departments().values():
        assert office.uscc[2:4] == "99"
        assert office.phone.startswith("0990-8")
        assert not CHECKS["uscc"](office.uscc)


def rows(path: str) -> list[dict[str, str]]:
    with (HOME / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def truth(id: str) -> list[dict[str, object]]:
    faults = json.loads((HOME / "truth.json").read_text("utf-8"))["faults"]
    return [fault for fault in faults if fault["id"] == id]


def test_twenty_faults_are_told_each_with_its_file() -> None:
    faults = json.loads((HOME / "truth.json").read_text("utf-8"))["faults"]
    assert sorted({f["id"] for f in faults}, key=lambda id: int(id[1:])) == [
        f"F{n}" for n in range(1, 21)
    ]
    assert all((HOME / f["file"]).exists() for f in faults)


def working_days(first: date, last: date) -> int:
    """Working days after `first`, up to and including `last`."""
    days = range(first.toordinal() + 1, last.toordinal() + 1)
    return sum(is_workday(date.fromordinal(day)) for day in days)


def test_f5_one_table_was_entered_too_late_and_no_other() -> None:
    """Five working days (G 6.1.4); October's holidays and their shifted days are counted."""
    late = {}
    for number, row in enumerate(rows("lists/2026-01/新建库表登记.csv"), 2):
        entered = row["编目日期"] or row["核查日期"]
        days = working_days(date.fromisoformat(row["建表日期"]), date.fromisoformat(entered))
        if days > 5:
            late[number] = days
    (fault,) = truth("F5")
    assert late == {fault["row"]: fault["working_days"]}


def test_f15_one_check_names_a_code_that_its_set_no_longer_has() -> None:
    codes = {r["码值"] for r in rows("lists/2026-01/代码.csv") if r["代码集名称"] == "婚姻状况代码"}
    found = []
    for path in sorted((HOME / "ddl" / "2024-01").rglob("*.sql")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if checked := re.search(r"CHECK \(hyzk IN \((.*?)\)\)", line):
                gone = set(re.findall(r"'(\w+)'", checked[1])) - codes
                found += [(path.relative_to(HOME).as_posix(), number, gone)]
    (fault,) = truth("F15")
    assert found == [(fault["file"], fault["row"], {"9"})]


def test_f19_one_matter_has_its_name_twice() -> None:
    names = [row["事项名称"] for row in rows("lists/2024-01/事项.csv")]
    twice = [number for number, name in enumerate(names, 2) if names.count(name) > 1]
    assert twice == [fault["row"] for fault in truth("F19")]
