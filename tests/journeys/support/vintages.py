# SPDX-License-Identifier: Apache-2.0
"""The sample city as it was photographed in two years: a layer each, a series of both, and other names."""
import json
import unittest

from support.places import fresh_folder
from support.programs import Server, done
from support.pyramids import Pyramid

YEARS = ("2005", "2022")
SERIES = {"members": [{"layer": f"ortho-{year}", "time": year} for year in YEARS]}
DESCRIPTIONS = {
    "ortho": {"title": "Vintages", "dimensions": SERIES},
    "ortho-near": {"dimensions": {**SERIES, "time": {"match": "nearest", "default": "2005"}}},
    "ortho-latest": {"title": "The newest", "alias": {"layer": "ortho", "time": "current"}},
    "ortho-first": {"alias": {"layer": "ortho", "time": "2005"}},
    "floors": {"dimensions": {"members": [{"layer": "ortho-2005", "time": "2005-06-15", "elevation": 0},
                                          {"layer": "ortho-2022", "time": "2005-06-15", "elevation": 12.5}]}},
}
LEVEL = "20"


class VintagesCase(unittest.TestCase):
    """One server over both years for all tests of a class. Tiles are PNG: what is seen is what is stored."""

    @classmethod
    def setUpClass(cls):
        folder = fresh_folder(f"vintages-{cls.__name__}")
        cls.store = folder / "store"
        done("sample", "--into", folder / "sources", "--dalles", "1x1", "--years", ",".join(YEARS))
        for year in YEARS:
            done("build", folder / "sources" / year / "ortho", "--into", cls.store, "--tms", "2154_5cm", "--bottom", LEVEL,
                 "--format", "png", "--bands", "1,2,3", "--name", f"ortho-{year}")
        (cls.store / "layers").mkdir()
        for name, description in DESCRIPTIONS.items():
            (cls.store / "layers" / f"{name}.json").write_text(json.dumps(description))
        cls.server = Server(cls.store)
        cls.pyramids = {year: Pyramid(cls.store, f"ortho-{year}") for year in YEARS}
        cls.tile = cls.tile_of_both()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def tile_of_both(cls):
        """Column and row of the tile that holds most in either year."""
        older, newer = (pyramid.levels[LEVEL] for pyramid in cls.pyramids.values())
        fullest = max(older.tiles(), key=lambda tile: min(len(older.tile(*tile)), len(newer.tile(*tile))))
        assert older.tile(*fullest) != newer.tile(*fullest)
        return fullest

    def stored(self, year):
        return self.pyramids[year].levels[LEVEL].tile(*self.tile)
