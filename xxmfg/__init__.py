"""Exact statistics of industry: from enterprise records to tables, charts and the report."""

from xxmfg.agglomeration import coagglomeration, ellison_glaeser
from xxmfg.aggregate import aggregate, distinct, ratio
from xxmfg.audit import AuditResult, audit
from xxmfg.classification import Crosswalk, classes, classify, scheme_totals, share_change
from xxmfg.concentration import concentration
from xxmfg.decomposition import decompose_growth
from xxmfg.disclosure import disclosure
from xxmfg.errors import AuditError, ColumnError, DisclosureError, DuplicateError, MissingGlyphError, XxmfgError
from xxmfg.grouping import Grouping
from xxmfg.growth import average_growth, growth, growth_of
from xxmfg.inequality import TheilDecomposition, inequality, theil_decomposition
from xxmfg.io import read
from xxmfg.protection import protect
from xxmfg.records import Records
from xxmfg.rounding import round_figures, round_shares, round_table
from xxmfg.share import share, share_of
from xxmfg.shift_share import shift_share
from xxmfg.similarity import mean_similarity, similarity
from xxmfg.structure import localization, location_quotient, specialization
from xxmfg.table import Table
from xxmfg.text import figures_from_text
from xxmfg.threads import get_threads, set_threads
from xxmfg.tiers import natural_breaks, tiers_of
from xxmfg.top import rank_of, top

__all__ = [
    "AuditError",
    "AuditResult",
    "ColumnError",
    "Crosswalk",
    "DisclosureError",
    "DuplicateError",
    "Grouping",
    "MissingGlyphError",
    "Records",
    "Table",
    "TheilDecomposition",
    "XxmfgError",
    "aggregate",
    "audit",
    "average_growth",
    "classes",
    "classify",
    "coagglomeration",
    "concentration",
    "decompose_growth",
    "disclosure",
    "distinct",
    "ellison_glaeser",
    "figures_from_text",
    "get_threads",
    "growth",
    "growth_of",
    "inequality",
    "localization",
    "location_quotient",
    "mean_similarity",
    "natural_breaks",
    "protect",
    "rank_of",
    "ratio",
    "read",
    "round_figures",
    "round_shares",
    "round_table",
    "scheme_totals",
    "set_threads",
    "share",
    "share_change",
    "share_of",
    "shift_share",
    "similarity",
    "specialization",
    "theil_decomposition",
    "tiers_of",
    "top",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("xxmfg")
    raise AttributeError(f"module 'xxmfg' has no attribute {name!r}")
