"""The portal in a real browser, by the page's own clock. A lineage picture of 1,000 datasets and
3,000 links, of which one in the middle reaches 905 and 2,631: time to the first picture (median
of five loads, server included), and frames a second while it is dragged. A table of 1,000
fields: time until what sorting or filtering came to is painted (median of five). Over the sample
city: each page until all of its content is painted, with nothing of it in the browser (cold) and
in a browser that was there before (warm), and interactions until what they come to is painted
(median of five and the worst).

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

from tests.api.command import mulu
from tests.api.running import Server, serving
from tests.bench.figures import tell


def measured(folder: Path) -> dict[str, dict[str, int]]:
    """The figures of portal/e2e over an empty ledger and over the sample city."""
    told = folder / "figures.json"
    with serving(folder / "empty") as server:
        asked("large.test.ts", server, told)
    loaded = mulu("demo --load-only --data", folder / "city")
    if loaded.code:
        raise SystemExit(loaded.err)
    with serving(folder / "city") as server:
        asked("pace.figures.ts", server, told)
    figures: dict[str, dict[str, int]] = json.loads(told.read_text("utf-8"))
    return figures


def asked(what: str, server: Server, told: Path) -> None:
    """Adds the figures of a file of portal/e2e to those told."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    npx = shutil.which("npx", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    if chromium is None or npx is None:
        raise SystemExit("needs chromium and node on the path")
    here = f"http://127.0.0.1:{server.port}"
    subprocess.run(
        [npx, "vitest", "run", "--config", "vitest.e2e.config.ts", f"e2e/{what}"],
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


def main() -> None:
    with TemporaryDirectory() as folder:
        tell(measured(Path(folder)))


if __name__ == "__main__":
    main()
