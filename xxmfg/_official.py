"""Official classification and disclosure control as methods that take column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg._schemes import INDUSTRIES
from xxmfg.classification import classify, scheme_totals
from xxmfg.disclosure import disclosure
from xxmfg.protection import protect

if TYPE_CHECKING:
    from xxmfg.classification import Crosswalk
    from xxmfg.table import Table

__all__ = ["OfficialMeasures"]


class OfficialMeasures:
    """What `Records` can tell of official classes and of what may be published."""

    __slots__ = ()

    def _values(self, given: Any) -> Any:
        """Give a column of values by its name."""
        raise NotImplementedError

    def _keys(self, given: Any) -> Any:
        """Give keys by their names."""
        raise NotImplementedError

    def _one(self, given: Any) -> Any:
        """Give the column of a name, anything else as it is."""
        raise NotImplementedError

    def classify(self, codes: Any, scheme: str = INDUSTRIES, crosswalk: Crosswalk | None = None) -> Table:
        """Give the official class of each record's industry code: `xxmfg.classify`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"industry": ["2710", "3610"]}).classify("industry")["match"].tolist()
        ['yes', 'no']
        """
        return classify(self._one(codes), scheme, crosswalk)

    def scheme_totals(self, values: Any, codes: Any, scheme: str, crosswalk: Crosswalk | None = None) -> Table:
        """Give bounds of the total of each class of a scheme: `xxmfg.scheme_totals`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"industry": ["2710", "1311"], "output": [1.0, 3.0]})
        >>> r.scheme_totals("output", "industry", "高技术产业(制造业)分类(2017)")["lower_share"].tolist()
        [0.25, 0.25]
        """
        return scheme_totals(self._values(values), self._one(codes), scheme, crosswalk)

    def disclosure(self, values: Any, by: Any, contributor: Any = None, *, holding: Any = None, **rules: Any) -> Table:
        """Tell which cells would disclose what an enterprise reported, by the rules of `xxmfg.disclosure`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "enterprise": ["X", "Y", "Z"], "output": [1.0, 1.0, 2.0]})
        >>> r.disclosure("output", "city", "enterprise", min_count=2)["status"].tolist()
        ['publish', 'primary']
        """
        keys = self._keys(by), self._keys(contributor)
        return disclosure(self._values(values), *keys, holding=self._keys(holding), **rules)

    def protect(self, values: Any, by: Any, contributor: Any = None, *, holding: Any = None, **rules: Any) -> Table:
        """Give a table with its totals in which nothing discloses an enterprise: `xxmfg.protect`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": list("AAABBBC"), "output": [1.0, 1, 1, 2, 2, 2, 3]})
        >>> r.protect("output", "city")["status"].tolist()
        ['secondary', 'publish', 'primary', 'publish']
        """
        keys = self._keys(by), self._keys(contributor)
        return protect(self._values(values), *keys, holding=self._keys(holding), **rules)
