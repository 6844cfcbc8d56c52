"""The five stories of how a change spreads (domain/spreading.md §3), with what must be affected,
what must be touched, and what must not be in the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ontology.resource import ResourceId
from samples.city import names
from samples.city.entries import data, information
from samples.city.plan import code_sets, elements

Story = dict[str, Any]


def stories() -> list[Story]:
    """S1 to S5. The lists name what must be there; an answer may hold more of the same kind."""
    return [_field(), _element(), _code(), _system(), _merger()]


def _entries(*titles: str) -> list[ResourceId]:
    found = {e.title: names.entry(e) for e in information()}
    return [found[title] for title in titles]


def _nodes(*shorts: str) -> list[ResourceId]:
    return [names.node(short) for short in shorts]


def _item(table: str, name: str) -> ResourceId:
    """The information item of the data resource that mounts the table."""
    entry = next(e for e in data() if e.table and e.table.short == table)
    return names.item(names.data_entry(entry), name)


def _story(
    id: str,
    what: str,
    start: Iterable[str],
    change: str,
    affected: Iterable[str],
    touched: Iterable[str],
    forbidden: Iterable[str],
) -> Story:
    return {
        "id": id,
        "what": what,
        "start": list(start),
        "change": change,
        "affected": list(affected),
        "touched": list(touched),
        "not": list(forbidden),
    }


def _field() -> Story:
    return _story(
        "S1",
        "人口基本信息表删除婚姻状况代码",
        _nodes("rkk.dwd_rk_jbxx#hyzk_dm"),
        "remove",
        [
            *_nodes(
                "dw.dws.dws_rk_lnr#hyzk",
                "dw.ads.ads_gl_jt#sfdj",
                "dw.dws.dws_rk_hytj#hyzk_dm",
                "dw.dws.dws_rk_hytj#rs",
                "api YL-API-0001#sfdj",
                "api YL-API-0001",
            ),
            names.matter("高龄津贴发放"),
            names.job("dw1", "dws_rk_lnr"),
            names.job("dw1", "dws_rk_hytj"),
            _item("rkk.dwd_rk_jbxx", "婚姻状况"),
        ],
        [
            *_nodes("rkk.dwd_rk_jbxx", "dw.dws.dws_rk_lnr", "dw.ads.ads_gl_jt"),
            *_entries("人口基本信息", "高龄津贴发放信息"),
            names.matter("义务教育入学登记"),
            "scenario:YL-CJ-001",
            "grant:YL-SQ-0001",
            names.org("07"),
            names.org("10"),
        ],
        [
            *_nodes("rkk.dwd_rk_jbxx#mz", "rkk.dwd_rk_jbxx#xm", "rkk.dwd_rk_jhgx"),
            names.element(elements()["婚姻状况"]),
            names.code_set(code_sets()["婚姻状况代码"]),
            *_entries("机动车登记信息", "流动人口居住登记信息"),
            names.org("06"),
        ],
    )


def _element() -> Story:
    return _story(
        "S2",
        "数据元“统一社会信用代码”改变格式",
        [names.element(elements()["统一社会信用代码"])],
        "retype",
        _nodes(
            "qydj.t_qyjbxx#tyshxydm",
            "frk.dwd_fr_jbxx#tyshxydm",
            "sjcf.t_xzcf#tyshxydm",
            "dw.dws.dws_xy_qydf#xydm",
            "dw.ads.ads_xy_hmd#tyshxydm",
            "api YL-API-0002#tyshxydm",
            "api YL-API-0002",
        ),
        [
            *_nodes("qydj.t_qyjbxx", "frk.dwd_fr_jbxx", "dw.dws.dws_xy_qydf"),
            *_entries("企业登记基本信息", "行政处罚信息", "法人单位基础信息"),
            "grant:YL-SQ-0011",
            names.org("02"),
        ],
        [
            *_nodes("dw.ads.ads_xy_hytj#qys", "qydj.t_qyjbxx#zczb", "frk.dwd_fr_jbxx#zczb"),
            names.element(elements()["注册资本"]),
        ],
    )


def _code() -> Story:
    domain = code_sets()["婚姻状况代码"]
    key = names.code_set(domain).partition(":")[2]
    return _story(
        "S3",
        "婚姻状况代码集取消“04 其他”",
        [f"code:{key}/04"],
        "remove",
        [
            names.code_set(domain),
            names.element(elements()["婚姻状况"]),
            *_nodes(
                "hz.t_czrkxx#hyzk",
                "hydj.t_hydj#hyzk",
                "rkk.dwd_rk_jbxx#hyzk_dm",
                "dw.dws.dws_rk_lnr#hyzk",
                "dw.ads.ads_gl_jt#sfdj",
                "dw.dws.dws_rk_hytj#rs",
            ),
        ],
        _nodes("hydj.t_hydj", "rkk.dwd_rk_jbxx", "dw.dws.dws_rk_hytj"),
        [f"code:{key}/{value}" for value in ("01", "02", "03")],
    )


def _system() -> Story:
    return _story(
        "S4",
        "企业登记管理系统下线",
        [names.system("企业登记管理系统")],
        "remove",
        _nodes(
            "qydj.t_qyjbxx",
            "qydj.t_qyjbxx#tyshxydm",
            "qydj.t_qybg",
            "dw.ods.ods_sj_qy_d#tyshxydm",
            "frk.dwd_fr_jbxx#tyshxydm",
            "frk.v_fr_zx#tyshxydm",
            "dw.dws.dws_xy_qydf#xydm",
        ),
        [
            *_entries("企业登记基本信息", "个体工商户登记信息"),
            names.matter("住房公积金缴存登记"),
            "grant:YL-SQ-0011",
        ],
        [
            *_nodes("xygs.t_gdcz", "rkk.dwd_rk_jbxx"),
            names.system("市场主体信用公示系统"),
            *_entries("行政处罚信息"),
        ],
    )


def _merger() -> Story:
    return _story(
        "S5",
        "市商务局与市招商局合并",
        [names.org("17"), names.org("18")],
        "reorganise",
        [],
        [
            *_entries("对外贸易经营者备案信息", "招商引资签约项目信息"),
            names.system("商务运行监测系统"),
            names.system("招商项目管理系统"),
            names.matter("对外贸易经营者备案"),
            names.matter("招商引资项目备案"),
            "duty:YL-ZZ-17-01",
            "duty:YL-ZZ-18-01",
        ],
        [
            *_nodes("zsxm.t_zsqy", "qydj.t_qyjbxx"),
            *_entries("企业登记基本信息"),
            names.org("24"),
        ],
    )
