# SPDX-License-Identifier: Apache-2.0
"""Tiles while others want something heavy or far away, or nothing at all."""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import measure
from serve_cases import check, clients, disk, peers, race
from serve_cases.data import LAYER, MERCATOR
from serve_cases.requests import Unable
from serve_cases.servers import started

PACED_CONNECTIONS, PAUSE = 16, 8  # about 2,000 tiles a second, which each server of tiles can do
OTHER_CONNECTIONS = 8
CROWDS = (1000, 10000)


@dataclass
class Load:
    """A case: tiles at a steady pace, alone and then beside those who want `others`."""

    name: str
    title: str
    others: str
    goal: float | None = None  # p99 at most so many times that of tiles alone
    before: Callable = lambda: None  # before the server starts


@dataclass
class Turn:
    """Of one server: what is seen of tiles alone, of tiles beside the others, and of the others."""

    alone: clients.Seen
    beside: clients.Seen
    others: clients.Seen
    read: float  # megabytes that tiles alone had fetched from disk


# --- M: maps -------------------------------------------------------------------------------------


def mixed(bench):
    """M: beside maps as many as the server can make."""
    tiles = bench.data.base(MERCATOR)[:bench.some(None, 300)]
    maps = bench.data.maps(bench.some(500, 20), 1024, 768, media_type="image/png")
    able, notes = race.line_up(bench, tiles, lambda server: check.tiles(server, bench.data, tiles))
    lists = {}
    for name, (paths, _) in able.items():
        server = bench.server(name)
        try:
            heavy = [server.path(one) for one in maps]
        except Unable as reason:
            notes[name] = str(reason)
            continue
        if None not in heavy:
            lists[name] = _both_lists(bench, "M", server, paths, heavy)
    title = f"M: stored tiles at a steady pace, beside {OTHER_CONNECTIONS} clients that want maps of 1024x768 PNG"
    _run(bench, Load("M", title, "maps", goal=3), lists, notes)


# --- D: a slow disk ------------------------------------------------------------------------------


WARM = 300
ON_SLOW_DISK = {"nginx": [peers.nginx, peers.nginx_with_threads], "MapCache": [peers.mapcache],
                "ardoise": [peers.ardoise]}


def slow_disk(bench):
    """D: beside tiles that nobody has read yet, all of them on a slow disk."""
    folder = bench.scratch / "slow-disk"
    folder.mkdir()
    try:
        with disk.slow(bench.data, folder) as place:
            moved = bench.data.lying_in(place)
            makers = [make for server in bench.servers for make in ON_SLOW_DISK.get(server.name, [])]
            _beside_cold_tiles(replace(bench, servers=[make(moved, folder) for make in makers]), place)
    except disk.NoSlowDisk as reason:
        print(f"**D** is left out, there is no slow disk: {reason}.\n", flush=True)


def _beside_cold_tiles(bench, place):
    warm = bench.data.base(LAYER)[:WARM]
    cold = sorted({*bench.data.stored(LAYER), *bench.data.stored(MERCATOR)} - set(warm), key=str)
    random.Random(7).shuffle(cold)
    disk.recall(place)  # for the check
    able, notes = race.line_up(bench, warm + cold, lambda server: check.tiles(server, bench.data, warm + cold))
    lists = {name: _both_lists(bench, "D", bench.server(name), paths[:len(warm)], paths[len(warm):])
             for name, (paths, _) in able.items()}
    title = (f"D: {WARM} stored tiles that are in memory at a steady pace, beside {OTHER_CONNECTIONS} clients that want "
             f"others, each once, from a disk whose reads take {disk.MILLISECONDS} ms")
    figures = _run(bench, Load("D", title, "cold tiles", before=lambda: disk.forget(place)), lists, notes)
    _warn(figures, lambda turn: turn.read > 0,
          "some warm tiles were read again before anybody asked for cold ones; this machine takes memory away that is in use")
    _warn(figures, lambda turn: turn.others.good + turn.others.errors > len(cold),
          f"the {len(cold):,} cold tiles came round again, and were warm; a larger --city has more")


def _warn(figures, is_spoilt, warning):
    if names := [name for name, turns in figures.items() if any(map(is_spoilt, turns))]:
        print(f"{', '.join(names)}: {warning}.\n", flush=True)


# --- what both have in common --------------------------------------------------------------------


def _both_lists(bench, case, server, tiles, others):
    """Of the tiles at a steady pace, and of what is asked for beside them."""
    return (race.store_list(bench, f"{case}-tiles", server, tiles),
            race.store_list(bench, f"{case}-others", server, others))


def _run(bench, load, lists, notes):
    """The rounds, the table, and what goes to the plot. Gives what was seen."""
    figures = {name: [] for name in lists}
    for number, name in measure.take_turns(list(lists), bench.rounds):
        print(f"{load.name}, round {number + 1} of {bench.rounds}: {name}", file=sys.stderr)
        load.before()
        figures[name].append(_turn(bench, bench.server(name), *lists[name]))
    _report(load, figures, notes)
    bench.ratios[load.name] = race.Ratios("the same tiles alone (p99)", load.goal and 1 / load.goal, {
        name: race.low_middle_high([turn.alone.p99 / turn.beside.p99 for turn in turns])
        for name, turns in figures.items()})
    return figures


def _turn(bench, server, tiles, others):
    with started(server) as running:
        clients.once(server.listen, tiles.read_text().split(), PACED_CONNECTIONS)
        read = measure.megabytes_read(running.own)
        alone = _paced(bench, server, tiles)
        read = measure.megabytes_read(running.own) - read
        with clients.asking(server.listen, others, bench.seconds + 1, OTHER_CONNECTIONS) as of_others:
            beside = _paced(bench, server, tiles)
            return Turn(alone, beside, of_others(), read)


def _paced(bench, server, tiles):
    return clients.wrk(server.listen, tiles, bench.seconds, PACED_CONNECTIONS, pause=PAUSE)


def _report(load, figures, notes):
    def row(name, turns):
        alone, beside, others = zip(*((turn.alone, turn.beside, turn.others) for turn in turns))
        return [name, _middle(alone, lambda seen: seen.p99), _middle(beside, lambda seen: seen.p50),
                _middle(beside, lambda seen: seen.p99), _middle(beside, lambda seen: seen.p999),
                measure.ratios([seen.p99 for seen in beside], [seen.p99 for seen in alone]),
                _middle(alone, _rate), _middle(beside, _rate), _middle(others, _rate),
                _errors(alone + beside), _errors(others)]

    heads = ["", "p99 ms alone", f"p50 ms beside {load.others}", "p99 ms", "p99.9 ms", "p99 beside against alone",
             "tiles a second alone", f"beside {load.others}", f"{load.others} a second", "errors of tiles",
             f"of {load.others}"]
    print(f"**{load.title}**" + (f" (goal: p99 at most {load.goal} x alone)" if load.goal else "") + "\n")
    measure.table(heads, [*(row(name, turns) for name, turns in figures.items()),
                          *([name, *["-"] * (len(heads) - 1)] for name in notes)])
    race.print_notes(notes)


def _middle(seen, figure):
    return race.middle([figure(one) for one in seen])


def _rate(seen):
    return seen.good / seen.seconds


def _errors(seen):
    return f"{sum(one.errors for one in seen):,}"


# --- C: many connections -------------------------------------------------------------------------


CROWDED = ("nginx", "ardoise", "MapCache")


@dataclass
class Crowded:
    """A turn of one server with a crowd at its door."""

    alone: clients.Seen
    beside: clients.Seen
    came: int
    stayed: int
    megabytes: float  # that the crowd has cost

    @property
    def kilobytes_each(self):
        return 1024 * self.megabytes / max(self.came, 1)


def crowds(bench):
    """C: every other connection idle, the others sending a byte a second, while tiles are asked for."""
    tiles = bench.data.base(MERCATOR)[:bench.some(None, 300)]
    crowded = replace(bench, servers=[server for server in bench.servers if server.name in CROWDED])
    able, _ = race.line_up(crowded, tiles, lambda server: check.tiles(server, bench.data, tiles))
    lists = race.stored_lists(bench, "C", able)
    for count in CROWDS:
        figures = {name: [] for name in lists}
        for number, name in measure.take_turns(list(lists), bench.rounds):
            print(f"C with {count:,}, round {number + 1} of {bench.rounds}: {name}", file=sys.stderr)
            figures[name].append(_crowded_round(bench, bench.server(name), lists[name], count))
        _report_crowd(count, figures)
        lists = _those_that_still_answer(lists, figures)
        bench.ratios[f"C-{count}"] = race.Ratios("the same tiles alone (p99)", None, {
            name: race.low_middle_high([one.alone.p99 / one.beside.p99 for one in runs])
            for name, runs in figures.items()})


def _those_that_still_answer(lists, figures):
    """Who is shut by one crowd is not asked with a larger one."""
    shut = [name for name, runs in figures.items() if not any(one.beside.good for one in runs)]
    if shut:
        print(f"{', '.join(shut)}: no tile came through this crowd, so a larger one is not tried.\n", flush=True)
    return {name: paths for name, paths in lists.items() if name not in shut}


def _crowded_round(bench, server, tiles, count):
    with started(server) as running:
        clients.wrk(server.listen, tiles, 1, PACED_CONNECTIONS)
        alone = _paced(bench, server, tiles)
        before = measure.memory(running.own).own
        path = tiles.read_text().partition("\n")[0]
        with clients.crowd(server.listen, path, count - PACED_CONNECTIONS) as (came, still_open):
            cost = measure.memory(running.own).own - before
            return Crowded(alone, _paced(bench, server, tiles), came, still_open(), cost)


def _report_crowd(count, figures):
    print(f"**C: {count:,} connections, idle and slow, and tiles at a steady pace on {PACED_CONNECTIONS} of them**\n")
    measure.table(["", "came", "still there", "kB a connection", "p99 ms alone", "p50 ms with the crowd", "p99 ms",
                   "p99.9 ms", "tiles a second", "errors"],
                  [[name, f"{min(one.came for one in runs):,}", f"{min(one.stayed for one in runs):,}",
                    race.middle([one.kilobytes_each for one in runs]),
                    *(race.middle([figure(one) for one in runs]) for figure in (
                        lambda one: one.alone.p99, lambda one: one.beside.p50, lambda one: one.beside.p99,
                        lambda one: one.beside.p999, lambda one: _rate(one.beside))),
                    _errors([one.beside for one in runs])] for name, runs in figures.items()])
    print("MapProxy is not asked: a slow client holds a thread of gunicorn, which wants a front for them. MapServer and "
          "QGIS Server have nginx for a front.\n", flush=True)
