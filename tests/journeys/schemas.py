# SPDX-License-Identifier: Apache-2.0
"""Every XML document is valid against the OGC's own schemas, and says what it must beyond them."""
import json
import os
import re
import subprocess

from lxml import etree

from support.city import EDGE, SET_CORNERS, CityCase, get_map, publish
from support.places import SCHEMAS, fresh_folder, needs_schemas
from support.programs import DEADLINE, Server

NAMES = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1",
         "wms": "http://www.opengis.net/wms", "x": "http://www.w3.org/1999/xlink"}


@needs_schemas
class SchemaCase(CityCase):
    """What the OGC's own schemas say of documents."""

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

    def validate_wmts(self, text):
        # The published schema has positiveInteger for the last row and column, so that a matrix of one tile cannot
        # have limits. The OGC's own tests have it corrected; so have we, by making these zeros ones.
        self.assertRegex(text, "<MaxTileRow>0<")
        self.validate_by("wmts100.xsd", re.sub("<(MaxTileRow|MaxTileCol)>0<", r"<\1>1<", text))


class Validity(SchemaCase):
    def test_wmts_capabilities(self):
        for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/ortho/wmts/1.0.0/WMTSCapabilities.xml",
                        "/dtm/wmts/1.0.0/WMTSCapabilities.xml"):
            self.validate_wmts(self.server.get(address).text)

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


SERVICE = {
    "title": "Orthophotos <& relief>", "abstract": "Of the city", "keywords": ["ortho", "été"],
    "provider": {"name": "Ville", "url": "https://ville.example/?a=1&b=2"},
    "contact": {"person": "Anne", "organisation": "Ville", "position": "Geographer", "address_type": "postal",
                "address": "1, place", "city": "Angers", "state_or_province": "Anjou", "post_code": "49000",
                "country": "France", "phone": "+33 2", "fax": "+33 3", "email": "anne@ville.example"},
    "fees": "free", "access_constraints": "Licence Ouverte 2.0", "layer_order": ["irc"]}
LAYERS = {
    "ortho": {
        "title": "Été 2022 <5 cm>", "abstract": "Flown & made", "keywords": ["ortho", "2022"],
        "attribution": {"title": "Ville & co", "url": "https://ville.example/?a=1&b=2",
                        "logo": {"width": 60, "height": 30, "format": "image/png", "url": "https://ville.example/l.png"}},
        "authority": {"name": "angers", "url": "https://angers.example/?a&b"}, "identifier": "FR <49007>/ortho",
        "metadata": [{"type": "ISO19115:2003", "format": "text/xml", "url": "https://geo.example/m.xml?a&b"},
                     {"type": "FGDC:1998", "format": "text/xml", "url": "https://geo.example/f.xml"},
                     {"type": "DublinCore", "format": "text/html", "url": "https://geo.example/m.html"}],
        "data": [{"format": "application/zip", "url": "https://geo.example/d.zip"}],
        "group": "Orthophotos/2022", "min_scale": 100, "max_scale": 1e6, "styles": ["normal"],
        "bbox": {"west": -0.575, "south": 47.4, "east": -0.57, "north": 47.6},
        "extra_crs": ["EPSG:3035", "EPSG:4258", "EPSG:32630"], "extra_tilematrixsets": ["4326", "WorldCRS84Quad", "3947_5cm"],
        "pyramids": [{"path": "ortho.json"}]},
    "irc": {"title": "Infrared", "group": "Orthophotos/2022", "attribution": {"title": "Ville"}, "max_scale": 5000},
    "quartier": {"title": "District", "group": "Orthophotos"},
    "dtm": {"title": "Heights", "styles": ["normal", "elevation"]}}


OWN = {"ortho": "EPSG:2154", "irc": "EPSG:2154", "quartier": "EPSG:3857", "dtm": "EPSG:2154"}
WEB = ("EPSG:3857", "EPSG:4326", "CRS:84")
# Of all layers, of one, of groups.
OWN_SERVICES = ("", "/ortho", "/Orthophotos", "/Orthophotos/2022")


class Described(SchemaCase):
    """A service and layers of which everything is said that can be."""

    @classmethod
    def setUpClass(cls):
        folder = fresh_folder("described")
        store, config = folder / "store", folder / "server.json"
        (store / "layers").mkdir(parents=True)
        publish(store, *LAYERS)
        for name, description in LAYERS.items():
            (store / "layers" / f"{name}.json").write_text(json.dumps(description))
        config.write_text(json.dumps(SERVICE))
        cls.server = Server(store, "--config", config)

    def document(self, address):
        return etree.fromstring(self.server.get(address).body)

    def test_wmts_capabilities(self):
        for service in OWN_SERVICES:
            self.validate_wmts(self.server.get(f"{service}/wmts/1.0.0/WMTSCapabilities.xml").text)

    def test_wms_130_capabilities(self):
        for service in OWN_SERVICES:
            self.validate_by("wms130.xsd", self.server.get(f"{service}/wms?SERVICE=WMS&REQUEST=GetCapabilities").text)

    def test_wms_111_capabilities(self):
        for service in OWN_SERVICES:
            text = self.server.get(f"{service}/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text
            self.validate(text, "--valid")

    def test_a_contact_of_whom_little_is_said(self):
        folder = fresh_folder("little")
        (folder / "store").mkdir()
        for key in ("person", "city", "phone"):
            (folder / "server.json").write_text(json.dumps({"contact": {key: "x"}}))
            with Server(folder / "store", "--config", folder / "server.json") as server:
                self.validate_by("wms130.xsd", server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text)
                self.validate(server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").text, "--valid")
                document = server.get("/wmts/1.0.0/WMTSCapabilities.xml").text
                self.assertIn(">x<", document)
                # Without layers its Contents are empty, which the schema does not foresee.
                provider = re.search("<ows:ServiceProvider>.*</ows:ServiceProvider>", document, re.DOTALL)[0]
                whole = self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").text
                self.validate_wmts(re.sub("<ows:ServiceProvider>.*</ows:ServiceProvider>", provider, whole, flags=re.DOTALL))

    def test_nothing_is_left_out(self):
        """Whatever is said stands in WMS 1.3.0, which has a place for all of it but sets and the provider's address."""
        text = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").body
        words = {node.strip() for node in etree.fromstring(text).xpath("//text() | //@*")}

        def said(value):
            if isinstance(value, dict):
                return [word for inner in value.values() for word in said(inner)]
            if isinstance(value, list):
                return [word for inner in value for word in said(inner)]
            return [value] if isinstance(value, str) else [f"{value:g}"]

        for description in (*LAYERS.values(), SERVICE):
            for key in set(description) - {"bbox", "extra_tilematrixsets", "pyramids", "provider", "max_scale"}:
                self.assertLessEqual(set(said(description[key])), words, key)

    def test_groups_are_nested_and_can_be_asked_for(self):
        document = self.document("/wms?SERVICE=WMS&REQUEST=GetCapabilities")
        within = {name: document.xpath(f"//wms:Layer[wms:Name='{name}']/ancestor::wms:Layer/wms:Name/text()", namespaces=NAMES)
                  for name in LAYERS}
        self.assertEqual(within, {"ortho": ["Orthophotos", "Orthophotos/2022"], "irc": ["Orthophotos", "Orthophotos/2022"],
                                  "quartier": ["Orthophotos"], "dtm": []})
        group, layers = (self.server.get(get_map(names, "EPSG:2154", EDGE)) for names in ("Orthophotos", "quartier,irc,ortho"))
        self.assertEqual((group.status, group.body), (200, layers.body))

    def test_named_layers_have_boxes_in_their_own_system_and_those_of_the_web_and_in_what_is_extra(self):
        document = self.document("/wms?SERVICE=WMS&REQUEST=GetCapabilities")
        named = document.xpath("//wms:Layer[wms:Name]", namespaces=NAMES)
        self.assertEqual(len(named), len(LAYERS) + 2)
        for layer in named:
            name = layer.xpath("string(wms:Name)", namespaces=NAMES)
            systems = set(layer.xpath("ancestor-or-self::wms:Layer/wms:CRS/text()", namespaces=NAMES))
            boxed = {*WEB, *LAYERS.get(name, {}).get("extra_crs", ())} | ({OWN[name]} if name in LAYERS else set())
            self.assertEqual(boxed, set(layer.xpath("wms:BoundingBox/@CRS", namespaces=NAMES)))
            self.assertLess(boxed, systems)

    def test_maps_and_tiles_come_in_what_is_extra(self):
        document = self.document("/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities")
        for code in LAYERS["ortho"]["extra_crs"]:
            box = document.xpath(f"//wms:Layer[wms:Name='ortho']/wms:BoundingBox[@CRS='{code}']", namespaces=NAMES)[0]
            corners = [float(box.get(side)) for side in ("minx", "miny", "maxx", "maxy")]
            answer = self.server.get(get_map("ortho", code, corners))
            self.assertEqual((answer.status, answer.media_type), (200, "image/png"), code)
            self.assertGreater(len(answer.body), 10000, code)  # there is something to see
        document = self.document("/ortho/wmts/1.0.0/WMTSCapabilities.xml")
        sets = document.xpath("//w:TileMatrixSetLink/w:TileMatrixSet/text()", namespaces=NAMES)
        self.assertEqual(sets, ["2154_5cm", "WebMercatorQuad", "PM", "4326", "WorldCRS84Quad", "3947_5cm"])

    def test_a_bbox_narrows_what_is_published(self):
        def boxes(name):
            document = self.document(f"/{name}/wms?SERVICE=WMS&REQUEST=GetCapabilities")
            return [float(document.xpath(f"string(//wms:Layer[wms:Name]//wms:{side})", namespaces=NAMES))
                    for side in ("westBoundLongitude", "eastBoundLongitude")]

        narrow, whole = boxes("ortho"), boxes("irc")
        self.assertGreater(narrow[0], whole[0])
        self.assertEqual(narrow[1], whole[1])


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

    def test_templates_lead_to_what_they_promise(self):
        for layer in self.find("//w:Layer"):
            style = self.find("string(w:Style[@isDefault='true']/ows:Identifier)", layer)
            for link in self.find("w:TileMatrixSetLink", layer):
                limits = self.find(".//w:TileMatrixLimits", link)[-4]
                values = {"{Style}": style, "{TileMatrixSet}": self.find("string(w:TileMatrixSet)", link),
                          "{TileMatrix}": self.find("string(w:TileMatrix)", limits),
                          "{TileRow}": self.find("string(w:MinTileRow)", limits),
                          "{TileCol}": self.find("string(w:MinTileCol)", limits), "{I}": "128", "{J}": "7"}
                for resource in self.find("w:ResourceURL", layer):
                    path = resource.get("template")[len(self.server.url):]
                    for key, value in values.items():
                        path = path.replace(key, value)
                    answer = self.server.get(path)
                    self.assertEqual((answer.status, answer.media_type), (200, resource.get("format")), path)

    def test_wms_layers_have_boxes_in_their_own_system_and_those_of_the_web(self):
        document = etree.fromstring(self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").body)
        layers = self.find("//wms:Layer[wms:Name]", document)
        self.assertEqual(len(layers), len(self.pyramids))
        for layer in layers:
            systems = set(self.find("ancestor-or-self::wms:Layer/wms:CRS/text()", layer))
            self.assertLessEqual({"EPSG:2154", "EPSG:3947", "EPSG:3035", "EPSG:32630", *WEB}, systems)
            self.assertEqual({*WEB, OWN[self.find("string(wms:Name)", layer)]}, set(self.find("wms:BoundingBox/@CRS", layer)))
            degrees = self.find("wms:BoundingBox[@CRS='EPSG:4326']", layer)[0]
            self.assertTrue(47 < float(degrees.get("minx")) < 48 and -1 < float(degrees.get("miny")) < 0)
        self.assertGreater(int(self.find("string(//wms:MaxWidth)", document)), 1000)
