"""Rows of a table by a mask, as those of records."""

import numpy as np
import pytest

from xxmfg import Table

CITIES = Table(
    {"city": ["沣东", "空港", None], "sum": [45.78, 3.31, 10.0]},
    percent=["sum"],
    units={"sum": "亿元"},
    title="t",
    note="n",
)


def test_a_mask_keeps_rows_and_what_the_table_says_of_itself():
    """Where the mask is true; title, note, units and percent stay."""
    large = CITIES[CITIES["sum"] > 5]
    assert ["沣东", None] == large["city"].tolist()
    for own in ("columns", "percent", "units", "title", "note"):
        assert getattr(CITIES, own) == getattr(large, own)
    assert CITIES.head(1).equals(CITIES[[True, False, False]])
    assert 0 == len(Table({})[np.zeros(0, dtype=bool)])


def test_a_missing_mask_keeps_no_row():
    """As in records."""
    missing = np.ma.masked_array([True, True, False], mask=[True, False, False])
    assert ["空港"] == CITIES[missing]["city"].tolist() == CITIES[np.array([None, True, False])]["city"].tolist()


def test_a_name_of_numpy_is_a_name():
    """np.str_ is a str, though it looks like an array."""
    assert CITIES["sum"].tolist() == CITIES[np.str_("sum")].tolist()


def test_what_is_no_mask_is_refused():
    """Numbers of rows, a mask of another length."""
    with pytest.raises(TypeError, match=r"table\[...\] takes the name of a column or a mask of bools, got ndarray"):
        CITIES[np.array([0, 1])]
    with pytest.raises(ValueError, match=r"the mask has shape \(1,\), the table has 3 rows"):
        CITIES[np.array([True])]
