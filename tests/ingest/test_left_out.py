"""What a file holds and a run does not take in is told, and keeps its complete run from
withdrawing anything: nothing is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph.store import GraphStore
from ingest.csv_file import rows
from ingest.sheet import Row

ROWS = "信息资源名称,摘要,提供方\n甲信息,一,市水务局\n乙信息,二,市水务局\n"


async def test_a_list_without_headers_withdraws_nothing(run, tmp_path: Path) -> None:
    path = tmp_path / "目录.csv"
    path.write_text(ROWS, "utf-8")
    await run("catalogue", path)
    path.write_text("甲信息\n\n乙信息\n", "utf-8")
    for kind in ("catalogue", "excel"):
        report = await run(kind, path, confirm=True)
        assert (report.complete, report.counts.withdrawn, report.exit_code) == (False, 0, 1)
        assert [p.what[:6] for p in report.problems] == ["没有找到表头"]
    path.write_text("", "utf-8")  # really empty: nothing is left out
    assert (await run("catalogue", path, confirm=True)).complete


async def test_a_sheet_without_headers_is_told_unless_it_stands_beside(run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("清单", "填报说明"):
        book.create_sheet(name).append(["甲信息"])
    book.save(tmp_path / "目录.xlsx")
    report = await run("excel", tmp_path / "目录.xlsx")
    assert [part.place.sheet for part in report.unread] == ["清单"]


@pytest.mark.parametrize("title", ["某市目录；2025;年", "某市，目录,2025,年,版", "目录"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
async def test_a_title_does_not_choose_the_delimiter(
    run, tmp_path: Path, title: str, delimiter: str
) -> None:
    path = tmp_path / "目录.csv"
    path.write_text(title + "\n" + ROWS.replace(",", delimiter), "utf-8")
    report = await run("catalogue", path)
    assert (report.types["InformationResource"], report.complete) == (2, True)


def test_a_quote_within_a_cell_swallows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('甲,管径5"以上\n乙\n丙,管径6"以上\n丁,"a ""b"" c"\n"戊""\n己",庚\n', "utf-8")
    assert [row.cells for row in rows(path) if isinstance(row, Row)] == [
        ("甲", '管径5"以上'),
        ("乙",),
        ("丙", '管径6"以上'),
        ("丁", 'a "b" c'),
        ('戊"\n己', "庚"),
    ]


async def test_a_row_longer_than_its_headers_is_refused(run, tmp_path: Path) -> None:
    path = tmp_path / "目录.csv"
    path.write_text(ROWS + "丙信息,说明,含逗号,市水务局\n丁信息,四,市水务局,,\n", "utf-8")
    report = await run("catalogue", path)
    assert (report.types["InformationResource"], report.counts.rejected) == (3, 1)
    assert [(p.row, p.value) for p in report.problems] == [(4, "市水务局")]
    assert not report.complete


async def test_errors_and_formulas_without_a_value_are_no_blanks(
    run, store: GraphStore, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["信息资源名称", "摘要", "提供方", "序号"])
    sheet.append(["甲信息", "一", "#REF!", 1])
    sheet.append(["乙信息", "二", '="市"&"水务局"', 2])
    sheet.append(["丙信息", "三", "市水务局", "=ROW()"])  # nobody reads this column
    sheet.append(["=A1"])
    book.save(tmp_path / "目录.xlsx")
    report = await run("excel", tmp_path / "目录.xlsx")
    assert (report.types["InformationResource"], report.counts.rejected) == (1, 3)
    told = [(p.row, p.column) for p in report.problems]
    assert told == [(2, "提供方"), (3, "提供方"), (5, "信息资源名称")]
    assert "#REF!" in report.problems[0].what
    assert "Excel" in report.problems[1].mend


async def test_rows_behind_thousands_of_blank_ones_are_told(run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in ROWS.splitlines():
        sheet.append(line.split(","))
    sheet.cell(3_000, 1).value = "丙信息"
    book.save(tmp_path / "目录.xlsx")
    report = await run("excel", tmp_path / "目录.xlsx")
    assert report.types["InformationResource"] == 2
    assert [part.place.row for part in report.unread] == [3_000]


async def test_sums_under_a_list_are_no_rows(run, tmp_path: Path) -> None:
    path = tmp_path / "目录.csv"
    path.write_text("信息资源名称,摘要,提供方,数据量\n甲信息,一,市水务局,12\n合 计,,,12\n", "utf-8")
    report = await run("catalogue", path)
    assert report.types["InformationResource"] == 1
    assert report.counts.rejected == 0


async def test_all_of_a_document_is_read_or_told(run, tmp_path: Path) -> None:
    many = ",".join(f'{{"信息资源名称": "甲{n}号信息", "提供方": "局"}}' for n in range(1_001))
    path = tmp_path / "目录.json"
    last = '{"信息资源名称": "丁信息", "摘要": "末"}'
    path.write_text(f'{{"a": [{many}, "丙", {last}], "b": {{"c": [{{}}]}}}}', "utf-8")
    report = await run("catalogue", path)
    assert report.understood[0].columns["摘要"]
    told = [(p.row, p.severity) for p in report.problems if "读取" in p.what]
    assert told == [(1_002, "error"), (None, "warning")]
    assert "b.c" in report.problems[1].what
    assert not report.complete
    path.write_text('{"甲": ["乙"]}', "utf-8")
    assert not (await run("catalogue", path)).complete
