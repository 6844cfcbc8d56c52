"""truth.json: the answers. Counts, the six chains, the twenty faults, the five stories; ids by
the ledger's own rules. Rows are counted in the files as they were written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ontology.identity import field_id
from samples.city import faults, names, stories
from samples.city.entries import data, information, tables
from samples.city.form import FORMS, Form, entries_of
from samples.city.plan import (
    PLAN,
    code_sets,
    departments,
    matters,
    owned_elements,
    rows,
    systems,
)

Fault = dict[str, Any]


def write(root: Path) -> None:
    """truth.json below `root`; all other files are there already."""
    content = {
        "city": "云澜市",
        "at": "2026-01-15",
        "counts": counts(root),
        "chains": list(chains()),
        "faults": Rows(root).faults(),
        "stories": stories.stories(),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (root / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def counts(root: Path) -> dict[str, int]:
    """How many of each class the city has, at the last delivery."""
    own = tables().values()
    return {
        "Department": len(departments()),
        "OrgUnit": len(rows("units.csv")),
        "System": len(systems()),
        "Matter": len(matters()),
        "Scenario": len(rows("scenarios.csv")),
        "LicenceType": len(rows("licences.csv")),
        "DataElement": len(list(owned_elements())),
        "CodeSet": len(code_sets()),
        "Code": sum(len(s.codes) for s in code_sets().values()) - 1,
        "Region": len(rows("regions.csv")),
        "Standard": len(rows("standards.csv")),
        "LegalBasis": len(rows("laws.csv")),
        "Duty": sum(len(d.duties) for d in departments().values()),
        "Library": len(rows("libraries.csv")),
        "UsageGrant": len(rows("requests.csv")),
        "InformationResource": len(information()),
        "DataResource": len(data()),
        "InformationItem": sum(len(e.items) for e in (*information(), *data())),
        "Table": len(own),
        "Field": sum(len(t.columns) for t in own),
        "Job": len(list((root / "sql").rglob("*.sql"))),
        "Api": len(rows("apis.csv")),
    }


def chains() -> Iterator[dict[str, Any]]:
    """The six chains as edge lists, origin first."""
    chain: dict[str, Any] = {}
    for line in (PLAN / "chains.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            if chain:
                yield chain
            chain = {"name": line[2:], "datasets": [], "fields": []}
        elif line and not line.startswith("#"):
            ends, job, fields = (part.strip() for part in line.split("|"))
            origin, use = ends.split(" > ")
            a, b = names.node(origin), names.node(use)
            chain["datasets"].append({"from": a, "to": b, "job": job})
            for pair in filter(None, (f.strip() for f in fields.split(";"))):
                which, _, kind = pair.partition(" ")
                x, _, y = which.partition(">")
                to = field_id(b, y) if y else b
                chain["fields"].append({"from": field_id(a, x), "to": to, "kind": kind, "job": job})
    yield chain


class Rows:
    """Where each fault stands: files are searched, so that rows are those that a person sees."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def faults(self) -> list[Fault]:
        return [
            self._fault(
                "F1",
                "重复采集：公安已有的手机号码、居住地址",
                "ledger/rk_tz.sqlite",
                sheet="t_czrk",
                columns=["sjhm", "jzdz"],
            ),
            self._fault(
                "F2",
                "两个来源冲突：较新的来源较弱",
                "lists/2026-01/开放平台目录.csv",
                self._csv("lists/2026-01/开放平台目录.csv", faults.CONFLICT),
                resource=self._entry(faults.CONFLICT),
                attribute="sharingType",
                wins="有条件共享",
                loses="无条件共享",
            ),
            self._fault(
                "F3",
                "与数据元不符：公民身份号码 varchar(15)",
                "ddl/2024-01/gjj/V1__建库.sql",
                self._line("ddl/2024-01/gjj/V1__建库.sql", "`zjhm` varchar(15)"),
                resource=names.node("gjj.t_grzh#zjhm"),
            ),
            self._fault(
                "F3",
                "与数据元不符：统一社会信用代码 char(20)",
                "ddl/2024-01/dw/V1__建库.sql",
                self._line("ddl/2024-01/dw/V1__建库.sql", "xydm char(20)"),
                resource=names.node("dw.dws.dws_xy_qydf#xydm"),
            ),
            self._fault(
                "F4",
                "逾期未更新：每日更新，46 天前",
                "lists/2026-01/目录更新监测.csv",
                self._csv("lists/2026-01/目录更新监测.csv", faults.OVERDUE),
                resource=self._entry(faults.OVERDUE),
                days=46,
            ),
            self._fault(
                "F5",
                "编目超期：建表 9 个工作日未编目（限 5 个，含国庆调休）",
                "lists/2026-01/新建库表登记.csv",
                self._csv("lists/2026-01/新建库表登记.csv", "t_sjpj"),
                working_days=9,
                limit=5,
            ),
            self._in_form("F6", "不予共享而无依据", faults.NO_BASIS),
            self._in_form("F7", "不予共享却无条件开放", faults.REFUSED_YET_OPEN),
            self._in_form("F8", "有敏感信息项而条目定为公开（就高）", faults.LEVEL_TOO_LOW),
            self._in_form(
                "F9",
                "信息项涉密：不收录",
                faults.SECRET_ITEM[0],
                sheet="信息项",
                item=faults.SECRET_ITEM[1],
            ),
            *(
                self._fault(
                    "F10",
                    what,
                    "lists/2026-01/部门.csv",
                    self._csv("lists/2026-01/部门.csv", departments()[n].name),
                    name=departments()[n].name,
                )
                for n, what in (
                    (faults.WRONG_CHECK_DIGIT, "统一社会信用代码校验位错误"),
                    (faults.LOWER_CASE, "统一社会信用代码含小写字母"),
                )
            ),
            self._mounting("F11", "挂接了数据而无所属信息系统", faults.NO_SYSTEM),
            self._mounting("F12", "挂接的表已删除", faults.DROPPED),
            *(
                self._mounting("F13", "名称被下拉填充成 1、2、3", faults.DRAGGED, tail)
                for tail in "123"
            ),
            self._fault(
                "F14",
                "系统已下线、无承接，仍是注册资本的权威来源",
                "lists/2026-01/一数一源清单.jsonl",
                self._line("lists/2026-01/一数一源清单.jsonl", "t_gdcz#zczb"),
                resource=names.system(faults.RETIRED),
                field=names.node("xygs.t_gdcz#zczb"),
            ),
            self._fault(
                "F15",
                "CHECK 中的代码 9 在代码集第 2 版中已取消",
                "ddl/2024-01/hydj/V1__建库.sql",
                self._line("ddl/2024-01/hydj/V1__建库.sql", "ck_hydj_hyzk"),
                resource=names.node("hydj.t_hydj#hyzk"),
            ),
            self._fault(
                "F16",
                "作业读取的视图取自作业自身的输出（循环）",
                "sql/dw3/dws_rx_mydtj.sql",
                self._line("sql/dw3/dws_rx_mydtj.sql", "dws.v_rx_mydtj v"),
                resource=names.dataset("dw.dws.v_rx_mydtj"),
            ),
            *(
                self._fault(
                    "F17",
                    what,
                    "lists/2025-01/主机别名.jsonl",
                    self._line("lists/2025-01/主机别名.jsonl", short),
                    resource=names.dataset(table),
                )
                for what, short, table in (
                    ("一表两主机名", "dw-vip.yunlan.example", "dw.ods.ods_ga_czrk_d"),
                    (
                        "金仓表以 postgres:// 出现",
                        "postgres://rkk.yunlan.example",
                        "rkk.dwd_rk_jbxx",
                    ),
                )
            ),
            self._in_form(
                "F18", "部门只写简称", faults.SHORT_NAME, name="市人社局", means=names.org("10")
            ),
            *(
                self._fault(
                    "F19",
                    "两个部门有同名事项",
                    "lists/2024-01/事项.csv",
                    row,
                    resource=names.matter(faults.TWICE, owner),
                )
                for row, owner in zip(
                    self._all("lists/2024-01/事项.csv", faults.TWICE), ("27", "28"), strict=True
                )
            ),
            self._fault(
                "F20",
                "与省级目录不一致：缺少信息项",
                "lists/2026-01/省级目录.csv",
                self._csv("lists/2026-01/省级目录.csv", faults.PROVINCIAL[0]),
                resource=self._entry(faults.PROVINCIAL[0]),
                item=faults.PROVINCIAL[1],
            ),
        ]

    def _fault(self, id: str, what: str, file: str, row: int | None = None, **more: Any) -> Fault:
        return {"id": id, "what": what, "file": file, "row": row, **more}

    def _entry(self, title: str) -> str:
        return names.entry(next(e for e in information() if e.title == title))

    def _csv(self, file: str, cell: str) -> int:
        return self._all(file, cell)[0]

    def _all(self, file: str, cell: str) -> list[int]:
        with (self.root / file).open(encoding="utf-8-sig", newline="") as source:
            return [n for n, row in enumerate(csv.reader(source), 1) if cell in row]

    def _line(self, file: str, text: str) -> int:
        lines = (self.root / file).read_text(encoding="utf-8").splitlines()
        return next(n for n, line in enumerate(lines, 1) if text in line)

    def _in_form(
        self, id: str, what: str, title: str, sheet: str = "信息资源", **more: Any
    ) -> Fault:
        form = next(
            f for f in FORMS if any(e.title == title for e in entries_of(f)) and not f.batch[1]
        )
        item = more.get("item")
        row = self._sheet_row(
            form, sheet, lambda cells: cells[0] == title and (not item or cells[1] == item)
        )
        resource = self._entry(title)
        return self._fault(id, what, form.path, row, sheet=sheet, resource=resource, **more)

    def _mounting(self, id: str, what: str, short: str, tail: str = "") -> Fault:
        entry = next(e for e in data() if e.table and e.table.short == short)
        form = next(f for f in FORMS if f.batch[1] and entry in entries_of(f))
        sheet = "数据资源目录导入"
        row = self._sheet_row(form, sheet, lambda cells: cells[1] == entry.title + tail)
        return self._fault(
            id,
            what,
            form.path,
            row,
            sheet=sheet,
            title=entry.title + tail,
            dataset=names.dataset(short),
        )

    def _sheet_row(
        self, form: Form, sheet: str, wanted: Callable[[tuple[object, ...]], bool]
    ) -> int:
        book = load_workbook(self.root / form.path, read_only=True)
        try:
            for number, cells in enumerate(book[sheet].iter_rows(values_only=True), 1):
                if len(cells) > 1 and wanted(cells):
                    return number
        finally:
            book.close()
        raise AssertionError(f"{form.path} {sheet}: row not found")
