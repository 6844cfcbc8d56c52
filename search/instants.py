"""Dates and times as one number, so that engines order and compare them alike."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo

_PARTIAL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(value: object, home: tzinfo) -> int | None:
    """Microseconds since 1970 (UTC) of a date, a time or ISO text, at `home` where they name no
    zone; None for anything else."""
    span = instants(value, home)
    return span[0] if span else None


def instants(value: object, home: tzinfo) -> tuple[int, int] | None:
    """First and last microsecond of what is meant: 2024, 2024-05, a day, or an instant."""
    if isinstance(value, datetime):
        return _point(value, home)
    if isinstance(value, date):
        return _days(value, value, home)
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if match := _PARTIAL.fullmatch(text):
            numbers = [int(g) if g else None for g in match.groups()[1:]]
            return _partial(home, int(match[1]), *numbers)
        return _point(datetime.fromisoformat(text), home)
    except (ValueError, OverflowError):
        return None


def _point(value: datetime, home: tzinfo) -> tuple[int, int]:
    aware = value if value.tzinfo else value.replace(tzinfo=home)
    micros = (aware - _EPOCH) // _MICROSECOND
    return micros, micros


def _partial(home: tzinfo, year: int, month: int | None, day: int | None) -> tuple[int, int]:
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    last = date(year, last_month, day or monthrange(year, last_month)[1])
    return _days(first, last, home)


def _days(first: date, last: date, home: tzinfo) -> tuple[int, int]:
    start, _ = _point(datetime(first.year, first.month, first.day), home)
    end, _ = _point(datetime(last.year, last.month, last.day, 23, 59, 59, 999_999), home)
    return start, end
