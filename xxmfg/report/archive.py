"""Office files are zip archives, which note when each part was put in: the same report shall be the same bytes."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["without_dates"]

_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip archive knows


def without_dates(content: bytes) -> bytes:
    """Give an archive with the same parts in the same order, none of which says when it was made."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            info = ZipInfo(part.filename, _FIRST)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(info, source.read(part))
    return written.getvalue()
