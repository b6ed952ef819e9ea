# SPDX-License-Identifier: Apache-2.0
"""What does an update cost when thirty dalles out of ten thousand have changed?"""

import os
import shutil
import statistics
import sys

import measure
from build_cases import sources
from build_cases.bench import PICTURE, ardoise_build, emptied, middle

REPLACED = 30


def update(terms):
    side = 20 if terms.quick else 100
    kept = sources.scattered(side)
    dalles, store = terms.folder / "dalles", terms.folder / "store"
    descriptor = store / "ortho.json"
    steps = {
        f"start of a build (--dry-run): {side * side:,} files to be opened":
            lambda _: ardoise_build(dalles, "2154_5cm", store, "--product", PICTURE, "--dry-run"),
        "build": lambda _: ardoise_build(dalles, "2154_5cm", store, "--product", PICTURE),
        "start of an update (--dry-run): all known, none changed":
            lambda _: [measure.ARDOISE, "update", descriptor, "--dry-run"],
        f"update, {REPLACED} dalles replaced": lambda number: replaced(dalles, number, descriptor)}
    figures = {name: [] for name in steps}
    for number in range(terms.rounds):
        emptied(store)
        shutil.rmtree(dalles, ignore_errors=True)
        shutil.copytree(kept, dalles, copy_function=os.link)
        for name, command in steps.items():
            print(f"round {number + 1} of {terms.rounds}: {name}", file=sys.stderr)
            figures[name].append(measure.run([command(number)]))

    print(f"**{side * side:,} dalles of 0.01 Mpx, each in a patch of its own**\n")
    whole = figures["build"]
    measure.table(["", "wall s", "CPU s", "share of the build's CPU, %"],
                  [[name, middle([used.wall for used in runs]), middle([used.cpu for used in runs]),
                    f"{statistics.median(100 * used.cpu / all_of_it.cpu for used, all_of_it in zip(runs, whole)):.2f}"]
                   for name, runs in figures.items()])


def replaced(dalles, number, descriptor):
    """Replaces dalles, and gives the command that brings the pyramid up to date."""
    sources.replace_scattered(dalles, REPLACED, seed=2 + number)
    return [measure.ARDOISE, "update", descriptor]
