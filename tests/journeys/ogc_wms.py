# SPDX-License-Identifier: Apache-2.0
"""The assertions of the OGC's suites for WMS 1.3.0 and 1.1.1, each by its name there, on what capabilities themselves say."""
import io
import json
import re
import unittest
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import numpy
from lxml import etree
from PIL import Image

from support.city import publish
from support.places import fresh_folder
from support.programs import Server

HREF = "{http://www.w3.org/1999/xlink}href"


def plain(document):
    """The tree without namespaces: both versions have the same names but for CRS and SRS."""
    root = etree.fromstring(document)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


class WmsCase(unittest.TestCase):
    """A service with groups, a series, a layer whose values are not told, and one that is not of the city."""

    VERSION, CRS, I, J, EXCEPTION = "1.3.0", "CRS", "I", "J", "text/xml"

    @classmethod
    def setUpClass(cls):
        store = fresh_folder(cls.__name__)
        publish(store, "ortho", "irc", "quartier", "dtm")
        descriptions = {
            "ortho": {"title": "Ortho", "group": "Photos", "keywords": ["ortho"], "max_scale": 2000, "min_scale": 100},
            "irc": {"group": "Photos/Infrared", "queryable": False},
            "vintages": {"dimensions": {"members": [{"layer": "ortho", "time": "2022"}, {"layer": "irc", "time": "2005"}]}},
        }
        (store / "layers").mkdir()
        for name, description in descriptions.items():
            (store / "layers" / f"{name}.json").write_text(json.dumps(description))
        cls.server = Server(store)
        cls.document = cls.capabilities().text
        cls.tree = plain(cls.document.encode())
        cls.layers = [layer for layer in cls.tree.iter("Layer") if layer.find("Name") is not None]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def capabilities(cls, **more):
        return cls.server.get("/wms?" + urlencode({"SERVICE": "WMS", "REQUEST": "GetCapabilities", "VERSION": cls.VERSION, **more}))

    def layer(self, name):
        return next(layer for layer in self.layers if layer.findtext("Name") == name)

    def inherited(self, layer, tag):
        found = []
        while layer is not None and layer.tag == "Layer":
            found += layer.findall(tag)
            layer = layer.getparent()
        return found

    def box(self, layer):
        """A system of the layer, and its box as it stands in the document."""
        element = self.inherited(layer, "BoundingBox")[0]
        return element.get(self.CRS), [element.get(side) for side in ("minx", "miny", "maxx", "maxy")]

    def asked(self, layers="ortho", without=(), **more):
        names = [self.layer(name) for name in layers.split(",")] if isinstance(layers, str) else layers
        crs, box = self.box(names[0])
        values = {"SERVICE": "WMS", "VERSION": self.VERSION, "REQUEST": "GetMap", "STYLES": "",
                  "LAYERS": ",".join(layer.findtext("Name") for layer in names), self.CRS: crs, "BBOX": ",".join(box),
                  "WIDTH": "100", "HEIGHT": "100", "FORMAT": "image/png", **more}
        return "/wms?" + urlencode({key: value for key, value in values.items() if key not in without}, quote_via=quote)

    def get(self, *names, **more):
        return self.server.get(self.asked(*names, **more))

    def picture(self, answer, media_type="image/png"):
        self.assertEqual((answer.status, answer.media_type), (200, media_type), answer.text[:300] if answer.status != 200 else "")
        return numpy.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))

    def check_exception(self, answer, *codes):
        self.assertEqual(answer.media_type, self.EXCEPTION)
        found = plain(answer.body).find("ServiceException").get("code")
        if codes:
            self.assertIn(found, codes)


class Capabilities:
    """Mixed into a case for each version."""

    def test_negotiate(self):
        for version, expected in (("100.0.0", "1.3.0"), ("1.1.1", "1.1.1"), ("0.0.0", "1.1.1"), (self.VERSION, self.VERSION)):
            self.assertEqual(plain(self.capabilities(VERSION=version).body).get("version"), expected)

    def test_each_format_no_format_and_invalid_format(self):
        (form,) = [element.text for element in self.tree.findall("Capability/Request/GetCapabilities/Format")]
        for more in ({"FORMAT": form}, {}, {"FORMAT": "XXX"}):
            answer = self.capabilities(**more)
            self.assertEqual(answer.media_type, form)
            self.assertEqual(answer.text, self.document)

    def test_updatesequence(self):
        own = int(self.tree.get("updateSequence"))
        self.check_exception(self.capabilities(UPDATESEQUENCE=own), "CurrentUpdateSequence")
        self.check_exception(self.capabilities(UPDATESEQUENCE=own + 1), "InvalidUpdateSequence")
        self.assertEqual(self.capabilities(UPDATESEQUENCE=own - 1).text, self.document)

    def test_onlineresources(self):
        for element in self.tree.iterfind("Capability/Request//OnlineResource"):
            self.assertTrue(element.get(HREF).endswith("?"))

    def test_legendurls(self):
        links = list(self.tree.iter("LegendURL"))
        self.assertGreater(len(links), 4)
        for link in links:
            address = urlsplit(link.find("OnlineResource").get(HREF))
            pixels = self.picture(self.server.get(f"{address.path}?{address.query}"), link.findtext("Format"))
            self.assertEqual(pixels.shape[:2], (int(link.get("height")), int(link.get("width"))))

    def test_boxes(self):
        """bbox-present, bbox-distinct-crs, bbox-crs-advertised."""
        for layer in self.layers:
            self.assertTrue(self.inherited(layer, "BoundingBox"), layer.findtext("Name"))
            offered = {element.text for element in self.inherited(layer, self.CRS)}
            own = [element.get(self.CRS) for element in layer.findall("BoundingBox")]
            self.assertEqual(len(own), len(set(own)))
            self.assertLessEqual(set(own), offered)

    def test_crs_for_all_layers(self):
        """A system that all named layers have stands on the root."""
        offered = [{element.text for element in self.inherited(layer, self.CRS)} for layer in self.layers]
        root = {element.text for element in self.tree.find("Capability/Layer").findall(self.CRS)}
        self.assertEqual(set.intersection(*offered), root)
        self.assertGreater(len(root), 5)

    def test_extents(self):
        """layer-extents, ex_geobbox-coordinates."""
        for layer in self.layers:
            box = layer.find("EX_GeographicBoundingBox")
            west, east, south, north = ([float(side.text) for side in box] if box is not None else
                                        [float(layer.find("LatLonBoundingBox").get(side)) for side in ("minx", "maxx", "miny", "maxy")])
            self.assertTrue(west < east and south < north)
            for element in layer.findall("BoundingBox"):
                corners = [float(element.get(side)) for side in ("minx", "miny", "maxx", "maxy")]
                if element.get(self.CRS) == "CRS:84" or (element.get(self.CRS) == "EPSG:4326" and self.CRS == "SRS"):
                    self.assertTrue(numpy.allclose(corners, [west, south, east, north], atol=1e-9))
                elif element.get(self.CRS) == "EPSG:4326":
                    self.assertEqual(corners, [south, west, north, east])

    def test_nothing_is_declared_again(self):
        """style-unique, dims-no-redeclarations."""
        for layer in self.layers:
            for path in ("Style/Name", "Dimension"):
                mine = {element.text or element.get("name") for element in layer.findall(path)}
                above = {element.text or element.get("name") for element in self.inherited(layer.getparent(), path)}
                self.assertFalse(mine & above)

    def test_dimensions(self):
        """dims-time."""
        dimension = self.layer("vintages").find("Dimension")
        self.assertEqual((dimension.get("name"), dimension.get("units")), ("time", "ISO8601"))


class Maps:
    def test_bbox_direct_and_inherited(self):
        for layer in self.layers:
            for crs, sides in {(element.get(self.CRS), tuple(element.get(side) for side in ("minx", "miny", "maxx", "maxy")))
                               for element in self.inherited(layer, "BoundingBox")}:
                self.picture(self.get([layer], **{self.CRS: crs, "BBOX": ",".join(sides)}))

    def test_bbox_beyond_scales(self):
        _, (west, south, east, north) = self.box(self.layer("ortho"))
        near = f"{west},{south},{float(west) + 1},{float(south) + 1}"
        for box in (near, "0,0,9000000,9000000"):
            self.picture(self.get(BBOX=box))

    def test_bbox_without_inside(self):
        for box in ("2,0,1,1", "1,0,1,1", "0,2,1,1", "0,1,1,1"):
            self.check_exception(self.get(BBOX=box))

    def test_bbox_no_overlap(self):
        self.assertTrue((self.picture(self.get(BBOX="0,0,100,100")) == 255).all())
        degrees = {"CRS": "CRS:84"} if self.CRS == "CRS" else {"SRS": "EPSG:4326"}
        self.assertTrue((self.picture(self.get(BBOX="-10,90,10,110", **degrees)) == 255).all())

    def test_each_crs(self):
        for layer in self.layers:
            for crs in {element.text for element in self.inherited(layer, self.CRS)}:
                self.picture(self.get([layer], **{self.CRS: crs, "BBOX": "0,0,1,1"}))

    def test_invalid_crs(self):
        for crs in ("UndefinedCRS", "EPSG:1", "NONE", "AUTO2:42001"):
            self.check_exception(self.get(**{self.CRS: crs}), f"Invalid{self.CRS}")

    def test_exceptions(self):
        for name in (None, *self.XML_NAMES):
            more = {} if name is None else {"EXCEPTIONS": name}
            self.check_exception(self.get(LAYERS="UndefinedLayer", **more), "LayerNotDefined")
        for name in (element.text for element in self.tree.findall("Capability/Exception/Format")):
            if name in self.XML_NAMES:
                continue
            told = self.picture(self.get(LAYERS="UndefinedLayer", EXCEPTIONS=name, BGCOLOR="0xFF0000"))
            clear = self.picture(self.get(LAYERS="UndefinedLayer", EXCEPTIONS=name, TRANSPARENT="TRUE"))
            self.assertEqual(told.shape, (100, 100, 4))
            if "blank" in name.lower():
                self.assertTrue((told == (255, 0, 0, 255)).all())
                self.assertTrue((clear[..., 3] == 0).all())
            else:
                self.assertTrue((told[..., :3].max(axis=2) < 60).any(), "no letters")

    def test_formats(self):
        formats = [element.text for element in self.tree.findall("Capability/Request/GetMap/Format")]
        self.assertGreater(len(formats), 6)
        for layer in self.layers:
            for name in formats:
                for more in ({}, {"TRANSPARENT": "TRUE"}):
                    answer = self.get([layer], FORMAT=name, **more)
                    self.assertEqual((answer.status, answer.media_type), (200, name.split(";")[0]), name)
        self.check_exception(self.get(FORMAT="UnknownFormat"), "InvalidFormat")

    def test_layers(self):
        name = "ortho,ortho"
        self.picture(self.get(LAYERS=name))
        self.picture(self.get(LAYERS="ortho,irc,quartier"))
        limit = self.tree.findtext("Service/LayerLimit")
        if limit:
            self.picture(self.get(LAYERS=",".join(["ortho"] * int(limit))))
        for names in ("No", "No,ortho", "ortho,No", ""):
            self.check_exception(self.get(LAYERS=names), "LayerNotDefined", "MissingParameterValue")

    def test_styles(self):
        for layer in self.layers:
            for style in self.inherited(layer, "Style/Name"):
                self.picture(self.get([layer], STYLES=style.text))
        for names, styles in (("dtm", ""), ("dtm,ortho", ""), ("dtm,ortho", ","), ("dtm,ortho,dtm", "elevation,,normal"),
                              ("dtm,ortho,dtm,irc", ",,,")):
            self.picture(self.get(LAYERS=names, STYLES=styles))
        for names, styles in (("ortho", "No"), ("ortho,dtm", "No,"), ("ortho,dtm", "normal,No")):
            self.check_exception(self.get(LAYERS=names, STYLES=styles), "StyleNotDefined")

    def test_transparency(self):
        for more in ({}, {"TRANSPARENT": "FALSE"}, {"TRANSPARENT": "fAlSe"}):
            for layer in self.layers:
                self.assertTrue((self.picture(self.get([layer], **more))[..., 3] == 255).all())
        self.picture(self.get(TRANSPARENT="TRUE"))

    def test_sizes(self):
        most = int(self.tree.findtext("Service/MaxWidth") or 1024)
        for width, height in ((8, 5), (16, 16), (1024, 768), (most, 50)):
            self.assertEqual(self.picture(self.get(WIDTH=str(width), HEIGHT=str(height))).shape[:2], (height, width))

    def test_no_version(self):
        answer = self.get(without=("VERSION",))
        self.assertEqual(plain(answer.body).find("ServiceException").get("code"), "MissingParameterValue")

    def test_escaped_and_unknown(self):
        plain_answer = self.get()
        path, query = self.asked().split("?")
        keys = "&".join(f"{quote(key)}={''.join(f'%{ord(letter):02x}' for letter in value)}" for key, value in parse_qsl(query, True))
        for address in (f"{path}?{keys}", f"{path}?{query}&VENDOR=1", f"{path}?{query.lower().split('=')[0]}={query.split('=', 1)[1]}"):
            self.assertEqual(self.server.get(address).body, plain_answer.body)
        self.picture(self.server.get(self.asked("Photos/Infrared").replace("%2F", "/")))


class Infos:
    def info(self, layers="ortho", **more):
        return self.get(layers, **{"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": layers, self.I: "50", self.J: "50", **more})

    def test_exceptions(self):
        for name in (None, *self.XML_NAMES):
            more = {} if name is None else {"EXCEPTIONS": name}
            self.check_exception(self.info(LAYERS="No", QUERY_LAYERS="No", **more), "LayerNotDefined")

    def test_info_formats(self):
        names = [element.text for element in self.tree.findall("Capability/Request/GetFeatureInfo/Format")]
        for name in names:
            self.assertEqual((self.info(INFO_FORMAT=name).status, self.info(INFO_FORMAT=name).media_type), (200, name))
        self.assertIn(self.info().media_type, names)
        self.check_exception(self.info(INFO_FORMAT="No"), "InvalidFormat")

    def test_points(self):
        for more in ({self.I: "100"}, {self.J: "100"}, {self.I: "-1"}, {self.J: "9999"}):
            self.check_exception(self.info(**more), "InvalidPoint")

    def test_query_layers(self):
        for names in ("ortho", "ortho,dtm", "ortho,dtm,quartier"):
            self.assertEqual(self.info(LAYERS="ortho,dtm,quartier", QUERY_LAYERS=names).status, 200)
        self.check_exception(self.info(QUERY_LAYERS="No"), "LayerNotDefined")

    def test_not_queryable(self):
        self.assertEqual(self.layer("irc").get("queryable"), "0")
        self.check_exception(self.info("irc"), "LayerNotQueryable")


class Dimensions:
    def test_values(self):
        now, then = self.picture(self.get("vintages", TIME="2022")), self.picture(self.get("vintages", TIME="2005"))
        self.assertGreater(numpy.abs(now.astype(int) - then).mean(), 2)
        for time in ("current", "default", "2022-06-01", "2022-01-01T00:00:00Z"):
            self.assertTrue((self.picture(self.get("vintages", TIME=time)) == now).all(), time)
        self.check_exception(self.get("vintages", TIME="1999"), "InvalidDimensionValue")

    def test_default_is_said(self):
        answer = self.get("vintages")
        self.assertRegex(answer.headers["Warning"], r"^99 Default value used: time=2022 ")
        self.assertNotIn("Warning", self.get("vintages", TIME="2022").headers)


class Wms130(Capabilities, Maps, Infos, Dimensions, WmsCase):
    XML_NAMES = ("XML",)

    def test_schema_locations(self):
        (pairs,) = re.findall(r'xsi:schemaLocation="([^"]*)"', self.document)
        words = pairs.split()
        self.assertEqual(words[words.index("http://www.opengis.net/wms") + 1],
                         "http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd")
        used = set(re.findall(r'xmlns:?\w*="([^"]*)"', self.document)) - {"http://www.w3.org/1999/xlink",
                                                                         "http://www.w3.org/2001/XMLSchema-instance"}
        self.assertLessEqual(used, set(words[::2]))


class Wms111(Capabilities, Maps, Infos, Dimensions, WmsCase):
    VERSION, CRS, I, J, EXCEPTION = "1.1.1", "SRS", "X", "Y", "application/vnd.ogc.se_xml"
    XML_NAMES = ("application/vnd.ogc.se_xml",)

    def test_service_name_and_old_names(self):
        self.assertEqual(self.tree.findtext("Service/Name"), "OGC:WMS")
        for query in ("WMTVER=1.1.1&REQUEST=capabilities", "VERSION=1.1.1&WMTVER=100.0.0&REQUEST=GetCapabilities",
                      "WMTVER=0.0.0&VERSION=1.1.1&REQUEST=GetCapabilities"):
            self.assertEqual(plain(self.server.get(f"/wms?{query}").body).get("version"), "1.1.1")
        self.picture(self.get(REQUEST="map"))

    def test_degrees_are_decimal(self):
        for box in self.tree.iter("LatLonBoundingBox"):
            for side in box.attrib.values():
                self.assertRegex(side, r"^-?\d+(\.\d+)?$")
