# SPDX-License-Identifier: Apache-2.0
"""The river rising: what the server tints at a level is what a flood fill of the whole model wets."""
import collections
import json
import os
import unittest

import numpy
from lxml import etree
from osgeo import gdal, ogr, osr

from schemas import NAMES, SchemaCase
from support.city import get_map, tile_box
from support.places import CITY_HEIGHTS, DATA, fresh_folder, needs_data, picture_file
from support.programs import Server, done
from support.pyramids import picture
from support.waiting import wait_until

gdal.UseExceptions()

LEVEL, CELL = "17", 1.6
LEFT, TOP = 269440 * CELL, 12000000 - 3304000 * CELL
WIDTH, HEIGHT = 700, 600
NODATA = -99999
NEVER = 99999
ZERO = 10.0

STYLE = {
    "identifier": "water", "title": "The river rising",
    "water": {"gauge": {"name": "Maine at Angers", "zero": ZERO,
                        "levels": [{"name": "1995 flood", "value": 6.66}, {"name": "decennial", "value": 5.4}]},
              "datum": "gauge", "range": [0, 9], "step": 0.1, "default": 3},
    "palette": {"rgb_continuous": True, "alpha_continuous": True, "colours": [
        {"value": 0, "red": 190, "green": 220, "blue": 250, "alpha": 120},
        {"value": 1, "red": 90, "green": 160, "blue": 230, "alpha": 180},
        {"value": 4, "red": 20, "green": 60, "blue": 150, "alpha": 220}]},
}
LAYER = {"title": "Maine", "styles": ["water"]}


def valley():
    """A river that falls to the south between plains, each behind a dike one pixel wide; pits, islands, and a piece of the
    river of which nobody knows the height."""
    dice = numpy.random.default_rng(6)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    away = numpy.abs(x - WIDTH / 2 - 40 * numpy.sin(y / 90))
    rough = sum(numpy.kron(dice.normal(0, size, (HEIGHT // step + 1, WIDTH // step + 1)), numpy.ones((step, step)))
                [:HEIGHT, :WIDTH] for step, size in ((50, 0.8), (10, 0.4), (1, 0.05)))
    ground = 12 + numpy.clip(away - 20, 0, None) * 0.02 - y * 0.001 + rough
    ground[away < 20] = 11 - y[away < 20] * 0.001
    ground[numpy.abs(away - 60) < 0.8] = 16          # along the river, and as oblique as it
    ground[300:304, :] = numpy.minimum(ground[300:304, :], 14.2)  # a breach
    for i in range(200):
        ground[100 + i, 20 + i // 2] = 18            # a wall across corners
        ground[500 - i, 40 + i] = 18
    heights = ground.astype(numpy.float32)
    heights[220:260, 330:420] = NODATA
    heights[:40, :60] = NODATA
    return heights


def write(file, heights, left=LEFT, top=TOP, cell=CELL, epsg=2154):
    data = gdal.GetDriverByName("GTiff").Create(str(file), heights.shape[1], heights.shape[0], 1, gdal.GDT_Float32)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    data.SetProjection(reference.ExportToWkt())
    data.SetGeoTransform((left, cell, 0, top, 0, -cell))
    data.GetRasterBand(1).SetNoDataValue(NODATA)
    data.GetRasterBand(1).WriteArray(heights)


def write_river(file, *geometries):
    """GeoJSON, in degrees, of geometries in Lambert-93 as text."""
    here, there = osr.SpatialReference(), osr.SpatialReference()
    here.ImportFromEPSG(2154)
    there.ImportFromEPSG(4326)
    for system in (here, there):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    features = []
    for text in geometries:
        geometry = ogr.CreateGeometryFromWkt(text)
        geometry.Transform(osr.CoordinateTransformation(here, there))
        features.append({"type": "Feature", "properties": {}, "geometry": json.loads(geometry.ExportToJson(
            ["COORDINATE_PRECISION=11"]))})
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def at(col, row):
    return f"{LEFT + (col + 0.5) * CELL} {TOP - (row + 0.5) * CELL}"


RIVER = (f"POINT ({at(350, 5)})", f"POLYGON (({at(340, 200)}, {at(400, 200)}, {at(400, 280)}, {at(340, 280)}, {at(340, 200)}))")


def seeds_on(file, raster):
    """Which pixels of an open raster GDAL says that the geometries of the file touch."""
    mask = gdal.GetDriverByName("MEM").Create("", raster.RasterXSize, raster.RasterYSize, 1)
    mask.SetProjection(raster.GetProjection())
    mask.SetGeoTransform(raster.GetGeoTransform())
    turned = gdal.VectorTranslate("", str(file), format="Memory", dstSRS=raster.GetProjection(), reproject=True)
    gdal.RasterizeLayer(mask, [1], turned.GetLayer(0), burn_values=[1], options=["ALL_TOUCHED=TRUE"])
    return mask.ReadAsArray() == 1


def flooded(heights, known, seeds, level):
    """Pixel by pixel, what lies below the level and is reached from the seeds without crossing a corner, or anything that
    is higher or unknown."""
    level = numpy.float32(level)
    open_ground = (known & (heights <= level)) | (seeds & ~known)
    wet = numpy.zeros(heights.shape, bool)
    front = collections.deque(zip(*numpy.nonzero(seeds & open_ground)))
    for place in front:
        wet[place] = True
    rows, cols = heights.shape
    while front:
        row, col = front.popleft()
        for near in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
            if 0 <= near[0] < rows and 0 <= near[1] < cols and open_ground[near] and not wet[near]:
                wet[near] = True
                front.append(near)
    return wet & known & (heights < level)


def read_dalles(folder):
    return gdal.BuildVRT("", sorted(str(file) for file in folder.glob("*.tif")), srcNodata=NODATA, VRTNodata=NODATA)


class ModelCase(unittest.TestCase):
    """Dalles held against a flood fill at many levels."""

    def check_model(self, folder, river, levels):
        model = read_dalles(folder)
        heights, flood_levels = model.ReadAsArray()
        known = heights != NODATA
        seeds = seeds_on(river, model)
        for level in levels:
            expected = flooded(heights, known, seeds, level)
            drawn = known & (flood_levels <= numpy.float32(level)) & (heights < numpy.float32(level))
            self.assertTrue((drawn == expected).all(), f"at {level}: {(drawn != expected).sum()} pixels differ")
        return heights, flood_levels


class RealModels(ModelCase):
    def test_the_sample_city_floods_as_a_fill_of_it_does(self):
        folder = fresh_folder("water-city")
        write_river(folder / "river.geojson", "LINESTRING (430620 6712999, 430640 6712610)")
        done("flood", CITY_HEIGHTS, "--from", folder / "river.geojson", "--into", folder / "dalles", "--tms", "2154_5cm")
        heights, _ = self.check_model(folder / "dalles", folder / "river.geojson", numpy.arange(14, 42, 1.5))
        self.assertGreater((heights != NODATA).sum(), 100_000)

    @needs_data
    def test_a_real_terrain_model_in_another_system_does(self):
        folder = fresh_folder("water-washington")
        dtm = DATA / "dtm_dsm_2m_washington_dc/dtm.tif"
        lowest = gdal.Open(str(dtm))
        heights = lowest.ReadAsArray()
        heights[heights == -9999] = 1e6
        row, col = numpy.unravel_index(heights.argmin(), heights.shape)
        left, cell, _, top, _, _ = lowest.GetGeoTransform()
        x, y = left + (col + 0.5) * cell, top - (row + 0.5) * cell
        (folder / "spring.geojson").write_text(json.dumps(
            {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26918"}},
             "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [x, y]}}]}))
        done("flood", dtm, "--from", folder / "spring.geojson", "--into", folder / "dalles", "--tms", "PM")
        low, high = numpy.percentile(heights[heights < 1e6], (1, 99))
        self.check_model(folder / "dalles", folder / "spring.geojson", numpy.linspace(low, high, 12))


class ValleyCase(ModelCase):
    """A server over the valley; `style` may be another."""

    style = STYLE

    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder(f"water-{cls.__name__}")
        cls.heights = valley()
        cls.known = cls.heights != NODATA
        write(cls.folder / "dtm.tif", cls.heights)
        write_river(cls.folder / "river.geojson", *RIVER)
        cls.seeds = seeds_on(cls.folder / "river.geojson", gdal.Open(str(cls.folder / "dtm.tif")))
        cls.flood()
        cls.store = cls.folder / "store"
        done("build", cls.folder / "dalles", "--into", cls.store, "--tms", "2154_5cm", "--name", "maine", "--bands", "1,2",
             "--resampling", "near")
        for kind, name, value in (("styles", "water", cls.style), ("layers", "maine", LAYER)):
            (cls.store / kind).mkdir()
            (cls.store / kind / f"{name}.json").write_text(json.dumps(value))
        cls.server = cls.serve()

    @classmethod
    def serve(cls):
        return Server(cls.store)

    @classmethod
    def flood(cls):
        return json.loads(done("flood", cls.folder / "dtm.tif", "--from", cls.folder / "river.geojson", "--into",
                               cls.folder / "dalles", "--tms", "2154_5cm", "--json").stdout)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def box(self):
        return LEFT, TOP - HEIGHT * CELL, LEFT + WIDTH * CELL, TOP

    def map(self, **more):
        return self.server.get(get_map("maine", "EPSG:2154", self.box(), WIDTH, HEIGHT, TRANSPARENT="TRUE", **more))

    def wet(self, answer):
        self.assertEqual((answer.status, answer.media_type), (200, "image/png"), answer.body[:500])
        return picture(answer.body)[..., 3] > 0

    def expected(self, level):
        """Of a level above the gauge's zero."""
        return flooded(self.heights, self.known, self.seeds, ZERO + level)

    def tile(self):
        """Column and row of one in the midst."""
        return int((LEFT + 500) / (256 * CELL)), int((12000000 - TOP + 400) / (256 * CELL))

    def tile_address(self, path="", **dimension):
        """That tile by REST, with `path` before the set, or with `dimension` by KVP."""
        col, row = self.tile()
        if dimension:
            more = "".join(f"&{name}={value}" for name, value in dimension.items())
            return (f"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=maine&STYLE=water&FORMAT=image/png"
                    f"&TILEMATRIXSET=2154_5cm&TILEMATRIX={LEVEL}&TILEROW={row}&TILECOL={col}{more}")
        return f"/wmts/1.0.0/maine/water/{path}2154_5cm/{LEVEL}/{row}/{col}.png"


class Rising(ValleyCase):
    def test_the_dalles_are_a_flood_fill(self):
        self.check_model(self.folder / "dalles", self.folder / "river.geojson", numpy.arange(10, 20, 0.37))

    def test_each_level_wets_what_a_fill_of_the_whole_model_does(self):
        sheet = []
        for level in (1.2, 2.5, 4.1, 4.2, 4.3, 5.4, 6.2, 6.66, 8.5):
            answer = self.map(DIM_WATER_LEVEL=level)
            expected = self.expected(level)
            self.assertEqual((self.wet(answer) != expected).sum(), 0, f"at {level}")
            sheet.append(expected.sum())
            picture_file(f"water-{level}").write_bytes(answer.body)
        self.assertEqual(sheet, sorted(sheet))
        self.assertGreater(sheet[-1], 2 * sheet[0])

    def test_depths_have_the_palette(self):
        colours = picture(self.map(DIM_WATER_LEVEL="6").body)
        deep = self.expected(6) & (self.heights < ZERO + 6 - 4)
        self.assertGreater(deep.sum(), 0)
        self.assertEqual({tuple(colour) for colour in colours[deep].tolist()}, {(20, 60, 150, 220)})

    def test_coarser_levels_show_pixels_of_the_model(self):
        """Each pixel of a level twice as coarse is one of the four below it: so no flood is invented."""
        level = 5.4
        box = get_map("maine", "EPSG:2154", self.box(), WIDTH // 2, HEIGHT // 2, TRANSPARENT="TRUE", DIM_WATER_LEVEL=level)
        wet, fine = self.wet(self.server.get(box)), self.expected(level)
        four = fine.reshape(HEIGHT // 2, 2, WIDTH // 2, 2)
        self.assertTrue((wet <= four.any((1, 3))).all())
        self.assertTrue((wet >= four.all((1, 3))).all())

    def test_all_services_send_the_same_tile(self):
        kvp = self.server.get(self.tile_address(WATER_LEVEL="5.4"))
        col, row = self.tile()
        self.assertGreater(self.wet(kvp).sum(), 1000)
        west, south, east, north = tile_box("2154_5cm", LEVEL, col, row)
        others = [self.tile_address(path) for path in ("5.4/", "decennial/", "5.400/")] + [
            self.tile_address(DIM_WATER_LEVEL="DECENNIAL"),
            get_map("maine", "EPSG:2154", (west, south, east, north), TRANSPARENT="TRUE", DIM_WATER_LEVEL="5.4"),
            f"/ogcapi/collections/maine/styles/water/map/tiles/2154_5cm/{LEVEL}/{row}/{col}?f=png&water_level=5.4"]
        for address in others:
            answer = self.server.get(address)
            self.assertEqual((answer.status, answer.headers["ETag"]), (200, kvp.headers["ETag"]), address)
            self.assertEqual(answer.body, kvp.body, address)
        default = self.server.get(self.tile_address(""))
        self.assertEqual(default.body, self.server.get(self.tile_address("3/")).body)
        self.assertNotEqual(default.headers["ETag"], kvp.headers["ETag"])
        self.assertEqual(default.headers["Cache-Control"], "public, max-age=86400")

    def test_xyz_and_maps_of_ogc_api_take_a_level(self):
        document = json.loads(self.server.get("/xyz/maine/tilejson.json?water_level=6.66").text)
        self.assertTrue(document["tiles"][0].endswith("?water_level=6.66"), document["tiles"])
        self.assertIn("1995 flood", document["dimensions"][0]["values"])
        west, south, east, north = self.box()
        address = (f"/ogcapi/collections/maine/map?f=png&crs=EPSG:2154&bbox-crs=EPSG:2154&bbox={west},{south},{east},{north}"
                   f"&width={WIDTH}&height={HEIGHT}&water_level=")
        for level in ("6.66", "1995%20flood"):
            wet = self.wet(self.server.get(address + level))
            self.assertEqual((wet != self.expected(6.66)).sum(), 0)
        self.assertIn("water_level", self.server.get("/ogcapi/api").text)

    def test_levels_are_rounded_to_the_step_and_wms_says_so(self):
        rounded = self.map(DIM_WATER_LEVEL="5.43")
        self.assertEqual(rounded.headers["Warning"], "99 Nearest value used: water_level=5.4 units=m")
        self.assertEqual(rounded.body, self.map(DIM_WATER_LEVEL="5.4").body)
        self.assertEqual(self.map().headers["Warning"], "99 Default value used: water_level=3 units=m")
        self.assertIsNone(self.map(DIM_WATER_LEVEL="1995+flood").headers["Warning"])

    def test_what_is_no_level_is_refused_in_each_protocols_words(self):
        for value in ("9.1", "-0.1", "nan", "inf", "1e9", "deep", "5.4,6", "0/9/0.1", "current", "%2e%2e", "5.4m", "0x5"):
            wms = self.map(DIM_WATER_LEVEL=value)
            self.assertEqual(wms.status, 400, value)
            self.assertIn('code="InvalidDimensionValue"', wms.text, value)
            self.assertIn("is no water level: there are 0 to 9 metres, 1995 flood, decennial.", wms.text, value)
            kvp = self.server.get(self.tile_address(WATER_LEVEL=value))
            self.assertEqual(kvp.status, 400, value)
            self.assertIn('exceptionCode="InvalidParameterValue" locator="WATER_LEVEL"', kvp.text)
            ogc = self.server.get(f"/ogcapi/collections/maine/map?f=png&water_level={value}")
            self.assertEqual((ogc.status, ogc.media_type), (400, "application/problem+json"), value)
            self.assertEqual(self.server.get(f"/xyz/maine/14/8100/5700.png?water_level={value}").status, 400, value)
        self.assertEqual(self.server.get(self.tile_address("9.1/")).status, 404)

    def test_a_place_tells_its_height_the_level_that_wets_it_and_the_depth(self):
        told = 0
        for col, row in ((350, 10), (420, 400), (300, 302), (640, 500), (5, 5), (60, 180)):
            answer = self.server.get(
                get_map("maine", "EPSG:2154", self.box(), WIDTH, HEIGHT, QUERY_LAYERS="maine", I=col, J=row,
                        INFO_FORMAT="application/json", DIM_WATER_LEVEL="6").replace("GetMap", "GetFeatureInfo"))
            features = json.loads(answer.text)["features"]
            self.assertEqual(len(features), int(self.known[row, col]), (col, row))
            if features:
                told += 1
                said = features[0]["properties"]
                height = float(self.heights[row, col])
                self.assertAlmostEqual(said["height"], height, places=4)
                self.assertAlmostEqual(said["water_level"], ZERO + 6, places=4)
                depth = ZERO + 6 - height if self.expected(6)[row, col] else 0
                self.assertAlmostEqual(said["depth"], depth, delta=0.001)
                self.assertGreaterEqual(said["flood_level"], said["height"])
        self.assertEqual(told, 5)


class Documents(ValleyCase, SchemaCase):
    def test_capabilities_state_the_dimension_and_are_valid(self):
        text = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text
        self.validate_by("wms130.xsd", text)
        found, = etree.fromstring(text.encode()).iter("{http://www.opengis.net/wms}Dimension")
        self.assertEqual(dict(found.attrib), {"name": "water_level", "units": "m", "unitSymbol": "m", "default": "3",
                                              "multipleValues": "0", "nearestValue": "1", "current": "0"})
        self.assertEqual(found.text, "0/9/0.1")
        self.assertIn("<Abstract>1995 flood = 6.66 m; decennial = 5.4 m</Abstract>", text)
        self.validate(self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text, "--valid")

    def test_wmts_lists_each_level_and_the_names(self):
        text = self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").text
        self.validate_wmts(text)
        document = etree.fromstring(text.encode())
        self.assertEqual(document.findtext(".//w:Dimension/ows:Identifier", namespaces=NAMES), "WATER_LEVEL")
        values = [value.text for value in document.findall(".//w:Dimension/w:Value", NAMES)]
        self.assertEqual((values[:3], values[-2:]), (["0", "0.1", "0.2"], ["1995 flood", "decennial"]))
        self.assertIn("6.66", values)
        self.assertIn("/{WATER_LEVEL}/{TileMatrixSet}/", document.find(".//w:ResourceURL", NAMES).get("template"))


class Products(ValleyCase):
    """Other layers, and pyramids that do not fit."""

    @classmethod
    def serve(cls):
        done("build", cls.folder / "dalles", "--into", cls.store, "--tms", "2154_5cm", "--name", "blended", "--bands", "1,2")
        done("build", cls.folder / "dtm.tif", "--into", cls.store, "--tms", "2154_5cm", "--name", "heights")
        for name, styles in (("blended", ["water"]), ("heights", ["elevation", {"style": "water", "layer": "maine"}])):
            (cls.store / "layers" / f"{name}.json").write_text(json.dumps({"styles": styles}))
        return Server(cls.store, expected="blended")

    def test_a_layer_may_show_the_water_of_another(self):
        box = get_map("heights", "EPSG:2154", self.box(), WIDTH, HEIGHT, TRANSPARENT="TRUE", DIM_WATER_LEVEL="5.4")
        wet = self.wet(self.server.get(box.replace("STYLES=", "STYLES=water")))
        self.assertEqual((wet != self.expected(5.4)).sum(), 0)
        dry = [self.server.get(box.replace("5.4", level)) for level in ("5.4", "6")]
        self.assertEqual(dry[0].body, dry[1].body)  # its other styles have no level

    def test_levels_that_were_blended_are_refused(self):
        self.assertTrue(any("build blended anew with --resampling near" in line for line in self.server.log), self.server.log)


class Today(ValleyCase):
    """The level of today comes from a file that somebody else writes."""

    style = {**STYLE, "water": {**STYLE["water"], "current": {"file": "maine.txt", "hours": 1000000}}}

    @classmethod
    def serve(cls):
        cls.write_level("2026-11-22T06:00:00Z 4.2\n")
        return Server(cls.store, expected="style")

    @classmethod
    def write_level(cls, text):
        beside = cls.store / "styles/.maine.txt"
        beside.write_text(text)
        os.replace(beside, cls.store / "styles/maine.txt")

    def test_it_is_the_default_until_the_file_says_another(self):
        first = self.map()
        self.assertEqual(first.headers["Cache-Control"], "public, max-age=60")
        self.assertEqual((self.wet(first) != self.expected(4.2)).sum(), 0)
        self.assertEqual(self.map(DIM_WATER_LEVEL="current").body, first.body)
        self.assertEqual(self.map(DIM_WATER_LEVEL="4.2").headers["Cache-Control"], "public, max-age=3600")
        tile = self.server.get(self.tile_address(""))
        self.assertEqual(tile.headers["Cache-Control"], "public, max-age=60")
        with self.server.publication():
            self.write_level("2026-11-22T06:00:00Z 4.2\n2026-11-22T06:15:00Z;5.4\n")
            self.server.process.send_signal(1)
        self.assertEqual((self.wet(self.map()) != self.expected(5.4)).sum(), 0)
        self.assertNotEqual(self.server.get(self.tile_address("")).headers["ETag"], tile.headers["ETag"])
        capabilities = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text
        self.assertIn('default="5.4"', capabilities)
        self.assertIn('current="1"', capabilities)
        for broken in ("the river is high\n", "", "2020-01-01T00:00:00Z 1 2\n"):
            with self.server.publication():
                self.write_level(broken)
                self.server.process.send_signal(1)
            self.assertEqual((self.wet(self.map()) != self.expected(5.4)).sum(), 0, broken)  # as it was said last
            self.assertTrue(any("maine.txt" in line and "warning" in line for line in self.server.log), broken)

    def test_a_server_that_watches_sees_the_file(self):
        with Server(self.store, watch=1, expected="style") as server:
            self.write_level("2026-11-22T07:00:00Z 6\n")
            wait_until(lambda: 'default="6"' in server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text, "the new level")


class Updates(ValleyCase):
    def test_only_what_changed_is_written_and_the_pyramid_follows(self):
        before = {file.name: file.stat().st_mtime_ns for file in (self.folder / "dalles").iterdir()}
        report = self.flood()
        self.assertEqual((report["written"], report["removed"]), (0, 0))
        self.assertEqual({file.name: file.stat().st_mtime_ns for file in (self.folder / "dalles").iterdir()}, before)
        done("update", self.store / "maine.json")

        heights = self.heights.copy()
        away = slice(None), slice(380, 480)
        heights[away] = numpy.where(heights[away] == 16, 13, heights[away])  # the eastern dike has gone
        write(self.folder / "dtm.tif", heights)
        self.assertGreater(self.flood()["written"], 0)
        done("update", self.store / "maine.json")
        self.server.reload()
        for level in (3.4, 5.4):
            expected = flooded(heights, self.known, self.seeds, ZERO + level)
            self.assertEqual((self.wet(self.map(DIM_WATER_LEVEL=level)) != expected).sum(), 0, level)
            self.assertGreater((expected != self.expected(level)).sum(), 100)

    def test_tilejson_has_the_level_of_the_style_that_it_names(self):
        layer = self.store / "layers/maine.json"
        layer.write_text(json.dumps({**LAYER, "styles": ["normal", "water"]}))
        self.server.reload()
        document = json.loads(self.server.get("/xyz/maine/tilejson.json?style=water&water_level=6.66").text)
        self.assertTrue(document["tiles"][0].endswith("?water_level=6.66&style=water"), document["tiles"])
        self.assertEqual(self.server.get("/xyz/maine/tilejson.json?style=water&water_level=99").status, 400)
        layer.write_text(json.dumps(LAYER))
        self.server.reload()

    def test_files_of_others_stay_where_dalles_go(self):
        for name in ("flood-2016.tif", "flood-1-2-3.tif", "flood-99-99.tif"):
            (self.folder / "dalles" / name).write_text("a report")
        self.assertEqual(self.flood()["removed"], 1)
        for name in ("flood-2016.tif", "flood-1-2-3.tif"):
            (self.folder / "dalles" / name).unlink()


if __name__ == "__main__":
    unittest.main()
