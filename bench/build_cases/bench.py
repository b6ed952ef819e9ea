# SPDX-License-Identifier: Apache-2.0
"""What the cases share: their terms, contenders that take turns, and the columns of their tables."""

import shutil
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

import measure

PICTURE, INFRARED = "ortho=1,2,3:jpg:85", "irc=4,1,2:jpg:85"
"""The two products of a flight."""


@dataclass
class Bench:
    """What the command line says, and an empty folder for the case."""

    given: str | None  # folder of the user's own dalles
    city: str | None
    rounds: int
    quick: bool
    folder: Path

    def dalles(self, usual, quick):
        """A folder of dalles: the user's own, or a sample city of the case's usual or quick size."""
        return measure.dalles(self.given, self.city or (quick if self.quick else usual))


@dataclass
class Contender:
    """Commands that write below `folder`, which is emptied for them."""

    name: str
    commands: list
    folder: Path
    megapixels: float  # of base level that they make, all products together
    environment: dict = field(default_factory=dict)


@dataclass
class Outcome:
    """What one run has used, the megabytes that it left, and how like the sources they are (where it was asked)."""

    used: measure.Used
    megapixels: float
    megabytes: float
    likeness: str = "-"  # PSNR, dB

    @property
    def speed(self):
        """Mpx of base level per CPU-second."""
        return self.megapixels / self.used.cpu


def ardoise_build(dalles, tile_matrix_set, store, *options):
    """The command that builds `dalles` into `store`."""
    return [measure.ARDOISE, "build", dalles, "--into", store, "--tms", tile_matrix_set, *options]


def bytes_below(folder, pattern="*"):
    return sum(file.stat().st_size for file in folder.rglob(pattern) if file.is_file())


def emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def run(contender):
    emptied(contender.folder)
    used = measure.run(contender.commands, contender.environment)
    return Outcome(used, contender.megapixels, bytes_below(contender.folder) / 1e6)


def compare(contenders, rounds, likeness_of=lambda contender: "-"):
    """Outcomes of each contender, round by round. Its likeness is taken in the first: it is the same in all."""
    outcomes = {contender.name: [] for contender in contenders}
    for number, contender in measure.take_turns(contenders, rounds):
        print(f"round {number + 1} of {rounds}: {contender.name}", file=sys.stderr)
        outcome = run(contender)
        if number == 0:
            outcome.likeness = likeness_of(contender)
        outcomes[contender.name].append(outcome)
    return outcomes


def speeds(outcomes):
    return [outcome.speed for outcome in outcomes]


def walls(outcomes):
    return [outcome.used.wall for outcome in outcomes]


def middle(values):
    return measure.number(statistics.median(values))


def print_table(outcomes, *columns):
    """A row for each contender. A column is its head and what it says of a contender's outcomes."""
    measure.table(["", *(head for head, _ in columns)],
                  [[name, *(cell(runs) for _, cell in columns)] for name, runs in outcomes.items()])


SPEED = ("Mpx per CPU-second", lambda runs: measure.spread(speeds(runs)))
CPU = ("CPU s", lambda runs: middle([one.used.cpu for one in runs]))
WALL = ("wall s", lambda runs: middle(walls(runs)))
PEAK = ("peak memory MB", lambda runs: middle([one.used.peak for one in runs]))
WRITTEN = ("MB written", lambda runs: middle([one.megabytes for one in runs]))
LIKENESS = ("PSNR dB", lambda runs: runs[0].likeness)
