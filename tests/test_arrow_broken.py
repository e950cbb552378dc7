"""Broken Arrow structures: a sentence that says what is wrong, no crash, and each structure released exactly once."""

import numpy as np
import pyarrow as pa
import pytest
from structures import Exporter, Maker, bits

import xxmfg as xm

DOUBLES = np.array([1.0, 2.0, 4.0, 8.0])
OFFSETS = np.array([0, 1, 2, 4], dtype=np.int32)
TEXT = np.frombuffer(b"abcd", dtype=np.uint8)
CODES = np.array([0, 1, 0], dtype=np.int8)


def views(*entries):
    """Give views: of short texts, or of (size, prefix, buffer, offset)."""
    made = np.zeros((len(entries), 4), dtype=np.int32)
    for view, entry in zip(made, entries, strict=True):
        if isinstance(entry, bytes):
            view[0] = len(entry)
            view[1:].view(np.uint8)[: len(entry)] = np.frombuffer(entry, np.uint8)
        else:
            view[:] = entry
    return made


def told_by(call, *capsules):
    """Give what a call raises over the columns that capsules hold; nothing of it lives on."""
    try:
        call(Exporter(*capsules))
    except ValueError as error:
        return str(error)
    raise AssertionError("nothing was raised")


def read(maker, schema, array, call):
    """Give what is raised over an array, once each structure was released once."""
    told = told_by(call, maker.capsule(schema, b"arrow_schema"), maker.capsule(array, b"arrow_array"))
    assert maker.settle(schema, array)
    return told


def values_of(column):
    """Sum a column of numbers."""
    return xm.aggregate(column, stats=("sum",))


def groups_of(column):
    """Count the rows of a key."""
    return xm.aggregate(np.ones(3), by=column, stats=("count",))


BROKEN_ARRAYS = {
    "negative length": ({"length": -1}, "its length is negative"),
    "length beyond memory": ({"length": 2**62}, "its length and offset are beyond any memory"),
    "negative offset": ({"offset": -5}, "its offset is negative"),
    "offset beyond memory": ({"offset": 2**60}, "its length and offset are beyond any memory"),
    "more nulls than rows": ({"null_count": 9}, "its null count is not between 0 and its length"),
    "fewer nulls than none": ({"null_count": -2}, "its null count is not between 0 and its length"),
    "nulls without bits": ({"null_count": 2}, "it counts nulls, but has no validity buffer"),
    "one buffer": ({"n_buffers": 1}, "it has not the buffers of its type"),
    "many buffers": ({"n_buffers": 4}, "it has not the buffers of its type"),
    "negative buffers": ({"n_buffers": -1}, "it has not the buffers of its type"),
    "no buffers": ({"buffers": None}, "it has no buffers"),
    "children": ({"n_children": 2}, "it has children, which its type has not"),
    "released": ({"release": None}, "it was released before"),
}


@pytest.mark.parametrize("name", BROKEN_ARRAYS)
def test_arrays_that_cannot_be(name):
    """What is wrong with an array is said by the argument's name, and nothing is read."""
    fields, problem = BROKEN_ARRAYS[name]
    maker = Maker()
    schema, array = maker.schema(b"g"), maker.array(None, DOUBLES, **fields)
    if name == "released":
        maker.made.remove("array")
    assert f"values: its Arrow data: {problem}" == read(maker, schema, array, values_of)


@pytest.mark.parametrize("name", BROKEN_ARRAYS)
def test_chunks_that_cannot_be(name):
    """The chunk is named; those before it and the stream are released, each once."""
    if name == "released":
        return  # a stream says so that it ends
    fields, problem = BROKEN_ARRAYS[name]
    maker = Maker()
    arrays = [maker.array(None, DOUBLES, name="first"), maker.array(None, DOUBLES, name="second", **fields)]
    stream = maker.stream(maker.schema(b"g"), arrays)
    told = told_by(values_of, maker.capsule(stream, b"arrow_array_stream"))
    assert f"values: chunk 1 of its Arrow data: {problem}" == told
    assert maker.settle(stream)


BROKEN_TEXTS = {
    "no offsets": (b"u", (None, None, TEXT), {"length": 3}, "its buffer of offsets is missing"),
    "no text": (b"u", (None, OFFSETS, None), {}, "its buffer of text is missing"),
    "negative first": (b"u", (None, np.array([-1, 0, 1, 2], np.int32), TEXT), {}, "its first offset is negative"),
    "backwards as a whole": (b"u", (None, np.array([4, 2, 1, 0], np.int32), TEXT), {}, "its offsets run backwards"),
    "large, backwards": (b"U", (None, np.array([4, 2, 1, 0], np.int64), TEXT), {}, "its offsets run backwards"),
    "two buffers": (b"u", (None, OFFSETS), {}, "it has not the buffers of its type"),
    "views without sizes": (b"vu", (None, views(b"a", b"b", b"c"), TEXT, None), {}, "its buffer of sizes is missing"),
    "views with two buffers": (b"vu", (None, views(b"a", b"b", b"c")), {}, "it has not the buffers of its type"),
    "a dictionary of none": (b"u", (None, OFFSETS, TEXT), {"dictionary": True}, "it has a dictionary, which its type"),
}


@pytest.mark.parametrize("name", BROKEN_TEXTS)
def test_texts_that_cannot_be(name):
    """Text whose buffers are missing or run backwards is refused before any of it is read."""
    form, buffers, fields, problem = BROKEN_TEXTS[name]
    maker = Maker()
    if "dictionary" in fields:
        fields = {"dictionary": maker.array(None, OFFSETS, TEXT, length=3)}
        maker.made.clear()  # it goes with the array
    schema = maker.schema(form)
    array = maker.array(*buffers, **{"length": 3, **fields})
    assert read(maker, schema, array, groups_of).startswith(f"by: its Arrow data: {problem}")


ROWS = {
    "one backwards": (b"u", (None, np.array([0, 3, 1, 4], np.int32), TEXT), 1),
    "one beyond": (b"u", (None, np.array([0, 1, 9, 4], np.int32), TEXT), 1),
    "one negative": (b"u", (None, np.array([0, -7, 2, 4], np.int32), TEXT), 0),
    "large beyond": (b"U", (None, np.array([0, 1, 2**62, 4], np.int64), TEXT), 1),
    "large negative": (b"U", (None, np.array([0, 1, -(2**63), 4], np.int64), TEXT), 1),
    "a view of negative size": (b"vu", (None, views(b"a", (-1, 0, 0, 0), b"c"), np.zeros(0, np.int64)), 1),
    "a view into no buffer": (b"vu", (None, views(b"a", b"b", (20, 0, 0, 0)), np.zeros(0, np.int64)), 2),
    "a view before its buffer": (b"vu", (None, views(b"a", (13, 0, -1, 0), b"c"), TEXT, np.array([4])), 1),
    "a view at no offset": (b"vu", (None, views(b"a", (13, 0, 0, -1), b"c"), TEXT, np.array([4])), 1),
    "a view past its buffer": (b"vu", (None, views((20, 0, 0, 0), b"b", b"c"), TEXT, np.array([4])), 0),
    "a buffer of negative size": (b"vu", (None, views((20, 0, 0, 0), b"b", b"c"), TEXT, np.array([-4])), 0),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_whose_text_lies_elsewhere(name):
    """A row whose offsets or view leave the column is named where it is read."""
    form, buffers, row = ROWS[name]
    maker = Maker()
    told = read(maker, maker.schema(form), maker.array(*buffers, length=3), groups_of)
    assert told == f"by: row {row}: its text cannot be read, or lies outside of its column's memory"


def test_a_missing_view_is_not_read():
    """What a view says in a row that is null does not matter."""
    maker = Maker()
    schema = maker.schema(b"vu")
    array = maker.array(bits(1, 0, 1), views(b"a", (99, 9, 9, 9), b"a"), np.zeros(0, np.int64), length=3)
    table = groups_of(Exporter(maker.capsule(schema, b"arrow_schema"), maker.capsule(array, b"arrow_array")))
    assert ["a", None] == table["key"].tolist()
    assert maker.settle(schema, array)


def test_text_that_is_not_utf8():
    """Bytes that are no text are shown."""
    maker = Maker()
    array = maker.array(None, OFFSETS, np.frombuffer(b"a\xff\xfe!", np.uint8), length=3)
    assert r"by has text that is not UTF-8: b'\xff'" == read(maker, maker.schema(b"u"), array, groups_of)


@pytest.mark.parametrize("code", [2, -1, 100])
@pytest.mark.parametrize("n_rows", [3, 5000])
def test_codes_outside_of_the_dictionary(code, n_rows):
    """A code that stands for nothing is named by its row, wherever it is met."""
    maker = Maker()
    codes = np.tile(CODES, n_rows)[:n_rows]
    codes[-1] = code
    labels = maker.array(None, np.array([0, 1, 2], np.int32), TEXT, length=2)
    schema = maker.schema(b"c", maker.schema(b"u"))
    maker.made = ["array", "schema"]  # those of the dictionary go with theirs
    array = maker.array(None, codes, dictionary=labels)
    maker.made = ["array", "schema"]

    def count(column):
        return xm.aggregate(np.ones(n_rows), by=column, stats=("count",))

    assert f"by: row {n_rows - 1}: its code is outside of its dictionary" == read(maker, schema, array, count)


@pytest.mark.parametrize("n_rows", [3, 250_000])
def test_the_column_of_a_wrong_row_is_named(n_rows):
    """Of several keys the one with the wrong row is named, also where threads read it or its rows are copied."""
    labels = pa.array(["西咸", "咸阳"])
    codes = np.zeros(n_rows, np.int8)
    codes[-1] = 7
    broken = pa.DictionaryArray.from_arrays(pa.array(codes), labels, safe=False)
    sound = pa.DictionaryArray.from_arrays(pa.array(codes % 7), labels)
    told = f"row {n_rows - 1}: its code is outside of its dictionary"
    values = np.ones(n_rows)
    calls = {
        "by 'industry'": lambda: xm.aggregate(values, by={"region": sound, "industry": broken}),
        "within 'industry'": lambda: xm.share_of(values, {"industry": broken, "region": sound}),
        "entity 'plant'": lambda: xm.top(values, 2, by=sound, entity={"plant": broken}),
        "period": lambda: xm.growth_of(values, sound, broken),
        "keys 'key'": lambda: xm.Grouping(broken),
    }
    before = xm.get_threads()
    xm.set_threads(2)
    try:
        for name, call in calls.items():
            with pytest.raises(ValueError, match=f"^{name}: {told}$"):
                call()
    finally:
        xm.set_threads(before)


BROKEN_DICTIONARIES = {
    "negative length": ({"length": -1}, "its length is negative"),
    "released": ({"release": None}, "it was released before"),
    "no buffers": ({"buffers": None}, "it has no buffers"),
    "null count": ({"null_count": 3}, "its null count is not between 0 and its length"),
    "backwards": ({}, "it has text outside of its buffers"),
}


@pytest.mark.parametrize("name", BROKEN_DICTIONARIES)
def test_dictionaries_that_cannot_be(name):
    """What is wrong with a dictionary is said of the dictionary."""
    fields, problem = BROKEN_DICTIONARIES[name]
    maker = Maker()
    offsets = np.array([0, 3, 2] if name == "backwards" else [0, 1, 2], np.int32)
    labels = maker.array(None, offsets, TEXT, **{"length": 2, **fields})
    schema = maker.schema(b"c", maker.schema(b"u"))
    array = maker.array(None, CODES, dictionary=labels)
    maker.made = ["array", "schema"]
    assert f"by: the dictionary of its Arrow data: {problem}" == read(maker, schema, array, groups_of)


def test_codes_without_a_dictionary():
    """An array whose schema has a dictionary must have one."""
    maker = Maker()
    schema = maker.schema(b"c", maker.schema(b"u"))
    maker.made.remove("schema")
    told = read(maker, schema, maker.array(None, CODES), groups_of)
    assert told == "by: its Arrow data: its dictionary is missing"


BROKEN_SCHEMAS = {
    "released": ({"release": None}, "its schema was released before"),
    "no format": ({"format": None}, "its schema has no format"),
    "children": ({"n_children": 1}, "its schema has children, which its type has not"),
    "negative children": ({"n_children": -1}, "its schema has children, which its type has not"),
}


@pytest.mark.parametrize("name", BROKEN_SCHEMAS)
def test_schemas_that_cannot_be(name):
    """What is wrong with a schema is said, and the array beside it stays its owner's."""
    fields, problem = BROKEN_SCHEMAS[name]
    maker = Maker()
    schema, array = maker.schema(b"g", **fields), maker.array(None, DOUBLES)
    if name == "released":
        maker.made.remove("schema")
    assert f"values: its Arrow data: {problem}" == read(maker, schema, array, values_of)


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"q",
        b"gg",
        b"+s",
        b"+l",
        b"w:3",
        b"tsx:",
        b"ts",
        b"t",
        b"d:",
        b"d:9",
        b"d:9,x",
        b"d:0,2",
        b"d:39,2",
        b"d:9,39",
        b"d:9,2,64",
        b"d:9,2,256",
        b"\xff",
    ],
)
def test_formats_of_no_column(form):
    """Other formats, and those that are none, are not read; the structures stay their owner's."""
    maker = Maker()
    schema, array = maker.schema(form), maker.array(None, DOUBLES)
    with pytest.raises(TypeError, match=r"^values must be a column"):
        values_of(Exporter(maker.capsule(schema, b"arrow_schema"), maker.capsule(array, b"arrow_array")))
    assert [] == maker.released
    assert maker.settle(schema, array)


def test_capsules_of_another_name():
    """A capsule under another name is not opened, and both names are said."""
    maker = Maker()
    schema, array = maker.schema(b"g"), maker.array(None, DOUBLES)
    stream = maker.stream(schema, [])
    for capsules, told in (
        ((b"arrow_schema", b"arrow_schema"), 'a capsule "arrow_array", not "arrow_schema"'),
        ((b"arrow_array", b"arrow_array"), 'a capsule "arrow_schema", not "arrow_array"'),
        ((b"arrow_array",), 'a capsule "arrow_array_stream", not "arrow_array"'),
        ((None,), "a capsule \"arrow_array_stream\", not <class 'NoneType'>"),
    ):
        held = (stream,) if len(capsules) == 1 else (schema, array)
        given = [None if n is None else maker.capsule(one, n) for one, n in zip(held, capsules, strict=True)]
        with pytest.raises(ValueError, match=r"^values: its Arrow interface must give ") as caught:
            values_of(Exporter(*given))
        assert str(caught.value).endswith(told)
    assert [] == maker.released
    assert maker.settle(schema, array, stream)


def test_a_stream_read_twice():
    """A stream can be read once; then it says so."""
    maker = Maker()
    stream = maker.stream(maker.schema(b"g"), [maker.array(None, DOUBLES)])
    column = Exporter(maker.capsule(stream, b"arrow_array_stream"))
    assert [15.0] == values_of(column)["sum"].tolist()
    with pytest.raises(ValueError, match=r"^values: its Arrow stream was read before$"):
        values_of(column)
    assert maker.settle(stream)


def test_a_stream_that_fails():
    """The producer's own message is given; what came before is released."""
    maker = Maker()
    stream = maker.stream(maker.schema(b"g"), [maker.array(None, DOUBLES)], code=5)
    told = told_by(values_of, maker.capsule(stream, b"arrow_array_stream"))
    assert "values: its Arrow stream failed with error 5: no more today" == told
    assert maker.settle(stream)


@pytest.mark.parametrize("absent", ["get_schema", "get_next"])
def test_a_stream_without_functions(absent):
    """A stream that cannot be read is left to its owner."""
    maker = Maker()
    stream = maker.stream(maker.schema(b"g"), [], **{absent: None})
    maker.made.remove("schema")
    assert "values: its Arrow stream has no functions" == told_by(
        values_of, maker.capsule(stream, b"arrow_array_stream")
    )
    assert maker.settle(stream)


@pytest.mark.parametrize("null_count", [-1, 0, 1, 4])
def test_null_counts_that_lie(null_count):
    """The bits decide what is missing, whatever is counted."""
    maker = Maker()
    schema, array = maker.schema(b"g"), maker.array(bits(1, 0, 1, 0), DOUBLES, null_count=null_count)
    table = xm.aggregate(
        Exporter(maker.capsule(schema, b"arrow_schema"), maker.capsule(array, b"arrow_array")),
        stats=("missing", "sum"),
    )
    assert (2, 5.0) == (table["missing"].item(), table["sum"].item())
    assert maker.settle(schema, array)
