"""Concentration by its definitions, in rational numbers and a logarithm of many digits."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

from .rational import nearest

__all__ = ["concentration"]

DIGITS = 60


def concentration(values, ranks):
    """Give the measures of one group of numbers that are there, as a dict; None where there is none."""
    members = sorted((Fraction(value) for value in values if value != 0), reverse=True)
    total = sum(members, Fraction(0))
    n = len(members)
    names = [f"cr{rank}" for rank in ranks]
    undefined = dict.fromkeys((*names, "herfindahl", "herfindahl_normalized", "effective_number", "entropy", "primacy"))
    if total == 0 or any(member < 0 for member in members):
        return undefined
    shares = [member / total for member in members]
    herfindahl = sum(share**2 for share in shares)
    return {
        **{name: float(sum(shares[:rank])) for name, rank in zip(names, ranks, strict=True)},
        "herfindahl": float(herfindahl),
        "herfindahl_normalized": float((herfindahl - Fraction(1, n)) / (1 - Fraction(1, n))) if n > 1 else None,
        "effective_number": float(1 / herfindahl),
        "entropy": math.fsum(float(-share_log(share)) for share in shares),
        "primacy": nearest(members[0] / members[1]) if n > 1 else None,
    }


def share_log(share):
    """Give s ln s to many digits."""
    with localcontext(prec=DIGITS):
        exact = Decimal(share.numerator) / Decimal(share.denominator)
        return exact * exact.ln()
