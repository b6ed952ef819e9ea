# SPDX-License-Identifier: Apache-2.0
"""One read of the sources for several products, and one build on several cores."""

import os

import measure
from build_cases import bench, sources
from build_cases.bench import (CPU, INFRARED, PEAK, PICTURE, SPEED, WALL, WRITTEN, Contender, ardoise_build, speeds,
                               walls)


def two_products(terms):
    """RGB and infrared together, against RGB alone, and against one after the other."""
    dalles = terms.dalles(usual="4x4", quick="1x1")
    megapixels = sources.megapixels(sources.files_of(dalles))

    def build_of(*builds):
        """A build for each tuple of products."""
        return [ardoise_build(dalles, "2154_5cm", terms.folder / "store",
                              *(word for product in products for word in ("--product", product)))
                for products in builds]

    def contender(name, count, commands):
        return Contender(name, commands, terms.folder / "store", count * megapixels)

    alone, together = "RGB alone", "RGB and IRC from one read"
    outcomes = bench.compare([contender(alone, 1, build_of((PICTURE,))),
                              contender(together, 2, build_of((PICTURE, INFRARED))),
                              contender("RGB, then IRC", 2, build_of((PICTURE,), (INFRARED,)))], terms.rounds)
    one = speeds(outcomes[alone])
    print(f"**RGB and infrared of {megapixels:.0f} Mpx** (goal: from one read at least 1.6 times RGB alone)\n")
    bench.print_table(outcomes, ("Mpx of product per CPU-second", SPEED[1]),
                      ("against RGB alone", lambda runs: measure.ratios(speeds(runs), one)), CPU, WALL, PEAK, WRITTEN)


def cores(terms):
    """The same build on one thread, on two, and on all cores that there are."""
    dalles = terms.dalles(usual="4x4", quick="2x2")
    megapixels = sources.megapixels(sources.files_of(dalles))
    store = terms.folder / "store"
    outcomes = bench.compare(
        [Contender(f"--jobs {jobs}",
                   [ardoise_build(dalles, "2154_5cm", store, "--product", PICTURE, "--jobs", jobs)], store, megapixels)
         for jobs in sorted({1, 2, os.cpu_count()})], terms.rounds)
    one = walls(outcomes["--jobs 1"])
    print(f"**Threads** ({megapixels:.0f} Mpx, RGB)\n")
    bench.print_table(outcomes, WALL, ("times faster than --jobs 1", lambda runs: measure.ratios(one, walls(runs))), CPU,
                      SPEED, PEAK)
