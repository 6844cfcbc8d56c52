"""The portal in a real browser. A lineage picture of 1,000 datasets and 3,000 links, of which one
in the middle reaches 905 and 2,631: time to the first picture (median of five loads, by the
page's own clock, server included), and frames a second while it is dragged. A table of 1,000
fields: time until what sorting or filtering came to is painted (median of five).

    python tests/bench/portal.py     needs chromium and `make portal`

Drawn in software here, without a graphics card: a reader's machine has more frames to give.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.api.running import serving
from tests.bench.figures import tell


def measured(folder: Path) -> dict[str, dict[str, int]]:
    """The figures of portal/e2e/large.test.ts over an empty ledger of its own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    npx = shutil.which("npx", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    if chromium is None or npx is None:
        raise SystemExit("needs chromium and node on the path")
    told = folder / "figures.json"
    with serving(folder / "data") as server:
        here = f"http://127.0.0.1:{server.port}"
        subprocess.run(
            [npx, "vitest", "run", "--config", "vitest.e2e.config.ts", "e2e/large.test.ts"],
            cwd=ROOT / "portal",
            env={
                **os.environ,
                "MULU_CHROMIUM": chromium,
                "MULU_PORTAL": here,
                "MULU_PORTAL_EXTENDED": here,
                "MULU_PORTAL_CLOSED": here,
                "MULU_FIGURES": str(told),
            },
            stdout=sys.stderr,
            check=True,
        )
    figures: dict[str, dict[str, int]] = json.loads(told.read_text("utf-8"))
    return figures


def main() -> None:
    with TemporaryDirectory() as folder:
        tell(measured(Path(folder)))


if __name__ == "__main__":
    main()
