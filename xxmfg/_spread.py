"""The measures of how values are spread as methods that take column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.inequality import TheilDecomposition, inequality, theil_decomposition

if TYPE_CHECKING:
    from xxmfg.table import Table

__all__ = ["SpreadMeasures"]


class SpreadMeasures:
    """What `Records` can tell of how values are spread over records or entities."""

    __slots__ = ()

    def _one(self, given: Any) -> Any:
        """Give a column by its name."""
        raise NotImplementedError

    def _values(self, given: Any) -> Any:
        """Give a column of values by its name."""
        raise NotImplementedError

    def _keys(self, given: Any) -> Any:
        """Give keys by their names."""
        raise NotImplementedError

    def inequality(self, values: Any, weights: Any = None, by: Any = None, entity: Any = None) -> Table:
        """Give how unequally a column's values are spread within groups: `xxmfg.inequality`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"enterprise": ["X", "X", "Y"], "output": [1.0, 2.0, 9.0]})
        >>> r.inequality("output", entity="enterprise")["gini"].tolist()
        [0.25]
        """
        whose = self._keys(by), self._keys(entity)
        return inequality(self._values(values), None if weights is None else self._values(weights), *whose)

    def theil_decomposition(self, values: Any, by: Any) -> TheilDecomposition:
        """Give how much of Theil's index lies between groups, and how much within: `xxmfg.theil_decomposition`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B", "B"], "output": [1.0, 1.0, 3.0, 3.0]})
        >>> r.theil_decomposition("output", "city").within
        0.0
        """
        return theil_decomposition(self._values(values), self._keys(by))
