"""Tables with totals in which nobody works out what is suppressed: no outsider, no contributor."""

import io
import itertools
import json
import pickle
import struct

import numpy as np
import pytest

import xxmfg as xm
from tests.reference.attacking import Published, findings
from tests.trials.protection import as_text, attempt, attempt_cube, compare, protected, random_records, suppressed_of
from xxmfg import cli
from xxmfg._blocks import blocks_of
from xxmfg._cycles import Network, Target
from xxmfg._programs import Program

RECORDS = [  # row, column, enterprise, value: of 3 × 3 cells one is dominated
    (row, column, name, 900.0 if (row, column, name) == (0, 0, 0) else 10.0 + name)
    for row, column in itertools.product(range(3), range(3))
    for name in range(9 * row + 3 * column, 9 * row + 3 * column + 5)
]


def found(records, table, **rules):
    """Attack a table of two keys."""
    return findings(Published(records, suppressed_of(table), as_text(rules)))


def statuses(table):
    """Give the statuses by key."""
    return dict(
        zip(
            zip(*(table[name].tolist() for name in table.columns[:-2]), strict=True),
            table["status"].tolist(),
            strict=True,
        )
    )


def test_a_cell_is_suppressed_with_three_others():
    """In a dense table a sensitive cell needs another in its row and its column, and the one across."""
    table = protected(RECORDS, {})
    assert (16, ("row", "column", "value", "status")) == (len(table), table.columns)
    assert ["primary"] + ["secondary"] * 3 == sorted(
        status for status in table["status"].tolist() if status != "publish"
    )
    assert np.isnan(table["value"][np.isin(table["status"].tolist(), ["primary", "secondary"])]).all()
    assert [] == found(RECORDS, table)


def test_published_values_are_the_sums():
    """What is published is the exact sum, totals too; labels are text, totals come last in their line."""
    table = protected(RECORDS, {})
    rows, columns, _, values = (np.array(column) for column in zip(*RECORDS, strict=True))
    for row, column, value in zip(*(table[name].tolist() for name in ("row", "column", "value")), strict=True):
        mask = ((row == "total") | (rows.astype(str) == row)) & ((column == "total") | (columns.astype(str) == column))
        assert np.isnan(value) or float(values[mask].sum()) == value
    assert ("0", "total") == (table["row"][3], table["column"][3])
    assert ("total", "total") == (table["row"][-1], table["column"][-1])


def test_the_attacker_breaks_primary_suppression_alone():
    """The twin is no rubber stamp: it works the sensitive cells out where nothing protects them."""
    assert "(0, 0) can be worked out" in findings(Published(RECORDS, [(0, 0)], as_text({})))
    assert found(RECORDS, protected(RECORDS, {})) == []
    assert any("sensitive and published" in line for line in findings(Published(RECORDS, [], as_text({}))))


@pytest.mark.parametrize("seed", range(12))
def test_random_tables_are_safe(seed):
    """Of small random tables nothing can be worked out; `make trials` has 1,000 up to 50 × 50."""
    assert [] == attempt(seed, most=9)[-1]


@pytest.mark.parametrize("seed", range(4))
def test_random_tables_of_three_keys_are_safe(seed):
    """The twin, which takes any number of keys, works nothing out; `make trials` has 200 up to 8 × 8 × 8."""
    assert [] == attempt_cube(seed, most=3)[-1]


def test_three_keys_have_all_totals():
    """A row a cell that occurs, with the totals along each key, along two, and of all."""
    records = [(i, j, k, 9 * i + 3 * j + k + 27 * n, 10.0 + n) for i, j, k in itertools.product(range(3), repeat=3)
               for n in range(4)]  # fmt: skip
    records[0] = (*records[0][:4], 400.0)
    table = protected(records, {})
    assert (64, ("row", "column", "layer", "value", "status")) == (len(table), table.columns)
    assert ("total", "total", "total") == tuple(table[name][-1] for name in table.columns[:3])
    assert float(sum(record[-1] for record in records)) == table["value"][-1]
    assert "primary" == table["status"][0]
    assert [] == found(records, table)
    primary = Published(records, [(0, 0, 0)], as_text({}))
    assert "(0, 0, 0) can be worked out" in findings(primary)


def test_a_large_table_of_three_keys_is_refused():
    """The error names the size and the limit."""
    keys = [np.arange(1200) % n for n in (10, 10, 12)]
    with pytest.raises(
        xm.DisclosureError, match="11 × 11 × 13 = 1,573 cells with its totals; of three keys at most 1,000"
    ):
        xm.protect(np.ones(1200), tuple(keys))


def test_three_keys_need_scipy(monkeypatch):
    """The error names the extra."""
    monkeypatch.setattr("xxmfg._programs.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"three keys needs scipy: pip install xxmfg\[audit\]"):
        xm.protect(np.ones(8), ([0, 1] * 4, [0, 0, 1, 1] * 2, [0] * 4 + [1] * 4), dominance=None)


@pytest.mark.parametrize("seed", range(40))
def test_flows_and_programs_agree(seed):
    """In a table of two keys both say the same of what can move: alone, together, all at once, past a contributor."""
    random = np.random.default_rng(seed)
    shape = tuple(random.integers(3, 7, 2).tolist())
    totals = random.integers(1, 50, shape).astype(float)
    suppressed, blocked = random.random(shape) < 0.7, random.random(shape) < 0.1
    suppressed[-1, -1] = False
    up, down = np.full(shape, np.inf), totals.copy()
    up[-1, -1] = down[-1, -1] = 0.0
    flows, programs = Network(up, down), Program(up, down)
    cost = np.where(suppressed, 0.0, np.inf if seed % 2 else random.random(shape))
    cost[-1, -1] = np.inf
    for row in range(shape[0] - 1):
        cells = tuple((row, place) for place in np.flatnonzero(suppressed[row, :-1] & ~blocked[row, :-1]).tolist())
        for part, upward in itertools.product((cells[:1], cells[:2]), (True, False)):
            if part:
                target = Target(0, part, upward, float(random.integers(1, 40)), True)
                by_flow = flows.way(target, cost, blocked)
                by_program = programs.way(target, cost, blocked)
                assert (by_flow is None) == (by_program is None)
    least = np.where(suppressed & ~blocked & (random.random(shape) < 0.3), random.integers(1, 9, shape), -totals)
    assert (flows.joint(least, cost, blocked) is None) == (programs.joint(least, cost, blocked) is None)


def test_costs_lie_near_the_optimum():
    """Against a bound of the least that any pattern costs; `make trials` has 200 tables."""
    pairs = [pair for seed in range(8) if (pair := compare(seed)) and pair[0] > 0]
    ratios = [own / least for own, least in pairs]
    assert min(ratios) > 1 - 1e-6
    assert np.median(ratios) <= 1.15


def test_a_single_contributor_does_not_undo_another():
    """Two cells with one contributor each are not enough: each would know the other's value."""
    records = [
        ("a", 0, 50.0),
        ("b", 1, 60.0),
        *(("c", n, 30.0) for n in range(2, 6)),
        *(("d", n, 70.0) for n in range(6, 9)),
    ]
    city, name, value = map(list, zip(*records, strict=True))
    table = xm.protect(value, {"city": city}, name)
    assert ["primary", "primary", "secondary", "publish", "publish"] == table["status"].tolist()


def test_neighbours_of_one_enterprise_count_together():
    """Two cells that one enterprise leads give their sum away; the sum is as sensitive as the cells."""
    records = [
        ("a", 0, 50.0),
        ("b", 0, 60.0),
        *(("c", n, 30.0) for n in range(2, 6)),
        *(("d", n, 70.0) for n in range(6, 9)),
    ]
    city, name, value = map(list, zip(*records, strict=True))
    assert ["primary", "primary", "secondary", "publish", "publish"] == xm.protect(value, city, name)["status"].tolist()


def test_holdings_are_one_contributor():
    """Cells of two enterprises of one group are neighbours of one."""
    city = ["a"] * 3 + ["b"] * 3 + ["c"] * 4
    names, values = list("uvwxyzpqrs"), [10.0] * 10
    assert {"publish"} == set(xm.protect(values, city, names)["status"].tolist())
    held = xm.protect(values, city, names, holding=["H", "H", "H", "H", "H", "H", None, None, None, None])
    assert ["primary", "primary", "secondary", "publish"] == held["status"].tolist()


def test_zero_cells_stay_and_missing_cells_are_told():
    """Zeros are published and never stand in for others; a cell of which nobody has a value is missing."""
    city = ["a", "a", "a", "b", "b", "c", "c", "c", "d"]
    values = [0.0, 0.0, 0.0, 5.0, 5.0, 9.0, 9.0, 9.0, np.nan]
    table = xm.protect(values, city)
    assert ["publish", "primary", "secondary", "missing", "publish"] == table["status"].tolist()
    assert [False, True, True, False, False] == table.suppressed["value"].tolist()
    hidden = xm.protect([0.0] * 3 + [5.0] * 4 + [9.0] * 4, ["a"] * 3 + ["b"] * 4 + ["c"] * 4, zeros="suppress")
    assert "primary" == hidden["status"].tolist()[0]


def test_negative_contributions_leave_no_floor():
    """A cell that may be below zero is bounded by nothing; the result is safe by the twin."""
    random = np.random.default_rng(5)
    records = [(r, c, int(n), float(v)) for r in range(4) for c in range(4) for n, v in
               zip(random.choice(40, 4, replace=False), random.normal(5, 10, 4), strict=True)]  # fmt: skip
    table = protected(records, {})
    assert [] == found(records, table)
    with pytest.raises(xm.XxmfgError, match="a contribution to row = 0, column = 0 is negative"):
        protected(records, {"negatives": "raise"})


def test_derived_figures_are_given_where_all_behind_them_is():
    """A share, a mean or a growth rate of a suppressed cell, or on a suppressed base, is suppressed too."""
    city = ["a"] + ["b"] * 4 + ["c"] * 4
    before = xm.protect([30.0] + [5.0] * 4 + [40.0] * 4, {"city": city})
    now = xm.protect(
        [20.0] * 9, {"city": ["a"] * 3 + ["b"] * 3 + ["c"] * 3}, derived=("share", "mean", "rate"), base=before
    )
    assert {"publish"} == set(now["status"].tolist())
    assert [1 / 3] * 3 + [1.0] == now["share"].tolist()
    assert [20.0] * 4 == now["mean"].tolist()
    hidden = [status != "publish" for status in before["status"].tolist()]
    assert hidden == now.suppressed["rate"].tolist() == np.isnan(now["rate"]).tolist()
    alone = xm.protect([30.0] + [5.0] * 4 + [40.0] * 4, city, derived=["share", "mean"])
    for name in ("share", "mean"):
        assert np.array_equal(np.isnan(alone["value"]), np.isnan(alone[name]))
        assert np.array_equal(alone.suppressed["value"], alone.suppressed[name])


def test_the_order_of_records_changes_nothing():
    """Shuffled records give the same table."""
    random = np.random.default_rng(1)
    records = random_records(random, 8, 9)
    shuffled = [records[i] for i in random.permutation(len(records))]
    assert protected(records, {}).equals(protected(shuffled, {}))


def test_a_grouping_and_categories_are_keys():
    """Keys come in any form; records that a Grouping leaves out are in no total."""
    cities = np.array(["a", "b", None, "c"] * 5, dtype=object)
    names = np.repeat([0, 1, 2, 3, 4], 4)
    table = xm.protect(np.ones(20), xm.Grouping({"city": cities}, missing="drop"), names)
    assert (["a", "b", "c", "total"], [5.0, 5.0, 5.0, 15.0]) == (table["city"].tolist(), table["value"].tolist())
    assert ["a", "b", "c", None, "total"] == xm.protect(np.ones(20), {"city": cities}, names)["city"].tolist()


SECRET = 987654.3210123456


@pytest.fixture
def secret():
    """Give a protected table in which a value and one for its sake are suppressed."""
    table = xm.protect([SECRET, *[123456.789] * 4, *[200000.5] * 6], ["a"] + ["b"] * 4 + ["c"] * 6, derived=["share"],
                       dominance=None)  # fmt: skip
    assert ["primary", "secondary", "publish", "publish"] == table["status"].tolist()
    return table


def test_no_export_has_what_is_suppressed(secret, tmp_path):
    """CSV, Excel, HTML, JSON, Markdown, repr and pickle have the mark or nothing, and never the value."""
    file = io.StringIO()
    secret.to_csv(file)
    secret.to_excel(tmp_path / "secret.xlsx")
    secret.to_pandas().to_excel(tmp_path / "pandas.xlsx")
    texts = [file.getvalue(), repr(secret), secret._repr_html_(), secret.to_markdown(), cli.as_json(secret),
             str(secret.to_dict()), secret.to_pandas().to_csv(), str(secret.to_polars()), secret.to_json(),
             str(secret.to_arrow().to_pydict())]  # fmt: skip
    hidden = [
        SECRET,
        4 * 123456.789,
        *(value / (SECRET + 4 * 123456.789 + 1200003.0) for value in (SECRET, 493827.156)),
    ]
    forms = {f"{value:.{digits}g}" for value in hidden for digits in range(5, 18)}
    from openpyxl import load_workbook

    books = [load_workbook(tmp_path / f"{name}.xlsx").active for name in ("secret", "pandas")]
    texts += [str(list(book.iter_rows(values_only=True))) for book in books]
    assert [] == [form for form in forms for text in texts if form in text]
    pickled = pickle.dumps(secret)
    assert [] == [value for value in hidden if struct.pack("<d", value) in pickled]
    assert pickle.loads(pickled).equals(secret)
    assert secret.suppressed["value"].tolist() == pickle.loads(pickled).suppressed["value"].tolist()
    assert secret["value"].base is None or secret["value"].base.size == len(secret)


def test_exports_write_the_mark_and_the_note(secret):
    """The mark stands where the figure would, also in part of the table; what the mark means stands below."""
    note = "c: suppressed so that no enterprise is disclosed (1 cell) or to protect those (1 cell); 55.2 % of the value"
    assert note == secret.note
    file = io.StringIO()
    secret.to_csv(file)
    lines = file.getvalue().splitlines()
    assert ["key,value,status,share", "a,c,primary,c", "b,c,secondary,c"] == lines[:3]
    assert f"{note},,," == lines[-1]
    assert {"key": "a", "value": "c", "status": "primary", "share": "c"} == json.loads(cli.as_json(secret))[0]
    assert {"note": note} == json.loads(cli.as_json(secret))[-1]
    for text in (repr(secret), secret._repr_html_(), secret.to_markdown()):
        assert note in text
    assert ["c", "c"] == [line.split()[1] for line in repr(secret.sort("key").head(2)).splitlines()[2:4]]
    assert note == secret.to_pandas().attrs["note"] == secret.to_arrow().schema.metadata[b"note"].decode()


def test_where_nothing_is_suppressed_no_note_is_written():
    """An empty note was an empty line of a CSV, which a reader takes for a row, and an object of JSON."""
    table = xm.protect([1.0, 2, 3, 4], ["a"] * 4)
    file = io.StringIO()
    table.to_csv(file)
    assert "key,value,status\na,10.0,publish\ntotal,10.0,publish\n" == file.getvalue()
    assert 2 == len(json.loads(cli.as_json(table)))
    assert 4 == len(table.to_markdown().split("\n"))


def test_a_table_that_holds_what_is_suppressed_is_refused():
    """Marks stand where there is NaN, and nowhere else."""
    with pytest.raises(ValueError, match="suppressed: column 'x' still holds what is suppressed; put NaN there"):
        xm.Table({"x": [1.0, 2.0]}, suppressed={"x": [True, False]})
    with pytest.raises(ValueError, match=r"suppressed: the mask of 'x' has shape \(1,\), not \(2,\)"):
        xm.Table({"x": [1.0, 2.0]}, suppressed={"x": [True]})
    with pytest.raises(xm.ColumnError, match="has no column 'y'"):
        xm.Table({"x": [1.0]}, suppressed={"y": [True]})


def test_what_cannot_be_made_safe_raises():
    """A total that is itself sensitive, or a cell beside which there is too little."""
    with pytest.raises(
        xm.DisclosureError, match=r"^the total of all cells is itself sensitive: nothing of this table may"
    ):
        xm.protect([1.0, 2.0], ["a", "b"])
    values, city = [84.0, 2.0, 2.0], ["a", "b", "b"]
    with pytest.raises(
        xm.DisclosureError,
        match=r"^city = a cannot be made safe: whatever else is suppressed, published totals narrow it too far; give "
        "coarser keys, or do not publish the table$",
    ):
        xm.protect(values, {"city": city}, dominance=None)
    with pytest.raises(xm.DisclosureError, match="cannot be made safe"):  # whose tenth is zero, so that it did not move
        xm.protect([5e-324] * 10, ["a"] + ["b"] * 9)


def test_of_no_records_there_is_an_empty_table():
    """Nothing in, nothing out."""
    assert (0, ("key", "value", "status")) == (len(xm.protect([], [])), xm.protect([], []).columns)


@pytest.mark.parametrize("seed", range(30))
def test_blocks_are_what_cycles_join(seed):
    """Two cells are in one block just if taking any other cell away leaves a way from one to the other's lines."""
    random = np.random.default_rng(seed)
    cells = random.random((5, 6)) < 0.4
    blocks = blocks_of(cells)
    assert np.array_equal(cells, blocks >= 0)
    edges = [(row, 5 + column) for row, column in np.argwhere(cells).tolist()]
    number = {edge: blocks[edge[0], edge[1] - 5] for edge in edges}
    for first, second in itertools.combinations(edges, 2):
        if shared := set(first) & set(second):
            # Beside each other: in one block if their far ends are joined without the line that they share.
            (ends,) = [[next(iter(set(edge) - shared)) for edge in (first, second)]]
            kept = [edge for edge in edges if not set(edge) & shared]
            reached, grown = {ends[0]}, True
            while grown:
                more = {line for edge in kept if set(edge) & reached for line in edge} - reached
                reached, grown = reached | more, bool(more)
            assert (ends[1] in reached) == (number[first] == number[second])
