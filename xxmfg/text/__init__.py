"""Chinese text: the numerals that stand in it, and the figures that they propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xxmfg.table import Table

__all__ = ["figures_from_text"]


def figures_from_text(text: str) -> Table:
    """Find the numerals of a Chinese report and say what each is: a figure to confirm, or a numeral in a name.

    What it gives are proposals: no measure and no audit of this package uses them before a person has named them.

    Parameters
    ----------
    text : str
        The text, with or without the line breaks of its pages; numerals and their units may stand on different lines.

    Returns
    -------
    Table
        A row a numeral in the order of the text: `position token kind value unit qualifier decimals phrase`.

        `position` is the offset of its first character in `text`, `token` the numeral as it stands there (without the
        blanks inside). `kind`: `fact` a quantity or a date that is itself said; `year_context` a date that says when
        something else was; `heading_number` of headings, captions, articles and enumerations; `footnote_mark`;
        `list_name` (500强); `tech_name` (5G, PM2.5, GB/T 4754-2017); `quoted_label` (90 in “6个90%”). `value` is the
        number in its printed `unit` (NaN for 三分之一, which shows no decimals), `decimals` how many it shows, and
        `qualifier` the word of `audit` for what stands around it: `exact approx above over below at_least at_most
        range_lo range_hi from`, missing where the numeral is no fact. `phrase` is the clause around it.

    Raises
    ------
    TypeError
        `text` is no text.

    Notes
    -----
    Every Arabic numeral is listed, also with full-width digits. Chinese ones are where they count or measure (六大产业,
    三成) or number (一是, （二）), not in words such as 一批, 统一, 四川. Of A—B and A、B和C the first take the unit
    of the last. A rate is given as printed: that of 下降2.3% is 2.3, for the verb may concern something else.

    Examples
    --------
    >>> import xxmfg as xm
    >>> found = xm.figures_from_text("2019年，5G产值突破1.2万亿元，约占工业的三成；增速在5%—6.5%之间。")
    >>> for row in zip(*(found[name].tolist() for name in ("token", "kind", "value", "unit", "qualifier", "decimals"))):
    ...     print(*row)
    2019 year_context 2019.0 年 None 0
    5 tech_name 5.0  None 0
    1.2 fact 1.2 万亿元 above 1
    三 fact 3.0 成 approx 0
    5 fact 5.0 % range_lo 0
    6.5 fact 6.5 % range_hi 1
    """
    import numpy as np

    from xxmfg._arrays import TEXT
    from xxmfg.table import Table
    from xxmfg.text.mentions import mentions_of

    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    rows = mentions_of(text)
    number = {"position": np.int64, "value": np.float64, "decimals": np.int64}
    names = ("position", "token", "kind", "value", "unit", "qualifier", "decimals", "phrase")
    return Table({name: np.array([getattr(row, name) for row in rows], dtype=number.get(name, TEXT)) for name in names})
