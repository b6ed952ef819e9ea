# SPDX-License-Identifier: Apache-2.0
"""The assertions of the OGC's suite for WMTS 1.0.0, each by its name there, on what capabilities themselves say."""
import io
import itertools
from urllib.parse import urlencode, urlsplit

from lxml import etree
from PIL import Image

from support.city import CityCase

NAMES = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1", "x": "http://www.w3.org/1999/xlink"}
REPORT = "{http://www.opengis.net/ows/1.1}ExceptionReport"


class WmtsCase(CityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = cls.ask(SERVICE="WMTS", REQUEST="GetCapabilities").text
        cls.tree = etree.fromstring(cls.text.encode())

    @classmethod
    def ask(cls, **parameters):
        return cls.server.get("/wmts?" + urlencode(parameters))

    def find(self, path, element=None):
        return (self.tree if element is None else element).xpath(path, namespaces=NAMES)

    def check_exception(self, answer, code, locator=None, status=400):
        self.assertEqual(answer.status, status)
        report = etree.fromstring(answer.body)
        self.assertEqual(report.tag, REPORT)
        (exception,) = self.find("ows:Exception", report)
        self.assertEqual(exception.get("exceptionCode"), code)
        if locator:
            self.assertEqual(exception.get("locator", "").lower(), locator.lower())
        return report

    def tile_requests(self):
        """First, middle and last tile of every matrix of every layer and set."""
        for layer in self.find("//w:Contents/w:Layer"):
            for link in self.find("w:TileMatrixSetLink", layer):
                for limits in self.find(".//w:TileMatrixLimits", link):
                    first_row, last_row, first_col, last_col = (
                        int(self.find(f"string(w:{name})", limits)) for name in ("MinTileRow", "MaxTileRow", "MinTileCol", "MaxTileCol"))
                    for row, col in {(first_row, first_col), (last_row, last_col), ((first_row + last_row) // 2, (first_col + last_col) // 2)}:
                        yield {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0",
                               "LAYER": self.find("string(ows:Identifier)", layer),
                               "STYLE": self.find("string(w:Style/ows:Identifier)", layer),
                               "FORMAT": self.find("string(w:Format)", layer),
                               "TILEMATRIXSET": self.find("string(w:TileMatrixSet)", link),
                               "TILEMATRIX": self.find("string(w:TileMatrix)", limits), "TILEROW": row, "TILECOL": col}

    def a_tile(self):
        tiles = [tile for tile in self.tile_requests() if tile["LAYER"] == "ortho"]
        return tiles[len(tiles) // 2]


class CommonOperations(WmtsCase):
    def test_mistakes(self):
        """InvalidQueryString, InvalidService, InvalidRequest, NoService."""
        self.check_exception(self.server.get("/wmts?service=WMTS&request~GetCapabilities!version~1.0.0"), "MissingParameterValue", "request")
        self.check_exception(self.ask(service="BOGUS", request="GetCapabilities"), "InvalidParameterValue", "service")
        self.check_exception(self.ask(service="WMTS", request="GetBOGUS"), "InvalidParameterValue", "request")
        self.check_exception(self.ask(request="GetCapabilities"), "MissingParameterValue", "service")

    def test_rest(self):
        (address,) = self.find("//w:ServiceMetadataURL/@x:href")
        path = urlsplit(address).path
        self.assertEqual(self.server.get(path).text, self.text)
        self.assertEqual(self.server.get(path, {"Accept": "example/unknown"}).status, 406)
        for wrong in (path + "Bogus", path + "/Bogus"):
            self.assertEqual(self.server.get(wrong).status, 404)


class GetCapabilities(WmtsCase):
    SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes")

    def test_mandatory(self):
        answer = self.ask(service="WMTS", request="GetCapabilities", AcceptVersions="1.0.0")
        self.assertIn("/xml", answer.media_type)
        self.assertEqual(answer.text, self.text)
        for name in self.SECTIONS[:-1]:
            self.assertEqual(len(self.find(f"//ows:{name}") + self.find(f"//w:{name}")), 1, name)

    def test_names_in_any_case_and_order(self):
        pairs = [("service", "WMTS"), ("request", "GetCapabilities"), ("acceptversions", "1.0.0")]
        for order in itertools.permutations(pairs):
            for change in (str.lower, str.upper, str.title, str.swapcase):
                self.assertEqual(self.server.get("/wmts?" + "&".join(f"{change(key)}={value}" for key, value in order)).text, self.text)

    def test_versions(self):
        self.assertEqual(self.ask(service="WMTS", request="GetCapabilities", AcceptVersions="7.0.0,1.0.0").text, self.text)
        report = self.check_exception(self.ask(service="WMTS", request="GetCapabilities", AcceptVersions="2000.10.6"), "VersionNegotiationFailed")
        self.assertNotIn("locator", self.find("ows:Exception", report)[0].attrib)

    def test_sections(self):
        for name in self.SECTIONS:
            tree = etree.fromstring(self.ask(service="WMTS", request="GetCapabilities", Sections=name).body)
            self.assertEqual([etree.QName(element).localname for element in tree], [name])
        self.assertEqual(self.ask(service="WMTS", request="GetCapabilities", Sections="All").text, self.text)
        self.check_exception(self.ask(service="WMTS", request="GetCapabilities", Sections="Bogus"), "InvalidParameterValue", "sections")
        self.check_exception(self.ask(service="WMTS", request="GetCapabilities", Sections=""), "MissingParameterValue", "sections")

    def test_update_sequence(self):
        own = int(self.tree.get("updateSequence"))
        current = etree.fromstring(self.ask(service="WMTS", request="GetCapabilities", UpdateSequence=own).body)
        self.assertEqual((len(current), current.get("version"), current.get("updateSequence")), (0, "1.0.0", str(own)))
        self.assertEqual(self.ask(service="WMTS", request="GetCapabilities", UpdateSequence=own - 1).text, self.text)
        self.check_exception(self.ask(service="WMTS", request="GetCapabilities", UpdateSequence=own + 1), "InvalidUpdateSequence", "updateSequence")

    def test_operations(self):
        gets = self.find("//ows:Operation/ows:DCP/ows:HTTP/ows:Get")
        self.assertEqual(len(gets), 3)
        for get in gets:
            self.assertRegex(get.get("{http://www.w3.org/1999/xlink}href"), r"^http.*[?&]$")
            self.assertEqual(self.find("ows:Constraint[@name='GetEncoding']/ows:AllowedValues/ows:Value/text()", get), ["KVP"])

    def test_identifiers(self):
        for path in ("//w:Contents/w:Layer/ows:Identifier/text()", "//w:Contents/w:TileMatrixSet/ows:Identifier/text()"):
            names = self.find(path)
            self.assertEqual(len(names), len(set(names)))
        for matrix_set in self.find("//w:Contents/w:TileMatrixSet"):
            for path in ("w:TileMatrix/ows:Identifier/text()", "w:TileMatrix/w:ScaleDenominator/text()"):
                values = self.find(path, matrix_set)
                self.assertEqual(len(values), len(set(values)))
        sets = set(self.find("//w:Contents/w:TileMatrixSet/ows:Identifier/text()"))
        self.assertEqual(set(self.find("//w:TileMatrixSetLink/w:TileMatrixSet/text()")), sets)
        for layer in self.find("//w:Contents/w:Layer"):
            self.assertEqual(len(self.find("w:ResourceURL[@resourceType='tile']", layer)), 1)
            self.assertEqual(len(self.find("w:Style[@isDefault='true']", layer)), 1)

    def test_legends(self):
        links = self.find("//w:LegendURL")
        self.assertGreater(len(links), 3)
        for link in links:
            address = urlsplit(link.get("{http://www.w3.org/1999/xlink}href"))
            answer = self.server.get(f"{address.path}?{address.query}")
            self.assertEqual(answer.media_type, link.get("format"))
            self.assertEqual(Image.open(io.BytesIO(answer.body)).size, (int(link.get("width")), int(link.get("height"))))


class GetTile(WmtsCase):
    def test_every_addressed_tile_is_an_image(self):
        count = 0
        for tile in self.tile_requests():
            answer = self.ask(**tile)
            self.assertEqual((answer.status, answer.media_type), (200, tile["FORMAT"]), tile)
            self.assertEqual(Image.open(io.BytesIO(answer.body)).size, (256, 256))
            count += 1
        self.assertGreater(count, 100)

    def test_rest_is_the_same(self):
        for tile in itertools.islice(self.tile_requests(), 0, None, 9):
            (template,) = self.find(f"//w:Layer[ows:Identifier='{tile['LAYER']}']/w:ResourceURL[@resourceType='tile']/@template")
            for name in ("Style", "TileMatrixSet", "TileMatrix", "TileRow", "TileCol"):
                template = template.replace("{" + name + "}", str(tile[name.upper()]))
            rest, kvp = self.server.get(urlsplit(template).path), self.ask(**tile)
            self.assertEqual((rest.body, rest.headers["ETag"]), (kvp.body, kvp.headers["ETag"]))
            pieces = urlsplit(template).path.split("/")
            for gone in range(4, len(pieces)):
                self.assertGreaterEqual(self.server.get("/".join(pieces[:gone] + pieces[gone + 1:])).status, 400)

    def test_missing(self):
        for name in ("LAYER", "STYLE", "FORMAT", "TILEMATRIXSET", "TILEMATRIX", "TILEROW", "TILECOL"):
            tile = self.a_tile()
            del tile[name]
            self.check_exception(self.ask(**tile), "MissingParameterValue", name)

    def test_invalid(self):
        for name in ("LAYER", "STYLE", "FORMAT", "TILEMATRIXSET", "TILEMATRIX"):
            self.check_exception(self.ask(**{**self.a_tile(), name: "Bogus"}), "InvalidParameterValue", name)

    def test_out_of_limits(self):
        for name in ("TILEROW", "TILECOL"):
            for value in (-1, 0, 2 ** 40):
                self.check_exception(self.ask(**{**self.a_tile(), name: value}), "TileOutOfRange", name)


class GetFeatureInfo(WmtsCase):
    def info(self, **more):
        return self.ask(**{**self.a_tile(), "REQUEST": "GetFeatureInfo", "I": 10, "J": 20, "INFOFORMAT": "text/plain", **more})

    def test_info_formats(self):
        names = self.find("//w:Layer[ows:Identifier='ortho']/w:InfoFormat/text()")
        self.assertGreater(len(names), 3)
        for name in names:
            answer = self.info(INFOFORMAT=name)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, name))
            self.assertGreater(len(answer.body), 1)

    def test_mistakes(self):
        self.check_exception(self.info(INFOFORMAT="Bogus"), "InvalidParameterValue", "InfoFormat")
        for name in ("I", "J"):
            for value in (-1, 256, 99999):
                self.check_exception(self.info(**{name: value}), "TileOutOfRange", name)
