"""Rounding as methods that take column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.rounding import round_figures, round_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["Rounding"]


class Rounding:
    """What `Records` can round."""

    __slots__ = ()

    def _values(self, given: Any) -> Any:
        """Give a column of values by its name."""
        raise NotImplementedError

    def round_figures(self, values: Any, digits: int, mode: str = "half_even") -> NDArray[Any]:
        """Round a column to decimals, exactly and once: `xxmfg.round_figures`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [0.125, 2.5]}).round_figures("output", 0).tolist()
        [0.0, 2.0]
        """
        return round_figures(self._values(values), digits, mode)

    def round_shares(self, shares: Any, digits: int) -> Table:
        """Round a column of shares so that they add up: `xxmfg.round_shares`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"share": [0.25, 0.25, 0.5]}).round_shares("share", 1)["rounded"].tolist()
        [0.3, 0.2, 0.5]
        """
        return round_shares(self._values(shares), digits)
