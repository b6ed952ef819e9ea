# SPDX-License-Identifier: Apache-2.0
"""Whether the server's memory stays what it is while millions of requests go through it."""

import itertools
import sys
from dataclasses import replace

import measure
from serve_cases import check, clients, peers, race
from serve_cases.data import LAYER, MERCATOR
from serve_cases.requests import Capabilities
from serve_cases.servers import started

CONNECTIONS = 64
REQUESTS = 10_000_000
TILES_FOR_EACH_MAP = 1000


def memory(bench):
    """Ten million requests of all kinds with caches as they are by default, and what the server holds after each part."""
    server = replace(bench.server("ardoise"), listen=(listen := measure.free_address()),
                     command=peers.ardoise_command(bench.data.store, listen, keeps_maps=True))
    paths = race.store_list(bench, "memory", server, _lines(bench, server))
    wanted = bench.some(REQUESTS, REQUESTS // 100)
    asked, rows = 0, []
    with started(server) as running:
        while asked < wanted:
            print(f"memory: {asked:,} of {wanted:,} requests", file=sys.stderr)
            seen = clients.wrk(server.listen, paths, bench.seconds, CONNECTIONS)
            asked += seen.good + seen.errors
            held = measure.memory(running.own)
            rows.append([f"{asked:,}", measure.number(held.own), f"{seen.errors:,}"])
    print(f"**Memory over {wanted:,} requests**: stored tiles, 304, a map for each {TILES_FOR_EACH_MAP} of them, capabilities, "
          "addresses that are none (the errors)\n")
    measure.table(["requests so far", "own memory MB", "errors"], rows)


def _lines(bench, server):
    """A round of everything: tiles that are had and not had, maps, documents, mistakes."""
    tiles = bench.data.base(MERCATOR)[:bench.some(None, 300)]
    with started(server):
        known = check.tiles(server, bench.data, tiles)
    paths = [server.path(tile) for tile in tiles]
    maps = [server.path(one) for one in bench.data.maps(bench.some(100, 10), 256, 256, on_grid=False)]
    rare = [*maps, server.path(Capabilities()), f"/wmts/1.0.0/{LAYER}/default/none/0/0/0.jpg", "/nowhere"]
    common = itertools.cycle(zip(paths, known))
    lines = []
    for path in rare:
        for tile, header in itertools.islice(common, TILES_FOR_EACH_MAP // 2):
            lines += [tile, f"{tile} {header}"]
        lines.append(path)
    return lines
