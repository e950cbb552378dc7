"""Growth on the command line: what it has to say of periods."""

import pytest

from xxmfg import cli


@pytest.mark.parametrize(
    ("periods", "lag", "told"),
    [
        ("202212 202301", "1", "--period p: 202301 is read as a whole number, whose base is 202300"),
        ("202212 202301", "100", ""),
        ("202201 202202", "1", ""),
        ("2022 2023", "1", ""),
        ("202299 202301", "1", ""),
    ],
)
def test_months_as_numbers_are_pointed_out(periods, lag, told, tmp_path, capsys):
    """Months of several years written as 202301 have no base at the turn of a year: a remark says what would help."""
    path = tmp_path / "months.csv"
    path.write_text("p,v\n" + "".join(f"{period},1\n" for period in periods.split()), encoding="utf-8")
    assert 0 == cli.main(["growth", str(path), "--value", "v", "--period", "p", "--lag", lag])
    err = capsys.readouterr().err
    assert told in err
    assert ("write 2023-01 and give --type p=date" in err) == bool(told)
    assert bool(err) == bool(told)
