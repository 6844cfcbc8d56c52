"""A live database through SQLAlchemy's inspector (`mulu ingest database`).

The target is an SQLAlchemy URL, or the path of a SQLite file. What is stored is the OpenLineage
name of the database; user name and password are used to connect and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, inspect, make_url
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ingest.source import Options, Place, Progress, Unread, Yielded
from ingest.sql.binding import Binding, Home
from ingest.sql.ddl import parse_ddl
from ingest.sql.dialect import DIALECTS, Dialect, dialect_of
from ingest.sql.names import TableName, phrases
from ingest.sql.schema import Column, ForeignKey, Schema, Table
from ingest.sql.structure import host, records
from ingest.sql.views import with_views
from ontology.errors import InvalidInput, MissingExtra
from ontology.model import Ontology
from ontology.naming import namespace
from ontology.problem import Problem, Severity
from ontology.resource import Rank

SYSTEM_SCHEMAS: Final = phrases(
    "information_schema|pg_catalog|pg_toast|sys|mysql|performance_schema|sysaudit|syslogical"
    "|sys_catalog|sysmac|xlog_record_read|guest|db_owner|ctxsys|dbsnmp|outln|system"
)


@dataclass(frozen=True)
class Database:
    """One database as it stands now."""

    url: URL
    options: Options
    ontology: Ontology
    name: str
    rank: Rank

    @property
    def scope(self) -> str:
        """The database by host and name, and the schema if only one is read; never a password."""
        place = self._home.namespace + ("/" + self._database if self._database else "")
        return f"{place}/{self.options.schema}" if self.options.schema else place

    @cached_property
    def _dialect(self) -> Dialect:
        name = self.options.dialect or self.url.get_backend_name()
        try:
            return dialect_of(name)
        except KeyError:
            return DIALECTS["ansi"]

    @property
    def _database(self) -> str:
        if self.options.database or self._dialect.grammar == "sqlite":
            return self.options.database
        return self.url.database or ""

    @cached_property
    def _home(self) -> Home:
        of = self._dialect.scheme or self.url.get_backend_name()
        named = self.options.database or Path(self.url.database or "memory").stem
        space = self.options.namespace or namespace(
            of, self.url.host or "", self.url.port, name=named
        )
        return Home(space, of, self._database, self.options.schema or self._dialect.default_schema)

    def check(self) -> None:
        """The driver is there, and the database answers."""
        if self._dialect.grammar == "sqlite" and not _readable(self.url):
            raise InvalidInput(f"没有这个 SQLite 文件 (no such file): {self.url.database}")
        engine = self._engine()
        try:
            inspect(engine).has_table("mulu")  # connects, and reads something
        except SQLAlchemyError as error:
            raise InvalidInput(
                f"连不上数据库 (cannot connect) {self._home.namespace}: {self._plain(error)}; "
                "请核对地址、端口、用户与口令 check host, port, user and password"
            ) from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        try:
            return create_engine(self.url)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise MissingExtra(
                f"{self.url.get_backend_name()} 的驱动没有安装 (driver not installed): {error}; "
                "请用 pip 安装它 install it with pip"
            ) from error

    def _plain(self, error: Exception) -> str:
        """The driver's words without what must not be told."""
        text = str(getattr(error, "orig", None) or error).split("\n")[0][:300]
        for secret in (self.url.password, self.url.username):
            if secret:
                text = text.replace(str(secret), "***")
        return text

    def read(self, since: str = "") -> Iterator[Yielded]:
        """All tables and views of all schemas, then the lineage of the views."""
        engine = self._engine()
        tables: dict[TableName, Table] = {}
        try:
            inspector = inspect(engine)
            schemas = self._schemas(inspector)
            for done, schema in enumerate(schemas, 1):
                try:
                    for table in self._tables(inspector, schema):
                        tables[table.name] = table
                except SQLAlchemyError as error:
                    place = Place(self._home.namespace, schema or "")
                    yield self._problem(f"模式 {schema} 读不了 cannot be read", error)
                    yield Unread(place, self._plain(error))
                yield Progress(done, len(schemas), schema or self._home.namespace)
            yield from self._add_queries(inspector, tables)
        finally:
            engine.dispose()
        binding = Binding(self._home)
        schema_, lineage = with_views(Schema(tables), self._dialect, binding, self.options.schemas)
        yield from records(schema_, binding, host(self.options, self.ontology))
        yield from lineage

    def _schemas(self, inspector: Inspector) -> Sequence[str | None]:
        """Those to read; None is the only one of an engine without schemas."""
        if self.options.schema:
            return [self.options.schema]
        if self._dialect.grammar == "sqlite":
            return [None]
        if self._dialect.grammar == "mysql" and self.url.database:
            return [self.url.database]
        names = inspector.get_schema_names()
        return [name for name in names if name.lower() not in SYSTEM_SCHEMAS and name[:3] != "pg_"]

    def _tables(self, inspector: Inspector, schema: str | None) -> Iterator[Table]:
        any_kind = ObjectKind.ANY
        columns = inspector.get_multi_columns(schema, kind=any_kind)
        keys = inspector.get_multi_pk_constraint(schema, kind=any_kind)
        foreign = inspector.get_multi_foreign_keys(schema, kind=any_kind)
        comments = _comments(inspector, schema)
        views = {*inspector.get_view_names(schema), *_materialized(inspector, schema)}
        for key in sorted(columns, key=lambda key: key[1]):
            name = self._name(schema, key[1])
            yield Table(
                name,
                tuple(_column(column, at) for at, column in enumerate(columns[key], 1)),
                comment=comments.get(key[1], ""),
                primary_key=tuple(keys[key]["constrained_columns"] if key in keys else ()),
                foreign_keys=tuple(
                    self._foreign_key(found, schema) for found in foreign.get(key) or ()
                ),
                view=key[1] in views,
                file=self._home.namespace,
            )

    def _name(self, schema: str | None, table: str) -> TableName:
        return TableName.of(schema or "", table)

    def _foreign_key(self, found: Any, schema: str | None) -> ForeignKey:
        return ForeignKey(
            tuple(found["constrained_columns"]),
            self._name(found.get("referred_schema") or schema, found["referred_table"]),
            tuple(found["referred_columns"]),
            str(found.get("name") or ""),
        )

    def _add_queries(
        self, inspector: Inspector, tables: dict[TableName, Table]
    ) -> Iterator[Problem]:
        """Give the views their definitions; some users may see only those of their own."""
        for name, table in tables.items():
            if not table.view:
                continue
            schema = name.parts[-2] if len(name.parts) > 1 else None
            try:
                text = inspector.get_view_definition(name.table, schema) or ""
            except (SQLAlchemyError, NotImplementedError) as error:  # or a dialect that cannot
                yield self._problem(f"视图 {name} 的定义读不了 no definition", error)
                continue
            tables[name] = replace(table, query=_query(text, self._dialect))

    def _problem(self, what: str, error: Exception) -> Problem:
        return Problem(
            f"{what}: {self._plain(error)}",
            "给采集用户读系统目录的权限 let the user read the system catalogue",
            Severity.WARNING,
            file=self._home.namespace,
        )


def _readable(url: URL) -> bool:
    return url.database in (None, "", ":memory:") or Path(str(url.database)).is_file()


def _comments(inspector: Inspector, schema: str | None) -> dict[str, str]:
    """Table → comment."""
    try:
        found = inspector.get_multi_table_comment(schema, kind=ObjectKind.ANY)
    except NotImplementedError:  # SQLAlchemy's word for a dialect without comments, as SQLite's
        return {}
    return {key[1]: str(comment["text"] or "") for key, comment in found.items()}


def _materialized(inspector: Inspector, schema: str | None) -> Sequence[str]:
    try:
        return inspector.get_materialized_view_names(schema)
    except NotImplementedError:  # a dialect without materialized views
        return ()


def _column(found: Any, ordinal: int) -> Column:
    return Column(
        found["name"],
        str(found["type"]) if not _untyped(found) else "",
        bool(found.get("nullable", True)),
        str(found.get("default") or ""),
        str(found.get("comment") or ""),
        ordinal,
    )


def _untyped(found: Any) -> bool:
    return type(found["type"]).__name__ == "NullType"


def _query(text: str, dialect: Dialect) -> str:
    """The SELECT of a definition; some engines give the whole CREATE VIEW."""
    if not text.lstrip().upper().startswith("CREATE"):
        return text.strip().rstrip(";")
    tables = parse_ddl(text, dialect).tables.values()
    return next((table.query for table in tables), "")


def open(target: str, options: Options, ontology: Ontology) -> Database:
    """`mulu ingest database URL|FILE [--as SOURCE] [--schema S]`."""
    try:
        url = make_url(target) if "://" in target else URL.create("sqlite", database=target)
    except ArgumentError as error:
        raise InvalidInput(
            "数据库地址读不懂 (cannot understand the URL); "
            "写法 e.g. postgresql+psycopg://user:password@host:5432/database"
        ) from error
    rank = Rank.SCANNED if options.rank is None else options.rank
    source = Database(url, options, ontology, "", rank)
    return replace(source, name=options.source or f"database:{source.scope}")
