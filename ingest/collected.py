"""Python's collector of cycles, seldom while many objects are made that have none.

It looks through all young objects every 700 new ones, and through all there are now and
then: a tenth of the time of an import, to find nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 20, 100)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within it the collector comes seldom; afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
