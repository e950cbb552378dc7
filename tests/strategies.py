"""Hypothesis strategies: columns of values and of keys of every kind that xxmfg takes, and adversarial sums."""

import numpy as np
from hypothesis import strategies as st

VALUE_TYPES = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "?")
INTEGER_TYPES = VALUE_TYPES[:8]
MAX_ROWS = 40

seeds = st.integers(0, 2**32 - 1)
row_counts = st.integers(0, MAX_ROWS)
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-9)


def listed(elements, n):
    """Give lists of exactly n elements."""
    return st.lists(elements, min_size=n, max_size=n)


def integers_of(dtype):
    """Give integers of one dtype, its extremes included; halved for 64 bits so that sums of few rows fit."""
    limits = np.iinfo(dtype)
    scale = MAX_ROWS * 4 if limits.bits == 64 else 1
    return st.integers(int(limits.min) // scale, int(limits.max) // scale)


@st.composite
def value_columns(draw, n, types=VALUE_TYPES, *, masked=True):
    """Give a column of n values of any numeric dtype; floats with NaN, inf and subnormals; some are masked arrays."""
    dtype = np.dtype(draw(st.sampled_from(types)))
    if dtype.kind == "f":
        elements = st.floats(width=dtype.itemsize * 8)
    else:
        elements = st.booleans() if dtype.kind == "b" else integers_of(dtype)
    column = np.array(draw(listed(elements, n)), dtype=dtype)
    if masked and draw(st.booleans()):
        return np.ma.masked_array(column, mask=draw(listed(st.booleans(), n)))
    return column


KEY_KINDS = ("small", "sparse", "unsigned", "float", "bool", "fixed", "text", "object", "date", "masked")
texts = st.text(st.sampled_from("ab沣东西咸é\x00 "), max_size=4)
dates = st.dates().map(np.datetime64)


@st.composite
def key_columns(draw, n, kinds=KEY_KINDS):
    """Give a key column of n labels of any kind; few distinct labels, so that groups have several rows."""
    kind = draw(st.sampled_from(kinds))
    pool = draw(st.lists(key_elements(kind), min_size=1, max_size=5))
    labels = draw(listed(st.sampled_from(pool), n))
    match kind:
        case "small":
            return np.array(labels, dtype=draw(st.sampled_from(("i1", "i2", "i4", "i8"))))
        case "sparse":
            return np.array(labels, dtype=np.int64)
        case "unsigned":
            return np.array(labels, dtype=np.uint64)
        case "float":
            return np.array(labels, dtype=np.float64)
        case "bool":
            return np.array(labels, dtype=np.bool_)
        case "fixed":
            return np.array(labels, dtype="U4")
        case "text":
            return np.array(labels, dtype=np.dtypes.StringDType(na_object=None))
        case "object":
            return np.array(labels, dtype=object)
        case "date":
            return np.array(labels, dtype="M8[D]")
    return np.ma.masked_array(np.array(labels, dtype=np.int32), mask=draw(listed(st.booleans(), n)))


def key_elements(kind):
    """Give the labels of one kind, with its missing label where the kind has one."""
    return {
        "small": st.integers(-100, 100),
        "sparse": st.integers(-(2**63), 2**63 - 1),
        "unsigned": st.integers(2**63 - 2, 2**64 - 1) | st.integers(0, 3),
        "float": st.floats() | st.sampled_from((0.0, -0.0, np.nan)),
        "bool": st.booleans(),
        "fixed": texts,
        "text": texts | st.none(),
        "object": texts | st.none(),
        "date": dates | st.just(np.datetime64("NaT", "D")),
        "masked": st.integers(-5, 5),
    }[kind]


RECIPES = ("bits", "exponents", "window", "cancelling", "close", "subnormal", "huge", "money", "mixed", "integers")


def adversarial(recipe, n, generator):
    """Give n doubles that break careless sums, as the recipe says."""
    sign = generator.choice([-1.0, 1.0], n)
    match recipe:
        case "bits":
            return generator.integers(0, 2**64, n, dtype=np.uint64).view(np.float64)
        case "exponents":
            return sign * np.ldexp(generator.random(n) + 1, generator.integers(-1074, 1023, n))
        case "window":
            return sign * np.ldexp(generator.random(n) + 1, generator.integers(-1060, 961, n))
        case "cancelling":
            half = np.ldexp(generator.random(n // 2) + 1, generator.integers(-40, 40, n // 2))
            return generator.permutation(np.concatenate((half, -half, np.full(n - 2 * (n // 2), 2.0**-60))))
        case "close":
            return sign * (1 + generator.integers(0, 4, n) * 2.0**-52)
        case "subnormal":
            return sign * generator.integers(0, 2**53, n).astype(np.uint64).view(np.float64)
        case "huge":
            return sign * np.finfo(np.float64).max * generator.choice([1.0, 0.5, 2.0**-60], n)
        case "money":
            return np.round(generator.lognormal(16, 3, n), 2)
        case "mixed":
            outlier = sign * 2.0 ** generator.integers(-90, 90, n)
            return np.where(generator.random(n) < 0.9, generator.normal(size=n), outlier)
    return generator.integers(-(2**53), 2**53, n).astype(np.float64)


@st.composite
def structures(draw, most=30, least=0):
    """Give values that are not negative, regions and industries: few of each, zeros among the values."""
    n = draw(st.integers(least, most))
    sizes = draw(st.sampled_from((st.integers(0, 1000), st.floats(0, 1e9).filter(lambda x: x == 0 or x > 1e-3))))
    values = np.array(draw(listed(sizes, n)), dtype=draw(st.sampled_from(("f8", "i8"))))
    region = np.array(draw(listed(st.sampled_from(("丙", "乙", "甲", "d")), n)), dtype="U1")
    industry = np.array(draw(listed(st.integers(1, 4), n)), dtype=np.int32)
    return values, region, industry
