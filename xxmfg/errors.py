"""The errors of xxmfg: each message says which argument, which row or group, and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AuditError", "ColumnError", "DisclosureError", "DuplicateError", "MissingGlyphError", "XxmfgError"]


class XxmfgError(ValueError):
    """Base of every error that only xxmfg raises; catching it misses no other library's error."""


class DuplicateError(XxmfgError):
    """Two records where one is required, such as one entity twice in one period."""


class ColumnError(XxmfgError, KeyError):
    """A column name that the records or the table do not have."""

    def __str__(self) -> str:
        """Give the message itself: KeyError would show its quoted form."""
        return ValueError.__str__(self)


def unknown_column(name: object, known: Iterable[str], what: str) -> ColumnError:
    """Give the error for a column that `what` ("the table", "the records") does not have, naming the nearest one."""
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(str(name), names, n=1, cutoff=0.0)
    if not near:
        return ColumnError(f"{what} has no column {name!r}, for it has no columns")
    listed = ", ".join(map(repr, names[:12])) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return ColumnError(f"{what} has no column {name!r}; the nearest is {near[0]!r} (there are {listed})")


class MissingGlyphError(XxmfgError):
    """No font on this system can draw characters that a chart needs."""


class DisclosureError(XxmfgError):
    """A table that cannot be made safe to publish."""


class AuditError(XxmfgError):
    """Figures or relations that the audit cannot read."""
