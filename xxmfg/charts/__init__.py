"""Charts: a Table in, matplotlib axes out, in one visual style and with a font that can draw every label.

matplotlib comes with ``pip install xxmfg[report]`` and is imported when a chart is made. The style holds for the chart
alone: matplotlib's settings stay as they were. A character that no font on the system can draw raises
`MissingGlyphError`; it never becomes an empty box.
"""

from xxmfg.charts._bars import bar, share
from xxmfg.charts._curves import lorenz
from xxmfg.charts._grid import heat_map
from xxmfg.charts._intervals import intervals
from xxmfg.charts._ranks import nested, tiers
from xxmfg.charts._shifts import shift_share
from xxmfg.charts._style import ACCENT, INK, PAPER, SERIES, SIZE
from xxmfg.charts._times import growth

__all__ = [
    "ACCENT",
    "INK",
    "PAPER",
    "SERIES",
    "SIZE",
    "bar",
    "growth",
    "heat_map",
    "intervals",
    "lorenz",
    "nested",
    "share",
    "shift_share",
    "tiers",
]
