"""README's commands do what README says: each is run on the sample city."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMAND = re.compile(r"^mulu (?P<arguments>.+?)(?:\s+# → (?P<shown>.+))?$", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """(arguments, words that the output must show) of the section "Five things to try"."""
    section = (ROOT / "README.md").read_text("utf-8").split("## Five things to try")[1]
    section = section.split("\n## ")[0]
    return [(m["arguments"], m["shown"] or "") for m in COMMAND.finditer(section)]


def test_five_things_are_there() -> None:
    assert len(commands()) >= 5


@pytest.mark.parametrize(("arguments", "shown"), commands())
def test_readme_command(arguments: str, shown: str, city_copy: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *shlex.split(arguments)],
        cwd=ROOT,
        env={**os.environ, "MULU_DATA": str(city_copy), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    for word in shown.split():
        assert word in done.stdout, done.stdout + done.stderr
