# SPDX-License-Identifier: Apache-2.0
"""Servers that answer the same requests in turn, round by round, and the table that comes of it."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import measure
from serve_cases import clients, flames
from serve_cases.clients import Seen
from serve_cases.requests import Unable
from serve_cases.servers import Server, started

CODEC_LIMITS = measure.RELEASE / "bin" / "codec_limits"


@dataclass
class Bench:
    """What the command line says, what all serve from, and what goes to the plot."""

    data: object
    servers: list
    rounds: int
    seconds: int
    quick: bool
    folder: Path  # lists of requests
    scratch: Path  # for what servers are set up with; gone at the end
    flames: Path | None = None  # folder for the pictures of where our time goes
    ratios: dict = field(default_factory=dict)  # {case: Ratios}

    def server(self, name):
        """One of them, or nothing where it was not asked to come."""
        return next((server for server in self.servers if server.name == name), None)

    def some(self, many, few):
        """How many, for figures or to see that all works."""
        return few if self.quick else many


@dataclass
class Ratios:
    """Of a case: what all are held against, what Ardoise aims at, and each one's (lowest, median, highest)."""

    reference: str
    goal: float | None
    of: dict


@dataclass
class Limit:
    """What the codecs alone can do: a program of ours that takes its turns like a server."""

    name: str
    what: str  # as codec_limits calls it
    folder: Path


@dataclass
class Outcome:
    """One turn. A limit has nothing but work and time."""

    good: int
    cpu: float
    seen: Seen | None = None
    front: float = 0  # CPU-seconds of nginx before FastCGI programs
    read: float = 0  # megabytes from disk
    memory: measure.Memory | None = None

    @property
    def speed(self):
        return self.good / self.cpu


@dataclass
class Race:
    """A case: who is asked for what, and how."""

    name: str
    title: str
    reference: str  # the row that the others are held against
    ask: Callable  # (server, stored list) -> Seen
    goal: float | None = None
    against: str | None = None  # what the goal is held against, if that is another row
    limits: list = field(default_factory=list)
    warm: Callable | None = None  # asked before, not measured; nothing: the server has answered nothing yet
    before: Callable = lambda: None  # before the server starts
    answers: str = "requests"
    extra: list = field(default_factory=list)  # further columns: (head, cell of outcomes)


def store_list(bench, race_name, server, lines):
    """The fixed list of requests, as a file for wrk and for whoever wants to ask again."""
    file = bench.folder / f"{race_name}.{server.file_name}"
    file.write_text("\n".join(lines) + "\n")
    return file


def line_up(bench, requests, check):
    """{server: (paths, what `check` says of it)}, and {name: why not} of those that cannot. Each is started once."""
    able, notes = {}, {}
    for server in bench.servers:
        try:
            paths = [server.path(wanted) for wanted in requests]
        except Unable as reason:
            notes[server.name] = str(reason)
            continue
        if None in paths:
            continue
        print(f"checking {server.name}", file=sys.stderr)
        with started(server):
            able[server.name] = paths, check(server)
    return able, notes


def stored_lists(bench, name, able):
    """{server: the file with its list}."""
    return {one: store_list(bench, name, bench.server(one), paths) for one, (paths, _) in able.items()}


def findings(able):
    """{server: what its check has said}."""
    return {one: finding for one, (_, finding) in able.items()}


def run(bench, race, able, notes, likeness=None):
    """The rounds, the table, and what goes to the plot. `able`: {name: stored list of requests}."""
    contenders = race.limits + [bench.server(name) for name in able]
    outcomes = {contender.name: [] for contender in contenders}
    for number, contender in measure.take_turns(contenders, bench.rounds):
        print(f"{race.name}, round {number + 1} of {bench.rounds}: {contender.name}", file=sys.stderr)
        outcomes[contender.name].append(_turn(bench, race, contender, able.get(contender.name)))
    if bench.flames and "ardoise" in able:
        _draw_flames(bench, race, able["ardoise"])
    _report(race, outcomes, notes, likeness or {})
    _keep_ratios(bench, race, {name: [outcome.speed for outcome in runs] for name, runs in outcomes.items()})


def _turn(bench, race, contender, paths):
    if isinstance(contender, Server):
        return _serve(race, contender, paths)
    command = [CODEC_LIMITS, contender.folder, contender.what, bench.seconds]
    done = subprocess.run(measure.pinned(measure.cores()[0], command), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    answer = json.loads(done.stdout)
    return Outcome(answer["maps"], answer["cpu_seconds"])


def _draw_flames(bench, race, paths):
    """One turn more, which counts for nothing else."""
    server = bench.server("ardoise")
    race.before()
    with started(server) as running:
        if race.warm:
            race.warm(server, paths)
        with flames.recorded(running.own, bench.flames / f"flames-{race.name}.svg", race.title):
            race.ask(server, paths)


def _serve(race, server, paths):
    """The server started afresh, warmed up, measured, stopped."""
    race.before()
    with started(server) as running:
        if race.warm:
            race.warm(server, paths)
        own, front = measure.cpu_seconds(running.own), measure.cpu_seconds(running.front)
        read = measure.megabytes_read(running.own)
        seen = race.ask(server, paths)
        outcome = Outcome(seen.good, measure.cpu_seconds(running.own) - own, seen,
                          measure.cpu_seconds(running.front) - front, measure.megabytes_read(running.own) - read,
                          measure.memory(running.own))
    if not seen.good:
        sys.exit(f"{race.name}: {server.name} has given no good answer, {seen.errors} errors")
    return outcome


def _keep_ratios(bench, race, figures):
    """For the plot. Against what the goal is set by, where that is there."""
    reference, goal = race.against or race.reference, race.goal
    if reference not in figures:
        reference, goal = race.reference, None
    if reference in figures:
        bench.ratios[race.name] = Ratios(reference, goal, {
            one: low_middle_high([mine / other for mine, other in zip(values, figures[reference])])
            for one, values in figures.items() if one != reference})


def low_middle_high(values):
    return min(values), statistics.median(values), max(values)


# --- the table -----------------------------------------------------------------------------------


def _report(race, outcomes, notes, likeness):
    columns = [(f"{race.answers} per CPU-second", lambda runs: measure.spread([one.speed for one in runs])),
               *_ratio_columns(race, outcomes),
               ("a second", _of_seen(lambda seen: seen.good / seen.seconds)),
               ("p50 ms", _of_seen(lambda seen: seen.p50)), ("p99 ms", _of_seen(lambda seen: seen.p99)),
               ("p99.9 ms", _of_seen(lambda seen: seen.p999)), ("errors", _errors), ("own memory MB", _memory)]
    if any(one.front for runs in outcomes.values() for one in runs):
        columns.append(("front's CPU, % more", _front))
    columns += race.extra
    rows = [[name, *(cell(runs) for _, cell in columns)] for name, runs in outcomes.items()]
    heads = ["", *(head for head, _ in columns)]
    if likeness:
        heads.append("PSNR dB")
        rows = [[*row, likeness.get(row[0], "-")] for row in rows]
    rows += [[name, *["-"] * (len(heads) - 1)] for name in notes]
    print(f"**{race.title}**{_goal(race)}\n")
    measure.table(heads, rows)
    print_notes(notes)


def print_notes(notes):
    """Why there are dashes."""
    if notes:
        print("; ".join(f"{name} {reason}" for name, reason in notes.items()) + ".\n", flush=True)


def _goal(race):
    return f" (goal: {race.goal} x {race.against or race.reference})" if race.goal else ""


def _ratio_columns(race, outcomes):
    """Against the reference, and against what the goal names where that is another row."""
    for other in dict.fromkeys([race.reference, race.against or race.reference]):
        if other in outcomes:
            yield f"against {other}", _against(outcomes[other])


def _against(others):
    return lambda runs: measure.ratios([one.speed for one in runs], [one.speed for one in others])


def middle(values):
    return measure.number(statistics.median(values))


def _of_seen(figure):
    return lambda runs: middle([figure(one.seen) for one in runs]) if runs[0].seen else "-"


def _errors(runs):
    return f"{sum(one.seen.errors for one in runs):,}" if runs[0].seen else "-"


def _memory(runs):
    return middle([one.memory.own for one in runs]) if runs[0].memory else "-"


def _front(runs):
    return f"{statistics.median([100 * one.front / one.cpu for one in runs]):.0f}" if runs[0].front else "-"


READ = ("MB read from disk", lambda runs: middle([one.read for one in runs]))


def by_wrk(bench, connections, close=False):
    """As fast as it goes for the bench's seconds."""
    return lambda server, paths: clients.wrk(server.listen, paths, bench.seconds, connections, close)


def warmed_by_wrk(connections, close=False):
    return lambda server, paths: clients.wrk(server.listen, paths, 1, connections, close)


def each_once(connections):
    """The stored list from its first line to its last."""
    return lambda server, paths: clients.once(server.listen, paths.read_text().split(), connections)
