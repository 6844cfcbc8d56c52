"""The command line: every command thin over `api/ledger.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module

import typer

from api.cli.run import guarded

PARTS: dict[str, tuple[str, ...]] = {
    "reading": ("search", "suggest", "show", "log", "conflicts", "ontology"),
    "spreading": ("impact",),
    "tracing": ("lineage", "origins"),
    "comparing": ("diff",),
    "writing": ("ingest", "template"),
    "gating": ("gate",),
    "care": ("verify", "reindex", "export", "backup"),
    "moving": ("copy",),
    "access": ("token",),
    "serving": ("serve", "demo"),
}
"""Module → its commands: a command loads what it needs and no more."""


def program(parts: Iterable[str] = PARTS) -> typer.Typer:
    """The program with the commands of these modules."""
    app = typer.Typer(
        name="mulu",
        help="目录：政府与城市的元数据账本 / a metadata catalogue for governments and cities",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_named)
    for part in parts:
        import_module(f"api.cli.{part}").add_to(app)
    return app


def _named() -> None:
    # A program of one command would take the command's name for an argument.
    pass


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives its exit code."""
    wanted = [part for part, names in PARTS.items() if arguments and arguments[0] in names]
    return guarded(lambda: program(wanted or PARTS)(arguments, standalone_mode=False))


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))
