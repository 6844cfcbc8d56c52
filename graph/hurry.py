"""Whether somebody waits for the answer to what is being read."""

from __future__ import annotations

from contextvars import ContextVar

hurried: ContextVar[bool] = ContextVar("hurried", default=False)
"""Then a record that answers nobody is not waited for until it is back; an import waits."""
