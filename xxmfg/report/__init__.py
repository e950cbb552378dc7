"""The survey report: from establishment records to tables, charts and one page."""

from os import PathLike
from pathlib import Path

__all__ = ["build"]

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
    installed with the package; two runs write the same bytes. The folder appears whole or not at all.

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
    MissingGlyphError
        No font on this system can draw the charts' Chinese labels.
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


def _require_extra() -> None:
    from importlib.util import find_spec

    absent = [name for name in _EXTRA if find_spec(name) is None]
    if absent:
        needed = " and ".join(_EXTRA[name] for name in absent)
        raise ImportError(f"the report needs {needed}: pip install xxmfg[report]", name=absent[0])
