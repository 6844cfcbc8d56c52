"""Check digits and code structures: plain functions over a value.

Each returns "" when the value is right, else what is wrong with it, in words for people.
`CHECKS` are the names that the ontology may use (mulu:check).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc(value: str) -> str:
    """Unified social credit code: 18 characters, mod 31-3 check (GB 32100)."""
    if len(value) != 18:
        return f"统一社会信用代码应为 18 位，实为 {len(value)} 位"
    if any(c not in _USCC for c in value):
        return "统一社会信用代码只用数字与大写字母，不用 I、O、S、V、Z"
    return "" if value[17] == uscc_check(value[:17]) else "统一社会信用代码校验码不符（GB 32100）"


def uscc_check(first17: str) -> str:
    """The check character that belongs to the first 17 (GB 32100)."""
    total = sum(_USCC.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC[-total % 31]


def citizen_id(value: str) -> str:
    """Citizen id number: 18 characters, a real birthday, mod 11-2 check (GB 11643)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return "公民身份号码应为 17 位数字加一位数字或 X"
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return "公民身份号码中的出生日期不存在"
    return "" if value[17] == citizen_id_check(value[:17]) else "公民身份号码校验码不符（GB 11643）"


def citizen_id_check(first17: str) -> str:
    """The check character that belongs to the first 17 digits (GB 11643)."""
    total = sum(int(c) * w for c, w in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11]


def org_code(value: str) -> str:
    """Organisation code: 8 characters and a mod 11 check (GB 11714); a hyphen is allowed.

    Local bodies number themselves, so that only what looks like a national code is judged.
    """
    code = value.replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return ""
    total = sum(int(c, 36) * w for c, w in zip(code[:8], _ORG_WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]
    return "" if code[8] == check else "组织机构代码校验码不符（GB 11714）"


def uscc_or_org_code(value: str) -> str:
    """A credit code; a 9-character organisation code is told to be replaced."""
    if len(value.replace("-", "")) == 9:
        return "这是 9 位组织机构代码，请换成 18 位统一社会信用代码"
    return uscc(value)


def division(value: str) -> str:
    """Division code: 6 (GB/T 2260), 9 (street) or 12 (community) digits; 2 and 4 are short."""
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", value):
        return "行政区划代码应为 6、9 或 12 位数字（GB/T 2260）"
    return "" if value[:2] != "00" else "行政区划代码前两位不能为 00"


CHECKS: dict[str, Callable[[str], str]] = {
    "uscc": uscc,
    "citizenId": citizen_id,
    "orgCode": org_code,
    "usccOrOrgCode": uscc_or_org_code,
    "division": division,
}

WARN_ONLY = frozenset({"orgCode", "usccOrOrgCode"})
"""Checks whose failure is told and the value kept."""
