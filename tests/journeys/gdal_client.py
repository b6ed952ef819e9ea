# SPDX-License-Identifier: Apache-2.0
"""GDAL as a client: WMTS in every set, WMS in both versions, XYZ, TMS; the pixels are those of the sources."""
import re

import numpy
from lxml import etree
from osgeo import gdal

from support import grounds, measures
from support.city import HALF_WORLD, TOWN, CityCase, box_in, source_of
from support.places import fresh_folder

MOST_SHIFT = 0.125
NAMES = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1"}


class GdalCase(CityCase):
    """GDAL with an empty cache of its own: ports come again with other contents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gdal.SetConfigOption("GDAL_DEFAULT_WMS_CACHE_PATH", str(fresh_folder(f"gdal-{cls.__name__}")))
        gdal.UseExceptions()

    def window(self, dataset, size=400):
        """A square of pixels in the town, and its box."""
        west, cell, _, north, _, step = dataset.GetGeoTransform()
        left, _, _, top = box_in(crs_of(dataset), TOWN)
        x, y = round((left - west) / cell), round((top - north) / step)
        pixels = dataset.ReadAsArray(x, y, size, size)
        self.assertIsNotNone(pixels)
        box = (west + x * cell, north + (y + size) * step, west + (x + size) * cell, north + y * step)
        return numpy.moveaxis(pixels, 0, 2), box

    def check_town(self, dataset, layer, coarser=1.0, most_difference=7):
        """What GDAL reads is what it would have made of the sources itself."""
        ours, box = self.window(dataset)
        method = "average" if coarser > 1.3 else "bilinear"
        theirs, there = grounds.warped(source_of(layer), crs_of(dataset), box, 400, 400, method=method)
        self.assertGreater(there.mean(), 0.99)
        dx, dy = measures.shift(theirs, ours, there)
        self.assertLess(max(abs(dx), abs(dy)), MOST_SHIFT, (layer, dx, dy))
        self.assertLess(measures.mean_difference(theirs[there], ours[there][..., :3]), most_difference, layer)


def crs_of(dataset):
    reference = dataset.GetSpatialRef()
    return f"EPSG:{reference.GetAuthorityCode(None)}"


class Wmts(GdalCase):
    def open(self, layer, set_id, level, address="/wmts/1.0.0/WMTSCapabilities.xml"):
        return gdal.Open(f"WMTS:{self.server.url}{address},layer={layer},tilematrixset={set_id},tilematrix={level}")

    def test_the_service_lists_each_layer_in_each_set(self):
        text = self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").body
        links = etree.fromstring(text).xpath("//w:TileMatrixSetLink", namespaces=NAMES)
        for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"):
            dataset = gdal.Open(f"WMTS:{self.server.url}{address}")
            offered = {name for name, _ in dataset.GetSubDatasets() if name.startswith("WMTS:")}
            self.assertGreaterEqual(len(offered), len(links))
            for name in offered:
                one = gdal.Open(name)
                self.assertIsNotNone(one, name)
                self.assertGreater(min(one.RasterXSize, one.RasterYSize), 256)

    def test_layers_in_lambert_93(self):
        for layer in ("ortho", "irc"):
            dataset = self.open(layer, "2154_5cm", "22")
            self.assertAlmostEqual(dataset.GetGeoTransform()[1], 0.05, places=9)
            self.check_town(dataset, layer)

    def test_layers_in_web_mercator(self):
        for layer in ("ortho", "irc", "quartier"):
            for set_id in ("PM", "WebMercatorQuad"):
                self.check_town(self.open(layer, set_id, "20"), layer, coarser=2)

    def test_by_key_value_pairs_and_from_a_layers_own_document(self):
        for address in ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/ortho/wmts/1.0.0/WMTSCapabilities.xml",
                        "/ortho/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"):
            self.check_town(self.open("ortho", "2154_5cm", "22", address), "ortho")

    def test_stored_tiles_are_read_exactly(self):
        dataset = self.open("quartier", "PM", "20")
        self.assertEqual(crs_of(dataset), "EPSG:3857")
        level = self.pyramids["quartier"].levels["20"]
        columns, rows = level.columns[6:9], level.rows[6:9]
        stored, valid = self.pyramids["quartier"].pixels("20", columns, rows)
        west, cell, _, north, _, _ = dataset.GetGeoTransform()
        x, y = round((columns[0] * 256 * cell - HALF_WORLD - west) / cell), round((north - HALF_WORLD) / cell + rows[0] * 256)
        seen = numpy.moveaxis(dataset.ReadAsArray(x, y, 768, 768), 0, 2)
        self.assertGreater((valid == 255).mean(), 0.5)
        self.assertEqual(numpy.abs(seen[..., :3].astype(int) - stored)[valid == 255].max(), 0)

    def test_heights_are_shown_by_their_style(self):
        dataset = self.open("dtm", "2154_5cm", "18")
        ours, _ = self.window(dataset, 256)
        self.assertGreater(ours.shape[2], 2)
        self.assertGreater(len(numpy.unique(ours.reshape(-1, ours.shape[2]), axis=0)), 3)

    def test_the_extent_is_the_layers_own(self):
        dataset = self.open("ortho", "2154_5cm", "22")
        west, cell, _, north, _, _ = dataset.GetGeoTransform()
        self.assertTrue(430550 < west <= 430610 and 6712990 <= north < 6713050, (west, north))
        self.assertTrue(380 < dataset.RasterXSize * cell < 470 and 380 < dataset.RasterYSize * cell < 470)


class Wms(GdalCase):
    def open(self, layer, crs, version, box=None, cell=None):
        box = box or box_in(crs, TOWN)
        cell = cell or (box[2] - box[0]) / 1000
        turned = version == "1.3.0" and crs == "EPSG:4326"
        size = (round((box[2] - box[0]) / cell), round((box[3] - box[1]) / cell))
        key = "CRS" if version == "1.3.0" else "SRS"
        return gdal.Open(f"""<GDAL_WMS><Service name="WMS"><Version>{version}</Version>
            <ServerUrl>{self.server.url}/wms?</ServerUrl><{key}>{crs}</{key}>
            <ImageFormat>image/png</ImageFormat><Transparent>FALSE</Transparent><Layers>{layer}</Layers><Styles></Styles>
            <BBoxOrder>{'yxYX' if turned else 'xyXY'}</BBoxOrder></Service>
            <DataWindow><UpperLeftX>{box[0]!r}</UpperLeftX><UpperLeftY>{box[3]!r}</UpperLeftY>
            <LowerRightX>{box[2]!r}</LowerRightX><LowerRightY>{box[1]!r}</LowerRightY>
            <SizeX>{size[0]}</SizeX><SizeY>{size[1]}</SizeY></DataWindow>
            <Projection>{crs}</Projection><BandsCount>3</BandsCount><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>
            </GDAL_WMS>""")

    def check_version(self, version):
        for layer in ("ortho", "irc"):
            for crs in ("EPSG:2154", "EPSG:3947", "EPSG:3857"):
                self.check_town(self.open(layer, crs, version), layer)
        self.check_town(self.open("ortho", "EPSG:4326", version), "ortho", coarser=1.5)

    def test_version_111(self):
        self.check_version("1.1.1")

    def test_version_130(self):
        self.check_version("1.3.0")

    def test_capabilities_list_the_layers(self):
        for version in ("1.1.1", "1.3.0"):
            dataset = gdal.Open(f"WMS:{self.server.url}/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetCapabilities")
            names = {re.search("LAYERS=([^&]*)", name)[1] for name, _ in dataset.GetSubDatasets()}
            self.assertEqual(names, set(self.pyramids))
            for name, _ in dataset.GetSubDatasets():
                one = gdal.Open(name)
                self.assertGreater(min(one.RasterXSize, one.RasterYSize), 256, name)


class Xyz(GdalCase):
    def test_tiles_by_the_tms_minidriver(self):
        for layer, extension in (("ortho", "jpg"), ("quartier", "png")):
            dataset = gdal.Open(f"""<GDAL_WMS><Service name="TMS">
                <ServerUrl>{self.server.url}/xyz/{layer}/${{z}}/${{x}}/${{y}}.{extension}</ServerUrl></Service>
                <DataWindow><UpperLeftX>{-HALF_WORLD}</UpperLeftX><UpperLeftY>{HALF_WORLD}</UpperLeftY>
                <LowerRightX>{HALF_WORLD}</LowerRightX><LowerRightY>{-HALF_WORLD}</LowerRightY>
                <TileLevel>20</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>
                <Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>
                <BandsCount>3</BandsCount></GDAL_WMS>""")
            self.check_town(dataset, layer, coarser=2)


class Tms(GdalCase):
    SETS = (("2154_5cm", 1.0), ("PM", 2.0))

    def address(self, layer, set_id):
        return f"{self.server.url}/tms/1.0.0/{layer}@{set_id}"

    def test_documents_are_xml(self):
        service = etree.fromstring(self.server.get("/tms/1.0.0").body)
        maps = {tile_map.get("href") for tile_map in service.iter("TileMap")}
        self.assertTrue({self.address("ortho", set_id) for set_id, _ in self.SETS} <= maps, maps)
        for address in maps:
            path = address.removeprefix(self.server.url)
            tile_map = etree.fromstring(self.server.get(path).body)
            self.assertEqual([int(one.get("order")) for one in tile_map.iter("TileSet")],
                             list(range(len(tile_map.find("TileSets")))))
            etree.fromstring(self.server.get(f"{path}/gdal.xml").body)

    def test_the_file_for_gdal(self):
        for set_id, coarser in self.SETS:
            dataset = gdal.Open(f"{self.address('ortho', set_id)}/gdal.xml")
            self.assertEqual(dataset.GetDriver().ShortName, "WMS")
            self.check_town(dataset, "ortho", coarser)

    def test_tile_maps_by_their_addresses(self):
        for set_id, coarser in self.SETS:
            self.check_town(gdal.Open(self.address("ortho", set_id)), "ortho", coarser)

    def test_tile_maps_by_the_service(self):
        service = gdal.Open(f"{self.server.url}/tms/1.0.0")
        offered = {address for address, _ in service.GetSubDatasets()}
        self.assertTrue({self.address("ortho", set_id) for set_id, _ in self.SETS} <= offered, offered)

    def test_layers_with_other_bands(self):
        self.check_town(gdal.Open(f"{self.address('quartier', 'PM')}/gdal.xml"), "quartier", coarser=2)
        self.check_town(gdal.Open(f"{self.address('quartier', 'WebMercatorQuad')}/gdal.xml"), "quartier", coarser=2)
        heights, _ = self.window(gdal.Open(f"{self.address('dtm', '2154_5cm')}/gdal.xml"), 256)
        self.assertGreater(len(numpy.unique(heights.reshape(-1, heights.shape[2]), axis=0)), 3)

    def test_beyond_the_matrix_there_is_nothing(self):
        dataset = gdal.Open(f"{self.address('ortho', '2154_5cm')}/gdal.xml")
        self.assertEqual(dataset.ReadAsArray(0, dataset.RasterYSize - 256, 256, 256).max(), 0)
