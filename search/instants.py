"""Dates and times as one number, so that engines order and compare them alike."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

_PARTIAL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_HOME = timezone(timedelta(hours=8))  # what a date without zone means in the documents served
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(value: object) -> int | None:
    """Microseconds since 1970 (UTC) of a date, a time or ISO text; None for anything else."""
    span = instants(value)
    return span[0] if span else None


def instants(value: object) -> tuple[int, int] | None:
    """First and last microsecond of what is meant: 2024, 2024-05, a day, or an instant."""
    if isinstance(value, datetime):
        return _point(value)
    if isinstance(value, date):
        return _days(value, value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if match := _PARTIAL.fullmatch(text):
            return _partial(int(match[1]), *(int(g) if g else None for g in match.groups()[1:]))
        return _point(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _point(value: datetime) -> tuple[int, int]:
    aware = value if value.tzinfo else value.replace(tzinfo=_HOME)
    micros = (aware - _EPOCH) // _MICROSECOND
    return micros, micros


def _partial(year: int, month: int | None, day: int | None) -> tuple[int, int]:
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    return _days(first, date(year, last_month, day or monthrange(year, last_month)[1]))


def _days(first: date, last: date) -> tuple[int, int]:
    start, _ = _point(datetime(first.year, first.month, first.day))
    end, _ = _point(datetime(last.year, last.month, last.day, 23, 59, 59, 999_999))
    return start, end
