"""A search index from its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ontology.errors import InvalidInput
from search.index import SearchIndex


def open_index(url: str) -> SearchIndex:
    """`tantivy:///folder` (embedded). Nothing is read or made before `ensure`."""
    parts = urlsplit(url)
    if parts.scheme == "tantivy" and not parts.netloc and parts.path:
        from search.tantivy_index import TantivyIndex

        return TantivyIndex(Path(unquote(parts.path)))
    raise InvalidInput(
        f"无法识别的检索地址：{url} · not a search URL; write tantivy:///path/to/folder"
    )
