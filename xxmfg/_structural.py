"""The measures of groups, regions and industries as methods that take column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.agglomeration import coagglomeration, ellison_glaeser
from xxmfg.concentration import concentration
from xxmfg.shift_share import shift_share
from xxmfg.similarity import mean_similarity, similarity
from xxmfg.structure import localization, location_quotient, specialization
from xxmfg.tiers import natural_breaks, tiers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from xxmfg.table import Table

__all__ = ["StructuralMeasures"]


class StructuralMeasures:
    """What `Records` can tell of the structure of regions and industries."""

    __slots__ = ()

    def _values(self, given: Any) -> Any:
        """Give a column of values by its name."""
        raise NotImplementedError

    def _keys(self, given: Any) -> Any:
        """Give keys by their names."""
        raise NotImplementedError

    def concentration(
        self, values: Any, by: Any = None, entity: Any = None, ranks: int | Iterable[int] = (1, 4, 8)
    ) -> Table:
        """Give how much of each group's total lies with its largest members: `xxmfg.concentration`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "output": [3.0, 1.0, 2.0]})
        >>> r.concentration("output", "city")["herfindahl"].tolist()
        [0.625, 1.0]
        """
        return concentration(self._values(values), self._keys(by), self._keys(entity), ranks)

    def location_quotient(
        self, values: Any, region: Any, industry: Any, by: Any = None, reference: Any = None
    ) -> Table:
        """Give each industry's weight in each region against the reference area's: `xxmfg.location_quotient`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "y", "y"], "output": [1.0, 1.0, 2.0]})
        >>> r.location_quotient("output", "city", "branch")["lq"].round(4).tolist()
        [2.0, 0.6667, 1.3333]
        """
        keys = self._keys(region), self._keys(industry), self._keys(by)
        return location_quotient(self._values(values), *keys, reference=reference)

    def specialization(self, values: Any, region: Any, industry: Any, by: Any = None, reference: Any = None) -> Table:
        """Give how far each region's industries differ from the reference area's: `xxmfg.specialization`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "y", "y"], "output": [1.0, 1.0, 2.0]})
        >>> r.specialization("output", "city", "branch")["krugman"].tolist()
        [0.5, 0.5]
        """
        keys = self._keys(region), self._keys(industry), self._keys(by)
        return specialization(self._values(values), *keys, reference=reference)

    def similarity(self, values: Any, region: Any, industry: Any, by: Any = None) -> Table:
        """Give how alike the industries of each pair of regions are: `xxmfg.similarity`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "y", "y"], "output": [1.0, 1.0, 2.0]})
        >>> r.similarity("output", "city", "branch").to_dict()["krugman"]
        [1.0]
        """
        return similarity(self._values(values), self._keys(region), self._keys(industry), self._keys(by))

    def mean_similarity(self, values: Any, region: Any, industry: Any, by: Any = None) -> Table:
        """Give how alike each region is to the others on average: `xxmfg.mean_similarity`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "y", "y"], "output": [1.0, 1.0, 2.0]})
        >>> r.mean_similarity("output", "city", "branch")["finger_kreinin"].tolist()
        [0.5, 0.5]
        """
        return mean_similarity(self._values(values), self._keys(region), self._keys(industry), self._keys(by))

    def localization(self, values: Any, region: Any, industry: Any, by: Any = None) -> Table:
        """Give how unevenly each industry lies over the regions: `xxmfg.localization`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "y", "y"], "output": [1.0, 1.0, 2.0]})
        >>> r.localization("output", "city", "branch")["hoover"].round(4).tolist()
        [0.5, 0.1667]
        """
        return localization(self._values(values), self._keys(region), self._keys(industry), self._keys(by))

    def ellison_glaeser(self, values: Any, region: Any, industry: Any, by: Any = None, reference: Any = None) -> Table:
        """Give how much the plants of each industry agglomerate: `xxmfg.ellison_glaeser`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "A", "B"], "branch": ["x", "x", "x"], "workers": [2, 2, 4]})
        >>> r.ellison_glaeser("workers", "city", "branch", reference={"A": 1, "B": 3})["gamma"].round(4).tolist()
        [-0.0667]
        """
        keys = self._keys(region), self._keys(industry), self._keys(by)
        return ellison_glaeser(self._values(values), *keys, reference=reference)

    def coagglomeration(
        self, values: Any, region: Any, industry: Any, group: Any = None, reference: Any = None
    ) -> Table:
        """Give how much the industries of each group lie in the same regions: `xxmfg.coagglomeration`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "B"], "branch": ["x", "y"], "workers": [1, 1]})
        >>> r.coagglomeration("workers", "city", "branch")["gamma_c"].tolist()
        [-1.0]
        """
        keys = self._keys(region), self._keys(industry), self._keys(group)
        return coagglomeration(self._values(values), *keys, reference=reference)

    def shift_share(
        self,
        values: Any,
        region: Any,
        industry: Any,
        period: Any,
        base: Any,
        current: Any,
        reference: tuple[ArrayLike, Any, Any] | None = None,
    ) -> Table:
        """Give the parts of each region's change by industry: `xxmfg.shift_share`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "B"] * 2, "branch": ["x"] * 4, "year": [1, 1, 2, 2], "output": [1, 1, 1, 2]})
        >>> r.shift_share("output", "city", "branch", "year", 1, 2)["competitive"].tolist()
        [-0.5, 0.5]
        """
        keys = self._keys(region), self._keys(industry), self._keys(period)
        return shift_share(self._values(values), *keys, base, current, reference)

    def natural_breaks(self, values: Any, k: int) -> NDArray[Any]:
        """Give the upper bounds of k classes of a column: `xxmfg.natural_breaks`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 9.0, 2.0]}).natural_breaks("output", 2).tolist()
        [2.0, 9.0]
        """
        return natural_breaks(self._values(values), k)

    def tiers_of(self, values: Any, bounds: ArrayLike, closed: str = "left") -> NDArray[np.int64]:
        """Give each record's tier among bounds, 1 the highest: `xxmfg.tiers_of`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 9.0, 2.0]}).tiers_of("output", [2, 5]).tolist()
        [3, 1, 2]
        """
        return tiers_of(self._values(values), bounds, closed)
