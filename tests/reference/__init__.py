"""The slow, obviously right twin of every measure: from the formula, in NumPy, math and fractions; never xxmfg."""

from .agglomerating import coagglomeration, ellison_glaeser
from .aggregating import aggregate, deviation, distinct, quantile, ratio, variance
from .breaking import cost, natural_breaks, tiers_of
from .concentrating import concentration
from .decomposing import decompose_growth
from .growing import average_growth, growth, growth_of
from .keys import groups, label_columns, labels
from .ranking import rank_of, top
from .rational import add, difference, nearest, numbers
from .sharing import share, share_of
from .shifting import shift_share
from .spreading import inequality, theil_decomposition, weighted_mean, weighted_quantile
from .structuring import localization, location_quotient, matrix, mean_similarity, similarity, specialization

__all__ = [
    "add",
    "aggregate",
    "average_growth",
    "coagglomeration",
    "concentration",
    "cost",
    "decompose_growth",
    "deviation",
    "difference",
    "distinct",
    "ellison_glaeser",
    "groups",
    "growth",
    "growth_of",
    "inequality",
    "label_columns",
    "labels",
    "localization",
    "location_quotient",
    "matrix",
    "mean_similarity",
    "natural_breaks",
    "nearest",
    "numbers",
    "quantile",
    "rank_of",
    "ratio",
    "share",
    "share_of",
    "shift_share",
    "similarity",
    "specialization",
    "theil_decomposition",
    "tiers_of",
    "top",
    "variance",
    "weighted_mean",
    "weighted_quantile",
]
