# SPDX-License-Identifier: Apache-2.0
"""Pyramids that ROK4's own tools made are served as they are: every stored tile, byte for byte."""
import json
import unittest

import numpy

from support.places import DATA, fresh_folder, needs_data, picture_file
from support.programs import Server
from support.pyramids import Pyramid, decode, picture

PYRAMIDS = {"BDPARCELLAIRE": DATA / "rok4_tests_pyramids", "SCAN1000": DATA / "rok4_tests_pyramids",
            "MONTAGNE": DATA / "rok4_tests_pyramids", "RGEALTI": DATA / "rok4_tests_pyramids",
            "ALTI": DATA / "rok4_martinique_ign/pyramids", "BDORTHO": DATA / "rok4_martinique_ign/pyramids"}
EXTENSIONS = {"TIFF_PNG_UINT8": "png", "TIFF_JPG_UINT8": "jpg", "TIFF_ZIP_FLOAT32": "bil"}
MEDIA_TYPES = {"TIFF_PNG_UINT8": "image/png", "TIFF_JPG_UINT8": "image/jpeg", "TIFF_ZIP_FLOAT32": "image/x-bil;bits=32"}


@needs_data
class Rok4Case(unittest.TestCase):
    """One server over links to all six pyramids, with IGN's own tile matrix sets."""

    @classmethod
    def setUpClass(cls):
        store = fresh_folder(f"rok4-{cls.__name__}")
        for name, folder in PYRAMIDS.items():
            (store / f"{name}.json").symlink_to(folder / f"{name}.json")
            (store / name).symlink_to(folder / name)
        cls.pyramids = {name: Pyramid(store, name) for name in PYRAMIDS}
        cls.server = Server(store, "--tms", DATA / "rok4_tilematrixsets")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def stored_tiles(self, name):
        """Level, column, row and bytes of every tile that the slabs hold within the limits."""
        for level in self.pyramids[name].levels.values():
            for col, row in level.tiles():
                if tile := level.tile(col, row):
                    yield level.id, col, row, tile


def kvp(pyramid, level, col, row):
    return (f"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={pyramid.name}&STYLE=normal"
            f"&FORMAT={MEDIA_TYPES[pyramid.format].replace(';', '%3B')}"
            f"&TILEMATRIXSET={pyramid.descriptor['tile_matrix_set']}&TILEMATRIX={level}&TILEROW={row}&TILECOL={col}")


def rest(pyramid, level, col, row):
    return (f"/wmts/1.0.0/{pyramid.name}/normal/{pyramid.descriptor['tile_matrix_set']}/{level}/{row}/{col}"
            f".{EXTENSIONS[pyramid.format]}")


def xyz(pyramid, level, col, row):
    return f"/xyz/{pyramid.name}/{level}/{col}/{row}.{EXTENSIONS[pyramid.format]}"


class EveryTile(Rok4Case):
    def check(self, name, address):
        pyramid = self.pyramids[name]
        counted = 0
        for level, col, row, tile in self.stored_tiles(name):
            answer = self.server.get(address(pyramid, level, col, row))
            self.assertEqual(answer.status, 200, (level, col, row))
            self.assertEqual(answer.media_type, MEDIA_TYPES[pyramid.format])
            self.assertTrue(answer.body == tile, f"tile {level}/{row}/{col} differs")
            encoding = "deflate" if pyramid.format == "TIFF_ZIP_FLOAT32" else None
            self.assertEqual(answer.headers["Content-Encoding"], encoding)
            counted += 1
        self.assertGreaterEqual(counted, len(pyramid.levels))

    def test_bdparcellaire_by_kvp(self):
        self.check("BDPARCELLAIRE", kvp)

    def test_bdparcellaire_by_rest(self):
        self.check("BDPARCELLAIRE", rest)

    def test_scan1000_by_kvp(self):
        self.check("SCAN1000", kvp)

    def test_scan1000_by_rest(self):
        self.check("SCAN1000", rest)

    def test_scan1000_by_xyz(self):
        self.check("SCAN1000", xyz)

    def test_montagne_by_kvp(self):
        self.check("MONTAGNE", kvp)

    def test_montagne_by_rest(self):
        self.check("MONTAGNE", rest)

    def test_montagne_by_xyz(self):
        self.check("MONTAGNE", xyz)

    def test_rgealti_by_kvp(self):
        self.check("RGEALTI", kvp)

    def test_rgealti_by_rest(self):
        self.check("RGEALTI", rest)

    def test_alti_by_kvp(self):
        self.check("ALTI", kvp)

    def test_alti_by_rest(self):
        self.check("ALTI", rest)

    def test_alti_by_xyz(self):
        self.check("ALTI", xyz)

    def test_bdortho_by_kvp(self):
        self.check("BDORTHO", kvp)

    def test_bdortho_by_rest(self):
        self.check("BDORTHO", rest)

    def test_bdortho_by_xyz(self):
        self.check("BDORTHO", xyz)


class Maps(Rok4Case):
    def get_map(self, name, crs, box, width=512, height=512, **more):
        answer = self.server.kvp("/wms", SERVICE="WMS", VERSION="1.3.0", REQUEST="GetMap", LAYERS=name, STYLES="",
                                 CRS=crs, BBOX=",".join(map(repr, box)), WIDTH=width, HEIGHT=height,
                                 FORMAT="image/png", **more)
        self.assertEqual((answer.status, answer.media_type), (200, "image/png"), answer.body[:500])
        picture_file(f"rok4-{name}").write_bytes(answer.body)
        return picture(answer.body)

    def layer(self, name):
        layers = json.loads(self.server.get("/layers.json").text)["layers"]
        return next(layer for layer in layers if layer["name"] == name)

    def whole(self, name, **more):
        layer = self.layer(name)
        west, south, east, north = layer["extent"]
        box = (west, south, east, north) if layer["crs"] != "EPSG:4326" else (south, west, north, east)
        return self.get_map(name, layer["crs"], box, 512, round(512 * (north - south) / (east - west)), **more)

    def test_ortho_of_martinique(self):
        ortho = self.whole("BDORTHO")
        self.assertGreater(len(numpy.unique(ortho.reshape(-1, 3), axis=0)), 5000)

    def test_heights_of_martinique_are_shaded_from_sea_to_mountain(self):
        heights = self.whole("ALTI", TRANSPARENT="TRUE")
        self.assertGreater(len(numpy.unique(heights[..., :3].reshape(-1, 3), axis=0)), 50)

    def test_grey_parcels(self):
        parcels = self.whole("BDPARCELLAIRE")
        self.assertEqual(parcels.shape[2], 3)
        self.assertGreater(parcels.std(), 5)

    def test_transparent_mountain_reliefs(self):
        seen = self.whole("MONTAGNE", TRANSPARENT="TRUE")
        self.assertEqual(seen.shape[2], 4)
        self.assertGreater(len(numpy.unique(seen[..., 3])), 1)

    def test_scan_with_alpha(self):
        seen = self.whole("SCAN1000", TRANSPARENT="TRUE")
        self.assertGreater(seen[..., :3].std(), 5)

    def test_heights_in_a_set_that_is_no_quadtree(self):
        heights = self.whole("RGEALTI")
        self.assertGreater(len(numpy.unique(heights[..., :3].reshape(-1, 3), axis=0)), 20)

    def test_a_map_on_a_tile_of_the_ortho_is_that_tile(self):
        half = 20037508.342789244
        checked = 0
        for level, col, row, tile in self.stored_tiles("BDORTHO"):
            if level != "12":
                continue
            span = 2 * half / 2 ** 12
            box = (col * span - half, half - (row + 1) * span, (col + 1) * span - half, half - row * span)
            ours = self.get_map("BDORTHO", "EPSG:3857", box, 256, 256)
            self.assertLessEqual(numpy.abs(ours.astype(int) - decode(tile, "TIFF_JPG", 3)).max(), 4)
            checked += 1
        self.assertGreater(checked, 10)
