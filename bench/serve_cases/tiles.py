# SPDX-License-Identifier: Apache-2.0
"""Stored tiles: one by one, asked for as maps, and by people who look around."""

import random

from serve_cases import check, clients, disk, race
from serve_cases.data import MERCATOR
from serve_cases.requests import Tile

CONNECTIONS = 64
COLS, ROWS = 5, 4  # tiles of a view


def keep_alive(bench):
    """T1."""
    _tiles(bench, race.Race("T1", "T1: stored JPEG tile, keep-alive", "nginx", race.by_wrk(bench, CONNECTIONS),
                            goal=1.3, warm=race.warmed_by_wrk(CONNECTIONS)))


def not_modified(bench):
    """T1 of a client that has the tile."""
    _tiles(bench, race.Race("T1-304", "T1: stored JPEG tile that the client has, 304", "nginx",
                            race.by_wrk(bench, CONNECTIONS), goal=1.3, warm=race.warmed_by_wrk(CONNECTIONS)), known=True)


def connection_each(bench):
    """T2."""
    _tiles(bench, race.Race("T2", "T2: stored JPEG tile, a connection each", "nginx",
                            race.by_wrk(bench, CONNECTIONS, close=True), goal=1.0,
                            warm=race.warmed_by_wrk(CONNECTIONS, close=True)))


def _tiles(bench, case, known=False):
    tiles = bench.data.base(MERCATOR)[:bench.some(None, 300)]
    able, notes = race.line_up(bench, tiles, lambda server: check.tiles(server, bench.data, tiles))
    lists = {}
    for server, (paths, headers) in able.items():
        lines = map(" ".join, zip(paths, headers)) if known else paths
        lists[server] = race.store_list(bench, case.name, bench.server(server), lines)
    race.run(bench, case, lists, notes)


def tile_as_map(bench):
    """G: GetMap whose box is a tile. nginx has the tile itself."""
    maps = bench.data.tile_maps()[:bench.some(None, 300)]

    def looked_at(server):
        if server.name != "nginx":
            return check.maps(server, bench.data, maps)
        check.tiles(server, bench.data, [one.tile for one in maps])
        return "-"

    able, notes = race.line_up(bench, maps, looked_at)
    race.run(bench, race.Race("G", "G: GetMap 256x256 JPEG that is a stored tile", "nginx",
                              race.by_wrk(bench, CONNECTIONS), goal=1.3, warm=race.warmed_by_wrk(CONNECTIONS)),
             race.stored_lists(bench, "G", able), notes, race.findings(able))


# --- V: views ------------------------------------------------------------------------------------


def viewports(bench):
    """V: somebody pans and zooms; of each view only the tiles that the view before had not."""
    views = _views(bench, bench.some(400, 40))
    tiles = sorted({tile for view in views for tile in view}, key=lambda tile: (tile.level, tile.col, tile.row))
    able, notes = race.line_up(bench, tiles, lambda server: check.tiles(server, bench.data, tiles))
    lists = {}
    for name in able:
        server = bench.server(name)
        lists[name] = race.store_list(bench, "V", server,
                                      ["\n".join(server.path(tile) for tile in view) + "\n" for view in views])

    def look(server, paths):
        views = paths.read_text().split("\n\n")
        return clients.in_views(server.listen, [view.split() for view in views if view.strip()])

    title = f"V: views of {COLS}x{ROWS} tiles (times are those of whole views)"
    race.run(bench, race.Race("V-warm", f"{title}, from the page cache", "nginx", look, warm=look, answers="tiles"),
             lists, notes)
    race.run(bench, race.Race("V-cold", f"{title}, files out of the page cache", "nginx", look, answers="tiles",
                              before=lambda: disk.forget(bench.data.folder), extra=[race.READ]), lists, notes)


def _views(bench, count):
    stored = set(bench.data.stored(MERCATOR))
    levels = sorted({level for level in {tile.level for tile in stored} if _extent(stored, level)[2] >= COLS})
    dice, views, before = random.Random(7), [], set()
    level = levels[0]
    col, row, wide, high = _extent(stored, level)
    col, row = col + wide // 2, row + high // 2
    while len(views) < count:
        view = {Tile(MERCATOR, level, col + x, row + y) for x in range(COLS) for y in range(ROWS)} & stored
        if new := sorted(view - before, key=lambda tile: (tile.col, tile.row)):
            views.append(new)
        before = view
        level, col, row = _move(dice, stored, levels, level, col, row)
    return views


def _move(dice, stored, levels, level, col, row):
    """Pans by some tiles, or zooms where the middle is; stays where there is data."""
    zoom = dice.choice((0, 0, 0, 0, 1, 1, -1))
    if zoom and level + zoom in levels:
        middle_col, middle_row = col + COLS // 2, row + ROWS // 2
        middle_col, middle_row = (2 * middle_col, 2 * middle_row) if zoom > 0 else (middle_col // 2, middle_row // 2)
        level, col, row = level + zoom, middle_col - COLS // 2, middle_row - ROWS // 2
    else:
        col, row = col + dice.randint(-3, 3), row + dice.randint(-2, 2)
    first_col, first_row, wide, high = _extent(stored, level)
    return (level, min(max(col, first_col), first_col + max(wide - COLS, 0)),
            min(max(row, first_row), first_row + max(high - ROWS, 0)))


def _extent(stored, level):
    """First column, first row, and how many of each."""
    cols = [tile.col for tile in stored if tile.level == level]
    rows = [tile.row for tile in stored if tile.level == level]
    return min(cols), min(rows), max(cols) - min(cols) + 1, max(rows) - min(rows) + 1
