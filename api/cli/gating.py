"""The command of builds: gate, which lets a change pass or stops it."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from api.cli.run import Data, Json, err, out, print_json, with_linked
from api.gate.book import Book, LocalBook, department_of
from api.gate.change import Changes, read_changes
from api.gate.policy import Policy, read_policy
from api.gate.standing import Standing
from api.gate.verdict import Doubt, Gate, Verdict
from api.settings import settings
from ingest.source import Options
from ontology.errors import CatalogError, InvalidInput
from ontology.model import Ontology
from ontology.viewer import LOCAL

LOOPBACK = ("127.0.0.1", "localhost", "::1")
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
    migrations: Annotated[
        Path | None,
        typer.Option(help="迁移脚本，对照账本 / scripts against the ledger's own state"),
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
    server: Annotated[
        str, typer.Option(help="账本在服务器上 / a served ledger: https://… (MULU_TOKEN)")
    ] = "",
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
    if changes is None and ddl is None and migrations is None and sql is None:
        raise InvalidInput(
            "要有变更 / give CHANGES.yaml, --ddl OLD NEW, --migrations FOLDER or --sql OLD NEW"
        )
    oldest = _age(max_age)

    async def work(book: Book) -> Verdict:
        standing = Standing(book)
        options = Options(
            namespace=namespace,
            database=database,
            schema=schema,
            dialect=dialect,
            encoding=encoding,
            mapping=mapping,
            schemas=standing,
        )
        rules = read_policy(policy, book.ontology) if policy else Policy()
        told = Told(changes, ddl, migrations, sql)
        found = await asyncio.to_thread(told.changes, options, standing, book.ontology)
        judge = Gate(
            book,
            rules,
            frozenset([await department_of(book, each) for each in department or ()]),
            oldest,
            now=datetime.now(settings(data=data).zone),
            why=json or sarif is not None or markdown is not None,  # the only ones that tell paths
        )
        return await judge.judge(found)

    try:
        if server:
            verdict = asyncio.run(work(_served(server, data)))
        else:
            verdict = with_linked(data, lambda ledger: work(LocalBook(ledger, LOCAL)))
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


@dataclass(frozen=True, slots=True)
class Told:
    """The ways in which a change is told; any of them, also together."""

    listed: Path | None
    ddl: Pair
    migrations: Path | None
    sql: Pair

    def changes(self, options: Options, standing: Standing, ontology: Ontology) -> Changes:
        """What they tell together. Call it in a thread: the ledger is asked for columns."""
        from api.gate.ddl import ddl_changes, migration_changes
        from api.gate.sql import sql_changes

        found = read_changes(self.listed) if self.listed else Changes()
        if self.ddl:
            found += ddl_changes(*self.ddl, options)
        if self.migrations:
            found += migration_changes(self.migrations, options, standing)
        if self.sql:
            found += sql_changes(*self.sql, options, ontology)
        return found


def _served(server: str, data: Path | None) -> Book:
    """The served ledger, asked with the token of the environment."""
    from api.gate.served import ServedBook, endpoint
    from ontology.load import load_ontology

    endpoint(server)  # a wrong address is told before anything is read
    token = os.environ.get("MULU_TOKEN", "")
    if token and server.startswith("http://") and urlsplit(server).hostname not in LOOPBACK:
        err.print(
            "[yellow]令牌未经加密传送 / the token travels unencrypted:[/] https://", highlight=False
        )
    return ServedBook(server, token, load_ontology(settings(data=data).ontology_files))


def _age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    match = AGE.fullmatch(text)
    if match is None:
        raise InvalidInput(f"--max-age {text!r}: 7d, 12h, 30m")
    try:
        return timedelta(**{UNITS[match[2]]: int(match[1])})
    except OverflowError as error:
        raise InvalidInput(f"--max-age {text!r}: 太久 / too long") from error


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
