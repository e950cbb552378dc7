"""matplotlib's SVG as part of a page: text stays text, colors follow the page, no id or style reaches beyond it."""

import re
from xml.etree import ElementTree as ET

from .._show import visible
from ..charts import INK, PAPER, SERIES

__all__ = ["inline"]

_NAMESPACE = re.compile(r"\{[^}]*\}")
_KEPT = {"fill", "fill-opacity", "font-size", "font-weight", "opacity", "stroke", "stroke-dasharray", "stroke-linecap",
         "stroke-linejoin", "stroke-opacity", "stroke-width", "text-anchor"}  # fmt: skip


def inline(svg: str, key: str, title: str, description: str) -> str:
    """Give a drawing for the inside of an HTML page.

    Parameters
    ----------
    svg : str
        What matplotlib wrote with ``svg.fonttype`` none.
    key : str
        Goes before every id, so that drawings on one page do not meet.
    title, description : str
        What a screen reader says in place of the drawing.

    Returns
    -------
    str
        An ``svg`` element that is as large as the drawing is on paper, if its place is. Styles are attributes (a
        content security policy may forbid the others), text has the page's font, ink is ``currentColor``, and the
        colors of a series are the classes ``series-0`` and so on.
    """
    source = ET.fromstring(svg)  # noqa: S314  (matplotlib wrote it, and escapes what it was given)
    root = ET.Element(
        "svg",
        {
            "class": "chart",
            "viewBox": source.attrib["viewBox"],
            "width": f"{float(source.attrib['viewBox'].split()[2]) / 0.75:.0f}",  # pixels: as large as on paper
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-description",
        },
    )
    for name, text in (("title", visible(title)), ("desc", visible(description))):
        ET.SubElement(root, name, {"id": f"{key}-{'title' if name == 'title' else 'description'}"}).text = text
    wanted = set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", svg))
    root.extend(_copied(child, key, wanted) for child in source if _is_drawn(child))
    return ET.tostring(root, encoding="unicode")


def _is_drawn(element: ET.Element) -> bool:
    """Tell whether an element is more than a description, a style sheet, or a background without color."""
    name = _NAMESPACE.sub("", element.tag)
    style = _style(element)
    return name not in {"metadata", "style", "title"} and not (style.get("fill") == "none" and "stroke" not in style)


def _copied(element: ET.Element, key: str, wanted: set[str]) -> ET.Element:
    copy = ET.Element(_NAMESPACE.sub("", element.tag))
    for name, value in element.attrib.items():
        plain = _NAMESPACE.sub("", name)
        if plain == "id":
            if value in wanted:
                copy.set("id", f"{key}-{value}")
        elif plain != "style":
            copy.set(plain, re.sub(r"^(url\()?#", rf"\g<1>#{key}-", value))
    for name, value in _style(element).items():
        if value.lower() in SERIES and name == "fill":
            copy.set("class", f"series-{SERIES.index(value.lower())}")
        elif value.lower() in SERIES and name == "stroke":
            copy.set("class", f"series-line-{SERIES.index(value.lower())}")
        elif value.lower() == PAPER and name == "fill":
            copy.set("class", "on-series")
        else:
            copy.set(name, "currentColor" if value.lower() == INK else value)
    if _NAMESPACE.sub("", element.tag) == "text":
        copy.text = element.text
        if copy.get("class") != "on-series":
            copy.attrib.setdefault("fill", "currentColor")
    copy.extend(_copied(child, key, wanted) for child in element if _is_drawn(child))
    return copy


def _style(element: ET.Element) -> dict[str, str]:
    """Give the declarations of a style attribute that an attribute of SVG can say."""
    declared = {}
    for declaration in element.get("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":  # matplotlib before 3.11: font: [weight] 11px 'family'
            name, value = "font-size", next(iter(re.findall(r"[\d.]+px", value)), "")
        if name in _KEPT:
            declared[name] = value
    return declared
