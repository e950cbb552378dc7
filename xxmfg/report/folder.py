"""The report's folder: written beside its place and moved there whole, so that it is never half-written."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from secrets import token_hex

from ..errors import XxmfgError

__all__ = ["GENERATOR", "new_folder"]

GENERATOR = '<meta name="generator" content="xxmfg '
_OURS = re.compile(
    r"index\.html|report\.docx|tables\.xlsx|tables|charts"
    r"|tables/(表|附表|Table )[^/]*\.csv|charts/(图|Figure )[^/]*\.(png|svg)"
)
_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}  # that file managers leave in every folder
_HEAD = 4000  # bytes of a page in which its generator is named


@contextmanager
def new_folder(directory: str | PathLike[str], *, force: bool) -> Iterator[Path]:
    """Give an empty folder to write into; when all went well it takes the place of `directory`.

    Raises
    ------
    XxmfgError
        `directory` is there and `force` is not given, or it holds something else than a report; its parent is
        missing; or the file system refuses to write. Whatever was there stays as it was.
    """
    target = Path(directory)
    _refuse(target, force=force)
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{token_hex(4)}.new")
    before = beside.with_suffix(".old")
    try:
        try:
            beside.mkdir()
            yield beside
            _move(beside, target, before)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise XxmfgError(f"cannot write the report to {directory}: {error.strerror or error}") from error
    shutil.rmtree(before, ignore_errors=True)


def _move(beside: Path, target: Path, before: Path) -> None:
    """Put the finished folder into its place; if that fails or is interrupted, put the one before it back."""
    if not target.exists():
        beside.rename(target)
        return
    try:
        target.rename(before)
        beside.rename(target)
    except BaseException:
        if before.exists() and not target.exists():
            before.rename(target)
        raise


def _refuse(target: Path, *, force: bool) -> None:
    """Raise where the folder must not be written, before any work is done."""
    try:
        if not target.parent.is_dir():
            raise XxmfgError(f"cannot write the report to {target}: there is no folder {target.parent}")
        if not target.exists() and not target.is_symlink():
            return
        if not target.is_dir():
            raise XxmfgError(f"cannot write the report to {target}: it is not a folder")
        if not force:
            raise XxmfgError(f"{target} is already there; to replace the report in it give force=True (--force)")
        foreign = _foreign(target)
    except OSError as error:
        raise XxmfgError(f"cannot look into {target}: {error.strerror}") from error
    if foreign:
        raise XxmfgError(f"{target} is not replaced, for it is no report of ours: it has {foreign}")


def _foreign(target: Path) -> str:
    """Name something in the folder that no report of ours has; empty if there is nothing such."""
    entries = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.name not in _SYSTEM}
    strange = min((entry for entry in entries if not _OURS.fullmatch(entry)), default="")
    if strange or not entries:
        return strange
    page = b""
    with suppress(FileNotFoundError), (target / "index.html").open("rb") as file:
        page = file.read(_HEAD)
    return "" if GENERATOR.encode() in page else "an index.html that is not ours" if page else "no index.html"
