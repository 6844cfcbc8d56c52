"""The command line: every command thin over `api/ledger.py`."""

from __future__ import annotations

import sys

import typer

from api.cli import access, care, gating, reading, serving, spreading, writing
from api.cli.run import guarded

app = typer.Typer(
    name="mulu",
    help="目录：政府与城市的元数据账本 / a metadata catalogue for governments and cities",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (reading, spreading, writing, gating, care, access, serving):
    part.add_to(app)


def main() -> None:
    """Entry point of the console script."""
    sys.exit(guarded(lambda: app(standalone_mode=False)))
