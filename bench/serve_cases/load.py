# SPDX-License-Identifier: Apache-2.0
"""Tiles while others want something heavy, or nothing at all."""

import sys
from dataclasses import dataclass, replace

import measure
from serve_cases import check, clients, race
from serve_cases.data import MERCATOR
from serve_cases.requests import Unable
from serve_cases.servers import started

PACED_CONNECTIONS, PAUSE = 16, 8  # about 2,000 tiles a second, which each server of tiles can do
HEAVY_CONNECTIONS = 8
CROWDS = (1000, 10000)


def mixed(bench):
    """M: tiles at a steady pace, alone and then beside maps as many as the server can make."""
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
            lists[name] = (race.store_list(bench, "M-tiles", server, paths),
                           race.store_list(bench, "M-maps", server, heavy))
    figures = {name: [] for name in lists}
    for number, name in measure.take_turns(list(lists), bench.rounds):
        print(f"M, round {number + 1} of {bench.rounds}: {name}", file=sys.stderr)
        figures[name].append(_mixed_round(bench, bench.server(name), *lists[name]))
    _report_mixed(figures, notes)
    bench.ratios["M"] = race.Ratios("the same tiles alone (p99)", 1 / 3, {
        name: race.low_middle_high([alone.p99 / beside.p99 for alone, beside, _ in runs])
        for name, runs in figures.items()})


def _mixed_round(bench, server, tiles, maps):
    """What is seen of tiles alone, of tiles beside maps, and of the maps."""
    with started(server):
        clients.wrk(server.listen, tiles, 1, PACED_CONNECTIONS)
        alone = _paced(bench, server, tiles)
        with clients.asking(server.listen, maps, bench.seconds + 1, HEAVY_CONNECTIONS) as of_maps:
            beside = _paced(bench, server, tiles)
            return alone, beside, of_maps()


def _paced(bench, server, tiles):
    return clients.wrk(server.listen, tiles, bench.seconds, PACED_CONNECTIONS, pause=PAUSE)


def _report_mixed(figures, notes):
    def row(name, runs):
        alone, beside, maps = zip(*runs)
        return [name, _middle(alone, lambda seen: seen.p99), _middle(beside, lambda seen: seen.p50),
                _middle(beside, lambda seen: seen.p99), _middle(beside, lambda seen: seen.p999),
                measure.ratios([seen.p99 for seen in beside], [seen.p99 for seen in alone]),
                _middle(alone, _rate), _middle(beside, _rate), _middle(maps, _rate),
                _errors(alone + beside), _errors(maps)]

    heads = ["", "p99 ms alone", "p50 ms beside maps", "p99 ms", "p99.9 ms", "p99 beside against alone",
             "tiles a second alone", "beside maps", "maps a second", "errors of tiles", "of maps"]
    print(f"**M: stored tiles at a steady pace, beside {HEAVY_CONNECTIONS} clients that want maps of 1024x768 PNG** "
          "(goal: p99 at most 3 x alone)\n")
    measure.table(heads, [*(row(name, runs) for name, runs in figures.items()),
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
