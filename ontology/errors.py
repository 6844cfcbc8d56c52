"""Everything that can go wrong with the machinery, as one tree.

    CatalogError
    ├── OntologyError        the TTL is broken, or takes away what stored data use
    ├── InvalidInput         what a caller asked for makes no sense; carries problems
    ├── Unauthenticated      nobody knows who asks
    │   └── TooManyTries     so many wrong tokens that no further one is looked at for now
    ├── Forbidden            who asks may not do this
    ├── NotFound             no resource of that id
    ├── VersionConflict      somebody else changed it first
    ├── KeyUsed              an idempotency key was used for another call
    ├── LimitExceeded        the question is larger than the limits allow
    ├── MissingExtra         an optional package is not installed
    └── Unavailable          the store, the index or a lock cannot be had now
        ├── Busy             a lock was not granted in time
        ├── OutcomeUnknown   a write was handed over, and nobody can tell yet whether it was made
        ├── StorageFull      no space left
        ├── StorageReadOnly  the data folder cannot be written
        └── Damaged          stored bytes are not what they should be

Bad *data* is never an exception: it is a `Problem` value (ontology/problem.py).
`code` is stable and goes to GraphQL clients; `status` is the HTTP status. Each
message says what, where and how to mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ontology.problem import Problem


class CatalogError(Exception):
    """Root of the tree."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500


class OntologyError(CatalogError):
    """The ontology cannot be used: where (file, line) and why."""

    code = "ONTOLOGY"

    def __init__(self, reason: str, *, file: str = "", line: int = 0) -> None:
        self.reason, self.file, self.line = reason, file, line
        place = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(f"{place}{reason}")


class InvalidInput(CatalogError):
    """The request cannot be carried out as it stands; `problems` tell why, one by one."""

    code = "INVALID"
    status = 400

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message)


class Unauthenticated(CatalogError):
    code = "UNAUTHENTICATED"
    status = 401


class TooManyTries(Unauthenticated):
    code = "TOO_MANY_TRIES"
    status = 429


class Forbidden(CatalogError):
    code = "FORBIDDEN"
    status = 403


class NotFound(CatalogError):
    code = "NOT_FOUND"
    status = 404


class VersionConflict(CatalogError):
    """The resource is no longer at the version that the caller had read."""

    code = "CONFLICT"
    status = 409


class KeyUsed(CatalogError):
    """The same caller used the key before, and asked for something else."""

    code = "CONFLICT"
    status = 409


class LimitExceeded(CatalogError):
    code = "LIMIT"
    status = 400


class MissingExtra(CatalogError):
    """An optional package is missing; the message names the extra to install."""

    code = "MISSING_EXTRA"
    status = 501


class Unavailable(CatalogError):
    """`part` tells which part of the ledger it is, where that is known: record or search."""

    code = "UNAVAILABLE"
    status = 503

    def __init__(self, message: str, *, part: str = "") -> None:
        self.part = part
        super().__init__(message)


class Busy(Unavailable):
    code = "BUSY"


class OutcomeUnknown(Unavailable):
    code = "OUTCOME_UNKNOWN"
    status = 504


class StorageFull(Unavailable):
    code = "STORAGE_FULL"
    status = 507


class StorageReadOnly(Unavailable):
    code = "READ_ONLY"


class Damaged(Unavailable):
    code = "DAMAGED"
