"""One tantivy index: its schema, its one writer, its readers, and clauses as its queries.

Traps, each met in a trial: ids are deleted by raw text (an integer term deletes nothing,
silently); the commit payload is not exposed, so the position is a document of its own;
all errors are ValueErrors, and a wrong phrase panics; text has no range queries.
"""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import orjson
import tantivy
from tantivy import FieldType, Occur

from ontology.errors import Busy, CatalogError, Unavailable
from search import clause as clauses
from search import tokens as t
from search.generations import IndexDamaged, storage_error
from search.mapping import Form, SearchMapping

META, UPTO, POSITION, PLACE = "meta", "upto", "position", "place"
LARGE_HEAP, HEAP, SMALL_HEAP = 256_000_000, 64_000_000, 15_000_000
"""Bytes that the writer gathers before it writes a segment of its own accord: for a generation
that is filled (fewer segments to merge), for many documents, and for few, ready sooner."""
FEW = 100
"""Documents for which the small heap will do."""

LEAST_PRIOR = 1 / 16
"""tantivy multiplies scores by log2(2 + x) of a field x ≥ 0: never by less than one. So x is
made such that this gives the prior over the least one, and scores are scaled back."""

_KEYWORDS = (t.KEY, t.KINDS, t.VISIBILITY, t.REFS, t.KEYS, t.SPELLINGS, META)
_POSITIONS = (t.NAMES, t.GRAMS, t.NAMED, t.SOUNDS)
_NUMBERS = {
    Form.INTEGER: FieldType.Integer,
    Form.INSTANT: FieldType.Integer,
    Form.DECIMAL: FieldType.Float,
}
Line = tuple[str, bytes]
"""A document ready to be added: its id, and all of it as JSON, which the engine reads faster
than a document that is put together field by field. Bytes, which are sent as they are."""

_OS_ERROR = re.compile(r"os error (\d+)|code: (\d+)")
_DAMAGE = ("corrupt", "not exist", "NotExist", "IO error", "Incompatible", "footer", "schema")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """tantivy's errors as ours. A panic (a BaseException of the binding) means that the
    stored bytes are not what the code believes."""
    try:
        yield
    except CatalogError:
        raise
    except (ValueError, OSError) as error:
        raise _translate(error, path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged(path, str(error)) from error


def _translate(error: Exception, path: Path) -> CatalogError:
    text = str(error)
    if "LockBusy" in text:
        return Busy(f"另一个进程正在写检索索引：{path} · another process feeds the search index")
    if isinstance(error, OSError) and error.errno:
        return storage_error(error.errno, path)
    if (match := _OS_ERROR.search(text)) and int(match[1] or match[2]) != 2:
        return storage_error(int(match[1] or match[2]), path)
    if match or any(sign in text for sign in _DAMAGE):
        return IndexDamaged(path, text[:300])
    return Unavailable(f"检索索引出错：{path}：{text[:300]} · the search index failed")


def build_schema(mapping: SearchMapping) -> tuple[tantivy.Schema, dict[str, Form | None]]:
    """The schema, and its queryable fields with the form of those that are typed."""
    builder = tantivy.SchemaBuilder()
    forms: dict[str, Form | None] = {}
    for name in _KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        forms[name] = Form.KEYWORD
    for name in (*(t.band_field(weight) for weight in mapping.bands), t.SHORTS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        forms[name] = None
    for name in _POSITIONS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        forms[name] = None
    for name, form in t.typed_fields(mapping).items():
        forms[name] = form
        if form is Form.KEYWORD:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        elif form is Form.DECIMAL:
            builder.add_float_field(name, indexed=True, fast=True)
        else:
            builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_float_field(t.PRIOR, fast=True)
    for name in t.columns(mapping):
        builder.add_integer_field(name, fast=True)
        forms[name] = Form.INTEGER
    builder.add_bytes_field(t.SOURCE, stored=True)
    builder.add_bytes_field(t.DIGEST, stored=True)
    builder.add_bytes_field(t.STORED_ID, stored=True)
    builder.add_unsigned_field(UPTO, stored=True)
    return builder.build(), forms


def line(physical: t.Physical) -> Line:
    """The document as the engine reads it; fields that its index lacks are passed over."""
    key, prior = physical[t.KEY], max(LEAST_PRIOR, physical[t.PRIOR])
    kept = {name: value for name, value in physical.items() if value != ""}
    kept[t.PRIOR] = 2.0 ** (prior / LEAST_PRIOR) - 2.0
    kept[t.STORED_ID] = _base64(key.encode())
    kept[t.DIGEST] = _base64(physical[t.DIGEST])
    kept[t.SOURCE] = _base64(physical[t.SOURCE])
    return key, orjson.dumps(kept)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


@dataclass
class View:
    """The index as of one of its commits; stays as it is while others are made."""

    searcher: tantivy.Searcher
    stamp: tuple[int, int, int]
    position: int = 0


@dataclass
class Engine:
    """The index in a folder. Methods block; writes are one at a time, reads any number."""

    path: Path
    mapping: SearchMapping
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _writer: tantivy.IndexWriter | None = None
    _small: bool = False
    _leaving: threading.Timer | None = None

    def __post_init__(self) -> None:
        self.schema, self.forms = build_schema(self.mapping)
        with translated(self.path):
            self._index = tantivy.Index(self.schema, str(self.path))
            self._index.config_reader("manual")
        # A search asks with the same prefixes again and again, and each takes .5 ms to compile.
        self._starting = lru_cache(maxsize=512)(partial(_starting, self.schema))
        self._view = self._fresh()

    # --- reading --------------------------------------------------------------------------

    def view(self) -> View:
        """The newest view: another process may have committed since the last one."""
        stamp = self._stamp()
        with self._lock:
            if stamp != self._view.stamp:
                self._view = self._fresh()
            return self._view

    def _stamp(self) -> tuple[int, int, int]:
        with translated(self.path):
            stat = (self.path / "meta.json").stat()
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _fresh(self) -> View:
        stamp = self._stamp()
        with translated(self.path):
            self._index.reload()
            searcher = self._index.searcher()
            found = searcher.search(self.query(clauses.Term(META, POSITION)), 1).hits
            position = searcher.doc(found[0][1]).get_first(UPTO) if found else 0
        return View(searcher, stamp, int(position or 0))

    # --- writing --------------------------------------------------------------------------

    def gather(self, docs: Sequence[Line], deleted: Iterable[str], *, new: bool = False) -> None:
        """Documents and removals, for the next `write` to commit. Where this or that fails,
        all that was gathered is lost. `new`: none of them is there yet."""
        with self._writing, translated(self.path):
            self._feed(docs, deleted, small=False, new=new)

    def keep(self, place: str, begun: int) -> None:
        """Commit what was gathered, with a note of how far that is: in one step."""
        with self._writing, translated(self.path):
            writer = self._feed((), (), small=False)
            try:
                writer.delete_documents_by_term(META, PLACE)
                writer.add_document(self._own(PLACE, begun, place))
                writer.commit()
            except BaseException:
                self._writer = None
                raise

    def kept(self) -> tuple[str, int] | None:
        """What `keep` noted last: place, and the commit of the beginning."""
        with translated(self.path):
            found = self._view.searcher.search(self.query(clauses.Term(META, PLACE)), 1).hits
            if not found:
                return None
            doc = self._view.searcher.doc(found[0][1])
            place: Any = doc.get_first(t.STORED_ID)
            begun: Any = doc.get_first(UPTO)
            return bytes(place).decode(), int(begun)

    def write(self, docs: Sequence[Line], deleted: Iterable[str], upto: int) -> None:
        """Documents, removals and position in one commit."""
        with self._writing, translated(self.path):
            writer = self._feed(
                docs, deleted, small=len(docs) <= FEW and (self._writer is None or self._small)
            )
            try:
                for own in (POSITION, PLACE):
                    writer.delete_documents_by_term(META, own)
                writer.add_document(self._own(POSITION, upto))
                writer.commit()
            except BaseException:
                self._writer = None  # its buffer goes with it, and with it half a batch
                raise
        self.view()

    def _feed(
        self,
        docs: Sequence[Line],
        deleted: Iterable[str],
        *,
        small: bool,
        new: bool = False,
    ) -> tantivy.IndexWriter:
        self._stay()
        if self._small and not small:
            self._close()  # nothing was gathered with a small heap: each write commits
        if self._writer is None:
            heap = SMALL_HEAP if small else LARGE_HEAP if new else HEAP
            self._writer = self._index.writer(heap, 1)
            self._small = small
        writer = self._writer
        try:
            for id in deleted:
                writer.delete_documents_by_term(t.KEY, id)
            for id, doc in docs:
                if not new:  # each removal is looked for in every segment
                    writer.delete_documents_by_term(t.KEY, id)
                writer.add_json(doc.decode())
        except BaseException:
            self._writer = None
            raise
        return writer

    def release(self, after: float = 0.0) -> None:
        """Finish merges and give the write lock back; where nothing is written for `after`
        seconds. Merges go on in the meantime, so that hardly anybody waits for them."""
        with self._writing:
            self._stay()
            if after and self._writer is not None:
                self._leaving = threading.Timer(after, self._leave)
                self._leaving.daemon = True
                self._leaving.start()
            else:
                self._close()

    def give_up(self) -> None:
        """Forget what was gathered since the last commit."""
        with self._writing:
            self._stay()
            self._writer = None

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _leave(self) -> None:
        with self._writing:
            if self._leaving is threading.current_thread():
                with suppress(CatalogError):  # merging is not needed; who writes next is told
                    self._close()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with translated(self.path):
                writer.wait_merging_threads()

    @staticmethod
    def _own(name: str, upto: int, place: str = "") -> tantivy.Document:
        """A document of the index itself, which no search finds."""
        doc = tantivy.Document()
        doc.add_text(META, name)
        doc.add_unsigned(UPTO, upto)
        doc.add_bytes(t.STORED_ID, place.encode())
        return doc

    # --- clauses --------------------------------------------------------------------------

    def query(self, clause: clauses.Clause) -> tantivy.Query:
        """The clause in tantivy's words. A field that this index lacks matches nothing."""
        match clause:
            case clauses.Nothing():
                return tantivy.Query.empty_query()
            case clauses.Bool():
                return self._bool(clause)
            case clauses.Best(inner, others):
                return tantivy.Query.disjunction_max_query(
                    [self.query(c) for c in inner], others or None
                )
            case clauses.Scaled(inner, factor):
                return tantivy.Query.boost_query(self.query(inner), factor)
            case clauses.Flat(inner, score):
                return tantivy.Query.const_score_query(self.query(inner), score)
            case _:
                return (
                    self._leaf(clause)
                    if clause.field in self.forms
                    else self.query(clauses.Nothing())
                )

    def _bool(self, clause: clauses.Bool) -> tantivy.Query:
        members = [(Occur.Must, self.query(c)) for c in clause.must]
        members += [(Occur.Should, self.query(c)) for c in clause.should]
        members += [(Occur.Must, self.query(clauses.Flat(c, 0.0))) for c in clause.filters]
        members += [(Occur.MustNot, self.query(c)) for c in clause.without]
        return tantivy.Query.boolean_query(members, clause.at_least or None)

    def _leaf(
        self, clause: clauses.Term | clauses.Near | clauses.Starts | clauses.Between | clauses.Has
    ) -> tantivy.Query:
        name, schema = clause.field, self.schema
        match clause:
            case clauses.Term(_, value):
                return tantivy.Query.term_query(schema, name, self._typed(name, value))
            case clauses.Near(_, tokens):
                return tantivy.Query.phrase_query(schema, name, list(tokens))
            case clauses.Starts(_, prefix):
                return self._starting(name, prefix)
            case clauses.Between(_, low, high, include_low, include_high):
                return tantivy.Query.range_query(
                    schema,
                    name,
                    _NUMBERS[self.forms[name] or Form.KEYWORD],
                    None if low is None else self._typed(name, low),
                    None if high is None else self._typed(name, high),
                    include_low or low is None,
                    include_high or high is None,
                )
            case clauses.Has():
                return tantivy.Query.exists_query(name)

    def _typed(self, name: str, value: Any) -> Any:
        form = self.forms[name]
        if form is Form.DECIMAL:
            return float(value)
        return value if form in _NUMBERS else str(value)


def _starting(schema: tantivy.Schema, name: str, prefix: str) -> tantivy.Query:
    return tantivy.Query.regex_query(schema, name, _escape(prefix) + ".*")


def _escape(prefix: str) -> str:
    """Only what the engine's regular expressions take for signs; it rejects other escapes."""
    return re.sub(r"[\\.+*?()|\[\]{}^$#&~-]", r"\\\g<0>", prefix)
