"""Templates: derived from the ontology, filled in by hand, read back as what they are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph.open import open_store
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.rejected import write
from ingest.report import RejectedRow
from ingest.source import Options, Understood
from ingest.template import FIRST_ROW, LISTS, columns, template
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.model import Ontology

EXTRA = Path(__file__).parents[1] / "ontology" / "extra.ttl"


def fill(ontology: Ontology, type: str, target: Path, *rows: dict[str, object]) -> Path:
    """The template of a class with rows given by header (without the mark)."""
    book = template(ontology, type)
    sheet = book.worksheets[0]
    places = {str(cell.value).lstrip("*"): cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, FIRST_ROW):
        for header, value in row.items():
            sheet.cell(number, places[header]).value = value
    book.save(target)
    return target


def test_every_class_has_a_template_that_is_understood_as_it_is(
    ontology: Ontology, tmp_path: Path
) -> None:
    for kind in ontology.types.values():
        if kind.abstract:
            continue
        path = tmp_path / f"{kind.name}.xlsx"
        template(ontology, kind.name).save(path)
        source = open_source("excel", str(path), Options(), ontology)
        first = next(item for item in source.read() if isinstance(item, Understood))
        assert first.type == kind.name
        told = {header.lstrip("*"): name for header, name in first.columns.items()}
        for column in columns(ontology, kind.name):
            if column.meaning.inverse:
                assert told[column.header].startswith("whole."), (kind.name, column.header)
            else:
                assert told[column.header] == column.meaning.name, (kind.name, column.header)


def test_required_columns_have_a_star_and_code_lists_a_drop_down(ontology: Ontology) -> None:
    book = template(ontology, "DataResource")
    sheet = book.worksheets[0]
    headers = {str(cell.value): cell.column_letter for cell in sheet[2]}
    assert "*名称" in headers
    assert "*提供方" in headers
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    place = f"{headers['共享类型']}{FIRST_ROW}:{headers['共享类型']}1048576"
    assert rules[place] == '"无条件共享,有条件共享,不予共享"'
    assert book[LISTS].sheet_state == "hidden"


def test_an_entry_has_a_second_sheet_for_its_items(ontology: Ontology) -> None:
    assert "信息项" in template(ontology, "DataResource").sheetnames
    assert "代码" in template(ontology, "CodeSet").sheetnames


def test_an_unknown_class_is_refused_with_the_known_ones(ontology: Ontology) -> None:
    with pytest.raises(InvalidInput, match="Department"):
        template(ontology, "Departement")


async def test_a_filled_template_comes_back(run, store, ontology, tmp_path: Path) -> None:
    path = fill(
        ontology,
        "System",
        tmp_path / "系统.xlsx",
        {"名称": "户政管理系统", "编码": "S001", "状态": "已建", "主管部门": "市公安局"},
        {"名称": "婚姻登记系统", "状态": "在建", "主管部门": "市民政局"},
    )
    report = await run("excel", path, region="990100")
    assert report.exit_code == 0
    found = await store.get_many(["system:S001", "system:990100/市民政局/婚姻登记系统"])
    assert found["system:S001"].attributes["status"] == "已建"
    assert len(found) == 2
    edges = (await store.links("system:S001", ["managedBy"])).edges
    assert [(e.type, e.target) for e in edges] == [("managedBy", "org:990100/市公安局")]


async def test_a_class_of_ones_own_needs_no_line_of_python(tmp_path: Path) -> None:
    extended = load_ontology([EXTRA])
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    await store.ensure(extended)
    path = fill(
        extended,
        "UrbanComponent",
        tmp_path / "部件.xlsx",
        {
            "名称": "井盖 1 号",
            "部件标识码": "9901020101000001",
            "部件大类": "公用设施类",
            "安装日期": "2024/5/1",
            "处置事项": "井盖维修",
        },
        {"名称": "路灯", "部件标识码": "9901020201000002", "部件大类": "公用设施类"},
        {"名称": "树", "部件标识码": "12", "部件大类": "园林绿化类"},
    )
    source = open_source("excel", str(path), Options(), extended)
    report = await ingest(store, extended, source, actor="tester")
    id = "component:9901020101000001"
    resource = (await store.get_many([id]))[id]
    assert resource.attributes["installedOn"] == "2024-05-01"
    assert {e.type for e in (await store.links(id)).edges} == {"caredForIn"}
    rows = {problem.row: problem for problem in report.problems if problem.severity == "error"}
    assert set(rows) == {4, 5}  # breaks the shape; has no proper code
    assert "第 7、8 位" in rows[4].what
    assert [r.id async for r in store.scan("UrbanComponent")] == [id]
    await store.close()


def test_text_that_looks_like_a_formula_stays_text(ontology: Ontology, tmp_path: Path) -> None:
    row = RejectedRow("a.xlsx", "表", 3, {"名称": '=HYPERLINK("http://x")', "备注": "+1"}, ())
    path = tmp_path / "改正.xlsx"
    assert write(path, [row]) == 1
    sheet = openpyxl.load_workbook(path)["表"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == '=HYPERLINK("http://x")'
