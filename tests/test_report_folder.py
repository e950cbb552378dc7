"""The report's folder: whole or not there, the same bytes on every run, and nothing of anybody else's replaced."""

import errno
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from reports import built_report, contents

import xxmfg as xm
from xxmfg import report
from xxmfg.report import drawing, folder
from xxmfg.report.xixian import read_survey, survey_report


@pytest.fixture(scope="module")
def built():
    """Give the folder of a report."""
    return built_report()


def test_the_folder_has_the_page_the_tables_and_the_charts(built):
    """Nothing else, and nothing hidden beside it."""
    document = survey_report(read_survey())
    tables = {f"tables/{sheet.name}_{sheet.title}.csv" for sheet in document.sheets}
    charts = {f"charts/{chart.name}_{chart.title}.{kind}" for chart in document.charts for kind in ("png", "svg")}
    assert {"index.html", "report.docx", "tables.xlsx"} | tables | charts == set(contents(built))
    assert [built] == list(built.parent.iterdir())


def test_two_runs_write_the_same_bytes_whatever_matplotlib_is_set_to(built, tmp_path):
    """The page, CSVs and charts depend on the data alone."""
    with mpl.rc_context({"font.size": 30, "savefig.bbox": "tight", "svg.hashsalt": None, "axes.grid": True}):
        page_ = report.build(tmp_path / "again")
    assert contents(built) == contents(page_.parent)


def test_an_existing_folder_is_left_alone(tmp_path):
    """Without force nothing is replaced, not even an empty folder."""
    (tmp_path / "out").mkdir()
    with pytest.raises(xm.XxmfgError, match=r"is already there.*--force"):
        report.build(tmp_path / "out")
    assert [] == list((tmp_path / "out").iterdir())


def test_force_replaces_a_report_whole(built, tmp_path):
    """A file of the older report that the newer one does not have is gone."""
    out = report.build(tmp_path / "out").parent
    (out / "tables" / "表9_旧.csv").write_text("old")
    (out / "index.html").write_text((out / "index.html").read_text("utf-8").replace("<h1>", "<h1>old "), "utf-8")
    report.build(out, force=True)
    assert contents(built) == contents(out)
    assert [out] == list(tmp_path.iterdir())


@pytest.mark.parametrize("strange", ["notes.txt", "tables/mine.csv", ".git/config", "index.html"])
def test_force_never_replaces_a_folder_that_holds_anything_else(tmp_path, strange):
    """Work of others is named and kept, also where the page is not ours."""
    path = tmp_path / "out" / strange
    path.parent.mkdir(parents=True)
    path.write_text("<html>mine</html>")
    with pytest.raises(xm.XxmfgError, match="is no report of ours"):
        report.build(tmp_path / "out", force=True)
    assert {strange: b"<html>mine</html>"} == contents(tmp_path / "out")


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    """With and without force."""
    (tmp_path / "out").write_text("mine")
    for force in (False, True):
        with pytest.raises(xm.XxmfgError, match="it is not a folder"):
            report.build(tmp_path / "out", force=force)


def test_a_missing_parent_is_named(tmp_path):
    """The folder above must be there."""
    with pytest.raises(xm.XxmfgError, match=f"there is no folder {tmp_path / 'no'}"):
        report.build(tmp_path / "no" / "out")


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path, monkeypatch):
    """The reason of the system is in the message."""

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(xm.XxmfgError, match=r"cannot write the report to .*: Permission denied"):
        report.build(tmp_path / "out")


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt(), RuntimeError()])
def test_a_failure_on_the_way_leaves_what_was_there(built, tmp_path, monkeypatch, failure):
    """A full disk or an interrupt: the older report stays, no half-written one beside it."""
    out = report.build(tmp_path / "out").parent

    def fails(*_):
        raise failure

    monkeypatch.setattr(drawing, "save", fails)
    expected = xm.XxmfgError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected):
        report.build(out, force=True)
    assert contents(built) == contents(out)
    assert [out] == list(tmp_path.iterdir())


def test_a_failing_move_puts_the_older_folder_back(tmp_path, monkeypatch):
    """Between the two renames nothing is lost."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text(f'{folder.GENERATOR}0">', "utf-8")
    rename = Path.rename

    def fails_for_the_new(self, target):
        if self.suffix == ".new":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_the_new)
    with (
        pytest.raises(xm.XxmfgError, match="Input/output error"),
        folder.new_folder(tmp_path / "out", force=True) as beside,
    ):
        (beside / "index.html").write_text("new")
    assert ["index.html"] == list(contents(tmp_path / "out"))
    assert ["out"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("last", ["out", ".new"])
def test_an_interrupt_between_the_moves_puts_the_older_folder_back(tmp_path, monkeypatch, last):
    """Ctrl-C after the older report was moved away, before the new one took its place, left none under its name."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text(f'{folder.GENERATOR}0">', "utf-8")
    rename = Path.rename

    def interrupted(self, target):
        if self.suffix == ".new" == last:
            raise KeyboardInterrupt
        moved = rename(self, target)
        if self.name == last:
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), folder.new_folder(tmp_path / "out", force=True) as beside:
        (beside / "index.html").write_text("new")
    assert ["index.html"] == list(contents(tmp_path / "out"))
    assert ["out"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("absent", ["matplotlib", "jinja2", "docx", "xlsxwriter"])
def test_without_the_extra_its_name_is_in_the_error(tmp_path, monkeypatch, absent):
    """The message is the command that helps, and no folder is made."""
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(ImportError, match=rf"(?i)needs (python-)?{absent}: pip install xxmfg\[report\]"):
        report.build(tmp_path / "out")
    assert [] == list(tmp_path.iterdir())
