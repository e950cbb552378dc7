"""The measures of regions and industries as methods of Records."""

import numpy as np
import pytest
from compare import shown

import xxmfg as xm

COLUMNS = {
    "city": np.array(["A", "A", "B", "B", "A", "B", "C", "C"]),
    "branch": np.array([1, 2, 1, 2, 1, 2, 1, 2]),
    "kind": np.array([1, 1, 1, 1, 1, 1, 1, 1]),
    "year": np.array([2018, 2018, 2018, 2018, 2019, 2019, 2018, 2019]),
    "output": np.array([1.0, 2.0, 4.0, 3.0, 2.0, 5.0, 2.0, 1.0]),
}
CITY, BRANCH, YEAR = ({name: COLUMNS[name]} for name in ("city", "branch", "year"))
OUTPUT, AREA = COLUMNS["output"], {"A": 3, "B": 4, "C": 5}


@pytest.mark.parametrize("name", ["location_quotient", "specialization", "similarity", "localization"])
def test_structure_takes_names(name):
    """Names of columns give what the function gives over the columns, with their names."""
    table = getattr(xm.Records(COLUMNS), name)("output", "city", "branch", by="year")
    assert shown(getattr(xm, name)(OUTPUT, CITY, BRANCH, by=YEAR)) == shown(table)


def test_the_other_measures_take_names():
    """So do means, agglomeration, shift-share, breaks and tiers; references are taken as they are."""
    records = xm.Records(COLUMNS)
    means = xm.mean_similarity(OUTPUT, CITY, BRANCH)
    assert shown(means) == shown(records.mean_similarity("output", "city", "branch"))
    plants = xm.ellison_glaeser(OUTPUT, CITY, BRANCH, reference=AREA)
    assert shown(plants) == shown(records.ellison_glaeser("output", "city", "branch", reference=AREA))
    together = xm.coagglomeration(OUTPUT, CITY, BRANCH, {"kind": COLUMNS["kind"]}, reference=AREA)
    assert shown(together) == shown(records.coagglomeration("output", "city", "branch", "kind", reference=AREA))
    wide = OUTPUT * 2, COLUMNS["branch"], COLUMNS["year"]
    parts = xm.shift_share(OUTPUT, CITY, BRANCH, YEAR, 2018, 2019, reference=wide)
    assert shown(parts) == shown(records.shift_share("output", "city", "branch", "year", 2018, 2019, reference=wide))
    assert xm.natural_breaks(OUTPUT, 3).tolist() == records.natural_breaks("output", 3).tolist()
    assert xm.tiers_of(OUTPUT, [2, 4], "right").tolist() == records.tiers_of("output", [2, 4], "right").tolist()


def test_an_unknown_column_is_named():
    """A name that is no column raises and names the nearest one."""
    with pytest.raises(KeyError, match="nearest is 'city'"):
        xm.Records(COLUMNS).similarity("output", "cty", "branch")
    with pytest.raises(TypeError, match="column 'city' must be numbers, but is text"):
        xm.Records(COLUMNS).natural_breaks("city", 2)
