"""The ten real workbooks: each understood as what it is, or declined for the right reason."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph.store import GraphStore
from ingest.registry import open_source
from ingest.source import Options, Understood
from ontology.model import Ontology

ENTRY = "entry:990100/990100/市公安局/人口基本信息"

UNDERSTOOD = {
    ("数据资源目录导入模板.xlsx", "数据资源目录导入"): (
        "DataResource",
        {
            "挂接资源名称": "mounts",
            "*数据资源目录名称": "title",
            "数据资源来源部门": "sourceDepartment",
            "*目录提供方": "providedBy",
            "所属信息系统": "inSystem",
            "*所属业务对象": "describes",
            "应用场景分类": "scene",
            "*数据所属事项": "producedBy",
            "*空间范围": "spatial",
            "*数据时间范围": "temporalStart…temporalEnd",
            "*更新周期": "updateCycle",
            "*数据分级": "securityLevel",
            "*数据资源目录描述": "abstract",
            "资源属性分类一": "inCategory",
            "资源属性分类二": "inCategory",
            "资源属性分类三": "inCategory",
            "*共享属性": "sharingType",
            "共享条件/不予共享依据": "sharingCondition|refusalBasis",
            "共享方式": "exchangeMethod",
            "*开放属性": "openingType",
            "开放条件": "openingCondition",
            "数据同步机制": "syncMode",
            "同步频率": "syncFrequency",
            "数据是否存在物理删除": "hardDeletes",
            "是否上线到超市": "onMarket",
        },
    ),
    ("数据资源目录导入模板.xlsx", "信息项导入"): (
        "InformationItem",
        {
            "*数据资源目录名称": "whole.title",
            "*信息项业务名称": "name",
            "*信息项技术名称": "nameEn",
            "关联数据标准": "conformsTo",
            "关联码表": "valueDomain",
            "*数据类型": "dataType",
            "数据长度": "length",
            "数据值域": "valueRange",
            "*共享属性": "sharingType",
            "*开放属性": "openingType",
            "*敏感属性": "sensitive",
            "*涉密属性": "secret",
            "是否时间戳": "isTimestamp",
            "是否主键": "isKey",
        },
    ),
    ("信息项模板.xlsx", "信息项"): (
        "InformationItem",
        {"*信息项名称": "name", "*数据类型": "dataType", "*信息项描述": "description"},
    ),
    ("template_de.xlsx", "数据元"): (
        "DataElement",
        {
            "*中文名称": "nameZh",
            "*英文名称": "nameEn",
            "同义词": "synonym",
            "*标准分类": "standardClass",
            "*数据类型": "dataType",
            "数据长度": "length",
            "数据精度": "precision",
            "数据元说明": "definition",
            "数据分级": "securityLevel",
        },
    ),
    ("template_dict.xlsx", "码表"): (
        "Code",
        {
            "*中文名称": "whole.nameZh",
            "*英文名称": "whole.nameEn",
            "*标准分类": "whole.standardClass",
            "说明": "whole.description",
            "*码值": "value",
            "*码值描述": "meaning",
            "码值说明": "note",
        },
    ),
    ("standard_template.xlsx", "业务对象清单"): (
        "LogicalEntity",
        {
            "*业务对象L1分组名称": "whole.objectDomain",
            "业务对象L1分组描述": "",
            "*业务对象L2分组名称": "whole.objectGroup",
            "*业务对象L2分组Owner": "",
            "业务对象L2分组描述": "",
            "*业务对象名称": "whole.name",
            "*业务对象Owner": "whole.managedBy",
            "业务对象描述": "whole.description",
            "逻辑实体名称": "name",
            "属性名称": "entityAttribute + keyAttribute",
            "唯一标识": "",
            "分级标签": "whole.securityLevel",
        },
    ),
    ("厂商名录导入模板.xlsx", "厂商名录"): (
        "Department",
        {
            "*公司名称": "name",
            "*统一社会信用代码": "uscc",
            "*法定代表人/负责人姓名": "",
            "*联系电话": "",
        },
    ),
    ("elec_licence.xlsx", "电子证照"): (
        "LicenceType",
        {
            "证照名称": "name",
            "发证级别": "level",
            "行业": "industry",
            "证照主体": "holderKind",
            "管理部门": "issuedBy",
            "证照编号": "baseCode",
            "有效期": "validity",
            "更新时间": "modifiedAt",
            "状态": "status",
        },
    ),
    ("elec_licence.xlsx", "信息项"): (
        "InformationItem",
        {
            "证照名称": "whole.name",
            "信息项名称": "name",
            "数据类型": "dataType",
            "数据长度": "length",
        },
    ),
}
UNDERSTOOD["template_dict_bak.xlsx", "码表"] = UNDERSTOOD["template_dict.xlsx", "码表"]


def understood(path: Path, ontology: Ontology) -> dict[str, Understood]:
    source = open_source("excel", str(path), Options(), ontology)
    return {x.place.sheet: x for x in source.read() if isinstance(x, Understood)}


@pytest.mark.parametrize(("file", "sheet"), UNDERSTOOD)
def test_understands_each_column_of_a_real_form(
    forms: Path, ontology: Ontology, file: str, sheet: str
) -> None:
    found = understood(forms / file, ontology)[sheet]
    assert (found.type, dict(found.columns)) == UNDERSTOOD[file, sheet]


@pytest.mark.parametrize(
    ("file", "why"),
    [("overall_evaluation.xlsx", "整体评价结果"), ("system_operation_detail.xlsx", "统计明细")],
)
async def test_declines_results_that_are_no_catalogue(
    run, forms: Path, file: str, why: str
) -> None:
    report = await run("excel", forms / file)
    assert report.counts.read == 0
    assert [why in p.what and "不是目录" in p.what for p in report.problems] == [True]
    assert report.commits is None
    assert report.exit_code == 1


async def test_a_form_without_data_rows_is_a_success(run, forms: Path) -> None:
    for file in {file for file, _ in UNDERSTOOD}:
        report = await run("excel", forms / file)
        assert (report.exit_code, report.counts.read, report.commits) == (0, 0, None), file


# --- filled in ---------------------------------------------------------------------------


def cells(*lines: str) -> list[object]:
    """A row, its cells between bars; blank ones stay empty, numbers are numbers."""
    texts = [text.strip() for text in "|".join(lines).split("|")]
    return [int(text) if text.isdigit() else text or None for text in texts]


ENTRIES = [
    cells(
        "人口基本信息表|人口基本信息|市公安局|市公安局|户政管理系统|人/常住人口；人/流动人口",
        "政务服务|户口登记|全市|2025/04/27-2026/01/01|每天|内部|人口的基本情况|人口类|基础/人口|",
        "有条件共享|因履职需要|共享平台方式|不予开放||增量|每日|否|是",
    ),
    cells(
        "|企业登记信息||市市场监管局|企业登记系统|法人|监管|企业设立、变更、注销登记|全市",
        "2020-01-01 至今|每年|公开|登记的情况||||不予共享|《条例》第三条|邮件方式|不予开放",
    ),
    cells("|" * 24),
    cells("|||市公安局"),
]
ITEMS = [
    cells("人口基本信息|姓名|xm|||字符型|50||有条件共享|不予开放|敏感|非涉密|否|否"),
    cells("人口基本信息|性别|xb|性别代码|性别|字符型|1||有条件共享|不予开放|非敏感|非涉密|否|否"),
    cells("人口基本信息|代号|dh|||字符型|9||不予共享|不予开放|敏感|涉密|否|否"),
    cells("没有的目录|项|x|||字符型|1||有条件共享|不予开放|非敏感|非涉密|否|否"),
]


def filled(form: Path, target: Path, sheets: dict[str, tuple[int, list[list[object]]]]) -> Path:
    """A copy of a real form with rows from the given row on."""
    book = openpyxl.load_workbook(form)
    for name, (first, rows) in sheets.items():
        for number, row in enumerate(rows, first):
            for column, value in enumerate(row, 1):
                if value is not None:
                    book[name].cell(number, column).value = value
    book.save(target)
    return target


@pytest.fixture
def entries(forms: Path, tmp_path: Path) -> Path:
    sheets = {"数据资源目录导入": (4, ENTRIES), "信息项导入": (3, ITEMS)}
    return filled(forms / "数据资源目录导入模板.xlsx", tmp_path / "目录.xlsx", sheets)


async def test_reads_a_filled_form(run, store: GraphStore, entries: Path) -> None:
    report = await run("excel", entries, region="990100", node="990100")
    resource = (await store.get_many([ENTRY]))[ENTRY]
    assert resource.type == "DataResource"
    said = resource.attributes
    assert said["updateCycle"] == "每日"  # written 每天
    assert (said["temporalStart"], said["temporalEnd"]) == ("2025-04-27", "2026-01-01")
    assert said["sharingCondition"] == "因履职需要"
    assert "refusalBasis" not in said
    links = {(e.type, e.target) for e in (await store.links(ENTRY)).edges}
    assert links >= {
        ("providedBy", "org:990100/市公安局"),
        ("inSystem", "system:990100/市公安局/户政管理系统"),
        ("describes", "object:人/常住人口"),
        ("describes", "object:人/流动人口"),
        ("producedBy", "matter:990100/市公安局/户口登记"),
        ("inCategory", "category:资源属性分类一/人口类"),
        ("mounts", "dataset:unbound:目录/人口基本信息表"),
        ("hasItem", f"infoitem:{ENTRY.removeprefix('entry:')}/姓名"),
    }
    assert report.exit_code == 1


async def test_one_cell_with_two_meanings_goes_where_it_belongs(
    run, store: GraphStore, entries: Path
) -> None:
    await run("excel", entries, region="990100", node="990100")
    refused = "entry:990100/990100/市市场监管局/企业登记信息"
    said = (await store.get_many([refused]))[refused].attributes
    assert said["refusalBasis"] == "《条例》第三条"
    assert "sharingCondition" not in said
    assert said["temporalStart"] == "2020-01-01"
    assert "temporalEnd" not in said  # 至今


async def test_tells_what_is_wrong_row_by_row(run, entries: Path) -> None:
    report = await run("excel", entries, region="990100", node="990100")
    errors = {(p.sheet, p.row, p.column) for p in report.problems if p.severity == "error"}
    assert errors == {
        ("数据资源目录导入", 7, "*数据资源目录名称"),  # no name
        ("信息项导入", 5, ""),  # 涉密
        ("信息项导入", 6, "*数据资源目录名称"),  # no such entry
    }


async def test_keeps_nothing_of_what_is_secret(run, store: GraphStore, entries: Path) -> None:
    report = await run("excel", entries, region="990100", node="990100")
    assert report.counts.secret == 1
    assert "代号" not in str(report)
    assert [r.id async for r in store.scan() if "代号" in r.id] == []
    assert not any("代号" in e.target for e in (await store.links(ENTRY)).edges)


async def test_a_code_set_over_many_rows(run, store: GraphStore, forms: Path, tmp_path) -> None:
    rows: list[list[object]] = [
        ["性别", "XB", "国家标准", "人的性别", "0", "未知的性别"],
        [None, None, None, None, "1", "男性"],
        ["性别", "XB", "国标", None, 2, "女性", "备注"],
        ["民族", "MZ", "国家标准", None, "01", "汉族"],
    ]
    book = filled(forms / "template_dict.xlsx", tmp_path / "码表.xlsx", {"码表": (4, rows)})
    report = await run("excel", book)
    assert report.types == {"Code": 4, "CodeSet": 2}
    codes = {e.target for e in (await store.links("codeset:国家标准/xb")).edges}
    assert codes == {f"code:国家标准/xb/{value}" for value in "012"}
    han = (await store.get_many(["code:国家标准/mz/01"]))["code:国家标准/mz/01"]
    assert han.attributes["value"] == "01"  # text, not a number


async def test_five_levels_in_a_row(run, store: GraphStore, forms: Path, tmp_path: Path) -> None:
    blank = [None] * 8
    rows: list[list[object]] = [
        [
            "人",
            None,
            "自然人",
            "张",
            None,
            "常住人口",
            "市公安局",
            "说明",
            "基本信息",
            "姓名",
            "否",
        ],
        [*blank, None, "公民身份号码", "是"],
        [*blank, "婚姻信息", "婚姻状况", "否"],
        [*blank[:5], "流动人口", "市公安局"],
    ]
    form = forms / "standard_template.xlsx"
    await run("excel", filled(form, tmp_path / "对象.xlsx", {"业务对象清单": (4, rows)}))
    entity = (await store.get_many(["logical:自然人/常住人口/基本信息"])).popitem()[1]
    assert entity.attributes["entityAttribute"] == ("姓名", "公民身份号码")
    assert entity.attributes["keyAttribute"] == ("公民身份号码",)
    owned = {e.target for e in (await store.links("object:自然人/常住人口")).edges}
    assert "logical:自然人/常住人口/婚姻信息" in owned


async def test_items_without_a_parent_column_belong_to_what_the_file_is_called(
    run, store: GraphStore, forms: Path, tmp_path: Path
) -> None:
    rows: list[list[object]] = [["登记日期", "日期型", "登记的日期"]]
    form = forms / "信息项模板.xlsx"
    book = filled(form, tmp_path / "婚姻登记信息-信息项.xlsx", {"信息项": (4, rows)})
    await run("excel", book, source="by name")
    assert "infoitem:婚姻登记信息/登记日期" in {r.id async for r in store.scan()}
    await run("excel", book, source="told", extra={"whole": "entry:990100/1"})
    assert "infoitem:990100/1/登记日期" in {r.id async for r in store.scan()}


async def test_a_wrong_check_digit_is_told_and_the_firm_kept_by_name(
    run, store: GraphStore, forms: Path, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["甲公司", "91350100M000100Y43", "张三", "1"],
        ["乙公司", "91350100M000100Y44", "李四", "2"],
    ]
    form = forms / "厂商名录导入模板.xlsx"
    report = await run("excel", filled(form, tmp_path / "厂商.xlsx", {"厂商名录": (3, rows)}))
    assert {r.id async for r in store.scan()} == {"org:91350100M000100Y43", "org:乙公司"}
    assert [(p.row, p.column) for p in report.problems] == [(4, "*统一社会信用代码")]
    assert [r.id async for r in store.scan() if "张三" in str(r.attributes)] == []


async def test_licences_and_their_items(run, store: GraphStore, forms: Path, tmp_path) -> None:
    sheets = {
        "电子证照": (2, [["营业执照", "市级", None, "法人", "市市场监管局", "L001", "长期"]]),
        "信息项": (2, [["营业执照", "名称", "字符型", 200]]),
    }
    await run("excel", filled(forms / "elec_licence.xlsx", tmp_path / "证照.xlsx", sheets))
    edges = (await store.links("licence:L001")).edges
    assert ("hasItem", "infoitem:L001/名称") in {(e.type, e.target) for e in edges}


async def test_a_second_run_of_the_same_forms_makes_no_commit(run, entries: Path) -> None:
    assert (await run("excel", entries)).commits is not None
    again = await run("excel", entries)
    assert again.commits is None
    assert again.counts.unchanged == again.counts.resources


async def test_a_folder_is_one_target(run, entries: Path, tmp_path: Path) -> None:
    rows = "系统名称,主管部门,系统状态\n户政管理系统,市公安局,已建\n"
    (tmp_path / "系统清单.csv").write_bytes(rows.encode("gb18030"))
    report = await run("excel", tmp_path, region="990100", node="990100")
    assert {place.place.file for place in report.understood} == {"目录.xlsx", "系统清单.csv"}
    assert report.types["System"] == 2
    assert report.types["DataResource"] == 2


async def test_a_class_told_by_the_caller_holds_for_the_sheet_it_fits(run, entries: Path) -> None:
    report = await run("excel", entries, type="DataResource")
    assert [sheet.type for sheet in report.understood] == ["DataResource", "InformationItem"]


async def test_sheets_beside_the_lists_are_passed_over(run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "系统清单"
    for row in (["系统名称", "主管部门"], ["户政管理系统", "市公安局"]):
        sheet.append(row)
    notes = book.create_sheet("填表说明")
    for row in (["项目", "要求"], ["系统名称", "写全称"]):
        notes.append(row)
    hidden = book.create_sheet("部门")
    hidden.sheet_state = "hidden"
    for row in (["部门名称", "简称"], ["市公安局", "公安"]):
        hidden.append(row)
    book.save(tmp_path / "系统.xlsx")
    report = await run("excel", tmp_path / "系统.xlsx")
    assert (report.types, report.exit_code) == ({"Department": 1, "System": 1}, 0)
    assert [p.sheet for p in report.problems] == ["部门"]
