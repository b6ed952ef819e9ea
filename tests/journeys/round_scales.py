# SPDX-License-Identifier: Apache-2.0
"""A set of round scales, 1:500, 1:1000, 1:2500..., as GIS departments use them: it does not halve from level to level."""
import json
import unittest
import xml.etree.ElementTree

from osgeo import gdal

from support.hamlets import write_hamlet
from support.places import contents, fresh_folder
from support.programs import Server, ardoise, done, verify
from support.pyramids import Pyramid, picture

gdal.UseExceptions()

SCALES = (100000, 25000, 10000, 5000, 2500, 1000, 500, 200)
NORTH = 12000000
WMTS = {"wmts": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1"}


def cell(scale):
    return scale * 0.00028


def write_set(file):
    matrices = [{"id": str(scale), "scaleDenominator": scale, "cellSize": cell(scale), "pointOfOrigin": [0, NORTH],
                 "tileWidth": 256, "tileHeight": 256, "matrixWidth": int(1300000 / 256 / cell(scale)) + 1,
                 "matrixHeight": int(NORTH / 256 / cell(scale)) + 1} for scale in SCALES]
    file.write_text(json.dumps({"id": "ROUND", "crs": "EPSG:2154", "orderedAxes": ["X", "Y"], "tileMatrices": matrices}))
    return file


class RoundScales(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder("round-scales")
        cls.dalles, cls.store = cls.folder / "dalles", cls.folder / "store"
        for number in range(4):
            write_hamlet(cls.dalles, number)
        cls.what = (cls.dalles, "--tms", write_set(cls.folder / "round.json"), "--name", "ortho", "--slab", "4x4")
        done("build", *cls.what, "--into", cls.store)

    def slabs(self, folder):
        return {name: content for name, content in contents(folder).items()
                if name.endswith(".tif") or name == "checksums.txt"}

    def test_a_dry_run_says_how_often_sources_are_read(self):
        said = done("build", *self.what, "--into", self.folder / "dry", "--dry-run").stdout
        self.assertIn("sources are read 5 times, once for each of the levels 100000 (", said)
        self.assertIn("--top", said)
        facts = json.loads(done("build", *self.what, "--into", self.folder / "dry", "--dry-run", "--json").stdout)
        self.assertEqual(facts["times_read"], 5)
        said = done("build", *self.what, "--into", self.folder / "dry", "--dry-run", "--top", "1000", "--bottom", "500").stdout
        self.assertNotIn("times", said)

    def test_the_server_publishes_the_scales_and_the_tiles_of_each(self):
        pyramid = Pyramid(self.store, "ortho")
        with Server(self.store) as server:
            capabilities = xml.etree.ElementTree.fromstring(server.get("/wmts/1.0.0/WMTSCapabilities.xml").text)
            matrices = {matrix.find("ows:Identifier", WMTS).text: float(matrix.find("wmts:ScaleDenominator", WMTS).text)
                        for matrix in capabilities.iterfind(".//wmts:TileMatrixSet/wmts:TileMatrix", WMTS)}
            for scale in SCALES:
                self.assertAlmostEqual(matrices[str(scale)] / scale, 1, places=9)
            self.assertEqual(set(pyramid.levels), {str(scale) for scale in SCALES})
            for scale in SCALES:
                level = pyramid.levels[str(scale)]
                col, row = next(place for place in level.tiles() if level.tile(*place))
                answer = server.get(f"/wmts/1.0.0/ortho/normal/ROUND/{scale}/{row}/{col}.jpg")
                self.assertEqual((answer.status, answer.body), (200, level.tile(col, row)))
            box = (430600, 6712788, 430614, 6712800)
            answer = server.kvp("/wms", SERVICE="WMS", REQUEST="GetMap", VERSION="1.3.0", LAYERS="ortho", STYLES="",
                                CRS="EPSG:2154", BBOX=",".join(map(str, box)), WIDTH=280, HEIGHT=240, FORMAT="image/png")
            self.assertGreater(picture(answer.body).std(), 5)

    def test_gdal_opens_each_slab_where_it_lies(self):
        for level in Pyramid(self.store, "ortho").levels.values():
            for file in level.data.rglob("*.tif"):
                dataset = gdal.Open(str(file))
                west, across, _, north, _, down = dataset.GetGeoTransform()
                self.assertAlmostEqual(across / cell(int(level.id)), 1, places=9)
                self.assertAlmostEqual(down, -across, places=9)
                span = 4 * 256 * across
                self.assertAlmostEqual(west / span, round(west / span), places=5)
                self.assertAlmostEqual((NORTH - north) / span, round((NORTH - north) / span), places=5)
                self.assertGreater(dataset.GetRasterBand(1).ReadAsArray().max(), 0)

    def test_pieces_give_the_same(self):
        store, plan = self.folder / "pieces", self.folder / "plan.json"
        done("plan", *self.what, "--into", store, "--pieces", "3", "--plan", plan)
        for piece in (2, 0, 1):
            done("work", plan, "--piece", piece)
        done("finish", plan)
        self.assertEqual(self.slabs(store / "ortho"), self.slabs(self.store / "ortho"))

    def test_an_update_is_what_a_build_would_be_and_a_lost_slab_comes_back(self):
        dalles, store = self.folder / "changing", self.folder / "updated"
        what = (dalles, *self.what[1:])
        for number in (0, 1, 3):
            write_hamlet(dalles, number)
        done("build", *what, "--into", store)
        write_hamlet(dalles, 1, brightness=40)
        write_hamlet(dalles, 2)
        done("update", store / "ortho.json")
        done("build", *what, "--into", self.folder / "anew")
        anew = self.slabs(self.folder / "anew/ortho")
        self.assertEqual(self.slabs(store / "ortho/r2"), anew)
        for scale in SCALES:
            next((store / "ortho/r2/DATA" / str(scale)).rglob("*.tif")).unlink()
        self.assertNotEqual(ardoise("verify", store / "ortho.json").returncode, 0)
        done("verify", store / "ortho.json", "--repair")
        self.assertEqual(self.slabs(store / "ortho/r2"), anew)
        self.assertEqual(verify(store, "ortho")["damages"], [])
