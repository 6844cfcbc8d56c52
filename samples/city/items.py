"""What an item is, from its name: type, length, element, code set, sensitivity.

Officials choose these by habit: a name that ends in 日期 is a date, 公民身份号码 follows its
element. The rules here are those habits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from samples.city.plan import Element, elements, rows


@dataclass(frozen=True, slots=True)
class Item:
    """One information item as a form states it; `column` is the technical name."""

    name: str
    data_type: str
    length: int | None
    element: str
    code_set: str
    sensitive: bool
    column: str
    key: bool = False

    @property
    def stamp(self) -> bool:
        return self.name == "更新时间"


BANKS = {
    "@人": ("姓名", "公民身份号码", "性别", "出生日期"),
    "@人简": ("姓名", "公民身份号码"),
    "@企": ("企业名称", "统一社会信用代码", "法定代表人姓名"),
    "@企简": ("企业名称", "统一社会信用代码"),
    "@单位": ("单位名称", "统一社会信用代码"),
    "@地": ("所在区县", "详细地址"),
    "@点": ("所在区县", "详细地址", "经度", "纬度"),
    "@证": ("证书编号", "发证机关", "发证日期", "有效期起", "有效期止"),
    "@办": ("受理编号", "受理日期", "办结日期", "办理状态"),
}

_TEXT_TIMES = re.compile("(开放|营业|办公|首班|末班|响应|平均响应|环节办结|入规)时间$")
_PATTERNS: tuple[tuple[str, str, int | None], ...] = (
    (r"(日期|期起|期止|起始期|限期|期限|时限)$", "日期型", None),
    (r"(时间|小时)$", "日期时间型", None),
    (r"(年月|月份)$", "字符型", 6),
    (r"(年度|年份|年号)$", "字符型", 4),
    (r"(标志)$", "字符型", 1),
    (
        r"(人数|户数|次数|套数|台数|间数|个数|期数|天数|月数|班数|床位数|泊位数?|项目数|企业数|单位数|[^系指算]数)$",
        "整数型",
        None,
    ),
    (
        r"(金额|额度?|资金|资本|费|价格|总价|单价|均价|工资|收入|支出|利润|产值|总值|增加值|投资|薪酬|预算|决算|成本|支付|余额|标准差)$",
        "小数型",
        None,
    ),
    (
        r"(量|率|比例|占比|比重|比|幅|增速|指数|浓度|面积|长度|高度|深度|速度|水位|库容|流量|负荷|权重|均值|标准值|得分|距离|半径|功率|能力|能耗|降水量|密度|年限|声级|同比|环比|库容|坝高|埋深|管径)$",
        "小数型",
        None,
    ),
    (
        r"(描述|内容|摘要|措施|意见|事实|范围|情况|说明|简介|建议|事迹|规则|要求|评价|概况|问题|总结|条件)$",
        "字符型",
        2000,
    ),
    (r"(证件号码|身份证号)$", "字符型", 18),
    (r"(编号|编码|号码|代码|文号|证号|字号|号|码|标识)$", "字符型", 50),
    (r"(名称|单位|机关|机构|部门)$", "字符型", 200),
    (r"(姓名)$", "字符型", 50),
    (r"(地址|坐落|地点|位置|住所|场所)$", "字符型", 200),
    (r"(状态|类型|类别|等级|级别|方式|性质|种类|结论|结果)$", "字符型", 20),
)


@cache
def initials() -> dict[str, str]:
    """Chinese character → first letter of its pinyin, as columns are usually named."""
    return {c: r["首字母"] for r in rows("initials.csv") for c in r["汉字"]}


def column(name: str) -> str:
    """The column name an engineer would give: initials, letters and digits kept."""
    known = initials()
    return "".join(known.get(c, c.lower() if c.isascii() and c.isalnum() else "") for c in name)


def element_of(name: str) -> Element | None:
    """The element that an item of this name conforms to."""
    if name.endswith("证件号码"):
        return elements()["公民身份号码"]
    return elements().get(name)


def length_of(format: str) -> int | None:
    """Length that a representation format allows: an18 → 18, a..50 → 50, n..18,2 → None."""
    match = re.fullmatch(r"(?:an|a|n)(?:\d*\.\.)?(\d+)", format)
    return int(match[1]) if match else None


def item(name: str, entry_level: str, *, key: bool = False) -> Item:
    """The item of that name in an entry of that level (公, 内, 敏, 核)."""
    element = element_of(name)
    if element:
        data_type, length, level = element.data_type, length_of(element.format), element.level
        if data_type != "字符型":
            length = None
    else:
        data_type, length = _typed(name)
        level = "敏" if re.search(r"姓名$|证件号码$|银行账号|病|健康状况|残疾", name) else "内"
    code_set = element.domain if element else "是否标志代码" if name.endswith("标志") else ""
    return Item(
        name=name,
        data_type=data_type,
        length=length,
        element=element.name if element else "",
        code_set=code_set,
        sensitive=level == "敏" and entry_level in "敏核",
        column=column(name),
        key=key,
    )


def _typed(name: str) -> tuple[str, int | None]:
    if _TEXT_TIMES.search(name):
        return "字符型", 100
    for pattern, data_type, length in _PATTERNS:
        if re.search(pattern, name):
            return data_type, length
    return "字符型", 100


def expand(names: str) -> list[str]:
    """Names of a plan's cell, banks expanded, each once."""
    found: dict[str, None] = {}
    for word in names.split():
        for name in BANKS.get(word, (word,)):
            found[name] = None
    return list(found)
