"""How a series of times is told, the same in every script beside this one."""

from __future__ import annotations

from collections.abc import Sequence


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and the longest, by nearest rank; milliseconds as they come."""
    ordered = sorted(milliseconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

    return {"p50": at(0.5), "p95": at(0.95), "max": at(1)}
