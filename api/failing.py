"""What went wrong, as HTTP tells it: codes of our own errors, a mark for anything else."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from api.schema.failures import problem_of
from ontology.errors import CatalogError, InvalidInput, Unavailable

log = logging.getLogger("mulu.api")


def told_of(error: Exception, where: str) -> dict[str, Any]:
    """Code and message of an error; one that is not ours is logged under a mark."""
    if isinstance(error, CatalogError):
        told: dict[str, Any] = {"code": error.code, "message": str(error)}
        if isinstance(error, InvalidInput) and error.problems:
            told["problems"] = [problem_of(problem) for problem in error.problems]
        if isinstance(error, Unavailable) and error.part:
            told["missing"] = [error.part]
        return told
    mark = uuid.uuid4().hex[:12]
    log.error("internal error %s at %s", mark, where, exc_info=error)
    return {"code": "INTERNAL", "message": f"内部错误 / internal error ({mark})", "id": mark}
