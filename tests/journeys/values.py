# SPDX-License-Identifier: Apache-2.0
"""GetFeatureInfo: what the server tells of a pixel is what the pyramid stores there, to every client in its own format."""
import json
import random

from osgeo import gdal, ogr
from owslib.wms import WebMapService

from support.city import CityCase, tile_box

PIXELS = 12


class StoredValues(CityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gdal.UseExceptions()
        cls.places = {name: list(cls.pick(name)) for name in ("dtm", "quartier", "irc")}

    @classmethod
    def pick(cls, name):
        """Some tile of the finest level with some pixels of it, and what they hold; None where there is no data."""
        pyramid, dice = cls.pyramids[name], random.Random(name)
        level_id, level = list(pyramid.levels.items())[-1]
        held = [tile for tile in level.tiles() if level.tile(*tile)]
        for col, row in dice.sample(held, min(4, len(held))):
            pixels, valid = pyramid.pixels(level_id, [col], [row])
            for _ in range(PIXELS):
                i, j = dice.randrange(256), dice.randrange(256)
                bands = [float(pixels[j, i])] if pyramid.channels == 1 else [float(value) for value in pixels[j, i]]
                yield level_id, col, row, i, j, bands if valid[j, i] else None

    def set_of(self, name):
        return self.pyramids[name].descriptor["tile_matrix_set"]

    def wms(self, name, place, version="1.3.0", **more):
        level, col, row, i, j, _ = place
        box = ",".join(repr(edge) for edge in tile_box(self.set_of(name), level, col, row))
        crs, x, y = ("CRS", "I", "J") if version == "1.3.0" else ("SRS", "X", "Y")
        rest = "".join(f"&{key}={value}" for key, value in {"INFO_FORMAT": "application/json", **more}.items())
        return (f"/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetFeatureInfo&LAYERS={name}&STYLES=&QUERY_LAYERS={name}&{crs}="
                f"{'EPSG:3857' if self.set_of(name) == 'PM' else 'EPSG:2154'}&BBOX={box}&WIDTH=256&HEIGHT=256&{x}={i}&{y}={j}"
                f"&FORMAT=image/png{rest}")

    def check(self, address, bands, margin=0.0):
        answer = self.server.get(address)
        self.assertEqual((answer.status, answer.media_type), (200, "application/json"), address)
        features = json.loads(answer.text)["features"]
        self.assertEqual(len(features), 1 if bands else 0, address)
        for number, expected in enumerate(bands or [], 1):
            # As short as tells the number from its neighbours of the same type: half a step of single precision.
            self.assertAlmostEqual(features[0]["properties"][f"band_{number}"], expected, delta=margin + abs(expected) * 1e-7)

    def test_both_services_tell_what_is_stored(self):
        told = 0
        for name, places in self.places.items():
            margin = 2 if name == "irc" else 0  # decoders of JPEG differ
            for place in places:
                level, col, row, i, j, bands = place
                told += bands is not None
                self.check(self.wms(name, place), bands, margin)
                self.check(self.wms(name, place, "1.1.1"), bands, margin)
                self.check(f"/wmts/1.0.0/{name}/default/{self.set_of(name)}/{level}/{row}/{col}/{j}/{i}.json", bands, margin)
        self.assertGreater(told, 3 * PIXELS)

    def test_ogr_reads_both_versions_of_gml(self):
        place = next(place for place in self.places["dtm"] if place[-1])
        level, col, row, i, j, bands = place
        west, south, east, north = tile_box("2154_5cm", level, col, row)
        cell = (east - west) / 256
        for media_type in ("application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"):
            file = f"/vsimem/{media_type.replace('/', '-')}.gml"
            gdal.FileFromMemBuffer(file, self.server.get(self.wms("dtm", place, INFO_FORMAT=media_type)).body)
            source = ogr.Open(file)
            feature = source.GetLayer(0).GetNextFeature()
            self.assertEqual(feature.GetField("layer"), "dtm")
            self.assertAlmostEqual(feature.GetField("band_1"), bands[0], delta=abs(bands[0]) * 1e-6)
            point = feature.GetGeometryRef()
            self.assertAlmostEqual(point.GetX(), west + (i + 0.5) * cell, places=6)
            self.assertAlmostEqual(point.GetY(), north - (j + 0.5) * cell, places=6)
            self.assertEqual(point.GetSpatialReference().GetAuthorityCode(None), "2154")

    def test_owslib_asks_both_versions(self):
        place = next(place for place in self.places["dtm"] if place[-1])
        level, col, row, i, j, bands = place
        for version in ("1.1.1", "1.3.0"):
            service = WebMapService(f"{self.server.url}/wms", version=version)
            self.assertIn("application/json", service.getOperationByName("GetFeatureInfo").formatOptions)
            self.assertTrue(service["dtm"].queryable)
            answer = service.getfeatureinfo(layers=["dtm"], query_layers=["dtm"], srs="EPSG:2154", size=(256, 256), xy=(i, j),
                                            bbox=tile_box("2154_5cm", level, col, row), info_format="application/json")
            self.assertAlmostEqual(json.loads(answer.read())["features"][0]["properties"]["band_1"], bands[0], places=4)
