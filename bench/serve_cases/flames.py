# SPDX-License-Identifier: Apache-2.0
"""Where the CPU time of a turn goes, as a flame graph: a box a function, as wide as its share, on those that called it."""

import contextlib
import re
import subprocess
import sys
import time
from collections import Counter
from html import escape
from pathlib import Path

import measure

SAMPLES_A_SECOND = 499
NARROWEST = 0.003  # of all samples: what has less is left out
WIDTH, ROW, MARGIN = 1160, 17, 10
COLOURS = (("[kernel", "#d98880"), ("libturbojpeg", "#7dcea0"), ("libjpeg", "#7dcea0"), ("libdeflate", "#7dcea0"),
           ("libproj", "#bb8fce"), ("ardoise", "#f5b041"))
OTHERS = "#d5d8dc"
LEGEND = (("Ardoise, Asio and Beast", "#f5b041"), ("kernel", "#d98880"), ("codecs", "#7dcea0"), ("PROJ", "#bb8fce"),
          ("libc and others", OTHERS))


@contextlib.contextmanager
def recorded(pids, picture, title):
    """The block's samples become `picture`. Stacks are unwound by their debug information: it slows the server down."""
    samples = picture.with_suffix(".perf")
    recorder = subprocess.Popen(["perf", "record", "-q", "-F", str(SAMPLES_A_SECOND), "-e", "cpu-clock", "--call-graph",
                                 "dwarf,16384", "-p", ",".join(map(str, pids)), "-o", samples],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    try:
        yield
    finally:
        recorder.terminate()
        _, said = recorder.communicate()
    try:
        if not samples.exists() or not (stacks := _stacks(samples)):
            sys.exit(f"perf has recorded nothing: {said.strip() or 'no sample'}")
        picture.write_text(svg(stacks, title))
    finally:
        samples.unlink(missing_ok=True)
    print(f"flame graph: {picture.relative_to(measure.ROOT)}", file=sys.stderr)


def _stacks(samples):
    """{((function, library), ... from the outermost): samples}."""
    script = subprocess.run(["perf", "script", "--no-inline", "-i", samples, "-F", "ip,sym,dso"],
                            capture_output=True, text=True, check=True, errors="replace").stdout
    counted = Counter()
    for sample in script.split("\n\n"):
        frames = [_frame(line) for line in sample.strip().splitlines()]
        if frames:
            counted[tuple(reversed(frames))] += 1
    return counted


def _frame(line):
    """From "  55d0c3 ardoise::f(int) (/usr/bin/ardoise-server)"."""
    _, _, rest = line.strip().partition(" ")
    name, _, library = rest.rpartition(" (")
    return _short(name), Path(library.rstrip(")")).name


def _short(name):
    """Without parameters, template arguments and namespaces: what people call it."""
    name = re.sub(r"\[clone [^]]*\]", "", name).replace("operator()", "call").replace("(anonymous namespace)::", "")
    while (shorter := re.sub(r"<[^<>]*>", "", name)) != name:
        name = shorter
    name = name.partition("(")[0].strip()
    within = [part for part in name.split(" ")[-1].split("::") if part not in ("ardoise", "boost", "asio", "detail", "std")]
    return "::".join(within[-2:]) or "[unknown]"


# --- the picture ---------------------------------------------------------------------------------


class Box:
    """A function with all that was called from it, there."""

    def __init__(self, name="all", library=""):
        self.name, self.library, self.samples, self.callees = name, library, 0, {}

    def add(self, frames, samples):
        self.samples += samples
        if frames:
            self.callees.setdefault(frames[0], Box(*frames[0])).add(frames[1:], samples)

    def height(self, least):
        return 1 + max((callee.height(least) for callee in self.wide_callees(least)), default=0)

    def wide_callees(self, least):
        return [callee for callee in self.callees.values() if callee.samples >= least]


def svg(stacks, title):
    """`stacks`: {frames, the outermost first: samples}."""
    everything = Box()
    for frames, samples in stacks.items():
        everything.add(frames, samples)
    least = everything.samples * NARROWEST
    height = everything.height(least) * ROW + 70
    boxes = _boxes(everything, MARGIN, height - MARGIN - ROW, (WIDTH - 2 * MARGIN) / everything.samples,
                   everything.samples, least)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="DejaVu Sans, sans-serif" font-size="11">', '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="22" font-size="14">{escape(title)}</text>', *_legend(), *boxes, "</svg>", ""])


def _legend():
    x = MARGIN
    for words, colour in LEGEND:
        yield (f'<rect x="{x}" y="34" width="12" height="12" fill="{colour}"/>'
               f'<text x="{x + 17}" y="44">{escape(words)}</text>')
        x += 40 + 6.5 * len(words)


def _boxes(box, x, y, scale, whole, least):
    width = box.samples * scale
    share = f"{box.name}: {100 * box.samples / whole:.1f} %"
    letters = int((width - 6) / 6.2)
    words = box.name if len(box.name) <= letters else box.name[:letters - 1] + "…" if letters > 3 else ""
    yield (f'<g><title>{escape(share)}</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.2):.1f}" '
           f'height="{ROW - 1}" fill="{_colour(box.library)}"/>'
           + (f'<text x="{x + 3:.1f}" y="{y + 12}">{escape(words)}</text>' if words else "") + "</g>")
    for callee in sorted(box.wide_callees(least), key=lambda one: -one.samples):
        yield from _boxes(callee, x, y - ROW, scale, whole, least)
        x += callee.samples * scale


def _colour(library):
    return next((colour for start, colour in COLOURS if library.startswith(start)), OTHERS)
