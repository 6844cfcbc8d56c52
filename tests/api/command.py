"""`mulu …` within this process: as quick as the command itself, with what it prints."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from api.cli import run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: exit code, standard output as bytes, standard error as text."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Any:
        assert self.code in (0, 1), self.err
        return json.loads(self.raw)


def environment(data: Path | None, said: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of ours but these."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MULU_")}
    return {**plain, **({"MULU_DATA": str(data)} if data else {}), **said}


def mulu(line: str, *more: object, data: Path | None = None, **said: str) -> Done:
    """Run a command line, further arguments as they are. `said` are settings (MULU_…)."""
    arguments = [*shlex.split(line), *map(str, more)]
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with (
        patch.dict(os.environ, environment(data, said), clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(arguments)
        out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    return Done(code, out.buffer.getvalue(), err.getvalue())


def started(*arguments: object, data: Path, **said: str) -> subprocess.Popen[str]:
    """The command as a process of its own, which goes on while the test does."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        cwd=ROOT,
        env=environment(data, said),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def made(folder: Path) -> Path:
    """A ledger with nothing in it."""
    none = folder / "none.jsonl"
    none.touch()
    mulu("ingest jsonl", none, data=folder)
    assert (folder / "ledger.db").is_file()
    return folder
