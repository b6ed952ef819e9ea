# SPDX-License-Identifier: Apache-2.0
"""Every XML document is valid against the OGC's own schemas, and says what it must beyond them."""
import os
import re
import subprocess

from lxml import etree

from support.city import SET_CORNERS, CityCase, get_map
from support.places import SCHEMAS, fresh_folder, needs_schemas
from support.programs import DEADLINE

NAMES = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1",
         "wms": "http://www.opengis.net/wms", "x": "http://www.w3.org/1999/xlink"}


@needs_schemas
class Validity(CityCase):
    def validate(self, text, *options):
        file = fresh_folder(f"schemas-{self._testMethodName}") / "document.xml"
        file.write_text(text)
        environment = {**os.environ, "XML_CATALOG_FILES": str(SCHEMAS / "catalog.xml")}
        result = subprocess.run(["xmllint", "--noout", "--nonet", *options, str(file)], capture_output=True, text=True,
                                timeout=DEADLINE, check=False, env=environment)
        complaints = [line for line in result.stderr.splitlines() if "Skipping import" not in line]
        self.assertEqual(result.returncode, 0, "\n".join(complaints[:20]))

    def validate_by(self, driver, text):
        self.validate(text, "--schema", str(SCHEMAS / "drivers" / driver))

    def test_wmts_capabilities(self):
        for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/ortho/wmts/1.0.0/WMTSCapabilities.xml",
                        "/dtm/wmts/1.0.0/WMTSCapabilities.xml"):
            text = self.server.get(address).text
            # The published schema has positiveInteger for the last row and column, so that a matrix of one tile cannot
            # have limits. The OGC's own tests have it corrected; so have we, by making these zeros ones.
            self.assertRegex(text, "<MaxTileRow>0<")
            self.validate_by("wmts100.xsd", re.sub("<(MaxTileRow|MaxTileCol)>0<", r"<\1>1<", text))

    def test_wmts_exceptions(self):
        for address in ("/wmts?SERVICE=WMTS&REQUEST=GetTile", "/wmts", "/wmts/1.0.0/no/no/no/0/0/0.png",
                        "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&AcceptVersions=7.0.0",
                        "/wmts/1.0.0/ortho/normal/2154_5cm/20/0/0.jpg", "/wmts?SERVICE=WMTS&REQUEST=%22%3C%00&VERSION=1.0.0",
                        "/wmts?SERVICE=WMTS&REQUEST=%22%3C%26%27&VERSION=1.0.0"):
            answer = self.server.get(address)
            if answer.media_type and "xml" in answer.media_type:
                self.validate_by("wmts100.xsd", answer.text)
            else:
                self.assertEqual(answer.status, 400, address)

    def test_wms_130_capabilities(self):
        for address in ("/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities"):
            self.validate_by("wms130.xsd", self.server.get(address).text)

    def test_wms_130_exceptions(self):
        for address in ("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0", "/wms", "/wms?REQUEST=x&VERSION=1.3.0",
                        get_map("no%3C", "EPSG:2154", (0, 0, 1, 1)), get_map("ortho", "EPSG:1%26", (0, 0, 1, 1))):
            self.validate_by("wms130.xsd", self.server.get(address).text)

    def test_wms_111_capabilities(self):
        self.validate(self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text, "--valid")

    def test_wms_111_exceptions(self):
        for address in ("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.1.1",
                        get_map("no%3C", "EPSG:2154", (0, 0, 1, 1), version="1.1.1")):
            self.validate(self.server.get(address).text, "--valid")

    def test_the_check_finds_mistakes(self):
        text = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text
        with self.assertRaises(AssertionError):
            self.validate_by("wms130.xsd", text.replace("westBoundLongitude", "westLongitude"))
        old = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text
        with self.assertRaises(AssertionError):
            self.validate(old.replace("LatLonBoundingBox", "LatLonBox"), "--valid")


class BeyondSchemas(CityCase):
    """What QGIS, GDAL, ArcGIS and others need of capabilities, whatever the schemas allow."""

    def setUp(self):
        self.text = self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").text
        self.document = etree.fromstring(self.text.encode())

    def find(self, path, node=None):
        return (self.document if node is None else node).xpath(path, namespaces=NAMES)

    def test_prefixes_are_the_literal_ones(self):
        for tag in ("<ows:Identifier>", "<ows:Title>", "<ows:SupportedCRS>", "<ows:WGS84BoundingBox>", "<ows:LowerCorner>",
                    "<Layer>", "<TileMatrixSet>", 'xlink:href="'):
            self.assertIn(tag, self.text)
        self.assertNotRegex(self.text, "<ns[0-9]:")

    def test_corners_are_two_numbers_with_one_space(self):
        corners = self.find("//w:TopLeftCorner/text() | //ows:LowerCorner/text() | //ows:UpperCorner/text()")
        self.assertGreater(len(corners), 50)
        for corner in corners:
            self.assertRegex(corner, r"^-?\d+(\.\d+)?(e[+-]?\d+)? -?\d+(\.\d+)?(e[+-]?\d+)?$")

    def test_all_levels_of_a_set_have_one_corner(self):
        for each in self.find("//w:Contents/w:TileMatrixSet"):
            self.assertEqual(len(set(self.find("w:TileMatrix/w:TopLeftCorner/text()", each))), 1)

    def test_scales_are_written_in_full(self):
        for set_id, (_, _, coarsest) in SET_CORNERS.items():
            scales = self.find(f"//w:TileMatrixSet[ows:Identifier='{set_id}']/w:TileMatrix/w:ScaleDenominator/text()")
            self.assertGreater(len(scales), 18)
            for level, scale in enumerate(scales):
                self.assertAlmostEqual(float(scale) * 0.00028 / (coarsest / 2 ** level), 1, places=12)

    def test_limits_lie_within_every_matrix(self):
        for link in self.find("//w:TileMatrixSetLink"):
            name = self.find("string(w:TileMatrixSet)", link)
            matrices = self.find(f"//w:Contents/w:TileMatrixSet[ows:Identifier='{name}']/w:TileMatrix")
            limited = self.find("w:TileMatrixSetLimits/w:TileMatrixLimits/w:TileMatrix/text()", link)
            self.assertEqual(limited, [self.find("string(ows:Identifier)", matrix) for matrix in matrices])
            for matrix, limits in zip(matrices, self.find(".//w:TileMatrixLimits", link)):
                number = {child.tag.split("}")[1]: child.text for child in [*matrix, *limits]}
                self.assertTrue(0 <= int(number["MinTileRow"]) <= int(number["MaxTileRow"]) < int(number["MatrixHeight"]))
                self.assertTrue(0 <= int(number["MinTileCol"]) <= int(number["MaxTileCol"]) < int(number["MatrixWidth"]))

    def test_each_layer_has_boxes_styles_and_formats(self):
        for layer in self.find("//w:Layer"):
            self.assertEqual(len(self.find("ows:WGS84BoundingBox", layer)), 1)
            self.assertEqual(len(self.find("w:Style[@isDefault='true']", layer)), 1)
            self.assertGreaterEqual(len(self.find("w:Format", layer)), 1)
            boxed = set(self.find("ows:BoundingBox/@crs", layer))
            for name in self.find("w:TileMatrixSetLink/w:TileMatrixSet/text()", layer):
                crs = self.find(f"string(//w:Contents/w:TileMatrixSet[ows:Identifier='{name}']/ows:SupportedCRS)")
                self.assertIn(crs, boxed)

    def test_addresses_are_public_ones(self):
        for address in self.find("//@x:href") + self.find("//w:ResourceURL/@template"):
            self.assertTrue(address.startswith(self.server.url + "/"), address)

    def test_templates_lead_to_tiles(self):
        for layer in self.find("//w:Layer"):
            style = self.find("string(w:Style[@isDefault='true']/ows:Identifier)", layer)
            for link in self.find("w:TileMatrixSetLink", layer):
                limits = self.find(".//w:TileMatrixLimits", link)[-4]
                values = {"{Style}": style, "{TileMatrixSet}": self.find("string(w:TileMatrixSet)", link),
                          "{TileMatrix}": self.find("string(w:TileMatrix)", limits),
                          "{TileRow}": self.find("string(w:MinTileRow)", limits),
                          "{TileCol}": self.find("string(w:MinTileCol)", limits)}
                for resource in self.find("w:ResourceURL", layer):
                    path = resource.get("template")[len(self.server.url):]
                    for key, value in values.items():
                        path = path.replace(key, value)
                    answer = self.server.get(path)
                    self.assertEqual((answer.status, answer.media_type), (200, resource.get("format")), path)

    def test_wms_layers_have_a_box_for_each_system(self):
        document = etree.fromstring(self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").body)
        layers = self.find("//wms:Layer[wms:Name]", document)
        self.assertEqual(len(layers), len(self.pyramids))
        for layer in layers:
            systems = set(self.find("ancestor-or-self::wms:Layer/wms:CRS/text()", layer))
            self.assertLessEqual({"EPSG:2154", "EPSG:3947", "EPSG:3857", "EPSG:4326", "CRS:84"}, systems)
            self.assertEqual(systems, set(self.find("wms:BoundingBox/@CRS", layer)))
            degrees = self.find("wms:BoundingBox[@CRS='EPSG:4326']", layer)[0]
            self.assertTrue(47 < float(degrees.get("minx")) < 48 and -1 < float(degrees.get("miny")) < 0)
        self.assertGreater(int(self.find("string(//wms:MaxWidth)", document)), 1000)
