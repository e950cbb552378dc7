"""The survey report, and the report of any records: tables, charts, texts, as one page and as files of an office."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import XxmfgError

if TYPE_CHECKING:
    from ..records import Records

__all__ = ["build", "describe"]

LANGUAGES = ("zh", "en")

_EXTRA = {
    "matplotlib": "matplotlib",
    "jinja2": "jinja2",
    "docx": "python-docx",
    "xlsxwriter": "XlsxWriter",
    "scipy": "SciPy",
}


def build(directory: str | PathLike[str], *, force: bool = False) -> Path:
    """Write the survey report: a page, a Word document, a workbook, its tables as CSV, its charts as PNG and SVG.

    The folder gets ``index.html`` (one file that needs nothing beside it), ``report.docx``, ``tables.xlsx`` (a sheet
    a table), ``tables/表1_….csv`` (UTF-8 with a byte order mark, no cell a formula) and ``charts/图1_….png`` and
    ``.svg``. All is computed from the records that are
    installed with the package; two runs write the same bytes. The folder appears whole or not at all. Where no font on
    this system can draw the charts' labels, the report is made without charts and says so.

    Parameters
    ----------
    directory : str or path
        The folder to make. Its parent must be there.
    force : bool, optional
        Whether a report that is already there is replaced. A folder that holds anything else never is.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ImportError
        matplotlib, SciPy, Jinja2, python-docx or XlsxWriter is not installed: ``pip install xxmfg[report]``.
    XxmfgError
        The folder cannot be written: it is there and `force` is not given, it holds something else than a report, or
        the file system refuses.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from xxmfg import report
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = report.build(pathlib.Path(folder, "report"))
    ...     sorted(path.name for path in page.parent.iterdir())
    ['charts', 'index.html', 'report.docx', 'tables', 'tables.xlsx']
    """
    _require_extra()
    from .folder import new_folder
    from .output import write
    from .xixian import read_survey, survey_report

    document = survey_report(read_survey())
    with new_folder(directory, force=force) as folder:
        write(document, folder)
    return Path(directory) / "index.html"


def describe(
    records: "Records",
    directory: str | PathLike[str],
    value: str,
    region: str,
    industry: str,
    period: str,
    enterprise: str | None = None,
    *,
    lag: int = 1,
    language: str = "zh",
    title: str = "",
    unit: str = "",
    source: str = "",
    command: str = "xxmfg.report.describe",
    name_leaders: bool = False,
    published: bool = False,
    force: bool = False,
) -> Path:
    """Write a report of any records: size, leaders, layout, structure, growth, concentration, specialization, quality.

    What would show what one enterprise reported is found before anything is printed, and suppressed in every output.
    A part that the records do not give (growth without a base period, regions compared where there is one) says why.

    Parameters
    ----------
    records : Records
        One row a record of an enterprise, or of a place of it, in an industry and a period.
    directory : str or path
        The folder to make, with the same files as `build` makes. Its parent must be there.
    value, region, industry, period : str
        Columns: a number, two keys, and integers or dates.
    enterprise : str, optional
        The column that says whose the records are. Without it each record counts as an enterprise's, and growth is not
        taken apart.
    lag : int, optional
        How many periods before the latest one its base stands: 12 for months against the year before.
    language : {"zh", "en"}, optional
        Chinese or English.
    title, unit, source, command : str, optional
        What the report calls itself, the unit of the values, where the records are from, and what made the report.
    name_leaders : bool, optional
        Whether the largest enterprises are named; else they are counted together.
    published : bool, optional
        Whether the records are published figures, so that there is nothing to suppress.
    force : bool, optional
        Whether a report that is already there is replaced.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ImportError
        matplotlib, Jinja2, python-docx or XlsxWriter is not installed: ``pip install xxmfg[report]``.
    ColumnError
        The records lack one of the columns.
    XxmfgError
        There is no record, or none with a period; leaders are to be named without a column of enterprises; a column
        is given twice; or the folder cannot be written.
    TypeError
        Values are not numbers, or periods neither integers nor dates.

    Examples
    --------
    >>> import pathlib, tempfile, xxmfg as xm
    >>> from xxmfg import report
    >>> r = xm.Records({"area": ["A", "B"] * 6, "trade": ["x", "x", "y"] * 4, "year": [2018] * 6 + [2019] * 6,
    ...                 "firm": [*range(6)] * 2, "sales": [float(v) for v in range(5, 17)]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     out = pathlib.Path(folder, "out")
    ...     page = report.describe(r, out, "sales", "area", "trade", "year", "firm", language="en")
    ...     "From 2018 to 2019 the total grew by 80.00%" in page.read_text("utf-8")
    True
    """
    _require_extra()
    from .folder import new_folder
    from .general import Columns, Options, general_report, survey_of
    from .output import write

    if language not in LANGUAGES:
        raise XxmfgError(f"language: {language!r} is none of {', '.join(LANGUAGES)}")
    columns = Columns(value, region, industry, period, enterprise)
    options = Options(language, unit, title, source, command, lag, name_leaders, published)
    with new_folder(directory, force=force) as folder:
        survey = survey_of(records, columns, options)
        del records  # of millions of rows; the survey has what it needs
        write(general_report(survey), folder)
    return Path(directory) / "index.html"


def _require_extra() -> None:
    from importlib.util import find_spec

    absent = [name for name in _EXTRA if find_spec(name) is None]
    if absent:
        needed = " and ".join(_EXTRA[name] for name in absent)
        raise ImportError(f"the report needs {needed}: pip install xxmfg[report]", name=absent[0])
