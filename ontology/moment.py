"""Moments as people write them: a commit number, a date or an instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo

from ontology.errors import InvalidInput

ZONE = "Asia/Shanghai"
"""The zone in which dates without one are read and shown, unless a setting says otherwise."""


def moment(text: str, home: tzinfo, asked: str = "") -> int | datetime:
    """What somebody means by `asked` text: digits are a commit number, a date its whole day at
    home, an instant without a zone one at home. Raises InvalidInput."""
    said = text.strip()
    if said.isdecimal() and len(said) < 8:
        return int(said)
    try:
        found = datetime.fromisoformat(said)
        if len(said) <= 10:
            found = datetime.combine(found, time.max)
        return (found if found.tzinfo else found.replace(tzinfo=home)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{asked}{text!r} 不是提交号或日期 / is neither a commit number nor a date "
            "(42, 2025-01-31, 2025-01-31T12:00+08:00)"
        ) from None
