"""Write samples/yunlan again from its plan: `python -m samples.make [FOLDER]`.

The same plan gives the same files. SQL jobs are written by hand and stay as they are.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from samples.city import (
    ddl,
    events,
    forms,
    ledger,
    licences,
    lists,
    manifest,
    platform,
    platform_lists,
    relations,
    services,
    truth,
)

GENERATED = ("forms", "ddl", "lists", "ledger", "licences", "openlineage")
HOME = Path(__file__).parent / "yunlan"


def make(root: Path) -> None:
    """All generated files of the sample city below `root`; older ones go first."""
    for folder in GENERATED:
        shutil.rmtree(root / folder, ignore_errors=True)
    parts = (
        forms,
        ddl,
        lists,
        platform_lists,
        ledger,
        licences,
        events,
        platform,
        relations,
        services,
        manifest,
        truth,
    )
    for part in parts:
        part.write(root)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME)
