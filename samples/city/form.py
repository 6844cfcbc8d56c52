"""Which forms there are: 22, by delivery, each with the habits and slips of real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from samples.city.entries import Entry, data, information
from samples.city.plan import Department, departments


@dataclass(frozen=True, slots=True)
class Form:
    """One form: which delivery, its file, and the offices or rows in it."""

    delivery: str
    name: str
    offices: tuple[str, ...] = ()
    style: str = "grouped"
    batch: tuple[int, int] = (0, 0)

    @property
    def path(self) -> str:
        return f"forms/{self.delivery}/{self.name}"


FORMS: tuple[Form, ...] = (
    Form("2024-01", "01信息资源目录_市政府办_发展改革委.xlsx", ("01", "02")),
    Form("2024-01", "02信息资源目录_教育局_科技局.xlsx", ("03", "04"), "xls"),
    Form("2024-01", "03信息资源目录_工信局_公安局.xlsx", ("05", "06")),
    Form("2024-01", "04信息资源目录_民政局_司法局.xlsx", ("07", "08"), "plain"),
    Form("2024-01", "05信息资源目录_财政局_人社局.xlsx", ("09", "10")),
    Form("2024-01", "06信息资源目录_自然资源局_生态环境局.xlsx", ("11", "12"), "plain"),
    Form("2024-01", "07信息资源目录_住建局_交通运输局.xlsx", ("13", "14"), "blanks"),
    Form("2024-01", "08信息资源目录_水务局_农业农村局.xlsx", ("15", "16")),
    Form("2024-01", "09信息资源目录_商务局.xlsx", ("17",), "plain"),
    Form("2024-01", "10信息资源目录_招商局.xlsx", ("18",)),
    Form("2024-01", "11数据资源目录_第一批.xlsx", batch=(0, 40)),
    Form("2025-01", "12信息资源目录_商务局承接招商局.xlsx", ("18",), "merged"),
    Form("2025-01", "13信息资源目录_文旅局_卫健委.xlsx", ("19", "20")),
    Form("2025-01", "14信息资源目录_退役军人局_应急管理局.xlsx", ("21", "22"), "plain"),
    Form("2025-01", "15信息资源目录_审计局_市场监管局.xlsx", ("23", "24")),
    Form("2025-01", "16数据资源目录_第二批.xlsx", batch=(40, 70)),
    Form("2026-01", "17信息资源目录_统计局_医保局.xlsx", ("25", "26")),
    Form("2026-01", "18信息资源目录_城管局_行政审批局.xlsx", ("27", "28"), "plain"),
    Form("2026-01", "19信息资源目录_数据局.xlsx", ("29",)),
    Form("2026-01", "20信息资源目录_公积金中心.csv", ("30",), "csv"),
    Form("2026-01", "21数据资源目录_第三批.xlsx", batch=(70, 100)),
    Form("2026-01", "22业务对象清单.xlsx", style="objects"),
)


def entries_of(form: Form) -> list[Entry]:
    """The entries that a form states, in its order."""
    if form.batch != (0, 0):
        return list(data()[form.batch[0] : form.batch[1]])
    return [e for e in information() if e.department.number in form.offices]


def published(e: Entry, form: Form) -> date:
    """A day of publication in the weeks before the delivery."""
    year, month = map(int, form.delivery.split("-"))
    return date(year, month, 15) - timedelta(days=20 + sum(map(ord, e.title)) % 60)


def provider(e: Entry, delivery: str) -> Department:
    """Who hands the entry in: what 招商局 had is 商务局's since their merger in 2025."""
    merged = e.department.number == "18" and delivery >= "2025-01"
    return departments()["17"] if merged else e.department
