"""The tables as charts: every library's time against xxmfg's by workload; the cost of a row by number of rows."""

import textwrap

from .measuring import OURS

__all__ = ["save_chart", "save_cost_chart"]

COLORS = {
    "xxmfg": "#1f2a33",
    "pandas": "#e6a117",
    "Polars": "#2b77ad",
    "DuckDB": "#c8452f",
    "Arrow": "#4f8a3c",
    "NumPy": "#8a63a8",
    "collapse": "#1b998b",
    "data.table": "#9a6b4f",
}
INK, FAINT = "#1f2a33", "#d9dee2"
LANE = 0.1  # libraries of a workload stand in lanes, so that none hides another
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 10, "text.color": INK}


def save_chart(results, heading, path):
    """Write the chart as SVG (text stays text) or whatever the ending of the path says."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(9, 1.9 + 0.55 * len(results)))
        ax = drawing.add_axes((0.33, 0.13, 0.64, 0.71))
        draw(ax, results)
        scale(ax)
        drawing.text(0.02, 0.95, f"Time against {OURS}: the further to the right, the slower", size=12.5)
        dots, names = ax.get_legend_handles_labels()
        place = {"loc": "upper left", "bbox_to_anchor": (0.01, 0.94), "ncols": len(names)}
        drawing.legend(dots, names, frameon=False, handletextpad=0.1, columnspacing=1.2, **place)
        hollow = " A hollow dot: no call, lines written by hand." if any(result.by_hand for result in results) else ""
        drawing.text(0.02, 0.015, "\n".join(textwrap.wrap(heading + hollow, 140)), size=7.5)
        save(drawing, path)


def draw(ax, results):
    """Put a line a workload, a dot a library."""
    names = list(dict.fromkeys(name for result in results for name in result.seconds))
    for lane, name in enumerate(names):
        shift = (lane - (len(names) - 1) / 2) * LANE
        for place, result in enumerate(results):
            if name in result.seconds:
                fill = "white" if name in result.by_hand else COLORS[name]
                style = {"marker": "D", "s": 34} if name == OURS else {"marker": "o", "s": 36}
                time = result.seconds[name] / result.seconds[OURS]
                ax.scatter(time, place + shift, facecolor=fill, edgecolor=COLORS[name], linewidth=1.4, **style)
        ax.scatter([], [], color=COLORS[name], marker="D" if name == OURS else "o", label=name)
    labels = [f"{result.workload.name}  {result.title}" for result in results]
    ax.set_yticks(range(len(results)), [textwrap.fill(label, 37) for label in labels])
    ax.set_ylim(len(results) - 0.5, -0.5)


def scale(ax):
    """Show the times on a scale of powers, with nothing beside what carries information."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda times, _: f"{times:g}×"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.grid(axis="x", color=FAINT, linewidth=0.6)
    for edge in range(int(ax.get_ylim()[0])):
        ax.axhline(edge + 0.5, color=FAINT, linewidth=0.6)
    ax.axvline(1, color=INK, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, which="both", labelcolor=INK)
    ax.spines[:].set_visible(False)


def save_cost_chart(results, path):
    """Write the nanoseconds that a row costs by number of rows, a panel a workload."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(9, 4.4))
        panels = drawing.subplots(1, len(results), sharey=True, squeeze=False)[0]
        for ax, result in zip(panels, results, strict=True):
            draw_costs(ax, result)
        panels[0].set_ylabel("ns a row", color=INK)
        drawing.subplots_adjust(0.07, 0.11, 0.99, 0.78, wspace=0.06)
        drawing.text(0.02, 0.945, "What a row costs, by number of rows: lower is faster", size=12.5)
        lines, names = panels[0].get_legend_handles_labels()
        place = {"loc": "upper left", "bbox_to_anchor": (0.01, 0.94), "ncols": len(names)}
        drawing.legend(lines, names, frameon=False, handlelength=1.2, columnspacing=1.2, **place)
        save(drawing, path)


def draw_costs(ax, result):
    """Draw a line a library."""
    names = list(dict.fromkeys(name for seconds in result.seconds.values() for name in seconds))
    for name in names:
        costs = {rows: seconds[name] / rows * 1e9 for rows, seconds in result.seconds.items() if name in seconds}
        marker, width = ("D", 2.2) if name == OURS else ("o", 1.2)
        ax.plot(*zip(*costs.items(), strict=True), color=COLORS[name], marker=marker, ms=4, lw=width, label=name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_title(f"{result.workload.name}  {result.workload.title}", size=9, color=INK, loc="left")
    ax.grid(color=FAINT, linewidth=0.6)
    ax.tick_params(length=0, which="both", labelcolor=INK)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("rows", color=INK, labelpad=2)


def save(drawing, path):
    """Write a drawing, in SVG without the date."""
    metadata = dict.fromkeys(("Date", "Creator")) if path.suffix == ".svg" else {}
    drawing.savefig(path, dpi=160, metadata=metadata, facecolor="white")
