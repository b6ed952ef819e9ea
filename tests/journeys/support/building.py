# SPDX-License-Identifier: Apache-2.0
"""Builds pyramids of real data and holds them against GDAL's picture of the sources."""
import json
import unittest

from support import grounds, measures
from support.places import fresh_folder, needs_data
from support.programs import done, inspect, verify
from support.pyramids import Pyramid


def grid_set(folder, crs, west, north, cell, levels):
    """A tile matrix set whose finest pixels are those of a source, as a JSON file."""
    def matrix(number):
        size = cell * 2 ** (levels - 1 - number)
        scale = size / 0.00028 * (111319.49079327358 if crs == "CRS:84" else 1)
        return {"id": str(number), "cellSize": size, "scaleDenominator": scale, "pointOfOrigin": [west, north],
                "tileWidth": 256, "tileHeight": 256, "matrixWidth": 2 ** number, "matrixHeight": 2 ** number}

    file = folder / "own_grid.json"
    file.write_text(json.dumps({"id": "own_grid", "title": "The sources' own grid", "crs": crs,
                                "tileMatrices": [matrix(number) for number in range(levels)]}))
    return file


@needs_data
class RealData(unittest.TestCase):
    """A build that ends well, with a store to look into."""

    @classmethod
    def setUpClass(cls):
        cls.store = fresh_folder(cls.__name__)
        cls.build()

    @classmethod
    def build(cls):
        """Makes the pyramids."""

    @classmethod
    def run_build(cls, sources, *options):
        sources = sources if isinstance(sources, list) else [sources]
        return done("build", *sources, "--into", cls.store, *options)

    def check_soundness(self, names, **expected):
        """Nothing is damaged, and the figures are those of the source."""
        for name in names:
            self.assertEqual(verify(self.store, name)["damages"], [], name)
            facts = inspect(self.store, name)
            for key, value in expected.items():
                self.assertEqual(facts[key], value, f"{name}: {key}")
            files = list((self.store / name / "DATA").rglob("*.tif"))
            self.assertEqual(facts["slabs"], len(files), name)
            self.assertEqual(facts["bytes"], sum(file.stat().st_size for file in files), name)


def halved(pixels):
    """Means of 2 x 2 pixels; an odd last row or column is left out."""
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    blocks = pixels[:2 * rows, :2 * columns].reshape(rows, 2, columns, 2, *pixels.shape[2:])
    return blocks.astype(float).mean(axis=(1, 3))


class Base:
    """A level of a pyramid, the finest if not said, as one picture on a known grid."""

    def __init__(self, store, name, level=None, over=None):
        self.facts = inspect(store, name)
        self.pyramid = Pyramid(store, name)
        self.id = level or self.facts["levels"][-1]["id"]
        finest = self.facts["levels"][-1]
        self.cell = next(one["cell_size"] for one in self.facts["levels"] if one["id"] == self.id)
        fine, mine = self.pyramid.levels[finest["id"]], self.pyramid.levels[self.id]
        west, _, _, north = self.facts["extent"]
        origin_x = west - fine.columns[0] * 256 * finest["cell_size"]
        origin_y = north + fine.rows[0] * 256 * finest["cell_size"]
        self.columns, self.rows = mine.columns, mine.rows
        span = 256 * self.cell
        if over:
            left, bottom, right, top = grounds.box_in(over, self.facts["crs"])
            self.columns = range(int((left - origin_x) // span), int((right - origin_x) // span) + 1)
            self.rows = range(int((origin_y - top) // span), int((origin_y - bottom) // span) + 1)
        self.west, self.north = origin_x + self.columns[0] * span, origin_y - self.rows[0] * span
        self.width, self.height = 256 * len(self.columns), 256 * len(self.rows)
        self.pixels, self.validity = self.pyramid.pixels(self.id, self.columns, self.rows)

    @property
    def box(self):
        return (self.west, self.north - self.height * self.cell, self.west + self.width * self.cell, self.north)

    def part(self, source, factor=1):
        """Pixels and validity under a data set whose pixels are ours, or are so once `factor` of them are joined."""
        left, _, _, top, _, _ = source.GetGeoTransform()
        x, y = (left - self.west) / self.cell, (self.north - top) / self.cell
        assert abs(x - round(x)) < 0.01 and abs(y - round(y)) < 0.01, f"the source is not on the grid: {x}, {y}"
        x, y = round(x), round(y)
        window = (slice(y, y + source.RasterYSize // factor), slice(x, x + source.RasterXSize // factor))
        return self.pixels[window], self.validity[window]

    def compare_with_warp(self, source, **options):
        """Shift in pixels and mean difference against gdalwarp, and how far we disagree on where there is data."""
        theirs, there = grounds.warped(source, self.facts["crs"], self.box, self.width, self.height, **options)
        here = self.validity == 255
        both = measures.erode(here & there, 2)
        assert both.sum() > 1000, f"only {both.sum()} pixels are seen by both"
        dx, dy = measures.shift(theirs, self.pixels, here & there)
        return {"dx": dx, "dy": dy, "difference": measures.mean_difference(theirs[both], self.pixels[both]),
                "disagreement": (here != there).sum() / there.sum()}
