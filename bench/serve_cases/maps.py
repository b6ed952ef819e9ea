# SPDX-License-Identifier: Apache-2.0
"""Maps: cut out, reprojected, between levels, as PNG; held against what their codecs alone would take."""

from serve_cases import check, race
from serve_cases.data import CELL, LAYER
from serve_cases.race import Limit, Race

CONNECTIONS = 8
WARM_SIDE = 4096  # pixels: the square whose tiles are decoded again and again
WHOLE, ENCODED = "decode, crop, encode", "encode alone"
PNG_LIMIT = "PNG, UP filter, libdeflate 1"


def _limits(bench, **named):
    folder = bench.data.base_folder(LAYER)
    return [Limit(name, what, folder) for what, name in named.items()]


def _compete(bench, case, maps):
    able, notes = race.line_up(bench, maps, lambda server: check.maps(server, bench.data, maps))
    race.run(bench, case, race.stored_lists(bench, case.name, able), notes, race.findings(able))


def _again(bench, name, title, reference, maps, **more):
    """Over and over; to see that all works once is enough, and ends on a machine that is busy too."""
    ask, warm = race.by_wrk(bench, CONNECTIONS), race.warmed_by_wrk(CONNECTIONS)
    if bench.quick:
        ask = warm = race.each_once(CONNECTIONS)
    _compete(bench, Race(name, title, reference, ask, warm=warm, answers="maps", **more), maps)


def cold(bench):
    """T3 of tiles that nobody has decoded: each box once, none has a tile of another one."""
    _compete(bench, Race("T3-cold", "T3: GetMap 512x512 JPEG, native scale, on the pixel grid, each tile for the first "
                         "time", WHOLE, race.each_once(CONNECTIONS), goal=1.2, answers="maps",
                         limits=_limits(bench, map=WHOLE, encode=ENCODED)),
             bench.data.apart(512)[:bench.some(None, 24)])


def warm(bench):
    """T3 again and again in the same place."""
    _again(bench, "T3-warm", "T3: GetMap 512x512 JPEG, native scale, on the pixel grid, where all has been seen before "
           f"(at most {WARM_SIDE}x{WARM_SIDE} px)", WHOLE,
           bench.data.maps(bench.some(4000, 20), 512, 512, within=WARM_SIDE), goal=2,
           limits=_limits(bench, map=WHOLE, encode=ENCODED))


def off_grid(bench):
    """T3s."""
    _again(bench, "T3s", "T3s: GetMap 512x512 JPEG, native scale, off the pixel grid", WHOLE,
           bench.data.maps(bench.some(1000, 20), 512, 512, on_grid=False), limits=_limits(bench, map=WHOLE))


def png(bench):
    """T4."""
    _again(bench, "T4", "T4: GetMap 1024x768 PNG, native scale, on the pixel grid", PNG_LIMIT,
           bench.data.maps(bench.some(500, 12), 1024, 768, media_type="image/png"), goal=2, against="MapServer",
           limits=_limits(bench, png=PNG_LIMIT))


def reprojected(bench):
    """T5."""
    _again(bench, "T5", "T5: GetMap 512x512 JPEG in EPSG:3857 from Lambert-93", WHOLE,
           bench.data.mercator_maps(bench.some(1000, 20), 512), goal=4, against="MapServer",
           limits=_limits(bench, map=WHOLE))


def between_levels(bench):
    """T6."""
    _again(bench, "T6", "T6: GetMap 256x256 JPEG between two levels (7 cm)", WHOLE,
           bench.data.maps(bench.some(1000, 20), 256, 256, cell=1.4 * CELL, on_grid=False), goal=1,
           limits=_limits(bench, between=WHOLE))


def other_set(bench):
    """R."""
    _again(bench, "R", "R: tiles of WebMercatorQuad out of the pyramid in Lambert-93 (MapServer and QGIS Server: the "
           "same as GetMap)", WHOLE, bench.data.web_tiles()[:bench.some(1000, 20)], limits=_limits(bench, tile=WHOLE))
