"""The driver's errors in the ledger's words: the one place where they are translated.

`FAMILIES` names every class that the driver raises (a test lists them); within the
server's own errors the code decides.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from neo4j import exceptions as driver

from ontology.errors import (
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    LimitExceeded,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)

CODES: tuple[tuple[str, type[CatalogError]], ...] = (
    ("Neo.ClientError.Transaction.TransactionTimedOut", LimitExceeded),
    ("Neo.ClientError.Transaction.LockClientStopped", Busy),
    ("Neo.TransientError.Transaction.LockClientStopped", Busy),
    ("Neo.TransientError.Transaction.DeadlockDetected", Busy),
    ("Neo.TransientError.Transaction.LockAcquisitionTimeout", Busy),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", LimitExceeded),
    ("Neo.TransientError.General.TransactionMemoryLimit", LimitExceeded),
    ("Neo.TransientError.General.DatabaseUnavailable", Unavailable),
    ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", StorageReadOnly),
    ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", StorageReadOnly),
    # in spite of IF NOT EXISTS, where two servers make the same index at the same moment
    ("Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists", Busy),
    ("Neo.ClientError.Schema.IndexAlreadyExists", Busy),
    ("Neo.ClientError.Schema.ConstraintAlreadyExists", Busy),
    ("Neo.ClientError.Security", StorageReadOnly),
    ("Neo.ClientError.Statement.ArgumentError", InvalidInput),
    ("Neo.DatabaseError.General.StorageDamageDetected", Damaged),
    ("Neo.DatabaseError.General.StorageExhausted", StorageFull),
)
"""Beginnings of the server's codes, the first that fits."""

FAMILIES: tuple[tuple[type[Exception], type[CatalogError]], ...] = (
    (driver.AuthError, StorageReadOnly),
    (driver.TokenExpired, StorageReadOnly),
    (driver.Forbidden, StorageReadOnly),
    (driver.ForbiddenOnReadOnlyDatabase, StorageReadOnly),
    (driver.TransientError, Busy),
    (driver.ConnectionAcquisitionTimeoutError, Busy),
    (driver.ConfigurationError, InvalidInput),
    (driver.UnsupportedServerProduct, InvalidInput),
    (driver.BrokenRecordError, Damaged),
    (driver.Neo4jError, Unavailable),
    (driver.GqlError, Unavailable),
    (driver.DriverError, Unavailable),
)
"""Classes of the driver, the first that fits."""

MESSAGES: dict[type[CatalogError], str] = {
    Busy: "数据库正忙 / the database is busy ({}). Nothing was kept; try again.",
    Damaged: "数据已损坏 / stored data are damaged ({}). Keep the folder; put a backup back.",
    InvalidInput: "数据库不接受 / the database does not take it ({}).",
    LimitExceeded: "超出数据库的时限或内存 / beyond the database's time or memory ({}).",
    StorageFull: "磁盘已满 / no space left ({}). Free some space, then repeat it.",
    StorageReadOnly: "没有写入或登录的权限 / no right to log in or to write ({}). Check user, "
    "password and role in MULU_GRAPH.",
    Unavailable: "数据库不可用 / the database cannot be used now ({}).",
}


def kind_of(error: BaseException) -> type[CatalogError]:
    """The ledger's class for an exception of the driver."""
    code = (getattr(error, "code", None) or "") if isinstance(error, driver.Neo4jError) else ""
    for beginning, kind in CODES:
        if code.startswith(beginning):
            return kind
    return next((kind for family, kind in FAMILIES if isinstance(error, family)), Unavailable)


def translated(error: BaseException, where: str) -> CatalogError:
    """The exception to raise in place of the driver's."""
    kind = kind_of(error)
    words = " ".join(str(error).split())[:300]
    ours = kind(f"{where}: {MESSAGES[kind].format(words)}")
    if isinstance(ours, Unavailable):
        ours.part = "record"
    return ours


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Run a block; whatever the driver raises comes out translated."""
    try:
        yield
    except CatalogError:
        raise
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"{error.object!r}: 不是有效的 Unicode / is no valid Unicode."
        ) from error
    except (driver.DriverError, driver.GqlError, OSError, ssl.SSLError) as error:
        raise translated(error, where) from error
    except orjson.JSONDecodeError as error:
        raise Damaged(f"{where}: {MESSAGES[Damaged].format(error)}") from error
