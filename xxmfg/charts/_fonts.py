"""The font of a chart: the first that can draw every character of it, or the one that XXMFG_FONT names."""

from xxmfg.errors import MissingGlyphError, XxmfgError

__all__ = ["FONTS", "font_for", "width_of"]

# Fonts drawn for simplified Chinese come first; then fonts whose Chinese is readable though drawn in another region's
# manner (of Noto's collection, matplotlib before 3.11 sees the JP face alone). The last one comes with matplotlib.
FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Sans CJK JP", "Source Han Sans JP",
    "Droid Sans Fallback", "Arial Unicode MS", "DejaVu Sans",
)  # fmt: skip


def font_for(characters: frozenset[str]) -> str:
    """Give the family name of the first font that can draw all these characters."""
    import os

    wanted = os.environ.get("XXMFG_FONT", "")
    names = (_named_font(wanted),) if wanted else FONTS
    lacking = {name: characters - _drawn_by(name) for name in names if _is_known(name)}
    if not wanted and all(lacking.values()):
        _find_new_fonts()
        lacking = {name: characters - _drawn_by(name) for name in names if _is_known(name)}
    best = min(lacking, key=lambda name: len(lacking[name]))
    if not lacking[best]:
        return best
    missing = sorted(lacking[best])
    shown = " ".join(f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}" for one in missing[:8])
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    who = f"the font {best!r} that XXMFG_FONT names" if wanted else f"the best font on this system, {best!r},"
    raise MissingGlyphError(
        f"{who} cannot draw these characters of the chart: {shown}{more}; install a font that can, such as Noto Sans "
        "CJK (apt-get install fonts-noto-cjk), or set XXMFG_FONT to the name or the path of one"
    )


def _named_font(wanted: str) -> str:
    """Give the family name of the font that XXMFG_FONT names: a file, or a font of the system."""
    from pathlib import Path

    from matplotlib.font_manager import fontManager

    if Path(wanted).is_file():
        try:
            fontManager.addfont(wanted)
        except (OSError, RuntimeError, ValueError) as unreadable:
            raise XxmfgError(f"XXMFG_FONT names {wanted}, which is not a font that can be read") from unreadable
        # The faces of a collection are entries of their own, the one that a family list prefers first.
        names = [entry.name for entry in fontManager.ttflist if str(entry.fname) == wanted]
        return min(names, key=lambda name: FONTS.index(name) if name in FONTS else len(FONTS))
    if not _is_known(wanted):
        _find_new_fonts()
    if not _is_known(wanted):
        raise XxmfgError(f"XXMFG_FONT names {wanted!r}, which is neither a font on this system nor a file")
    return wanted


def _is_known(name: str) -> bool:
    from matplotlib.font_manager import fontManager

    return any(entry.name == name for entry in fontManager.ttflist)


def _find_new_fonts() -> None:
    """Add to matplotlib's list the fonts installed since it was written."""
    from contextlib import suppress

    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {str(entry.fname) for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        with suppress(OSError, RuntimeError, ValueError):  # a file that is no font is no news
            fontManager.addfont(path)


def _drawn_by(name: str) -> frozenset[str]:
    """Give the characters that a font has glyphs for."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties(family=[name]), fallback_to_default=False)
    return frozenset(map(chr, get_font(path).get_charmap()))


def width_of(text: str, size: float) -> float:
    """Give the points that a line of text takes across in the font that is set, at this size."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=mpl.rcParams["font.family"])))
    font.set_size(size, 72)
    font.set_text(text)
    across: int = font.get_width_height()[0]
    return across / 64
