"""What is cut in pieces, or remembered, comes to what cutting the whole comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.load import load_ontology
from ontology.resource import Resource, ResourceId
from search.cutter import Cutter
from search.document import document
from search.mapping import derive
from search.ranking import ID_WEIGHT
from search.text import Segmenter, fold, grams
from search.tokens import GRAMS, band_field

MAPPING = derive(load_ontology())
SEGMENTER = Segmenter(("社会保险", "云澜市"))
CUTTER = Cutter(MAPPING, SEGMENTER)

KEYS = st.text("ab1A.#-_%+&:/社会保险Ａ１．é \t（", min_size=1, max_size=16)


def check(key: str) -> None:
    id = ResourceId(f"field:{key}")
    fields = CUTTER.physical(document(Resource(id, "Field", {}, 1, 1), {}, MAPPING))
    alone = fields[band_field(ID_WEIGHT)].split()
    assert sorted(alone) == sorted(SEGMENTER.words(id).split())  # no order, and no phrases, there
    assert f" {' '.join(grams(fold(id)))} " in f" {fields[GRAMS]} "


@pytest.mark.parametrize(
    "key",
    [
        "postgres://db.gov.example:5432/gov.s0.t_0#c0",
        "hive://云澜市/社会保险库.t_1#字段",
        "a/userName/b",
        "c++/c#/.net",
        "db/public#c0",
        "//",
        "１００％／ｘ/y",
    ],
)
def test_an_id_is_cut_in_parts_as_if_it_were_cut_whole(key: str) -> None:
    check(key)
    check(key)  # again, from memory


@given(KEYS)
def test_whatever_the_id(key: str) -> None:
    check(key)
