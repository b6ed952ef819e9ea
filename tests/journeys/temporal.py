# SPDX-License-Identifier: Apache-2.0
"""Vintages along TIME, and floors along ELEVATION: by every protocol, and with the clients that know dimensions."""
import json
import re

import numpy
from lxml import etree
from osgeo import gdal
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

from schemas import NAMES, SchemaCase
from support.city import box_in, get_map, tile_box, wmts_kvp, wmts_rest
from support.places import fresh_folder, needs_schemas
from support.programs import Server
from support.pyramids import picture
from support.vintages import LEVEL, YEARS, VintagesCase


class Protocols(VintagesCase):
    def check(self, address, year, status=200):
        answer = self.server.get(address)
        self.assertEqual(answer.status, status, f"{address}: {answer.body[:400]}")
        self.assertEqual(answer.body, self.stored(year), address)
        own = self.server.get(wmts_rest(f"ortho-{year}", "2154_5cm", LEVEL, *self.tile, "image/png"))
        self.assertEqual(answer.headers["ETag"], own.headers["ETag"], address)
        return answer

    def map_of_tile(self, layer, **more):
        return get_map(layer, "EPSG:2154", tile_box("2154_5cm", LEVEL, *self.tile), **more)

    def test_wmts(self):
        col, row = self.tile
        for layer in ("ortho", "ortho-near"):
            default = "2022" if layer == "ortho" else "2005"
            kvp = wmts_kvp(layer, "2154_5cm", LEVEL, col, row, "image/png")
            self.check(kvp, default)
            self.check(wmts_rest(layer, "2154_5cm", LEVEL, col, row, "image/png"), default)
            for year in YEARS:
                self.check(f"{kvp}&TIME={year}", year)
                self.check(f"{kvp}&time={year}-07-14T10:00:00Z", year)
                self.check(f"/wmts/1.0.0/{layer}/normal/{year}/2154_5cm/{LEVEL}/{row}/{col}.png", year)
            self.check(f"{kvp}&TIME=current", "2022")
        for name, year in (("ortho-latest", "2022"), ("ortho-first", "2005")):
            self.check(wmts_rest(name, "2154_5cm", LEVEL, col, row, "image/png"), year)
            self.check(wmts_kvp(name, "2154_5cm", LEVEL, col, row, "image/png"), year)
        self.check(f"/wmts/1.0.0/floors/normal/2005-06-15/12.5/2154_5cm/{LEVEL}/{row}/{col}.png", "2022")
        self.check(wmts_kvp("floors", "2154_5cm", LEVEL, col, row, "image/png") + "&ELEVATION=12.5", "2022")
        self.check(wmts_kvp("floors", "2154_5cm", LEVEL, col, row, "image/png"), "2005")

    def test_wms(self):
        for version in ("1.3.0", "1.1.1"):
            self.assertIsNone(self.check(self.map_of_tile("ortho", TIME="2005", version=version), "2005").headers["Warning"])
            answer = self.check(self.map_of_tile("ortho", version=version), "2022")
            self.assertEqual(answer.headers["Warning"], "99 Default value used: time=2022 units=ISO8601")
            answer = self.check(self.map_of_tile("ortho-near", TIME="2019-01-01", version=version), "2022")
            self.assertEqual(answer.headers["Warning"], "99 Nearest value used: time=2022 units=ISO8601")
            answer = self.server.get(self.map_of_tile("ortho", TIME="1999", version=version))
            self.assertEqual(answer.status, 400)
            self.assertIn('code="InvalidDimensionValue"', answer.text)
        self.check(self.map_of_tile("floors", ELEVATION="12.5"), "2022")

    def test_what_is_drawn(self):
        """Not stored tiles: other sizes, systems and sets."""
        box = tile_box("2154_5cm", LEVEL, *self.tile)
        for year in YEARS:
            for crs, ground in (("EPSG:2154", box), ("EPSG:3857", box_in("EPSG:3857", box))):
                series = self.server.get(get_map("ortho", crs, ground, 300, 300, TIME=year))
                own = self.server.get(get_map(f"ortho-{year}", crs, ground, 300, 300))
                self.assertEqual((series.status, series.body, series.headers["ETag"]), (200, own.body, own.headers["ETag"]))
        pictures = [self.server.get(get_map("ortho", "EPSG:2154", box, 300, 300, TIME=year)).body for year in YEARS]
        self.assertNotEqual(*pictures)

    def test_xyz(self):
        document = json.loads(self.server.get("/xyz/ortho/tilejson.json").body)
        self.assertEqual(document["dimensions"],
                         [{"name": "time", "units": "ISO8601", "default": "2022", "values": ["2005", "2022"]}])
        west, south, east, north = document["bounds"]
        z = document["maxzoom"]
        x = int((west + east) / 2 / 360 * 2 ** z + 2 ** (z - 1))
        latitude = numpy.radians((south + north) / 2)
        y = int((1 - numpy.arcsinh(numpy.tan(latitude)) / numpy.pi) * 2 ** (z - 1))
        seen = {}
        for query, year in (("", "2022"), ("?time=2005", "2005"), ("?time=2022", "2022"), ("?TIME=current", "2022")):
            template, = json.loads(self.server.get("/xyz/ortho/tilejson.json" + query).body)["tiles"]
            address = template[len(self.server.url):].format(z=z, x=x, y=y)
            own = self.server.get(f"/xyz/ortho-{year}/{z}/{x}/{y}.png")
            answer = self.server.get(address)
            self.assertEqual((answer.status, answer.headers["ETag"], answer.body), (200, own.headers["ETag"], own.body))
            self.assertEqual(self.server.get(address, {"If-None-Match": own.headers["ETag"]}).status, 304)
            seen[year] = answer.body
        self.assertNotEqual(seen["2005"], seen["2022"])

    def test_values(self):
        box = tile_box("2154_5cm", LEVEL, *self.tile)
        older, newer = (picture(self.stored(year)) for year in YEARS)
        j, i = numpy.argwhere((older != newer).any(axis=2))[0]
        for year, pixels in zip(YEARS, (older, newer)):
            col, row = self.tile
            for address in (
                    get_map("ortho", "EPSG:2154", box, QUERY_LAYERS="ortho", I=i, J=j, INFO_FORMAT="application/json", TIME=year)
                    .replace("GetMap", "GetFeatureInfo"),
                    f"/wmts/1.0.0/ortho/normal/{year}/2154_5cm/{LEVEL}/{row}/{col}/{j}/{i}.json"):
                feature, = json.loads(self.server.get(address).body)["features"]
                self.assertEqual([feature["properties"][f"band_{band}"] for band in (1, 2, 3)], list(pixels[j, i, :3]))

    def test_a_new_vintage_is_the_default_at_once(self):
        """A CDN or a browser that kept the default tile learns by its tag that it is another one."""
        address = wmts_rest("ortho", "2154_5cm", LEVEL, *self.tile, "image/png")
        tag = self.check(address, "2022").headers["ETag"]
        file = self.store / "layers/ortho.json"
        whole = file.read_text()
        try:
            file.write_text(json.dumps({"dimensions": {"members": [{"layer": "ortho-2005", "time": "2005"}]}}))
            self.server.reload()
            self.assertNotEqual(self.check(address, "2005").headers["ETag"], tag)
            self.assertEqual(self.server.get(address, {"If-None-Match": tag}).status, 200)
            self.check(wmts_rest("ortho-latest", "2154_5cm", LEVEL, *self.tile, "image/png"), "2005")
        finally:
            file.write_text(whole)
            self.server.reload()
        self.assertEqual(self.check(address, "2022").headers["ETag"], tag)

    def test_members_can_be_hidden(self):
        (self.store / "layers/ortho.json").rename(self.store / "kept")
        description = json.loads((self.store / "kept").read_text())
        description["dimensions"]["hide_members"] = True
        (self.store / "layers/ortho.json").write_text(json.dumps(description))
        try:
            with Server(self.store) as server:
                for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/tms/1.0.0",
                                "/layers.json"):
                    text = server.get(address).text
                    self.assertIn("ortho-latest", text)
                    self.assertNotRegex(text, "ortho-20(05|22)[\"@<]")
                self.assertEqual(server.get(wmts_rest("ortho-2005", "2154_5cm", LEVEL, *self.tile, "image/png")).body,
                                 self.stored("2005"))
        finally:
            (self.store / "kept").rename(self.store / "layers/ortho.json")


@needs_schemas
class Documents(VintagesCase):
    validate, validate_by, validate_wmts = SchemaCase.validate, SchemaCase.validate_by, SchemaCase.validate_wmts

    def test_they_are_valid(self):
        for base in ("", "/ortho", "/floors", "/ortho-latest"):
            self.validate_wmts(self.server.get(f"{base}/wmts/1.0.0/WMTSCapabilities.xml").text)
            self.validate_by("wms130.xsd", self.server.get(f"{base}/wms?SERVICE=WMS&REQUEST=GetCapabilities").text)
            self.validate(self.server.get(f"{base}/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text, "--valid")
        for version in ("1.3.0", "1.1.1"):
            text = self.server.get(get_map("ortho", "EPSG:2154", (0, 0, 1, 1), version=version, TIME="%3C")).text
            self.validate_by("wms130.xsd", text) if version == "1.3.0" else self.validate(text, "--valid")
        self.validate_by("wmts100.xsd", self.server.get("/wmts/1.0.0/ortho/normal/1999/2154_5cm/0/0/0.png").text)

    def test_the_check_finds_mistakes(self):
        text = self.server.get("/floors/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text
        with self.assertRaises(AssertionError):
            self.validate(re.sub("(?s)(<Dimension.*/>\n)( *<Extent.*</Extent>\n)", r"\2\1", text), "--valid")

    def test_templates_lead_to_tiles(self):
        document = etree.fromstring(self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").body)
        for name, dimensions in (("ortho", ["Time"]), ("floors", ["Time", "Elevation"]), ("ortho-latest", [])):
            layer, = document.xpath(f"//w:Layer[ows:Identifier='{name}']", namespaces=NAMES)
            self.assertEqual(layer.xpath("w:Dimension/ows:Identifier/text()", namespaces=NAMES), dimensions)
            template = layer.xpath("w:ResourceURL[@resourceType='tile']/@template", namespaces=NAMES)[0]
            values = {dimension: layer.xpath(f"string(w:Dimension[ows:Identifier='{dimension}']/w:Default)", namespaces=NAMES)
                      for dimension in dimensions}
            address = template.format(Style="normal", TileMatrixSet="2154_5cm", TileMatrix=LEVEL, TileCol=self.tile[0],
                                      TileRow=self.tile[1], **values)
            answer = self.server.get(address[len(self.server.url):])
            self.assertEqual((answer.status, answer.body), (200, self.stored("2005" if name == "floors" else "2022")), name)


class Clients(VintagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gdal.SetConfigOption("GDAL_DEFAULT_WMS_CACHE_PATH", str(fresh_folder("gdal-temporal")))

    def test_owslib_asks_wmts_for_a_time(self):
        wmts = WebMapTileService(f"{self.server.url}/wmts")
        self.assertLessEqual({"ortho", "floors", "ortho-latest"}, set(wmts.contents))
        col, row = self.tile
        for year in YEARS:
            answer = wmts.gettile(layer="ortho", tilematrixset="2154_5cm", tilematrix=LEVEL, row=row, column=col,
                                  format="image/png", Time=year)
            self.assertEqual(answer.read(), self.stored(year))

    def test_owslib_reads_the_times_of_wms_and_asks_for_them(self):
        box = tile_box("2154_5cm", LEVEL, *self.tile)
        for version in ("1.1.1", "1.3.0"):
            wms = WebMapService(f"{self.server.url}/wms", version=version)
            layer = wms.contents["ortho"]
            self.assertEqual((layer.timepositions, layer.defaulttimeposition), (["2005", "2022"], "2022"))
            self.assertEqual(wms.contents["floors"].elevations, ["0", "12.5"])
            for year in YEARS:
                answer = wms.getmap(layers=["ortho"], styles=[""], srs="EPSG:2154", bbox=box, size=(256, 256),
                                    format="image/png", time=year)
                self.assertEqual(answer.read(), self.stored(year))

    def read(self, dataset, year):
        self.assertIsNotNone(dataset)
        corner, cell = dataset.GetGeoTransform()[0::3], dataset.GetGeoTransform()[1]
        west, _, _, north = tile_box("2154_5cm", LEVEL, *self.tile)
        pixels = dataset.ReadAsArray(round((west - corner[0]) / cell), round((corner[1] - north) / cell), 256, 256)
        self.assertEqual(abs(pixels[:3].transpose(1, 2, 0).astype(int) - picture(self.stored(year))[..., :3]).max(), 0)

    def test_gdal_by_wmts(self):
        """GDAL puts each dimension's default where the template has its name."""
        gdal.UseExceptions()
        capabilities = f"{self.server.url}/wmts/1.0.0/WMTSCapabilities.xml"
        for layer, year in (("ortho", "2022"), ("ortho-near", "2005"), ("floors", "2005"), ("ortho-first", "2005"),
                            ("ortho-latest", "2022")):
            self.read(gdal.Open(f"WMTS:{capabilities},layer={layer},tilematrixset=2154_5cm,tilematrix={LEVEL}"), year)

    def test_gdal_by_wms(self):
        gdal.UseExceptions()
        west, south, east, north = tile_box("2154_5cm", LEVEL, *self.tile)
        for year in YEARS:
            self.read(gdal.Open(
                f"<GDAL_WMS><Service name='WMS'><Version>1.3.0</Version><ServerUrl>{self.server.url}/wms?TIME={year}&amp;</ServerUrl>"
                "<CRS>EPSG:2154</CRS><ImageFormat>image/png</ImageFormat><Layers>ortho</Layers></Service><DataWindow>"
                f"<UpperLeftX>{west}</UpperLeftX><UpperLeftY>{north}</UpperLeftY><LowerRightX>{east}</LowerRightX>"
                f"<LowerRightY>{south}</LowerRightY><SizeX>256</SizeX><SizeY>256</SizeY></DataWindow><BandsCount>3</BandsCount>"
                "<BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY></GDAL_WMS>"), year)
