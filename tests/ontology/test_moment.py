"""What people mean by a date without a zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ontology.errors import InvalidInput
from ontology.moment import moment

HOME, LIMA = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Lima")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-01-31", datetime(2025, 1, 31, 15, 59, 59, 999_999, UTC)),
        ("20250131", datetime(2025, 1, 31, 15, 59, 59, 999_999, UTC)),
        (" 2025-01-31T12:00 ", datetime(2025, 1, 31, 4, tzinfo=UTC)),
        ("2025-01-31T12:00Z", datetime(2025, 1, 31, 12, tzinfo=UTC)),
        ("2025-01-31T12:00+01:00", datetime(2025, 1, 31, 11, tzinfo=UTC)),
        ("1988-07-01T12:00", datetime(1988, 7, 1, 3, tzinfo=UTC)),  # summer time of those years
        ("42", 42),
        ("2024", 2024),
    ],
)
def test_moments(text: str, meant: object) -> None:
    assert moment(text, HOME) == meant


def test_a_day_ends_at_midnight_at_home() -> None:
    assert moment("2025-01-31", LIMA) == datetime(2025, 2, 1, 4, 59, 59, 999_999, UTC)


@pytest.mark.parametrize(
    "text", ["", "昨天", "-1", "2025-13-01", "2025-01", "①", "²", "0001-01-01T00:00"]
)
def test_no_moments(text: str) -> None:
    with pytest.raises(InvalidInput, match="--at"):
        moment(text, HOME, "--at ")
