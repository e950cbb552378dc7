"""Numbers as the press prints them: the exact value rounded once, half away from zero (四舍五入)."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

__all__ = ["Quantity", "decimals_for", "press"]

_EXACT = 2000  # digits: more than any double has (1074 after the point, 309 before it)


def press(value: float | Decimal, decimals: int, power: int = 0, *, grouped: bool = False) -> str:
    """Print value × 10**power with this many decimals; what is no number as a dash.

    The value is taken as the exact number that its bits are: 2.675, which is a little less, gives 2.67. The power is
    applied in decimal, so that 33150 万元 is exactly 3.315 亿元. Grouped digits have a comma between thousands.

    Examples
    --------
    >>> press(33150, 2, power=-4), press(2.675, 2), press(0.5515663, 2, power=2), press(-0.004, 2)
    ('3.32', '2.67', '55.16', '0.00')
    >>> press(47436757.25, 1, grouped=True)
    '47,436,757.3'
    """
    exact = Decimal(value)
    if not exact.is_finite():
        return "—" if exact.is_nan() else "∞" if exact > 0 else "−∞"
    with localcontext(prec=_EXACT):
        rounded = exact.scaleb(power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded.is_zero() else rounded:{',' if grouped else ''}f}"


class Quantity(NamedTuple):
    """A computed number with the digits and the unit's power of ten that it is printed with.

    Examples
    --------
    >>> f"{Quantity(457800, 2, -4)} {Quantity(457800, 2, -4):1}"
    '45.78 45.8'
    """

    value: float | Decimal
    decimals: int = 0
    power: int = 0
    grouped: bool = False

    def __str__(self) -> str:
        return press(self.value, self.decimals, self.power, grouped=self.grouped)

    def __format__(self, decimals: str) -> str:
        digits = int(decimals) if decimals else self.decimals
        return press(self.value, digits, self.power, grouped=self.grouped)


def decimals_for(value: float | Decimal, significant: int, power: int = 0) -> int:
    """Give the decimals that print value × 10**power with this many significant digits; none for a larger value.

    Examples
    --------
    >>> decimals_for(3421269.58, 4, power=-4), decimals_for(706143, 4, power=-4), decimals_for(12345, 4)
    (1, 2, 0)
    """
    return max(0, significant - 1 - power - Decimal(value).adjusted()) if Decimal(value).is_finite() else 0
