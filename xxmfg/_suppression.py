"""Secondary suppression: which further cells must go so that nobody works out a sensitive one.

What must stay open, for every pattern of suppressed cells:

- each sensitive cell, by its protection level upwards and downwards (as far as zero), to an outsider who knows the
  published cells, and to each contributor who moreover knows the cells to which nobody else contributes;
- each sum of a line's suppressed cells that published ones give away, where these cells taken as one are sensitive;
- all cells at once in which a few contributors stand out, so that they do in no sum over several lines (`_sums`);
- suppressed cells of one line that have one and the same largest contributor, where together they are sensitive;
- each other suppressed cell, a little: one that can be worked out is not suppressed.

The engine of τ-ARGUS (pytauargus 0.6, optimal by HiGHS) was tried in its place. Its patterns cost as much and take as
long, but it looks at outsiders alone: 15 of 27 small tables were broken by contributors or by sums of suppressed cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xxmfg._line import LinePattern, cheapest_line
from xxmfg._pattern import ORDERS, SMALL, Pattern
from xxmfg._sums import rises_of
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["attack", "suppressed_cells", "weights_of"]

SMALL_OF_THREE = 80  # cells: a table of three keys for which any release is tried
LARGEST = 1_000  # cells of a table of three keys, totals among them


def suppressed_cells(frame: Frame) -> Flags:
    """Give the cells to suppress, sensitive ones among them, with those of the totals last along each key."""
    is_flow = frame.totals.ndim == 2
    if not is_flow and frame.totals.size > LARGEST:
        shape = " × ".join(map(str, frame.totals.shape))
        raise DisclosureError(
            f"the table has {shape} = {frame.totals.size:,} cells with its totals; of three keys at most {LARGEST:,} "
            "can be protected: give coarser keys, or fewer"
        )
    if frame.sensitive.flat[-1]:
        raise DisclosureError("the total of all cells is itself sensitive: nothing of this table may be published")
    weights = weights_of(frame)
    if frame.is_line:
        return cheapest_line(frame, weights)
    small = is_flow and frame.totals.size <= SMALL
    best, least = frame.sensitive, np.inf
    rises = rises_of(frame)
    for order in range(ORDERS if small else 1):
        pattern = Pattern(frame, weights, rises, order)
        pattern.secure()
        if is_flow or frame.totals.size <= SMALL_OF_THREE:
            pattern.release(in_full=small)
            pattern.secure()
        price = float(weights[pattern.suppressed].sum())
        if price < least:
            best, least = pattern.suppressed, price
    return best


def weights_of(frame: Frame) -> Floats:
    """Give the cost of suppressing each cell: its part of the number of cells, and its part of the value.

    Infinite where a cell must stay: zeros, cells without a record or a value, and the total of all.
    """
    inner = frame.magnitudes[frame.inner]
    n_cells, size = max(1, int(np.count_nonzero(inner))), float(inner.sum())
    weights: Floats = 1 / n_cells + frame.magnitudes / (size or 1.0)
    weights[(frame.magnitudes == 0) & ~frame.sensitive] = np.inf
    weights.flat[-1] = np.inf
    if frame.is_line:
        weights[-1, :-1] = 0.0
    return weights


def attack(frame: Frame, suppressed: Flags) -> None:
    """Try to work out the suppressed cells from what is published, anew.

    Raises
    ------
    DisclosureError
        A cell, or cells taken together, can be narrowed too far.
    """
    weights = weights_of(frame)
    pattern = LinePattern(frame, weights) if frame.is_line else Pattern(frame, weights, rises_of(frame), 0)
    pattern.begin(suppressed)
    pattern.check()
