# SPDX-License-Identifier: Apache-2.0
"""One picture of all cases: how many times the work per CPU-second each server does of what the reference does."""

import math
from html import escape

COLOURS = {"ardoise": "#c0392b", "ardoise XYZ": "#e59866", "nginx": "#1e8449", "nginx aio threads": "#82e0aa", "MapCache": "#2471a3",
           "MapServer": "#7d3c98", "MapProxy": "#b7950b", "QGIS Server": "#5d6d7e"}
OTHERS = "#aab2b8"  # limits of codecs
LEFT, WIDTH, RIGHT = 330, 620, 30
TOP, ROW = 84, 34


class Axis:
    """Ratios on a logarithmic scale, from whole decade to whole decade."""

    def __init__(self, values):
        self.first = math.floor(math.log10(min(values)) + 1e-9)
        self.last = max(math.ceil(math.log10(max(values)) - 1e-9), self.first + 1)

    def x(self, value):
        return LEFT + WIDTH * (math.log10(value) - self.first) / (self.last - self.first)

    def ticks(self):
        return [10.0**power for power in range(self.first, self.last + 1)]


def svg(ratios):
    """`ratios`: {case: Ratios}."""
    values = [value for case in ratios.values() for three in case.of.values() for value in three]
    axis = Axis([*values, *(case.goal for case in ratios.values() if case.goal), 1])
    names = list(dict.fromkeys(name for case in ratios.values() for name in case.of))
    height = TOP + ROW * len(ratios) + 66
    parts = [*_legend(names), *_scale(axis, TOP + ROW * len(ratios))]
    for place, (name, case) in enumerate(ratios.items()):
        parts += _case(axis, TOP + ROW * place + ROW / 2, name, case)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" '
        f'width="{LEFT + WIDTH + RIGHT}" height="{height}" font-family="DejaVu Sans, sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#ffffff"/>', *parts, "</svg>", ""])


def _legend(names):
    servers = [name for name in COLOURS if name in names]
    x = 16
    for name in servers + (["limits of codecs"] if len(servers) < len(names) else []):
        yield _dot(x, 22, COLOURS.get(name, OTHERS)) + _text(x + 10, 26, name)
        x += 30 + 7.2 * len(name)
    yield _goal(16, 48) + _text(
        30, 52, "goal of Ardoise. Dots are medians of the rounds, lines go from the lowest to the highest.")


def _scale(axis, bottom):
    for tick in axis.ticks():
        x = axis.x(tick)
        yield _line(x, TOP, x, bottom, "#000000" if tick == 1 else "#dddddd")
        yield _text(x, bottom + 18, f"{tick:g}", "middle")
    yield _text(LEFT + WIDTH / 2, bottom + 42, "per CPU-second, times what the case is held against", "middle")


def _case(axis, y, name, case):
    yield _line(16, y + ROW / 2, LEFT + WIDTH, y + ROW / 2, "#eeeeee")
    yield _text(16, y + 4, name, weight="bold") + _text(LEFT - 12, y + 4, f"against {case.reference}", "end", "#555555")
    for one, (low, middle, high) in case.of.items():
        colour = COLOURS.get(one, OTHERS)
        yield _line(axis.x(low), y, axis.x(high), y, colour, 2) + _dot(axis.x(middle), y, colour, f"{one}: {middle:.2f}")
    if case.goal:
        yield _goal(axis.x(case.goal), y, f"goal: {case.goal:.2f}")


def _dot(x, y, colour, title=""):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"><title>{escape(title)}</title></circle>'


def _goal(x, y, title=""):
    """A diamond."""
    return (f'<path d="M{x - 8:.1f} {y:.1f} l8 -8 l8 8 l-8 8 z" fill="none" stroke="#000000">'
            f'<title>{escape(title)}</title></path>')


def _line(x, y, to_x, to_y, colour, width=1):
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _text(x, y, words, anchor="start", colour="#000000", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">'
            f'{escape(words)}</text>')
