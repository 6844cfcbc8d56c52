"""The command of builds: gate, which lets a change pass or stops it."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.cli.run import Data, Json, out, print_json, with_ledger
from api.gate.change import Changes, read_changes
from api.gate.policy import Policy, read_policy
from api.gate.verdict import Doubt, Gate, Verdict
from api.ledger import Ledger
from api.settings import Settings, settings
from ingest.source import Options
from ontology.errors import CatalogError, InvalidInput, Unavailable
from ontology.viewer import LOCAL

AGE = re.compile(r"(\d+)([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}

Report = Annotated[Path | None, typer.Option(help="写到此文件 / write to this file")]
Pair = tuple[Path, Path] | None


def add_to(app: typer.Typer) -> None:
    app.command()(gate)


def gate(
    changes: Annotated[
        Path | None, typer.Argument(metavar="[CHANGES.yaml]", help="变更清单 / list of changes")
    ] = None,
    ddl: Annotated[
        Pair, typer.Option(metavar="OLD NEW", help="两个结构状态 / two DDL states")
    ] = None,
    sql: Annotated[
        Pair, typer.Option(metavar="OLD NEW", help="作业的前后 / jobs before and after")
    ] = None,
    namespace: str = "",
    database: str = "",
    schema: str = "",
    dialect: str = "",
    encoding: str = "",
    mapping: Annotated[str, typer.Option(help="外部模式 YAML / foreign schemas")] = "",
    policy: Annotated[Path | None, typer.Option(help="规则与豁免 YAML / rules and waivers")] = None,
    department: Annotated[
        list[str] | None, typer.Option(help="本部门，可重复 / one's own, repeatable: id or name")
    ] = None,
    max_age: Annotated[
        str | None, typer.Option(help="账本最旧多久 / ledger at most so old: 7d, 12h")
    ] = None,
    fail_open: Annotated[
        bool, typer.Option("--fail-open", help="无法判断时放行 / pass when it cannot tell")
    ] = False,
    sarif: Report = None,
    junit: Report = None,
    markdown: Report = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """变更关口 / may this change go ahead? 0 通过 yes · 1 有损 it breaks · 2 无法判断 unknown."""
    if changes is None and ddl is None and sql is None:
        raise InvalidInput("要有变更 / give CHANGES.yaml, --ddl OLD NEW or --sql OLD NEW")
    oldest = _age(max_age)
    chosen = settings(data=data)

    async def work(ledger: Ledger) -> Verdict:
        from ingest.schemas import LedgerSchemas

        options = Options(
            namespace=namespace,
            database=database,
            schema=schema,
            dialect=dialect,
            encoding=encoding,
            mapping=mapping,
            schemas=LedgerSchemas(ledger.store),
        )
        rules = read_policy(policy, ledger.ontology) if policy else Policy()
        found = await asyncio.to_thread(_changes, changes, ddl, sql, options, ledger)
        judge = Gate(
            ledger,
            rules,
            LOCAL,
            frozenset(department or ()),
            oldest,
            why=json or sarif is not None or markdown is not None,  # the only ones that tell paths
        )
        return await judge.judge(found)

    try:
        _there(chosen)
        verdict = with_ledger(data, work, catch_up=False)
    except CatalogError as error:  # whatever keeps us from knowing: never a pass by itself
        reason = "input" if isinstance(error, InvalidInput) else "ledger"
        verdict = Verdict(doubts=(Doubt(reason, str(error)),))
    _write(verdict, sarif, junit, markdown, fail_open=fail_open)
    if json:
        from api.gate.plain import plain

        print_json(plain(verdict, fail_open=fail_open))
    else:
        from api.gate.table import print_verdict

        print_verdict(out, verdict, fail_open=fail_open)
    return verdict.exit_code(fail_open=fail_open)


def _changes(
    listed: Path | None, ddl: Pair, sql: Pair, options: Options, ledger: Ledger
) -> Changes:
    """What all the ways together tell; in a thread, for the ledger is asked for columns."""
    from api.gate.ddl import ddl_changes
    from api.gate.sql import sql_changes

    found = read_changes(listed) if listed else Changes()
    if ddl:
        found += ddl_changes(*ddl, options)
    if sql:
        found += sql_changes(*sql, options, ledger.ontology)
    return found


def _there(chosen: Settings) -> None:
    """Opening would make an empty ledger where there is none."""
    path = Path(chosen.graph_url.removeprefix("sqlite:///"))
    if chosen.graph_url.startswith("sqlite:///") and not path.is_file():
        raise Unavailable(f"没有账本 / no ledger at {path.parent}（--data, MULU_DATA）")


def _age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    match = AGE.fullmatch(text)
    if match is None:
        raise InvalidInput(f"--max-age {text!r}: 7d, 12h, 30m")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _write(
    verdict: Verdict,
    sarif: Path | None,
    junit: Path | None,
    markdown: Path | None,
    *,
    fail_open: bool,
) -> None:
    """The reports asked for."""
    try:
        if sarif:
            import orjson

            from api.gate import sarif as as_sarif

            text = orjson.dumps(as_sarif.sarif(verdict), option=orjson.OPT_INDENT_2)
            sarif.write_bytes(text)
        if junit:
            from api.gate import junit as as_junit

            junit.write_bytes(as_junit.junit(verdict))
        if markdown:
            from api.gate import markdown as as_markdown

            markdown.write_text(as_markdown.markdown(verdict, fail_open=fail_open), "utf-8")
    except OSError as error:
        raise InvalidInput(f"报告写不了 / cannot write the report: {error}") from error
