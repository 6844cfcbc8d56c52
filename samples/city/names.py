"""Short references of the plan → ResourceIds, by the ledger's own rules (ontology §8).

hz.t_czrkxx          a table            hz.t_czrkxx#hyzk    its column
api YL-API-0001      an API             topic jt.gps.taxi   a topic
file kqz             a file             report 拥堵指数大屏   a report
"""

from __future__ import annotations

from functools import cache

from ontology.identity import dataset_id, field_id, resource_id
from ontology.load import load_ontology
from ontology.model import Ontology
from ontology.resource import ResourceId, Value
from samples.city.entries import Entry, tables
from samples.city.plan import CITY, CodeSet, Element, departments, matters, rows, systems
from samples.city.tables import bases

PROVINCIAL_CODE = "307007/000012"
GATEWAY = "https://api.yunlan.example"
TOPIC = ("kafka://kafka.yunlan.example:9092", "jt.gps.taxi")
FILES = {
    "kqz": ("file://ftp.yunlan.example", "/kqz/kqz_yyyymmdd.csv", "空气自动站小时文件"),
    "qsxx": ("file://ftp.yunlan.example", "/sw/t_qsxx.csv", "欠税公告文件"),
    "kqzlrb.csv": ("https://data.yunlan.example", "/files/kqzlrb.csv", "空气质量日报 CSV"),
    "kqzlrb.json": ("https://data.yunlan.example", "/files/kqzlrb.json", "空气质量日报 JSON"),
}
COLUMNS = {
    "file qsxx": {
        "nsrsbh": "纳税人识别号",
        "nsrmc": "纳税人名称",
        "sz": "欠缴税种",
        "qsje": "欠税金额",
        "qsqj": "欠税期间",
        "ggrq": "公告日期",
    },
    "file kqz": {
        "zdbh": "站点编号",
        "zdmc": "站点名称",
        "jcsj": "监测时间",
        "so2": "二氧化硫浓度",
        "no2": "二氧化氮浓度",
        "pm10": "PM10浓度",
        "pm25": "PM2.5浓度",
        "co": "一氧化碳浓度",
        "o3": "臭氧浓度",
    },
    "file kqzlrb.csv": {"zdmc": "站点名称", "jcrq": "监测日期", "kqzlzs": "空气质量指数"},
    "file kqzlrb.json": {"zdmc": "站点名称", "jcrq": "监测日期", "kqzlzs": "空气质量指数"},
    "topic jt.gps.taxi": {
        "hphm": "号牌号码",
        "clsbdh": "车辆识别代号",
        "dwsj": "定位时间",
        "jd": "经度",
        "wd": "纬度",
        "sssd": "瞬时速度",
        "xsfx": "行驶方向",
        "zkzt": "载客状态",
        "zdbh": "终端编号",
    },
}
"""Columns of files and topics, which no script tells."""
REPORTS = {
    "拥堵指数大屏": ("YL-BB-0001", "14"),
    "一网统管态势大屏": ("YL-BB-0002", "29"),
    "高龄津贴发放看板": ("YL-BB-0003", "07"),
}
VIEWS = {"frk.v_fr_zx": ("frk", "v_fr_zx"), "dw.dws.v_rx_mydtj": ("dw", "dws.v_rx_mydtj")}


def dataset(short: str) -> ResourceId:
    """The dataset that a short reference means."""
    kind, _, name = short.partition(" ")
    if kind == "api":
        return dataset_id(GATEWAY, api_name(name))
    if kind == "topic":
        return dataset_id(*TOPIC)
    if kind == "file":
        return dataset_id(*FILES[name][:2])
    if short in VIEWS:
        base, view = VIEWS[short]
        return dataset_id(bases()[base].namespace, bases()[base].full(view))
    return dataset_id(*tables()[short].dataset)


def api_name(code: str) -> str:
    """Method and path of an API, by its service code."""
    row = next(r for r in rows("apis.csv") if r["服务编码"] == code)
    return f"{row['方法']} {row['路径']}"


def node(short: str) -> ResourceId:
    """A dataset, a field (`table#column`), or a report."""
    if short.startswith("report "):
        return ResourceId(f"report:{REPORTS[short[7:]][0]}")
    table, mark, column = short.partition("#")
    return field_id(dataset(table), column) if mark else dataset(table)


def entry(e: Entry) -> ResourceId:
    """An information resource by its catalogue code."""
    return ResourceId(f"entry:{CITY}/{e.code}")


def org(number: str) -> ResourceId:
    return ResourceId(f"org:{departments()[number].uscc}")


def jobs(folder: str) -> str:
    """The source that a folder of jobs is, and so the namespace of its jobs."""
    return f"数据中台作业_{folder}"


def job(folder: str, name: str) -> ResourceId:
    return ResourceId(f"job:{jobs(folder)}/{name}")


def data_entry(e: Entry) -> ResourceId:
    """A data resource: the form has no code, so its provider and title name it."""
    provider = departments()["17"] if e.department.number == "18" else e.department
    scope = {"inCatalogue": f"node:{CITY}", "providedBy": f"org:{CITY}/{provider.name}"}
    found = resource_id(_ontology(), "DataResource", {"title": e.title}, scope)
    assert found
    return found[0]


def item(entry: ResourceId, name: str) -> ResourceId:
    found = resource_id(_ontology(), "InformationItem", {"name": name}, {"hasItem": entry})
    assert found
    return found[0]


def matter(name: str, owner: str = "") -> ResourceId:
    found = next(m for m in matters() if m.name == name and owner in ("", m.owner))
    return ResourceId(f"matter:{found.code.upper()}")


def system(name: str) -> ResourceId:
    return ResourceId(f"system:{systems()[name].code}")


def element(own: Element) -> ResourceId:
    """A data element by its standard and identifier."""
    found = resource_id(_ontology(), "DataElement", _identified(own.identifier, own.standard))
    assert found
    return found[0]


def code_set(own: CodeSet) -> ResourceId:
    """A code set by its standard and identifier, or by its English name."""
    said = _identified(own.identifier, own.standard)
    said |= {"nameEn": own.name_en, "standardClass": own.standard_class}
    found = resource_id(_ontology(), "CodeSet", said)
    assert found
    return found[0]


def _identified(identifier: str, standard: str) -> dict[str, Value]:
    known: dict[str, Value] = {"identifier": identifier}
    return known | {"sourceStandard": standard} if standard else known


@cache
def _ontology() -> Ontology:
    return load_ontology()


def _one(type: str, attributes: dict[str, Value]) -> ResourceId:
    found = resource_id(_ontology(), type, attributes)
    assert found
    return found[0]


def standard(number: str) -> ResourceId:
    return _one("Standard", {"number": number})


def law(title: str) -> ResourceId:
    return _one("LegalBasis", {"title": title})


def licence(number: int) -> ResourceId:
    return _one("LicenceType", {"baseCode": licence_code(number)})


def licence_code(number: int) -> str:
    """The base code of the nth licence type of the plan."""
    return f"11990100ZZ{number:04d}"
