"""How a script is asked, and how figures are told, the same in every one beside this."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Programs that a script starts keep their bytecode, as whoever runs them does: without, a start
reads half a second longer."""


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and the longest, by nearest rank; milliseconds as they come."""
    ordered = sorted(milliseconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

    return {"p50": at(0.5), "p95": at(0.95), "max": at(1)}


def sizes(about: str | None, **defaults: int) -> argparse.ArgumentParser:
    """The options of a script: how much of each it takes."""
    parser = argparse.ArgumentParser(description=about)
    for name, size in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    return parser


def tell(figures: Mapping[str, object]) -> None:
    """What a script found, for run.py and for people."""
    print(json.dumps(figures, ensure_ascii=False, indent=2))
