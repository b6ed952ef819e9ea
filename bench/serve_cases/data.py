# SPDX-License-Identifier: Apache-2.0
"""What all serve from: one city as two pyramids, as files of tiles and as a GeoTIFF; and what is right."""

import copy
import json
import os
import random
import shutil
import sys
from dataclasses import dataclass

import numpy
from osgeo import gdal, osr

import measure
from build_cases.sources import made_once, mosaic
from serve_cases.requests import Map, Tile, WebTile

LAYER, MERCATOR = "ortho", "mercator"
BASE_SETS = {LAYER: "2154_5cm", MERCATOR: "PM_5cm"}
"""The pyramids, and the set that each is built in."""

CELL = 0.05  # metres of Lambert-93, as the dalles have it
TILE = 256
COARSE = 16  # pixels that one sample of the coverage stands for
SEED = 20221
MOST_DRAWS = 1_000_000
EARTH = 20037508.342789244  # half its girth in Web Mercator


@dataclass
class Grid:
    """A tile matrix set as other servers want to hear it."""

    name: str
    crs: str
    box: list  # left, bottom, right, top of the matrix at level 0
    cells: list  # metres a pixel, level by level

    @staticmethod
    def of(name):
        matrices = json.loads((measure.ROOT / "pyramid/grid/sets" / f"{name}.json").read_text())
        left, top = matrices["tileMatrices"][0]["pointOfOrigin"]
        cells = [matrix["cellSize"] for matrix in matrices["tileMatrices"]]
        side = cells[0] * TILE
        return Grid(name, matrices["crs"], [left, top - side, left + side, top], cells)


class Data:
    """All of it, made when absent and kept."""

    def __init__(self, dalles, name):
        self.folder = made_once(measure.WORK / f"serve-{name}", lambda folder: _make(dalles, folder))
        self.store, self.files = self.folder / "store", self.folder / "files"
        self.geotiff, self.source = self.folder / "city.tif", gdal.Open(str(self.folder / "dalles.vrt"))
        self.grids = {layer: Grid.of(set_name) for layer, set_name in BASE_SETS.items()}
        left, _, _, top, _, _ = self.source.GetGeoTransform()
        self.extent = (left, top - self.source.RasterYSize * CELL, left + self.source.RasterXSize * CELL, top)
        self.covered = numpy.load(self.folder / "covered.npy")
        self._to_lambert = _transformation(3857, 2154)
        self._to_mercator = _transformation(2154, 3857)

    def lying_in(self, folder):
        """The same, but for where store and files are."""
        moved = copy.copy(self)
        moved.store, moved.files = folder / "store", folder / "files"
        return moved

    # --- where there is data ---

    def is_whole(self, box):
        """Whether a box of Lambert-93 holds nothing but data."""
        left, bottom, right, top = box
        step = CELL * COARSE
        first_col, first_row = int((left - self.extent[0]) / step) - 1, int((self.extent[3] - top) / step) - 1
        last_col, last_row = int((right - self.extent[0]) / step) + 1, int((self.extent[3] - bottom) / step) + 1
        rows, cols = self.covered.shape
        return (first_col >= 0 and first_row >= 0 and last_col < cols and last_row < rows
                and bool(self.covered[first_row:last_row + 1, first_col:last_col + 1].all()))

    def stored(self, layer):
        """Every tile that has a file, level by level."""
        return [Tile(layer, int(file.parts[-3]), int(file.parts[-2]), int(file.stem))
                for file in sorted((self.files / layer).glob("*/*/*.jpg"))]

    def base(self, layer):
        """The stored tiles of the finest level, in a fixed random order."""
        tiles = self.stored(layer)
        finest = max(tile.level for tile in tiles)
        tiles = [tile for tile in tiles if tile.level == finest]
        random.Random(SEED).shuffle(tiles)
        return tiles

    def base_folder(self, layer):
        return self.files / layer / str(self.base(layer)[0].level)

    def bytes_of(self, tile):
        return (self.files / tile.layer / str(tile.level) / str(tile.col) / f"{tile.row}.jpg").read_bytes()

    # --- what is asked for ---

    def maps(self, count, width, height, cell=CELL, on_grid=True, media_type="image/jpeg", within=None):
        """Different boxes of Lambert-93 at random, wholly of data; `within` a square of so many pixels of their base."""
        dice = random.Random(SEED)
        left, bottom, right, top = self.extent if within is None else self._square(within)

        def draw():
            x, y = dice.uniform(left, right - width * cell), dice.uniform(bottom, top - height * cell)
            if on_grid:
                x, y = (origin + round((edge - origin) / cell) * cell for edge, origin in zip((x, y), self.extent))
            box = (x, y, x + width * cell, y + height * cell)
            return box, Map("EPSG:2154", written(box, 2 if on_grid else 4), width, height, media_type)

        return self._drawn(count, draw)

    def _drawn(self, count, draw):
        """As many maps as `draw` gives of boxes (of Lambert-93) that are wholly of data."""
        found = []
        for _ in range(MOST_DRAWS):
            box, wanted = draw()
            if self.is_whole(box):
                found.append(wanted)
            if len(found) == count:
                return found
        sys.exit("the dalles have hardly any place for maps without holes; take more of them (--city 4x4)")

    def _square(self, side):
        """The first square of so many pixels that is wholly of data; where there is none, one of half the side."""
        left, bottom, right, top = self.extent
        metres, step = side * CELL, TILE * CELL
        for col in range(int((right - left - metres) / step) + 1):
            for row in range(int((top - bottom - metres) / step) + 1):
                box = (left + col * step, top - row * step - metres, left + col * step + metres, top - row * step)
                if self.is_whole(box):
                    return box
        return self._square(side // 2)

    def apart(self, side):
        """Boxes of the base level that have no tile in common, all of them, at random places of their tiles."""
        dice, found = random.Random(SEED), []
        metres, pace = TILE * CELL, -(-side // TILE) + 1
        grid_left, grid_top = self.grids[LAYER].box[0], self.grids[LAYER].box[3]
        first_col, first_row = int((self.extent[0] - grid_left) / metres), int((grid_top - self.extent[3]) / metres)
        last_col, last_row = int((self.extent[2] - grid_left) / metres), int((grid_top - self.extent[1]) / metres)
        for col in range(first_col, last_col, pace):
            for row in range(first_row, last_row, pace):
                x = grid_left + col * metres + dice.randrange(1, TILE) * CELL
                y = grid_top - row * metres - dice.randrange(1, TILE) * CELL - side * CELL
                box = (x, y, x + side * CELL, y + side * CELL)
                if self.is_whole(box):
                    found.append(Map("EPSG:2154", written(box, 2), side, side))
        dice.shuffle(found)
        return found

    def mercator_maps(self, count, side):
        """Boxes of EPSG:3857 at the scale of the base level."""
        cell, dice = self.grids[MERCATOR].cells[self.base(MERCATOR)[0].level], random.Random(SEED)

        def draw():
            x, y, _ = self._to_mercator.TransformPoint(dice.uniform(self.extent[0], self.extent[2]),
                                                       dice.uniform(self.extent[1], self.extent[3]))
            box = (x, y, x + side * cell, y + side * cell)
            return self._in_lambert(box), Map("EPSG:3857", written(box, 4), side, side)

        return self._drawn(count, draw)

    def web_tiles(self):
        """Tiles of WebMercatorQuad wholly of data, at the level next to the base level, in a fixed random order."""
        level = self.base(MERCATOR)[0].level
        side = 2 * EARTH / 2**level
        found = []
        for tile in self.base(MERCATOR):  # the matrices of both sets are the same
            left, top = tile.col * side - EARTH, EARTH - tile.row * side
            box = (left, top - side, left + side, top)
            if self.is_whole(self._in_lambert(box)):
                found.append(WebTile(level, tile.col, tile.row, Map("EPSG:3857", written(box, 9), TILE, TILE)))
        return found

    def tile_maps(self):
        """GetMap whose box is a tile of the base level."""
        grid, found = self.grids[LAYER], []
        for tile in self.base(LAYER):
            side = grid.cells[tile.level] * TILE
            left, top = grid.box[0] + tile.col * side, grid.box[3] - tile.row * side
            box = (left, top - side, left + side, top)
            if self.is_whole(box):
                found.append(Map("EPSG:2154", written(box, 2), TILE, TILE, tile=tile))
        return found

    def _in_lambert(self, box):
        """What a box of EPSG:3857 lies within."""
        left, bottom, right, top = box
        corners = [self._to_lambert.TransformPoint(x, y) for x in (left, right) for y in (bottom, top)]
        return (min(x for x, *_ in corners), min(y for _, y, _ in corners),
                max(x for x, *_ in corners), max(y for _, y, _ in corners))

    # --- what is right ---

    def truth(self, wanted):
        """The pixels of a map, every place computed, from the dalles."""
        warped = gdal.Warp("", self.source, format="MEM", dstSRS=wanted.crs, outputBounds=wanted.numbers(),
                           width=wanted.width, height=wanted.height, resampleAlg="bilinear", errorThreshold=0)
        return warped.ReadAsArray()[:3].astype(float)


def written(box, decimals):
    return tuple(f"{edge:.{decimals}f}" for edge in box)


def _transformation(source, target):
    systems = []
    for code in (source, target):
        system = osr.SpatialReference()
        system.ImportFromEPSG(code)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        systems.append(system)
    return osr.CoordinateTransformation(*systems)


def _make(dalles, folder):
    vrt = mosaic(dalles, folder)
    for layer, set_name in BASE_SETS.items():
        _run(measure.ARDOISE, "build", dalles, "--into", folder / "store", "--name", layer, "--tms", set_name, "--bands",
             "1,2,3", "--format", "jpg", "--quality", "85")
        _run(measure.ARDOISE, "export", folder / "store" / f"{layer}.json", "--to",
             folder / "files" / layer / "{z}" / "{x}" / "{y}.jpg")
    for tile in (folder / "files").rglob("*.jpg"):
        os.link(tile, tile.with_suffix(".jpeg"))  # as MapProxy's cache wants them called
    # Uncompressed and tiled: what MapServer and QGIS Server are quickest with.
    _run("gdal_translate", "-q", "-mask", "none", "-co", "TILED=YES", "-co", "BIGTIFF=IF_SAFER", vrt, folder / "city.tif")
    _run("gdaladdo", "-q", "-r", "average", folder / "city.tif", 2, 4, 8, 16, 32)
    _save_coverage(vrt, folder / "covered.npy")
    shutil.copy(next((folder / "files" / LAYER).glob("*/*/*.jpg")), folder / "files" / "ready.jpg")


def _run(*command):
    measure.run([command])


def _save_coverage(vrt, file):
    """Whether there is data, for each square of COARSE pixels: every pixel of it is looked at."""
    dataset = gdal.Open(str(vrt))  # kept: a band does not keep it
    mask = dataset.GetRasterBand(1).GetMaskBand()
    rows = []
    for row in range(0, mask.YSize - COARSE + 1, COARSE):
        strip = mask.ReadAsArray(0, row, mask.XSize, COARSE)[:, :mask.XSize // COARSE * COARSE]
        rows.append(strip.reshape(COARSE, -1, COARSE).all(axis=(0, 2)))
    numpy.save(file, numpy.array(rows))
