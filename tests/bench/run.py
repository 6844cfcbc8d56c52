"""All benchmarks, one after another, into BENCHMARKS.md. `make bench`.

    python tests/bench/run.py [name …]

Each script beside this one prints its figures as JSON; this one says the
machine and writes the page. Each puts the repository first on the path, since the scripts
are named after the packages that they measure.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "BENCHMARKS.md"
BESIDE = ("national",)
"""Sections that another script writes, and that stay."""
SCRIPTS = ("record", "search", "impact", "gate", "server", "ledger", "real", "portal")
SERVERS = ("stores", "words")
"""Need servers (`make servers`): with ENGINES=all."""


def machine() -> str:
    """Processor, cores, memory, Python."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        names = [
            x.split(":")[1].strip() for x in info.read_text().splitlines() if "model name" in x
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def figures(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested figures, flattened to (what, how much)."""
    if isinstance(value, dict) and not any(isinstance(v, (dict, list)) for v in value.values()):
        yield name, " · ".join(f"{k} {shown(v)}" for k, v in value.items())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from figures(inner, f"{name} › {key}" if name else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from figures(inner, f"{name} {number}")
    else:
        yield name, shown(value)


def shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1_000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def sections(page: str) -> Iterator[tuple[str, list[str]]]:
    """The sections of a page by name."""
    for part in page.split("\n## ")[1:]:
        name, _, rest = part.partition("\n")
        yield name, rest.strip().splitlines()


def with_section(page: str, name: str, lines: Sequence[str]) -> str:
    """The page with this section in the place of the one it had, or at its end."""
    head = page.split("\n## ")[0].rstrip()
    known = {**dict(sections(page)), name: list(lines)}
    return "\n".join(
        [head, *(line for n, rest in known.items() for line in ("", f"## {n}", "", *rest)), ""]
    )


def main() -> int:
    wanted = sys.argv[1:] or [*SCRIPTS, *(SERVERS if os.environ.get("ENGINES") == "all" else ())]
    parts = [
        "# Benchmarks",
        "",
        "Made by `make bench`, not by hand. Seeded data; times in milliseconds unless said; "
        "peers run in the same process on the same data.",
        "",
        f"{machine()}; {datetime.now(UTC):%Y-%m-%d}",
    ]
    failed = 0
    for name in wanted:
        print(f"{name} …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py")], capture_output=True, text=True
        )
        parts += ["", f"## {name}", ""]
        if done.returncode:
            failed += 1
            parts.append(f"failed: {done.stderr.strip().splitlines()[-1]}")
            continue
        parts += ["| Work | Figure |", "|---|---|"]
        found = json.loads(done.stdout[done.stdout.index("{") :])
        parts += [f"| {what} | {much} |" for what, much in figures(found)]
    page = "\n".join(parts) + "\n"
    for name, section in sections(PAGE.read_text("utf-8") if PAGE.exists() else ""):
        if name in BESIDE or name not in wanted:
            page = with_section(page, name, section)
    PAGE.write_text(page, encoding="utf-8")
    print(PAGE.read_text("utf-8"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
