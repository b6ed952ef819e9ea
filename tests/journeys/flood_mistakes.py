# SPDX-License-Identifier: Apache-2.0
"""What `ardoise flood` refuses, and what it leaves alone."""
import http.server
import json
import os
import shutil
import threading
import unittest

import numpy
from osgeo import gdal

from support.places import fresh_folder
from support.programs import ardoise, done
from water import NEVER, RIVER, at, read_dalles, valley, write, write_river

gdal.UseExceptions()


class Mistakes(unittest.TestCase):
    """What does not fit is said, with its remedy, and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder("water-mistakes")
        write(cls.folder / "dtm.tif", valley())
        write_river(cls.folder / "river.geojson", *RIVER)

    def refused(self, words, *arguments, dtm="dtm.tif", river="river.geojson", tms="2154_5cm"):
        result = ardoise("flood", self.folder / dtm, "--from", self.folder / river, "--into", self.folder / "dalles", "--tms",
                         tms, *arguments)
        self.assertEqual(result.returncode, 1, result.stdout)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertFalse((self.folder / "dalles").exists())

    def test_seeds(self):
        (self.folder / "text.geojson").write_text("the river")
        (self.folder / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
        write_river(self.folder / "far.geojson", "POINT (650000 6860000)")
        write_river(self.folder / "void.geojson", f"POINT ({at(10, 10)})")
        (self.folder / "river.vrt").write_text("<OGRVRTDataSource/>")
        for river, words in (("text.geojson", ["cannot be opened"]), ("gone.geojson", ["no file"]),
                             ("empty.geojson", ["holds no geometry"]), ("far.geojson", ["nothing in it lies on"]),
                             ("void.geojson", ["no ground of known height"]), ("river.vrt", ["cannot be opened"])):
            self.refused([river] + words, river=river)

    def test_seeds_without_a_system(self):
        gdal.VectorTranslate(str(self.folder / "plain.shp"), str(self.folder / "river.geojson"), format="ESRI Shapefile",
                             where="OGR_GEOMETRY='POINT'")
        (self.folder / "plain.prj").unlink()
        self.refused(["plain.shp", "has no coordinate reference system", "ogr2ogr -a_srs"], river="plain.shp")

    def test_a_system_that_lies_on_the_network_is_not_fetched(self):
        asked = []

        class Catcher(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

        with http.server.HTTPServer(("127.0.0.1", 0), Catcher) as catcher:
            threading.Thread(target=catcher.serve_forever, daemon=True).start()
            for kind, key in (("link", "href"), ("url", "url")):
                river = json.loads((self.folder / "river.geojson").read_text())
                river["crs"] = {"type": kind, "properties": {key: f"http://127.0.0.1:{catcher.server_port}/system"}}
                (self.folder / "linked.geojson").write_text(json.dumps(river))
                ardoise("flood", self.folder / "dtm.tif", "--from", self.folder / "linked.geojson", "--into",
                        self.folder / "linked", "--tms", "2154_5cm")
            catcher.shutdown()
        self.assertEqual(asked, [])

    def test_memory(self):
        self.refused(["flooded as a whole", "--memory", "--bottom"], "--bottom", "21", "--memory", "300M")
        write_river(self.folder / "lake.geojson", f"POLYGON (({at(0, 0)}, {at(699, 0)}, {at(699, 599)}, {at(0, 599)}, {at(0, 0)}))")
        self.refused(["flooded as a whole", "--memory"], "--memory", "263M", river="lake.geojson")  # a river takes memory too

    def test_a_folder_that_holds_the_model(self):
        before = sorted(self.folder.iterdir())
        (self.folder / "models").mkdir()
        (self.folder / "models/flood-plain.tif").write_bytes((self.folder / "dtm.tif").read_bytes())
        result = ardoise("flood", self.folder / "models", "--from", self.folder / "river.geojson", "--into",
                         self.folder / "models", "--tms", "2154_5cm")
        self.assertEqual(result.returncode, 1)
        self.assertIn("holds the model", result.stderr)
        self.assertIn("a folder of their own", result.stderr)
        self.assertEqual([file.name for file in (self.folder / "models").iterdir()], ["flood-plain.tif"])
        shutil.rmtree(self.folder / "models")
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_files_of_others_stay_and_what_was_begun_goes(self):
        dalles = self.folder / "shared"
        (dalles / "flood-5-6.tif").mkdir(parents=True)
        for name in ("flood-me.tif", "flood-1-2-3.tif", "notes.txt", ".flood.swp"):
            (dalles / name).write_text("mine")
        os.symlink("notes.txt", dalles / "flood-3-4.tif")
        for name in ("flood-1-2.tif", ".flood-131-1613.tif.77-1.part"):
            (dalles / name).write_text("of an earlier model")
        report = json.loads(done("flood", self.folder / "dtm.tif", "--from", self.folder / "river.geojson", "--into", dalles,
                                 "--tms", "2154_5cm", "--json").stdout)
        self.assertEqual(report["removed"], 1)
        others = [".flood.swp", "flood-1-2-3.tif", "flood-3-4.tif", "flood-5-6.tif", "flood-me.tif", "notes.txt"]
        self.assertEqual(sorted(file.name for file in dalles.iterdir() if not file.name.startswith("flood-131-")), others)

    def test_heights_that_stand_for_no_way(self):
        """A filling that the file does not say is one."""
        heights = valley()
        heights[:, 500:] = NEVER
        write(self.folder / "filled.tif", heights)
        done("flood", self.folder / "filled.tif", "--from", self.folder / "river.geojson", "--into", self.folder / "filled",
             "--tms", "2154_5cm")
        _, levels = read_dalles(self.folder / "filled").ReadAsArray()
        self.assertEqual(levels.max(), NEVER)
        self.assertLess(numpy.unique(levels)[-2], 100)

    def test_models(self):
        gdal.Translate(str(self.folder / "two.tif"), str(self.folder / "dtm.tif"), bandList=[1, 1])
        self.refused(["two.tif", "has 2 bands"], dtm="two.tif")


if __name__ == "__main__":
    unittest.main()
