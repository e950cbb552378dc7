"""The measures of growth as methods that take column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.decomposition import decompose_growth
from xxmfg.growth import average_growth, growth, growth_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["GrowthMeasures"]


class GrowthMeasures:
    """What `Records` can tell of growth from period to period."""

    __slots__ = ()

    def _values(self, given: Any) -> Any:
        """Give a column of values by its name."""
        raise NotImplementedError

    def _keys(self, given: Any) -> Any:
        """Give keys by their names."""
        raise NotImplementedError

    def growth(self, values: Any, period: Any, by: Any = None, lag: int = 1) -> Table:
        """Give each group's growth over `lag` periods, with contribution and pull: `xxmfg.growth`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"year": [2018, 2019], "output": [4.0, 5.0]})
        >>> r.growth("output", "year")["rate"].tolist()
        [nan, 0.25]
        """
        return growth(self._values(values), self._keys(period), self._keys(by), lag)

    def growth_of(self, values: Any, entity: Any, period: Any, lag: int = 1) -> NDArray[np.float64]:
        """Give each record's growth against the same entity's record `lag` periods earlier: `xxmfg.growth_of`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"enterprise": ["X", "X"], "year": [2018, 2019], "output": [4.0, 5.0]})
        >>> r.growth_of("output", "enterprise", "year").tolist()
        [nan, 0.25]
        """
        return growth_of(self._values(values), self._keys(entity), self._keys(period), lag)

    def average_growth(self, values: Any, period: Any, start: Any, end: Any, by: Any = None) -> Table:
        """Give the average rate of growth between two periods: `xxmfg.average_growth`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"year": [2017, 2019], "output": [4.0, 9.0]})
        >>> r.average_growth("output", "year", 2017, 2019)["rate"].tolist()
        [0.5]
        """
        return average_growth(self._values(values), self._keys(period), start, end, self._keys(by))

    def decompose_growth(self, values: Any, entity: Any, period: Any, by: Any = None, lag: int = 1) -> Table:
        """Give growth with what continuing, entering and exiting entities make of it: `xxmfg.decompose_growth`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"enterprise": ["X", "X", "Y"], "year": [2018, 2019, 2019], "output": [4.0, 5.0, 1.0]})
        >>> r.decompose_growth("output", "enterprise", "year")["entry"].tolist()
        [nan, 0.25]
        """
        return decompose_growth(self._values(values), self._keys(entity), self._keys(period), self._keys(by), lag)
