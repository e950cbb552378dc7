"""Grouping: codes, labels, order, missing labels, names; and its reuse by the measures."""

import copy
import math
import pickle
import threading

import numpy as np
import pytest
import reference
from compare import shown, shown_column
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, row_counts

import xxmfg as xm


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    n=row_counts,
    order=st.sampled_from(("label", "appearance")),
    missing=st.sampled_from(("keep", "drop")),
)
def test_codes_and_labels_equal_their_slow_twin(data, n, order, missing):
    """Codes number the groups in the order of their labels, -1 where a record is left out."""
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(1, 3))))
    grouping = xm.Grouping(*keys, missing=missing, order=order)
    groups = reference.groups(keys, order=order, missing=missing)
    codes = [-1] * n
    for code, (_, rows) in enumerate(groups):
        for row in rows:
            codes[row] = code
    assert codes == grouping.codes.tolist()
    assert np.int32 == grouping.codes.dtype
    assert [n, len(groups), codes.count(-1)] == [grouping.n_rows, grouping.n_groups, grouping.n_missing]
    columns = reference.label_columns(keys, [labels for labels, _ in groups])
    assert shown(columns) == shown(dict(zip(columns, grouping.labels, strict=True)))


def test_labels_keep_their_dtype():
    """Labels have the key's own dtype; strings are StringDType, integers with a missing label objects."""
    keys = {
        "int8": np.array([1, 2], np.int8),
        "uint64": np.array([1, 2**64 - 1], np.uint64),
        "float32": np.array([1, math.nan], np.float32),
        "bool": np.array([True, False]),
        "datetime64[M]": np.array(["2019-01", "NaT"], "M8[M]"),
        "object": np.ma.masked_array([1, 2], mask=[0, 1]),
    }
    assert list(keys) == [str(xm.Grouping(key).labels[0].dtype) for key in keys.values()]
    strings = xm.Grouping(np.array(["a", None], object)).labels[0]
    assert np.dtypes.StringDType(na_object=None) == strings.dtype


def test_zeros_are_one_label_and_nans_are_one_label():
    """-0.0 and 0.0 are one key, all NaN, whatever their bits, another, sorted last."""
    quiet = np.array([0x7FF8000000000001, 0xFFF8000000000000], np.uint64).view(np.float64)
    grouping = xm.Grouping(np.array([*quiet, -0.0, 0.0, -math.inf]))
    assert [2, 2, 1, 1, 0] == grouping.codes.tolist()
    assert ["-inf", (0.0).hex(), "nan"] == shown_column(grouping.labels[0])


def test_missing_labels_come_last_within_their_key():
    """A missing label of the first key comes after all groups of the other labels, of the second within each."""
    first = np.array([None, "a", "a", None], object)
    second = np.array([1.0, math.nan, 2.0, math.nan])
    grouping = xm.Grouping(first, second)
    assert [2, 1, 0, 3] == grouping.codes.tolist()


def test_missing_drop_leaves_records_out():
    """missing="drop" gives records with a missing label the code -1 and no group."""
    grouping = xm.Grouping(np.array(["a", None, "b"], object), missing="drop")
    assert [0, -1, 1] == grouping.codes.tolist()
    assert [3, 2, 1] == [grouping.n_rows, grouping.n_groups, grouping.n_missing]
    assert [1.0, 4.0] == xm.aggregate(np.array([1.0, 2.0, 4.0]), by=grouping)["sum"].tolist()


@pytest.mark.parametrize("dtype", [np.dtypes.StringDType(), np.dtypes.StringDType(na_object=None), object])
def test_texts_sort_by_code_point(dtype):
    """Texts sort by code point, also beyond the basic plane, empty or with NUL inside."""
    texts = ["", "\x00", "\x00 ", "\x00a", "a", "a\x00a", "a\x00b", "ab", "é", "沣东", "空港", "\uffff", "\U0001f600"]
    for shuffled in (texts[::-1], texts[::3] + texts[1::3] + texts[2::3]):
        assert texts == xm.Grouping(np.array(shuffled, dtype)).labels[0].tolist()


@pytest.mark.parametrize("swap", [False, True])
def test_a_byte_order_mark_in_front_of_a_label_stays(swap):
    """Fixed-width labels were decoded as if a leading U+FEFF told the byte order, and two groups looked the same."""
    names = np.array(["\ufeffA", "A", "\ufeff", "\ufffeB"])
    table = xm.aggregate([1.0, 2.0, 3.0, 4.0], by=names.astype(names.dtype.newbyteorder()) if swap else names)
    assert ["A", "\ufeff", "\ufeffA", "\ufffeB"] == table["key"].tolist()
    assert [2.0, 3.0, 1.0, 4.0] == table["sum"].tolist()


def test_names():
    """A mapping names its keys; unnamed keys are key, or key_0, key_1."""
    column = np.array([1])
    assert ("key",) == xm.Grouping(column).names
    assert ("key_0", "key_1") == xm.Grouping(column, column).names
    assert ("a", "b") == xm.Grouping({"a": column, "b": column}).names


def test_a_grouping_serves_every_measure():
    """A Grouping in place of its keys gives the same results."""
    city, year = np.array(["b", "a", "b", "a"]), np.array([1, 1, 2, 2])
    values = np.array([1.0, 2.0, 3.0, 5.0])
    grouping = xm.Grouping({"city": city})
    keys = {"city": city}
    for measure in (
        lambda by: xm.aggregate(values, by=by, stats=("count", "sum", "median", "var", "n_unique", "first", "share")),
        lambda by: xm.share(values, by=by),
        lambda by: xm.ratio(values, values, by=by),
        lambda by: xm.growth(values, year, by=by),
        lambda by: xm.average_growth(values, year, 1, 2, by=by),
        lambda by: xm.top(values, 1, by=by),
    ):
        assert shown(measure(keys)) == shown(measure(grouping))
    assert xm.share_of(values, within=city).tolist() == xm.share_of(values, within=grouping).tolist()
    assert xm.rank_of(values, within=city).tolist() == xm.rank_of(values, within=grouping).tolist()


def test_a_grouping_survives_copies_and_pickles():
    """What goes to another process is the same grouping; refusing every change, it once refused its own copy."""
    grouping = xm.Grouping({"city": ["b", None, "a"], "year": [2018, 2018, 2019]}, missing="drop")
    for same in (pickle.loads(pickle.dumps(grouping)), copy.deepcopy(grouping)):
        assert (repr(grouping), grouping.n_missing, grouping.names) == (repr(same), same.n_missing, same.names)
        assert not same.codes.flags.writeable
        assert xm.aggregate([1, 2, 3], by=grouping).equals(xm.aggregate([1, 2, 3], by=same))


def test_a_grouping_of_other_length_raises():
    """A Grouping serves records of its own number only; the error names both numbers."""
    with pytest.raises(ValueError, match=r"3.*4|4.*3"):
        xm.aggregate(np.ones(4), by=xm.Grouping(np.zeros(3)))


def test_many_groups_of_sparse_labels():
    """A hundred thousand sparse labels come out sorted, each with its own records."""
    generator = np.random.default_rng(5)
    labels = generator.integers(-(2**62), 2**62, 100_000)
    codes = generator.integers(0, 100_000, 300_000)
    expected, counts = np.unique(labels[codes], return_counts=True)
    table = xm.aggregate(np.ones(300_000), by=labels[codes])
    assert np.array_equal(expected, table["key"])
    assert np.array_equal(counts, table["sum"])


TOP = 2**63 - 1


@pytest.mark.parametrize(
    "keys",
    [
        np.repeat(np.array([TOP - 2, TOP, TOP - 9]), [512, 512, 1024]),
        np.repeat(np.array([2**64 - 3, 2**64 - 1, 2**64 - 10], dtype=np.uint64), [512, 512, 1024]),
        np.ma.masked_array(np.repeat(np.array([0, TOP, 5]), 1024), np.repeat([True, False, False], 1024)),
    ],
    ids=["int64", "uint64", "all missing at first"],
)
def test_a_range_that_reaches_the_last_integer_does_not_wrap(keys):
    """Regression: the end of a key's range wrapped past 2^64, and groups were written outside of their slots."""
    present = keys.compressed() if isinstance(keys, np.ma.MaskedArray) else keys
    labels, counts = np.unique(present, return_counts=True)
    table = xm.aggregate(np.ones(len(keys)), by=keys)
    assert labels.tolist() == table["key"][: len(labels)].tolist()
    assert [*counts.tolist(), len(keys) - len(present)][: len(table)] == table["count"].tolist()


def test_a_date_that_is_no_date_is_missing_beside_a_mask_too():
    """Regression: NaT in a masked column was a label like any other, and came first."""
    dates = np.ma.masked_array(np.array(["NaT", "2020-01-01", "2020-01-02"], "M8[D]"), [False, False, True])
    grouping = xm.Grouping(dates, missing="drop")
    assert ([-1, 0, -1], 2) == (grouping.codes.tolist(), grouping.n_missing)


def test_text_that_another_thread_changes_meanwhile_is_never_read_after_it_is_gone():
    """Regression: text of a StringDType column was read after another thread had replaced it."""
    texts = np.array(["short"] * 5000, dtype=np.dtypes.StringDType(na_object=None))
    long = "z" * (4 << 20)
    done = threading.Event()

    def spoil():
        while not done.is_set():
            texts[2000] = "s"
            texts[2000] = long

    thread = threading.Thread(target=spoil)
    thread.start()
    try:
        counts = {int(xm.aggregate(np.ones(5000), by=texts)["count"].sum()) for _ in range(20)}
    finally:
        done.set()
        thread.join()
    assert {5000} == counts


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint64", "bool", "M8[D]"])
def test_labels_have_the_dtype_of_their_key(dtype):
    """A label has the dtype of its key; float16 labels used to come back as float64."""
    key = np.array([1, 0, 1]).astype(dtype)
    (labels,) = xm.Grouping(key).labels
    assert key.dtype == labels.dtype
    assert [key[1], key[0]] == list(labels)


def test_float16_labels_leave_in_every_direction():
    """A table with float16 labels, one missing, becomes pandas, Polars, Arrow and CSV."""
    table = xm.aggregate([1.0, 2.0, 4.0], by=np.array([1.5, np.nan, 0.5], np.float16))
    assert np.float16 == table["key"].dtype
    for frame in (table.to_pandas(), table.to_polars(), table.to_arrow().to_pandas()):
        assert [0.5, 1.5] == [float(label) for label in frame["key"]][:2]
    assert ["0.5", "1.5"] == [line.split(" | ")[0].strip("| ") for line in table.to_markdown().splitlines()[2:4]]
