"""Every exception of the driver has its place in the ledger's tree."""

from __future__ import annotations

import pytest

exceptions = pytest.importorskip("neo4j.exceptions")

from graph.neo4j.failure import CODES, kind_of, translated  # noqa: E402  # needs the driver
from ontology.errors import (  # noqa: E402
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    LimitExceeded,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)

KNOWN: dict[str, type[CatalogError]] = {
    "AuthConfigurationError": InvalidInput,
    "AuthError": StorageReadOnly,
    "BrokenRecordError": Damaged,
    "CertificateConfigurationError": InvalidInput,
    "ClientError": Unavailable,
    "ConfigurationError": InvalidInput,
    "ConnectionAcquisitionTimeoutError": Busy,
    "ConnectionPoolError": Unavailable,
    "ConstraintError": Unavailable,
    "CypherSyntaxError": Unavailable,
    "CypherTypeError": Unavailable,
    "DatabaseError": Unavailable,
    "DatabaseUnavailable": Busy,
    "DriverError": Unavailable,
    "Forbidden": StorageReadOnly,
    "ForbiddenOnReadOnlyDatabase": StorageReadOnly,
    "GqlError": Unavailable,
    "IncompleteCommit": Unavailable,
    "Neo4jError": Unavailable,
    "NotALeader": Busy,
    "ReadServiceUnavailable": Unavailable,
    "ResultConsumedError": Unavailable,
    "ResultError": Unavailable,
    "ResultFailedError": Unavailable,
    "ResultNotSingleError": Unavailable,
    "RoutingServiceUnavailable": Unavailable,
    "ServiceUnavailable": Unavailable,
    "SessionError": Unavailable,
    "SessionExpired": Unavailable,
    "TokenExpired": StorageReadOnly,
    "TransactionError": Unavailable,
    "TransactionNestingError": Unavailable,
    "TransientError": Busy,
    "UnsupportedServerProduct": InvalidInput,
    "WriteServiceUnavailable": Unavailable,
}


def test_every_class_of_the_driver_is_known() -> None:
    found = {
        name: kind
        for name, kind in vars(exceptions).items()
        if isinstance(kind, type)
        and issubclass(kind, Exception)
        and kind.__module__ == exceptions.__name__
    }
    assert {name: kind_of(kind.__new__(kind)) for name, kind in found.items()} == KNOWN


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", LimitExceeded),
        ("Neo.TransientError.Transaction.DeadlockDetected", Busy),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", LimitExceeded),
        ("Neo.ClientError.Security.Unauthorized", StorageReadOnly),
        ("Neo.DatabaseError.General.StorageExhausted", StorageFull),
        ("Neo.DatabaseError.General.UnknownError", Unavailable),
    ],
)
def test_within_the_servers_errors_the_code_decides(code: str, kind: type[CatalogError]) -> None:
    error = exceptions.Neo4jError._hydrate_neo4j(code=code, message="what it says")
    made = translated(error, "bolt://here")
    assert type(made) is kind
    assert "bolt://here" in str(made)
    assert "what it says" in str(made)


def test_no_code_is_named_twice() -> None:
    assert len({code for code, _ in CODES}) == len(CODES)
