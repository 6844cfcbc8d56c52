"""The SQL engines mulu reads: how each spells strings, how it names things, how to tell them apart.

sqlglot does the grammar. 达梦 DM8 and 人大金仓 have none of their own there: DM8 is read as Oracle,
Kingbase and openGauss as PostgreSQL, and what those refuse falls back piece by piece (ddl.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine. `default_schema` is where names without a schema live."""

    name: str
    grammar: str  # sqlglot's name; "" is its general grammar
    scheme: str = ""  # of the OpenLineage namespace (ontology §8)
    default_schema: str = ""
    backslash: bool = False  # 'it\'s'
    double_quoted_text: bool = False  # "text" is a string, not a name
    backtick: bool = False
    bracket: bool = False  # [name]
    hash_comment: bool = False
    dollar: bool = False  # $$ body $$
    q_quote: bool = False  # q'[text]'
    into_makes_table: bool = False  # SELECT … INTO t creates t; elsewhere INTO fills variables
    lateral_alias: bool = False  # a projection may use the alias of one before it
    struct_fields: bool = False  # a.b may be field b of column a


def _mysql(name: str, scheme: str) -> Dialect:
    return Dialect(
        name,
        "mysql",
        scheme,
        backslash=True,
        double_quoted_text=True,
        backtick=True,
        hash_comment=True,
    )


def _postgres(name: str, scheme: str, grammar: str = "postgres") -> Dialect:
    return Dialect(
        name,
        grammar,
        scheme,
        default_schema="public",
        dollar=True,
        into_makes_table=True,
        lateral_alias=grammar == "redshift",
    )


def _spark(name: str, scheme: str) -> Dialect:
    return Dialect(
        name,
        name,
        scheme,
        backslash=True,
        double_quoted_text=True,
        backtick=True,
        struct_fields=True,
        lateral_alias=name == "databricks",
    )


_KNOWN: Final = (
    _mysql("mysql", "mysql"),
    _mysql("mariadb", "mysql"),
    _mysql("tidb", "mysql"),
    _mysql("oceanbase", "oceanbase"),
    _mysql("doris", "mysql"),
    _postgres("postgresql", "postgres"),
    _postgres("kingbase", "kingbase8"),
    _postgres("opengauss", "opengauss"),
    _postgres("greenplum", "postgres"),
    _postgres("redshift", "redshift", "redshift"),
    Dialect("oracle", "oracle", "oracle", q_quote=True),
    Dialect("dm", "oracle", "dm", q_quote=True),
    Dialect(
        "sqlserver",
        "tsql",
        "mssql",
        default_schema="dbo",
        bracket=True,
        into_makes_table=True,
    ),
    Dialect("sqlite", "sqlite", "sqlite", backtick=True, bracket=True),
    _spark("hive", "hive"),
    _spark("spark", "hive"),
    _spark("databricks", "databricks"),
    Dialect(
        "bigquery",
        "bigquery",
        "bigquery",
        backslash=True,
        double_quoted_text=True,
        backtick=True,
        struct_fields=True,
    ),
    Dialect("clickhouse", "clickhouse", "clickhouse", backslash=True, backtick=True),
    Dialect("snowflake", "snowflake", "snowflake", dollar=True, lateral_alias=True),
    Dialect("trino", "trino", "trino", struct_fields=True),
    Dialect("athena", "athena", "awsathena", backtick=True, struct_fields=True),
    Dialect("duckdb", "duckdb", "duckdb", dollar=True, lateral_alias=True, struct_fields=True),
    Dialect("teradata", "teradata", "teradata", lateral_alias=True),
    Dialect("exasol", "exasol", "exasol"),
    Dialect("ansi", "", "", backtick=True, into_makes_table=True),
)

_SPELLINGS: Final = {
    "postgres": "postgresql",
    "pg": "postgresql",
    "kingbase8": "kingbase",
    "kingbasees": "kingbase",
    "人大金仓": "kingbase",
    "金仓": "kingbase",
    "gaussdb": "opengauss",
    "dm8": "dm",
    "dameng": "dm",
    "达梦": "dm",
    "mssql": "sqlserver",
    "tsql": "sqlserver",
    "sparksql": "spark",
    "presto": "trino",
    "": "ansi",
}

DIALECTS: Final = {dialect.name: dialect for dialect in _KNOWN}
"""Name → dialect; `dialect_of` also knows other spellings."""


def dialect_of(name: str) -> Dialect:
    """The dialect of that name in any spelling; KeyError names those that are known."""
    key = name.strip().lower().replace("_", "").replace(" ", "")
    found = DIALECTS.get(_SPELLINGS.get(key, key))
    if found is None:
        raise KeyError(f"{name}: 可用 known: {', '.join(sorted(DIALECTS))}")
    return found


_EVIDENCE: Final[tuple[tuple[str, int, str], ...]] = (
    # dialect, weight, what only it writes
    ("mysql", 3, r"`\w+`|\bENGINE\s*=|\bAUTO_INCREMENT\b|^\s*DELIMITER\s"),
    ("mysql", 2, r"\b(?:TINYINT|MEDIUMTEXT|LONGTEXT|UNSIGNED)\b|'\s*,?\s*\n.*\bCOMMENT\s+'"),
    ("postgresql", 3, r"\bint[248]\b|\b(?:BIG)?SERIAL\b|::\w+|\bTIMESTAMPTZ\b|\bBYTEA\b|\bJSONB\b"),
    ("postgresql", 2, r"\bON CONFLICT\b|\bsearch_path\b|\$\$|\bLANGUAGE plpgsql\b|\bILIKE\b"),
    ("oracle", 3, r"\bN?VARCHAR2\b|\bNUMBER\s*\(|\bSYSDATE\b|\bFROM DUAL\b|\bNVL2?\s*\("),
    ("oracle", 2, r"\bTABLESPACE\b|\bPCTFREE\b|\bROWNUM\b|\bCLOB\b|\bNUMBER\b|\bDECODE\s*\("),
    ("dm", 5, r"\bDM8\b|达梦|\b\d+\s+CHAR\s*\)|\bCLUSTERBTR\b|\bSET\s+IDENTITY_INSERT\s+\w+\s+ON;"),
    ("dm", 4, r"\bNOT\s+CLUSTER\s+PRIMARY\s+KEY\b|\bSTORAGE\s*\(\s*ON\b|\bIDENTITY\s*,\s*$"),
    ("kingbase", 9, r"人大金仓|\bkingbase"),
    ("opengauss", 9, r"\bopenGauss\b|\bDISTRIBUTE BY HASH\b"),
    ("sqlserver", 3, r"^\s*GO\s*$|\[\w+\]|\bNVARCHAR\b|\bIDENTITY\s*\(\s*1\s*,|\bGETDATE\s*\("),
    ("sqlserver", 2, r"\bDATETIME2\b|\bCLUSTERED\b|\bsp_addextendedproperty\b|#\w+\b|@\w+\s+AS\b"),
    ("sqlite", 4, r"\bAUTOINCREMENT\b|\bWITHOUT ROWID\b|\bsqlite_\w+|^\s*PRAGMA\s"),
    ("hive", 4, r"\bSTORED AS\b|\bROW FORMAT\b|\bPARTITIONED BY\b|\bLATERAL VIEW\b|\bOVERWRITE\b"),
    ("hive", 2, r"\bSTRING\b|\bTBLPROPERTIES\b|\bPARTITION\s*\("),
)
_PATTERNS: Final = tuple(
    (name, weight, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for name, weight, pattern in _EVIDENCE
)
SAMPLE: Final = 200_000
"""Characters that the dialect is detected from."""
_ENOUGH: Final = 20  # hits of one pattern that count


def detect(text: str) -> Dialect:
    """The most likely dialect of a script by what only that engine writes; else the general one."""
    scores = _scores(text)
    best = max(scores, key=lambda name: scores[name])
    return DIALECTS[best] if scores[best] else DIALECTS["ansi"]


def detect_all(texts: Mapping[str, str]) -> dict[Dialect, list[str]]:
    """The dialect of a folder's scripts (name → text), and which of them it holds for.

    All are of one dialect, that of their beginnings together, but for scripts that are clearly of
    another: a short script without evidence goes with the rest.
    """
    each = max(2_000, SAMPLE // max(1, len(texts)))
    common = detect("\n".join(text[:each] for text in texts.values()))
    found: dict[Dialect, list[str]] = {}
    for name, text in texts.items():
        scores = _scores(text)
        best = max(scores, key=lambda key: scores[key])
        clear = scores[best] >= max(_CLEAR, 3 * scores.get(common.name, 0))
        found.setdefault(DIALECTS[best] if clear else common, []).append(name)
    return found


_CLEAR: Final = 40
"""Score from which a script is of its own dialect in a folder of another."""


def _scores(text: str) -> dict[str, int]:
    """Dialect → how much of what only it writes is there."""
    sample = text[:SAMPLE]
    scores: dict[str, int] = {}
    for name, weight, pattern in _PATTERNS:
        hits = sum(1 for _, _ in zip(range(_ENOUGH), pattern.finditer(sample), strict=False))
        scores[name] = scores.get(name, 0) + weight * hits
    if scores["dm"]:  # DM8 writes Oracle's words as well
        scores["dm"] += scores["oracle"]
    for name in ("kingbase", "opengauss"):
        if scores[name]:
            scores[name] += scores["postgresql"]
    return scores
