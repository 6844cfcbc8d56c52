"""A small ledger made by hand for the tests of search: an ontology and some resources.

The names are those of 云澜市, a city that does not exist. `LEDGER` is a table: id, class,
attributes, links. `documents` resolves links as a projector does, but over a dict.
"""

# ruff: noqa: E501  (LEDGER and ONTOLOGY are tables: a row a line reads best)

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ontology.model import (
    Attribute,
    Code,
    CodeList,
    Datatype,
    Direction,
    Label,
    LinkType,
    Ontology,
    ResourceType,
)
from ontology.resource import Resource, ResourceId
from search.document import SearchDocument, document
from search.mapping import Path, SearchMapping, derive


def _codes(name: str, zh: str, en: str, *codes: str) -> CodeList:
    found = []
    for order, code in enumerate(codes):
        notation, *synonyms = code.split("=")
        found.append(Code(notation, Label(notation, f"{en} {order}"), tuple(synonyms), order))
    return CodeList(name, Label(zh, en), tuple(found))


CODE_LISTS = {
    c.name: c
    for c in (
        _codes("Sharing", "共享类型", "sharing", "无条件共享", "有条件共享", "不予共享=不共享"),
        _codes("Opening", "开放类型", "opening", "无条件开放=普遍开放", "有条件开放", "不予开放"),
        _codes("Level", "安全等级", "level", "公开数据", "内部数据", "敏感数据", "核心数据"),
        _codes("Cycle", "更新周期", "cycle", "实时", "每日=每天", "每月", "每年"),
    )
}


def _attribute(name: str, zh: str, en: str, weight: float = 0, **more: Any) -> Attribute:
    datatype = more.pop("datatype", Datatype.STRING)
    return Attribute(name, Label(zh, en), datatype, f"x:{name}", search_weight=weight, **more)


def _coded(name: str, zh: str, en: str, codes: str) -> Attribute:
    return _attribute(
        name, zh, en, datatype=Datatype.CODE, code_list=codes, facet=True, filterable=True
    )


TITLE = _attribute("title", "名称", "title", 8, filterable=True, headers=("资源名称",))
ALT = _attribute("altTitle", "别名", "alternative title", 6, many=True)
TEXT = _attribute("abstract", "摘要", "abstract", 2, datatype=Datatype.TEXT)
LEVEL = _coded("securityLevel", "安全等级", "security level", "Level")
ENTRY = (
    TITLE,
    ALT,
    TEXT,
    _attribute("keyword", "关键词", "keyword", 4, many=True),
    _attribute("catalogueCode", "信息资源代码", "catalogue code", 4, many=True, filterable=True),
    _coded("sharingType", "共享类型", "sharing type", "Sharing"),
    _coded("openingType", "开放类型", "opening type", "Opening"),
    LEVEL,
    _coded("updateCycle", "更新周期", "update cycle", "Cycle"),
    _attribute("format", "格式类型", "format", many=True, facet=True, filterable=True),
    _attribute("recordCount", "记录数", "record count", datatype=Datatype.INTEGER, filterable=True),
    _attribute("storageMB", "存储量", "storage", datatype=Datatype.DECIMAL, filterable=True),
    _attribute("publishedAt", "发布日期", "published", datatype=Datatype.DATE, filterable=True),
    _attribute("important", "重要数据", "important", datatype=Datatype.BOOLEAN, filterable=True),
    _attribute("contactName", "联系人", "contact", 2, personal=True, filterable=True),
)
NAME = _attribute("name", "名称", "name", 8, filterable=True)
SHORT = _attribute("shortName", "简称", "short name", 8, many=True)
PHYSICAL = _attribute("physicalName", "物理名", "physical name", 8)
COMMENT = _attribute("comment", "注释", "comment", 8)


def _type(
    name: str, zh: str, en: str, family: str, title: str, attributes: Iterable[Attribute],
    prior: float = 1.0, parents: tuple[str, ...] = (), abstract: bool = False,
) -> ResourceType:  # fmt: skip
    return ResourceType(
        name, Label(zh, en), f"x:{name}", family, title, parents, parents, abstract,
        attributes={a.name: a for a in attributes}, search_prior=prior,
    )  # fmt: skip


def _link(
    name: str, zh: str, en: str, inverse: str, domain: str, range: str, **more: Any
) -> LinkType:
    return LinkType(
        name, Label(zh, en), inverse, Label(f"{zh}(反)", inverse), f"x:{name}",
        (domain,), (range,), **more,
    )  # fmt: skip


ONTOLOGY = Ontology(
    types={
        t.name: t
        for t in (
            _type("CatalogEntry", "目录条目", "catalogue entry", "entry", "title", ENTRY, 2, abstract=True),
            _type("InformationResource", "信息资源", "information resource", "entry", "title", ENTRY, 2, ("CatalogEntry",)),
            _type("DataResource", "数据资源", "data resource", "entry", "title", ENTRY, 1.8, ("CatalogEntry",)),
            _type("InformationItem", "信息项", "information item", "infoitem", "name", (NAME, LEVEL), 0.9),
            _type("Table", "表", "table", "dataset", "comment", (COMMENT, PHYSICAL), 1.2),
            _type("Field", "字段", "field", "field", "comment", (COMMENT, PHYSICAL), 0.8),
            _type("Department", "部门", "department", "org", "name", (NAME, SHORT), 1.6),
            _type("System", "信息系统", "system", "system", "name", (NAME, SHORT), 1.4),
            _type("Matter", "事项", "matter", "matter", "name", (NAME,), 1.3),
            _type("DataElement", "数据元", "data element", "element", "name", (NAME, _attribute("synonyms", "同义名称", "synonyms", 7, many=True)), 1.3),
            _type("Region", "行政区划", "region", "region", "name", (NAME,)),
        )
    },
    links={
        t.name: t
        for t in (
            _link("providedBy", "提供方", "provided by", "provides", "CatalogEntry", "Department", many=False, embed=2, facet=True),
            _link("managedBy", "管理部门", "managed by", "manages", "System", "Department", embed=2, facet=True),
            _link("hasItem", "信息项", "has item", "itemOf", "CatalogEntry", "InformationItem", part_of=True, embed=2),
            _link("conformsTo", "符合数据元", "conforms to", "conformedBy", "InformationItem", "DataElement", embed=2),
            _link("mounts", "挂接", "mounts", "mountedBy", "CatalogEntry", "Table", embed=1),
            _link("hasField", "字段", "has field", "fieldOf", "Table", "Field", part_of=True, embed=1),
            _link("hostedIn", "所在系统", "hosted in", "hosts", "CatalogEntry", "System", embed=1, facet=True),
            _link("requiredBy", "办理所需", "required by", "requires", "CatalogEntry", "Matter", embed=1, inverse_embed=0.5),
            _link("inRegion", "所属区划", "in region", "regionOf", "CatalogEntry", "Region", facet=True),
        )
    },
    code_lists=CODE_LISTS,
    digest="small",
)  # fmt: skip

Row = tuple[str, str, dict[str, Any], dict[str, list[str]]]

LEDGER: list[Row] = [
    ("org:rsj", "Department", {"name": "云澜市人力资源和社会保障局", "shortName": ("人社局", "市人社局")}, {}),
    ("org:gaj", "Department", {"name": "云澜市公安局", "shortName": ("公安局",)}, {}),
    ("org:mzj", "Department", {"name": "云澜市民政局", "shortName": ("民政局",)}, {}),
    ("org:scj", "Department", {"name": "云澜市市场监督管理局", "shortName": ("市场监管局",)}, {}),
    ("org:gjj", "Department", {"name": "云澜市住房公积金管理中心", "shortName": ("公积金中心",)}, {}),
    ("region:990100", "Region", {"name": "云澜市"}, {}),
    ("region:990102", "Region", {"name": "澜东区"}, {}),
    ("system:sb", "System", {"name": "社会保险核心业务系统", "shortName": ("社保核心",)}, {"managedBy": ["org:rsj"]}),
    ("system:hz", "System", {"name": "户政管理系统"}, {"managedBy": ["org:gaj"]}),
    ("system:qy", "System", {"name": "企业登记管理系统"}, {"managedBy": ["org:scj"]}),
    ("matter:gljt", "Matter", {"name": "高龄津贴发放"}, {}),
    ("matter:qysl", "Matter", {"name": "企业设立登记"}, {}),
    ("matter:gfzg", "Matter", {"name": "人才购房资格确认"}, {}),
    ("element:zjhm", "DataElement", {"name": "公民身份号码", "synonyms": ("身份证号", "身份证号码", "证件号码")}, {}),
    ("element:xydm", "DataElement", {"name": "统一社会信用代码", "synonyms": ("信用代码", "社会信用代码")}, {}),
    ("element:hyzk", "DataElement", {"name": "婚姻状况代码", "synonyms": ("婚姻状况",)}, {}),
    ("entry:rk", "InformationResource",
     {"title": "人口基本信息", "altTitle": ("常住人口信息",), "abstract": "全市常住人口的姓名、性别、出生日期、婚姻状况等基本情况，由户籍登记产生。", "keyword": ("人口", "户籍"), "catalogueCode": ("3001001/000001",), "sharingType": "有条件共享", "openingType": "不予开放", "securityLevel": "敏感数据", "updateCycle": "每日", "format": ("数据库",), "recordCount": 3_200_000, "storageMB": 5120.5, "publishedAt": "2024-03-01", "important": True, "contactName": "王某某"},
     {"providedBy": ["org:gaj"], "hostedIn": ["system:hz"], "hasItem": ["infoitem:rk.zjhm", "infoitem:rk.xm", "infoitem:rk.hyzk"], "mounts": ["dataset:kingbase8://rkk.yunlan.example:54321/rkk.dwd.dwd_rk_jbxx"], "requiredBy": ["matter:gljt", "matter:gfzg"], "inRegion": ["region:990100"]}),
    ("entry:sbjf", "InformationResource",
     {"title": "社保缴费信息", "altTitle": ("社会保险缴费记录",), "abstract": "参保单位和个人的养老、失业、工伤保险缴费基数与缴费金额。", "keyword": ("社保", "缴费"), "catalogueCode": ("3012003/000007",), "sharingType": "有条件共享", "openingType": "不予开放", "securityLevel": "内部数据", "updateCycle": "每月", "format": ("数据库", "接口"), "recordCount": 880_000, "storageMB": 830.25, "publishedAt": "2024-05-20"},
     {"providedBy": ["org:rsj"], "hostedIn": ["system:sb"], "hasItem": ["infoitem:sb.zjhm", "infoitem:sb.jfje"], "requiredBy": ["matter:gfzg"], "inRegion": ["region:990100"]}),
    ("entry:sbcb", "InformationResource",
     {"title": "社会保险参保登记", "abstract": "单位和个人参加社会保险的登记情况，不含缴费明细。", "keyword": ("社保", "参保"), "sharingType": "无条件共享", "openingType": "有条件开放", "securityLevel": "内部数据", "updateCycle": "每月", "format": ("数据库",), "recordCount": 910_000, "publishedAt": "2023-11-02"},
     {"providedBy": ["org:rsj"], "hostedIn": ["system:sb"], "inRegion": ["region:990100"]}),
    ("entry:jyb", "DataResource",
     {"title": "失业登记人员名册", "abstract": "登记失业人员及领取失业保险金的情况。", "sharingType": "有条件共享", "openingType": "不予开放", "securityLevel": "敏感数据", "updateCycle": "每月", "format": ("电子表格",), "recordCount": 12_400},
     {"providedBy": ["org:rsj"], "inRegion": ["region:990102"]}),
    ("entry:gjj", "InformationResource",
     {"title": "住房公积金缴存明细", "altTitle": ("公积金缴存",), "abstract": "职工住房公积金按月缴存的单位、个人部分。", "keyword": ("公积金",), "sharingType": "有条件共享", "openingType": "不予开放", "securityLevel": "内部数据", "updateCycle": "每月", "format": ("接口",), "recordCount": 560_000, "publishedAt": "2024-01-15"},
     {"providedBy": ["org:gjj"], "requiredBy": ["matter:gfzg"], "inRegion": ["region:990100"]}),
    ("entry:qy", "InformationResource",
     {"title": "企业登记基本信息", "altTitle": ("法人基本信息",), "abstract": "企业名称、统一社会信用代码、法定代表人、注册资本和经营范围。", "keyword": ("企业", "法人"), "sharingType": "无条件共享", "openingType": "无条件开放", "securityLevel": "公开数据", "updateCycle": "每日", "format": ("数据库", "接口"), "recordCount": 145_000, "publishedAt": "2022-08-08"},
     {"providedBy": ["org:scj"], "hostedIn": ["system:qy"], "hasItem": ["infoitem:qy.xydm"], "requiredBy": ["matter:qysl"], "inRegion": ["region:990100"]}),
    ("entry:hy", "InformationResource",
     {"title": "婚姻登记信息", "abstract": "结婚、离婚登记的当事人与登记日期。", "keyword": ("婚姻",), "sharingType": "有条件共享", "openingType": "不予开放", "securityLevel": "敏感数据", "updateCycle": "每日", "format": ("数据库",), "recordCount": 420_000},
     {"providedBy": ["org:mzj"], "inRegion": ["region:990100"]}),
    ("entry:gljt", "DataResource",
     {"title": "高龄津贴发放名册", "abstract": "八十周岁以上老年人高龄津贴的发放标准与金额。", "sharingType": "有条件共享", "openingType": "有条件开放", "securityLevel": "敏感数据", "updateCycle": "每月", "format": ("电子表格",), "recordCount": 31_000},
     {"providedBy": ["org:mzj"], "requiredBy": ["matter:gljt"], "inRegion": ["region:990100"]}),
    ("entry:kq", "InformationResource",
     {"title": "空氣質量日報", "abstract": "全市空气自动站的逐日监测均值。", "keyword": ("环保",), "sharingType": "无条件共享", "openingType": "无条件开放", "securityLevel": "公开数据", "updateCycle": "每日", "format": ("CSV", "JSON"), "recordCount": 8_760},
     {"inRegion": ["region:990100"]}),
    ("infoitem:rk.zjhm", "InformationItem", {"name": "公民身份号码", "securityLevel": "敏感数据"}, {"conformsTo": ["element:zjhm"]}),
    ("infoitem:rk.xm", "InformationItem", {"name": "姓名", "securityLevel": "内部数据"}, {}),
    ("infoitem:rk.hyzk", "InformationItem", {"name": "婚姻状况", "securityLevel": "敏感数据"}, {"conformsTo": ["element:hyzk"]}),
    ("infoitem:sb.zjhm", "InformationItem", {"name": "公民身份号码", "securityLevel": "敏感数据"}, {"conformsTo": ["element:zjhm"]}),
    ("infoitem:sb.jfje", "InformationItem", {"name": "缴费金额", "securityLevel": "内部数据"}, {}),
    ("infoitem:qy.xydm", "InformationItem", {"name": "统一社会信用代码", "securityLevel": "公开数据"}, {"conformsTo": ["element:xydm"]}),
    ("dataset:kingbase8://rkk.yunlan.example:54321/rkk.dwd.dwd_rk_jbxx", "Table",
     {"comment": "人口基本信息表", "physicalName": "dwd_rk_jbxx"}, {"hasField": ["field:rk#zjhm", "field:rk#hyzk_dm"]}),
    ("dataset:mysql://qydj.yunlan.example:3306/qydj.t_qyjbxx", "Table",
     {"comment": "企业基本信息", "physicalName": "t_qyJbxx"}, {"hasField": ["field:qy#tyshxydm"]}),
    ("field:rk#zjhm", "Field", {"comment": "公民身份号码", "physicalName": "zjhm"}, {}),
    ("field:rk#hyzk_dm", "Field", {"comment": "婚姻状况代码", "physicalName": "hyzk_dm"}, {}),
    ("field:qy#tyshxydm", "Field", {"comment": "统一社会信用代码", "physicalName": "tyshxydm"}, {}),
]  # fmt: skip


def resources(rows: Iterable[Row] = LEDGER, first: int = 1) -> dict[ResourceId, Resource]:
    return {
        ResourceId(id): Resource(ResourceId(id), type, attributes, version=1, number=number)
        for number, (id, type, attributes, _) in enumerate(rows, first)
    }


def documents(
    mapping: SearchMapping | None = None, rows: Iterable[Row] = LEDGER, first: int = 1
) -> list[SearchDocument]:
    """The documents of all rows, numbered from `first`."""
    rows = list(rows)
    mapping = mapping or derive(ONTOLOGY)
    known = resources(rows, first)
    forward: dict[tuple[str, str], list[str]] = {}
    for id, _, _, links in rows:
        for name, targets in links.items():
            for target in targets:
                forward.setdefault((id, name), []).append(target)
    return [document(r, _around(r, mapping, known, forward), mapping) for r in known.values()]


def _around(
    resource: Resource,
    mapping: SearchMapping,
    known: Mapping[ResourceId, Resource],
    forward: Mapping[tuple[str, str], list[str]],
) -> dict[Path, list[Resource]]:
    around: dict[Path, list[Resource]] = {}
    for embedding in mapping.types[resource.type].embeddings:
        ids = [str(resource.id)]
        for step in embedding.path:
            if step.way is Direction.FORWARD:
                ids = [target for id in ids for target in forward.get((id, step.link), [])]
            else:
                ids = [
                    origin
                    for (origin, name), targets in forward.items()
                    if name == step.link and set(ids) & set(targets)
                ]
        around[embedding.path] = [known[ResourceId(id)] for id in ids if ResourceId(id) in known]
    return around


def names() -> list[str]:
    """All names of the ledger: what its word list is made of."""
    return [name for doc in documents() for name in doc.names]
