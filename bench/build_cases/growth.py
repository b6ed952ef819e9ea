# SPDX-License-Identifier: Apache-2.0
"""Does a build cost in proportion to its sources, and what would that be for a whole city?"""

import statistics

import measure
from build_cases import bench, sources
from build_cases.bench import INFRARED, PEAK, PICTURE, WALL, Contender, ardoise_build

ANGERS = 17_519
"""Dalles of 4000 x 4000 px, four bands."""


def growth(terms):
    dalles = terms.dalles(usual="4x4", quick="2x2")
    sides = (1, 2, 4) if terms.quick else (1, 2, 4, 8)
    sizes = {f"dalles: {side * side}": sources.repeated(dalles, side) for side in sides}
    store = terms.folder / "store"
    outcomes = bench.compare(
        [Contender(name, [ardoise_build(folder, "2154_5cm", store, "--product", PICTURE, "--product", INFRARED)], store,
                   sources.megapixels(sources.files_of(folder))) for name, folder in sizes.items()], terms.rounds)

    print("**RGB and IRC of the same dalle in one place and in many**\n")
    before = dict(zip(list(sizes)[1:], sizes))
    measure.table(["", "Mpx of dalles", "CPU s per Mpx", "against the size before, %", "wall s", "peak memory MB"],
                  [[name, measure.number(runs[0].megapixels), _spread_of_costs(runs),
                    _deviation(runs, outcomes[before[name]]) if name in before else "-", WALL[1](runs), PEAK[1](runs)]
                   for name, runs in outcomes.items()])
    largest = list(sizes)[-1]
    extrapolate(outcomes[largest], bench.bytes_below(sizes[largest]))


def costs(runs):
    """CPU-seconds per Mpx of dalles, round by round."""
    return [run.used.cpu / run.megapixels for run in runs]


def _spread_of_costs(runs):
    values = costs(runs)
    return f"{statistics.median(values):.4f} ({min(values):.4f} to {max(values):.4f})"


def _deviation(runs, smaller):
    """What a pixel costs more (or less) than at the size before: 0 is linear."""
    values = [100 * (cost / less - 1) for cost, less in zip(costs(runs), costs(smaller))]
    return f"{statistics.median(values):+.1f} ({min(values):+.1f} to {max(values):+.1f})"


def extrapolate(runs, bytes_read):
    """What ANGERS would take by the cost of the largest size."""
    megapixels = ANGERS * 16
    share = megapixels / runs[0].megapixels
    seconds = statistics.median(costs(runs)) * megapixels
    print(f"**{ANGERS:,} dalles of 16 Mpx (Angers), RGB and IRC, by the cost of the largest size**\n")
    print("Assumed: a pixel costs what it did there; dalles compress as that one; cores add up in full; disks keep up with "
          f"the rate stated. {bytes_read * share / 1e12:.2f} TB would be read, "
          f"{statistics.median(run.megabytes for run in runs) * share / 1e3:.0f} GB written.\n")
    measure.table(["cores of this kind", "hours", "MB/s read from disks"],
                  [[str(cores), measure.number(seconds / cores / 3600),
                    measure.number(bytes_read * share / 1e6 / (seconds / cores))] for cores in (1, 2, 8, 32)])
