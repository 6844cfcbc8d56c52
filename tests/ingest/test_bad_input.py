"""Bad input: none of it crashes, hangs, or loses the rest."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ingest.csv_file import Flawed, rows
from ingest.sheet import MAX_CELL, Row
from ingest.text_file import MAX_LINE, guess, lines
from ingest.workbook import open_book
from ontology.errors import InvalidInput

HEADERS = ["系统名称", "系统编码", "主管部门", "系统状态"]
GOOD = ["户政管理系统", "S1", "市公安局", "已建"]


def workbook(path: Path, *data: list[object], headers: list[str] = HEADERS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "系统清单"
    for row in (headers, *data):
        sheet.append(row)
    book.save(path)
    return path


def repacked(path: Path, parts: dict[str, bytes]) -> Path:
    """The workbook with parts replaced or added."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


# --- workbooks -----------------------------------------------------------------------------


def bomb(path: Path) -> Path:
    """A part of 80 MB of nothing, packed into less than a hundredth."""
    workbook(path, GOOD)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", b"\0" * 80 * 2**20)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx")
    began = time.perf_counter()
    with pytest.raises(InvalidInput, match="zip bomb"):
        open_book(path)
    assert time.perf_counter() - began < 1


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><s>&b;</s>'
    path = repacked(workbook(tmp_path / "laughs.xlsx", GOOD), {SHEET: laughs})
    with pytest.raises(InvalidInput, match="entity bomb"):
        open_book(path)


async def test_macros_are_not_run_and_the_cells_are_read(run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "macro.xlsm", GOOD)
    repacked(path, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    report = await run("excel", path)
    assert report.types["System"] == 1
    assert [p.what for p in report.problems if "宏" in p.what]
    assert report.exit_code == 0


async def test_one_bad_workbook_in_a_folder_does_not_lose_the_others(run, tmp_path) -> None:
    workbook(tmp_path / "a.xlsx", GOOD)
    bomb(tmp_path / "b.xlsx")
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "d.xlsx").write_bytes(b"<html><table></table></html>")
    (tmp_path / "e.xlsx").write_bytes(b"")
    report = await run("excel", tmp_path)
    assert report.types["System"] == 1
    assert {part.place.file for part in report.unread} == {"b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"}
    assert (report.exit_code, report.complete) == (1, False)


async def test_a_target_that_is_no_workbook_could_not_be_run(run, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"<html></html>")
    with pytest.raises(InvalidInput, match="另存为"):
        await run("excel", tmp_path / "x.xlsx")


async def test_a_sheet_cut_in_the_middle_gives_what_was_read(run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "cut.xlsx", *([f"系统{n}甲", f"S{n}", "局"] for n in range(500)))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET)
    repacked(path, {SHEET: xml[: len(xml) // 2]})
    report = await run("excel", path)
    assert report.types["System"] > 100
    assert (report.exit_code, report.complete) == (1, False)


async def test_a_cell_of_50_mb_keeps_only_its_row_out(run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "cell.xlsx", ["@@", "S1", "市公安局"], ["婚姻登记系统", "S2"])
    with zipfile.ZipFile(path) as archive:
        text = archive.read(SHEET).replace(b"@@", b"x" * 50_000_000)
    repacked(path, {SHEET: text})
    report = await run("excel", path)
    assert report.types["System"] == 1
    assert [(p.row, p.column) for p in report.problems] == [(2, "系统名称")]
    assert len(str(report)) < 20_000


def test_a_format_dragged_to_the_last_row_makes_no_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADERS, GOOD):
        sheet.append(row)
    for number in range(3, 6_000):
        sheet.cell(number, 1).number_format = "@"
    sheet.cell(1_048_576, 1).number_format = "@"
    book.save(tmp_path / "long.xlsx")
    with open_book(tmp_path / "long.xlsx") as opened:
        assert [row.number for row in opened.sheets[0].rows()] == [1, 2]


def test_an_old_xls_under_a_new_name_is_read(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt", reason="writes the old format; only this test needs it")
    book = xlwt.Workbook()
    sheet = book.add_sheet("系统清单")
    for number, row in enumerate((HEADERS, GOOD)):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    book.save(str(tmp_path / "old.xlsx"))
    with open_book(tmp_path / "old.xlsx") as opened:
        assert [row.cells for row in opened.sheets[0].rows()] == [tuple(HEADERS), tuple(GOOD)]


def test_cells_are_what_a_person_sees(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([1, 2.0, 2.5, True, "  a ", "=1+1", "#N/A", 45774])
    sheet["A1"].number_format = "000"
    sheet["H1"].number_format = "yyyy/m/d"
    sheet["A2"] = "上下"
    sheet.merge_cells("A2:A4")
    sheet["B3"], sheet["B4"] = "三", "四"
    book.save(tmp_path / "cells.xlsx")
    with open_book(tmp_path / "cells.xlsx") as opened:
        first, *rest = opened.sheets[0].rows()
    assert first.cells == ("001", "2", "2.5", "是", "a", "", "", "2025-04-27")
    assert [(column, why[:6]) for column, why in first.flaws] == [
        (5, "公式没有存下"),
        (6, "单元格是错误"),
    ]
    assert [row.cells for row in rest] == [("上下",), ("上下", "三"), ("上下", "四")]


# --- rows -----------------------------------------------------------------------------------


async def test_half_a_file_wrong_still_loads_the_good_half(run, tmp_path: Path) -> None:
    data = [[f"系统{n}号", f"S{n}"] if n % 2 else [None, None, "局", "已建"] for n in range(10)]
    report = await run("excel", workbook(tmp_path / "half.xlsx", *data))
    assert (report.types["System"], report.counts.rejected) == (5, 5)
    assert len(report.rejected) == 5
    strict = await run("excel", workbook(tmp_path / "half2.xlsx", *data), strict=True)
    assert (strict.commits, strict.exit_code) == (None, 1)


async def test_names_made_by_dragging_are_no_new_keys(run, store, tmp_path: Path) -> None:
    data = [["数据治理平台", None, f"市数据局{n}", "已建"] for n in range(1, 5)]
    report = await run(
        "excel", workbook(tmp_path / "drag.xlsx", *data, ["别的系统", None, "市数据局"])
    )
    assert report.types == {"Department": 1, "System": 1}
    assert {p.row for p in report.problems if "下拉" in p.what} == {2, 3, 4, 5}


async def test_numbered_names_with_codes_are_kept(run, tmp_path: Path) -> None:
    data = [[f"监测平台{n}", f"S{n}", "市数据局", "已建"] for n in range(1, 5)]
    report = await run("excel", workbook(tmp_path / "numbers.xlsx", *data))
    assert (report.types["System"], report.exit_code) == (4, 0)


async def test_notes_under_a_list_are_no_rows(run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "notes.xlsx", GOOD, ["注：数据截至 2025 年底"], ["填表人：张三"])
    assert (await run("excel", path)).counts.rejected == 0


# --- text files -----------------------------------------------------------------------------

SIMPLIFIED = "系统名称,主管部门\n户政管理系统,市公安局\n婚姻登记信息管理系统,市民政局\n"
TRADITIONAL = (
    "系統名稱,主管部門\n戶政資訊系統,臺北市政府民政局\n地籍資料庫管理系統,臺北市政府地政局\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (TRADITIONAL, "gb18030"),
    ],
    ids=["gb18030", "big5", "utf-8", "bom", "utf-16", "traditional in gb18030"],
)
async def test_encodings_are_found_out(run, tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "系统清单.csv"
    path.write_bytes(text.encode(encoding))
    assert "".join(f"{line.text}\n" for line in lines(path)) == text
    report = await run("catalogue", path)
    assert (report.types["System"], report.exit_code) == (2, 0)


def test_short_texts_are_told_apart() -> None:
    assert guess("部门,名称\n公安局,户籍".encode("gb18030")) == "gb18030"
    assert guess("機關,名稱\n地政局,地籍".encode("big5")).startswith("big5")


def test_an_encoding_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("é".encode("latin-1"))
    assert [line.text for line in lines(path, "latin-1")] == ["é"]
    with pytest.raises(InvalidInput, match="klingon"):
        list(lines(path, "klingon"))


def test_nul_and_undecodable_bytes_are_told_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,值\n甲\0,1\n".encode() + b"\xff\xfe,2\n" + "丙,3\n".encode())
    found = list(rows(path, "utf-8"))
    assert [f.number for f in found if isinstance(f, Flawed)] == [2, 3]
    assert [r.cells[1] for r in found if isinstance(r, Row)] == ["值", "1", "2", "3"]


async def test_a_line_of_50_mb_keeps_only_itself_out(run, tmp_path: Path) -> None:
    path = tmp_path / "系统清单.csv"
    with path.open("wb") as file:
        file.write("系统名称,主管部门\n户政系统,市公安局\n".encode())
        file.write(b"x" * 50_000_000 + b"\n")
        file.write("婚姻系统,市民政局\n".encode())
    report = await run("catalogue", path)
    assert report.types["System"] == 2
    assert [p.row for p in report.problems if p.severity == "error"] == [3]
    assert not report.complete


def test_a_quote_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    body = "".join(f"行{n},值\n" for n in range(1_000))
    path.write_text(f'名称,值\n"没有闭合,1\n{body}', "utf-8")
    found = list(rows(path))
    assert [f.number for f in found if isinstance(f, Flawed)] == [2]
    assert sum(isinstance(r, Row) for r in found) == 1_001


def test_a_quoted_cell_may_span_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('名称,说明\n甲,"一\n二，""三"""\n乙,四\n', "utf-8")
    assert [r.cells for r in rows(path) if isinstance(r, Row)] == [
        ("名称", "说明"),
        ("甲", '一\n二，"三"'),
        ("乙", "四"),
    ]


def test_a_long_cell_is_cut_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"a,b\n1,{'x' * (MAX_CELL + 1)}\n", "utf-8")
    assert [r.cut for r in rows(path) if isinstance(r, Row)] == [(), (1,)]
    assert MAX_CELL < MAX_LINE


async def test_a_json_document_that_breaks_off_is_read_up_to_there(run, tmp_path: Path) -> None:
    path = tmp_path / "系统清单.json"
    path.write_text('[{"系统名称": "户政", "主管部门": "局"}, {"系统名称": "婚姻", "主管', "utf-8")
    report = await run("catalogue", path)
    assert (report.types["System"], report.complete, report.exit_code) == (1, False, 1)


async def test_a_deep_json_document_does_not_crash(run, tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000, "utf-8")
    report = await run("catalogue", path)
    assert report.exit_code == 1


async def test_a_list_that_nobody_knows_is_declined_with_its_nearest(run, tmp_path: Path) -> None:
    path = tmp_path / "成绩.csv"
    path.write_text("学号,语文,数学,英语\n1,90,91,92\n", "utf-8")
    report = await run("catalogue", path)
    assert report.counts.read == 0
    assert "--type" in report.problems[0].mend
    assert report.exit_code == 1


async def test_a_mapping_tells_what_headers_do_not(run, store, tmp_path: Path) -> None:
    path, mapping = tmp_path / "ledger.csv", tmp_path / "mapping.yaml"
    path.write_text("甲列,乙列,丙列\n户政系统,市公安局,x\n", "utf-8")
    mapping.write_text(
        "type: System\ncolumns:\n  甲列: name\n  乙列: managedBy\n  丙列:\n", "utf-8"
    )
    report = await run("catalogue", path, mapping=str(mapping))
    assert dict(report.understood[0].columns) == {"甲列": "name", "乙列": "managedBy", "丙列": ""}
    assert report.types == {"Department": 1, "System": 1}
    mapping.write_text("type: System\ncolumns:\n  甲列: nam\n", "utf-8")
    with pytest.raises(InvalidInput, match="nam"):
        await run("catalogue", path, mapping=str(mapping), confirm=True)
    mapping.write_text("colums: {}\n", "utf-8")
    with pytest.raises(InvalidInput, match="colums"):
        await run("catalogue", path, mapping=str(mapping))


def test_reading_a_workbook_needs_no_seekable_path(tmp_path: Path) -> None:
    """A zip with junk before it (self-extracting) is no workbook, and says so."""
    path = tmp_path / "junk.xlsx"
    path.write_bytes(io.BytesIO(b"MZ" + b"\0" * 100).getvalue())
    with pytest.raises(InvalidInput, match="不是 Excel"):
        open_book(path)
