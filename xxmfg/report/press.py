"""Numbers as the press prints them: the exact value rounded once, half away from zero (四舍五入)."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

__all__ = ["decimals_for", "press"]

_EXACT = 2000  # digits: more than any double has (1074 after the point, 309 before it)


def press(value: float | Decimal, decimals: int, power: int = 0) -> str:
    """Print value × 10**power with this many decimals.

    The value is taken as the exact number that its bits are: 2.675, which is a little less, gives 2.67. The power is
    applied in decimal, so that 33150 万元 is exactly 3.315 亿元.

    Examples
    --------
    >>> press(33150, 2, power=-4), press(2.675, 2), press(0.5515663, 2, power=2), press(-0.004, 2)
    ('3.32', '2.67', '55.16', '0.00')
    """
    with localcontext(prec=_EXACT):
        rounded = Decimal(value).scaleb(power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded.is_zero() else rounded:f}"


def decimals_for(value: float | Decimal, significant: int, power: int = 0) -> int:
    """Give the decimals that print value × 10**power with this many significant digits; none for a larger value.

    Examples
    --------
    >>> decimals_for(3421269.58, 4, power=-4), decimals_for(706143, 4, power=-4), decimals_for(12345, 4)
    (1, 2, 0)
    """
    return max(0, significant - 1 - power - Decimal(value).adjusted())
