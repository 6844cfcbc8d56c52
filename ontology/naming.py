"""Names of datasets after the OpenLineage convention (domain/ontology.md §8).

A dataset is a namespace (`postgres://host:5432`) and a name (`db.schema.table`). Engines that
the convention does not name follow what its generic JDBC fallback emits, with the default
port added. Inputs that know no host live under `unbound:<source>` until they are bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ontology.resource import ResourceId


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine's datasets are named: `parts` of the name, outermost first."""

    scheme: str
    port: int | None
    parts: tuple[str, ...]
    label: str


_FULL = ("database", "schema", "table")
_NO_SCHEMA = ("database", "table")

ENGINES = {
    "postgres": Engine("postgres", 5432, _FULL, "PostgreSQL"),
    "mysql": Engine("mysql", 3306, _NO_SCHEMA, "MySQL"),
    "tidb": Engine("mysql", 4000, _NO_SCHEMA, "TiDB"),
    "oracle": Engine("oracle", 1521, _FULL, "Oracle"),
    "mssql": Engine("mssql", 1433, _FULL, "SQL Server"),
    "hive": Engine("hive", 9083, _NO_SCHEMA, "Hive"),
    "oceanbase": Engine("oceanbase", 2881, _NO_SCHEMA, "OceanBase"),
    "clickhouse": Engine("clickhouse", 8123, _NO_SCHEMA, "ClickHouse"),
    "doris": Engine("doris", 9030, _NO_SCHEMA, "Doris"),
    "db2": Engine("db2", 50000, _FULL, "DB2"),
    "dm": Engine("dm", 5236, ("schema", "table"), "达梦 DM8"),
    "kingbase": Engine("kingbase8", 54321, _FULL, "人大金仓"),
    "opengauss": Engine("opengauss", 5432, _FULL, "openGauss"),
    "sqlite": Engine("sqlite", None, ("table",), "SQLite"),
    "kafka": Engine("kafka", 9092, ("table",), "Kafka"),
}

_ALIASES = {
    "postgresql": "postgres",
    "mariadb": "mysql",
    "tsql": "mssql",
    "sqlserver": "mssql",
    "spark": "hive",
    "spark2": "hive",
    "starrocks": "doris",
    "dm8": "dm",
    "dameng": "dm",
    "kingbase8": "kingbase",
    "kingbasees": "kingbase",
    "gaussdb": "opengauss",
    "sqlite3": "sqlite",
}

_BY_SCHEME = {engine.scheme: engine for key, engine in ENGINES.items() if key != "tidb"}
_CASE_MATTERS = frozenset(
    {"file", "s3", "s3a", "s3n", "hdfs", "gs", "wasbs", "abfss", "kafka", "http", "https"}
)
_ESCAPED = re.compile(r"[%#\s]")


def engine(dialect: str) -> Engine:
    """The engine of a dialect's name as sqlglot, SQLAlchemy or people write it.

    An unknown one is named generically: its own name as scheme, database.schema.table.
    """
    key = dialect.lower().split("+")[0].strip()
    key = _ALIASES.get(key, key)
    return ENGINES.get(key) or Engine(key or "jdbc", None, _FULL, dialect)


def namespace(dialect: str, host: str = "", port: int | None = None, *, name: str = "") -> str:
    """`postgres://host:5432`; for SQLite `sqlite:<name>`, where `name` is the configured name
    of the database and never its path."""
    of = engine(dialect)
    if of.scheme == "sqlite":
        return f"sqlite:{name}"
    port = port or of.port
    return f"{of.scheme}://{host.lower()}" + (f":{port}" if port else "")


def dataset_name(dialect: str, table: str, *, database: str = "", schema: str = "") -> str:
    """`db.schema.table`, with the parts that the engine has; what is not known is left out."""
    known = {"database": database, "schema": schema, "table": table}
    if "database" in (parts := engine(dialect).parts) and "schema" not in parts:
        known["database"] = database or schema  # MySQL and Hive call a database a schema too
    return ".".join(known[part] for part in parts if known[part])


def api_name(method: str, path: str) -> str:
    """`GET /v1/persons/{id}`: an API in the namespace of its gateway."""
    return f"{method.upper()} {path}".strip()


def unbound(source: str) -> str:
    """The namespace of what a source that knows no host tells of."""
    return f"unbound:{source}"


@lru_cache(maxsize=4096)
def normal_namespace(text: str) -> str:
    """One spelling of a namespace: scheme and host in lower case, the scheme's other names
    (postgresql, sqlserver) and a missing default port mended, no slash at the end."""
    text = text.strip()
    scheme, mark, rest = text.partition("://")
    if not mark:
        return text.rstrip("/")
    scheme = scheme.lower().removeprefix("jdbc:")
    key = _ALIASES.get(scheme, scheme)
    scheme = ENGINES[key].scheme if key in ENGINES else scheme
    rest = rest.rstrip("/")
    if scheme == "file":
        return f"file://{rest}" if rest else "file"
    host, slash, path = rest.partition("/")
    host = host.lower()
    known = _BY_SCHEME.get(scheme)
    if known is not None and known.port and host and "," not in host and not _has_port(host):
        host = f"{host}:{known.port}"
    return f"{scheme}://{host}{slash}{path}"


def case_matters(namespace: str) -> bool:
    """Whether names in it differ by case. SQL names never do: the rule of MySQL, DM and
    Kingbase is a setting of the server that a script does not show."""
    return namespace.partition(":")[0].lower() in _CASE_MATTERS


def escape(text: str) -> str:
    """`%`, `#` and white space as %25, %23, %20 …: "#" parts a dataset from its field, and
    is legal in names of Oracle and DM."""
    if not _ESCAPED.search(text):
        return text
    return _ESCAPED.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), text)


def dataset_id(namespace: str, name: str) -> ResourceId:
    """`dataset:postgres://hr.example:5432/pension.public.person`."""
    return ResourceId("dataset:" + dataset_key(namespace, name))


def dataset_key(namespace: str, name: str) -> str:
    """Namespace and name with one slash between, folded and escaped."""
    space = normal_namespace(namespace)
    name = name.strip() if case_matters(space) else name.strip().lower()
    return f"{escape(space)}/{escape(name.lstrip('/'))}"


def field_id(dataset: str, column: str) -> ResourceId:
    """`field:<key of the dataset>#column`. `dataset` is the dataset's id."""
    key = dataset.partition(":")[2]
    column = column.strip() if case_matters(key) else column.strip().lower()
    return ResourceId(f"field:{key}#{escape(column)}")


def dataset_of(field: str) -> ResourceId | None:
    """The dataset in a field's id."""
    key, mark, _ = field.partition(":")[2].partition("#")
    return ResourceId(f"dataset:{key}") if mark else None


def _has_port(host: str) -> bool:
    return re.search(r":\d+$", host) is not None
