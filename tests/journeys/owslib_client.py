# SPDX-License-Identifier: Apache-2.0
"""OWSLib as a client: it understands every document, and what it fetches is what the sources hold."""
from owslib.util import ServiceException
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

from support import grounds, measures
from support.city import TOWN, CityCase, box_in, source_of
from support.pyramids import picture


class Wmts(CityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = WebMapTileService(f"{cls.server.url}/wmts")

    def test_it_lists_layers_sets_and_formats(self):
        self.assertEqual(set(self.service.contents), set(self.pyramids))
        self.assertLessEqual({"2154_5cm", "PM", "WebMercatorQuad"}, set(self.service.tilematrixsets))
        for name, layer in self.service.contents.items():
            west, south, east, north = layer.boundingBoxWGS84
            self.assertTrue(-0.6 < west < east < -0.5 and 47.4 < south < north < 47.5, name)
            self.assertEqual(sum(style["isDefault"] for style in layer.styles.values()), 1)
            self.assertTrue(layer.formats and layer.resourceURLs)
            for link in layer.tilematrixsetlinks.values():
                matrices = self.service.tilematrixsets[link.tilematrixset].tilematrix
                self.assertEqual(set(link.tilematrixlimits), set(matrices))

    def test_it_fetches_stored_tiles(self):
        for layer, set_id, level in (("ortho", "2154_5cm", "21"), ("quartier", "PM", "20")):
            pyramid = self.pyramids[layer]
            held = [tile for tile in pyramid.levels[level].tiles() if pyramid.levels[level].tile(*tile)]
            media_type = self.service.contents[layer].formats[0]
            for col, row in held[::20]:
                tile = self.service.gettile(layer=layer, tilematrixset=set_id, tilematrix=level, row=row, column=col,
                                            format=media_type)
                self.assertEqual(tile.read(), pyramid.levels[level].tile(col, row))

    def test_addresses_of_resources_lead_to_tiles(self):
        address = self.service.buildTileResource(layer="quartier", style="normal", format="image/png", tilematrixset="PM",
                                                 tilematrix="0", row=0, column=0)
        answer = self.server.get(address[len(self.server.url):])
        self.assertEqual((answer.status, answer.media_type), (200, "image/png"))

    def test_it_understands_a_refusal(self):
        with self.assertRaisesRegex(ServiceException, "TileOutOfRange"):
            self.service.gettile(layer="ortho", tilematrixset="2154_5cm", tilematrix="21", row=0, column=0, format="image/jpeg")


class Wms(CityCase):
    def check_version(self, version):
        service = WebMapService(f"{self.server.url}/wms", version=version)
        self.assertEqual(set(service.contents), set(self.pyramids))
        self.assertLessEqual({"image/png", "image/jpeg"}, set(service.getOperationByName("GetMap").formatOptions))
        for layer in service.contents.values():
            self.assertLessEqual({"EPSG:2154", "EPSG:3857", "EPSG:4326"}, set(layer.crsOptions))
            west, south, east, north = layer.boundingBoxWGS84
            self.assertTrue(-0.6 < west < east < -0.5 and 47.4 < south < north < 47.5, layer.name)
        for crs in ("EPSG:2154", "EPSG:3857", "EPSG:4326"):
            box = box_in(crs, TOWN)
            height = 500 if crs != "EPSG:4326" else round(500 * (box[3] - box[1]) / (box[2] - box[0]))
            answer = service.getmap(layers=["ortho"], styles=[""], srs=crs, bbox=box, size=(500, height),
                                    format="image/png", transparent=False)
            seen = picture(answer.read())
            theirs, there = grounds.warped(source_of("ortho"), crs, box, 500, height, method="average")
            self.assertTrue(there.all())
            self.assertLess(abs(measures.shift(theirs, seen)).max(), 0.125, crs)
        with self.assertRaises(ServiceException):
            service.getmap(layers=["no"], styles=[""], srs="EPSG:2154", bbox=TOWN, size=(9, 9), format="image/png")

    def test_version_111(self):
        self.check_version("1.1.1")

    def test_version_130(self):
        self.check_version("1.3.0")
