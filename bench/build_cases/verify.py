# SPDX-License-Identifier: Apache-2.0
"""How many GB/s does `ardoise verify` read, when all lies in the page cache?"""

import sys

import measure
from build_cases.bench import ardoise_build, bytes_below

FORMATS = {"raw": "raw (large tiles)", "jpg": "jpg (small tiles)"}


def verify(terms):
    """A pyramid of 1 GB and more, and one of small tiles, which has more to look up for each byte."""
    dalles = terms.dalles(usual="4x4", quick="1x1")
    store = terms.folder / "store"
    for tile_format in FORMATS:
        print(f"building a pyramid of {tile_format}", file=sys.stderr)
        measure.run([ardoise_build(dalles, "2154_5cm", store, "--name", tile_format, "--bands", "1,2,3", "--format",
                                   tile_format)])
    gigabytes = {tile_format: bytes_below(store / tile_format, "*.tif") / 1e9 for tile_format in FORMATS}
    for tile_format in FORMATS:
        measure.run([command(store, tile_format)])  # into the page cache
    figures = {tile_format: [] for tile_format in FORMATS}
    for number, tile_format in measure.take_turns(list(FORMATS), terms.rounds):
        print(f"round {number + 1} of {terms.rounds}: {tile_format}", file=sys.stderr)
        figures[tile_format].append(measure.run([command(store, tile_format)]))

    print("**`ardoise verify` from the page cache** (goal: at least 1 GB/s)\n")
    measure.table(["tiles", "GB", "GB/s", "GB per CPU-second"],
                  [[FORMATS[name], measure.number(gigabytes[name]),
                    measure.spread([gigabytes[name] / used.wall for used in runs]),
                    measure.spread([gigabytes[name] / used.cpu for used in runs])]
                   for name, runs in figures.items()])


def command(store, name):
    return [measure.ARDOISE, "verify", store / f"{name}.json"]
