# SPDX-License-Identifier: Apache-2.0
"""View services of INSPIRE: WMS 1.3.0 and WMTS say what the Technical Guidance for View Services 3.11 asks for."""
import json
import re
import subprocess
import unittest

from lxml import etree
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

from schemas import NAMES, SchemaCase
from support.city import TOWN, get_map, publish, wmts_rest
from support.places import BIN, fresh_folder
from support.programs import DEADLINE, Server

COMMON = "http://inspire.ec.europa.eu/schemas/common/1.0"
VIEW = {"wms": "http://inspire.ec.europa.eu/schemas/inspire_vs/1.0",
        "wmts": "http://inspire.ec.europa.eu/schemas/inspire_vs_ows11/1.0"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
HARMONISED = "OI.OrthoimageCoverage"
DEFAULT = "inspire_common:DEFAULT"
DESCRIPTION = {
    "title": "Orthophoto 2022", "abstract": "Vol de juin 2022", "keywords": ["Ortho-imagerie"], "inspire_name": HARMONISED,
    "authority": {"name": "angers", "url": "https://angers.example"}, "identifier": "FR-49007-ortho-2022",
    "metadata": [{"type": "ISO19115:2003", "format": "application/vnd.iso.19139+xml", "url": "https://geo.example/ortho.xml"}]}
SERVICE = {"title": "Orthophotos", "abstract": "Photographies aériennes", "keywords": ["ortho"],
           "contact": {"organisation": "Ville d'Angers", "email": "geo@angers.example"}}
RECORD = {"language": "fre", "metadata_url": "https://geo.example/service.xml?a=1&b=2"}
EMBEDDED = {"language": "fre", "metadata_date": "2026-11-01", "publication_date": "2022-09-30", "conformity": "conformant"}
CAPABILITIES = {"wms": "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0",
                "wmts": "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"}
OLD = "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1"


def write_store(folder, inspire, description=DESCRIPTION):
    """A store of three layers, one of them INSPIRE's, and the file of --config; gives both."""
    store, config = folder / "store", folder / "server.json"
    (store / "layers").mkdir(parents=True)
    publish(store, "ortho", "irc", "dtm")
    (store / "layers/ortho.json").write_text(json.dumps(description))
    config.write_text(json.dumps({**SERVICE, **({"inspire": inspire} if inspire else {"language": RECORD["language"]})}))
    return store, config


class InspireCase(SchemaCase):
    """A service of INSPIRE that says `inspire` of itself, for all tests of a class."""

    inspire = RECORD

    @classmethod
    def setUpClass(cls):
        store, config = write_store(fresh_folder(f"inspire-{cls.__name__}"), cls.inspire)
        cls.server = Server(store, "--config", config)

    def document(self, protocol, more=""):
        return etree.fromstring(self.server.get(CAPABILITIES[protocol] + more).body)

    def words(self, protocol, path, more=""):
        names = {**NAMES, "c": COMMON, "v": VIEW[protocol]}
        return [node if isinstance(node, str) else node.tag for node in self.document(protocol, more).xpath(path, namespaces=names)]


class ServiceWithRecord(InspireCase):
    """Scenario 1: the service's metadata are a record in a catalogue."""

    def test_documents_are_valid(self):
        self.validate_by("wms130.xsd", self.server.get(CAPABILITIES["wms"]).text)
        self.validate_by("wms130.xsd", self.server.get("/ortho" + CAPABILITIES["wms"]).text)
        self.validate_wmts(self.server.get(CAPABILITIES["wmts"]).text)
        self.validate_wmts(self.server.get("/ortho" + CAPABILITIES["wmts"]).text)
        self.validate(self.server.get(OLD).text, "--valid")

    def test_the_check_knows_the_extended_capabilities(self):
        text = self.server.get(CAPABILITIES["wms"]).text
        with self.assertRaises(AssertionError):
            self.validate_by("wms130.xsd", text.replace(">fre<", ">fra<"))  # of the two codes the bibliographic one

    def test_each_document_names_the_schema_of_its_profile(self):
        for protocol, file in (("wms", "inspire_vs.xsd"), ("wmts", "inspire_vs_ows_11.xsd")):
            hints = self.document(protocol).get(XSI).split()
            self.assertEqual(dict(zip(hints[::2], hints[1::2]))[VIEW[protocol]], f"{VIEW[protocol]}/{file}")

    def test_extended_capabilities_stand_where_the_profiles_want_them(self):
        self.assertEqual(self.words("wms", "/wms:WMS_Capabilities/wms:Capability/v:ExtendedCapabilities/"
                                    "following-sibling::*"), [f"{{{NAMES['wms']}}}Layer"])
        self.assertEqual(self.words("wms", "//v:ExtendedCapabilities/preceding-sibling::*[1]"), [f"{{{NAMES['wms']}}}Exception"])
        self.assertEqual(len(self.words("wmts", "/w:Capabilities/ows:OperationsMetadata/v:ExtendedCapabilities")), 1)

    def test_the_record_and_the_languages_are_all_that_is_said(self):
        for protocol in VIEW:
            self.assertEqual(self.words(protocol, "//v:ExtendedCapabilities//text()[normalize-space()]"),
                             [RECORD["metadata_url"], "application/vnd.iso.19139+xml", "fre", "fre"])
            self.assertEqual(self.words(protocol, "//c:MetadataUrl/c:URL/text()"), [RECORD["metadata_url"]])

    def test_any_language_gives_the_default_one_and_the_document_says_which(self):
        for protocol in VIEW:
            unasked = self.server.get(CAPABILITIES[protocol]).body
            for language in ("fre", "eng", "xx", "", "%3Cb%3E"):
                self.assertEqual(self.server.get(f"{CAPABILITIES[protocol]}&LANGUAGE={language}").body, unasked)
            self.assertEqual(self.words(protocol, "//c:ResponseLanguage/c:Language/text()"), ["fre"])
            self.assertEqual(self.words(protocol, "//c:SupportedLanguages/c:DefaultLanguage/c:Language/text()"), ["fre"])
        for address in (get_map("ortho", "EPSG:2154", TOWN), get_map("no", "EPSG:2154", TOWN)):
            unasked, asked = self.server.get(address), self.server.get(address + "&LANGUAGE=eng")
            self.assertEqual((asked.status, asked.body), (unasked.status, unasked.body))

    def test_the_service_says_who_answers_for_it_and_what_it_costs(self):
        service = "/wms:WMS_Capabilities/wms:Service"
        self.assertEqual(self.words("wms", f"{service}//wms:ContactOrganization/text()"), ["Ville d'Angers"])
        self.assertEqual(self.words("wms", f"{service}//wms:ContactElectronicMailAddress/text()"), ["geo@angers.example"])
        self.assertEqual(self.words("wms", f"{service}/wms:KeywordList/wms:Keyword[@vocabulary='ISO']/text()"),
                         ["infoMapAccessService"])
        self.assertIn("infoMapAccessService", self.words("wmts", "//ows:ServiceIdentification//ows:Keyword/text()"))
        for path in ("wms:Title", "wms:Abstract", "wms:OnlineResource/@x:href", "wms:AccessConstraints"):
            self.assertTrue("".join(self.words("wms", f"{service}/{path}")), path)
        self.assertEqual(self.words("wms", f"{service}/wms:Fees/text()"), ["no conditions apply"])

    def test_layers_have_harmonised_names_identifiers_and_metadata(self):
        layer = f"//wms:Layer[wms:Name='{HARMONISED}']"
        self.assertEqual(self.words("wms", f"{layer}/wms:Identifier/text()"), [DESCRIPTION["identifier"]])
        self.assertEqual(self.words("wms", f"{layer}/wms:AuthorityURL/@name"),
                         self.words("wms", f"{layer}/wms:Identifier/@authority"))
        self.assertEqual(self.words("wms", f"{layer}/wms:AuthorityURL/wms:OnlineResource/@x:href"), ["https://angers.example"])
        self.assertEqual(self.words("wms", f"{layer}/wms:MetadataURL/wms:OnlineResource/@x:href"), ["https://geo.example/ortho.xml"])
        for child in ("Title", "Abstract", "KeywordList", "EX_GeographicBoundingBox", "BoundingBox"):
            self.assertTrue(self.words("wms", f"{layer}/wms:{child}"), child)
        systems = self.words("wms", f"{layer}/ancestor-or-self::wms:Layer/wms:CRS/text()")
        self.assertLessEqual({"EPSG:4258", "EPSG:4326", "EPSG:2154"}, set(systems))  # ETRS89 in degrees, and projected
        layer = f"//w:Layer[ows:Identifier='{HARMONISED}']"
        for child in ("ows:Title", "ows:Abstract", "ows:Keywords", "ows:WGS84BoundingBox", "ows:Metadata"):
            self.assertTrue(self.words("wmts", f"{layer}/{child}"), child)
        for protocol, others in (("wms", "//wms:Layer/wms:Name/text()"), ("wmts", "//w:Layer/ows:Identifier/text()")):
            self.assertCountEqual(self.words(protocol, others), [HARMONISED, "irc", "dtm"])

    def test_the_default_style_has_the_name_that_all_have_for_it(self):
        layer = f"//wms:Layer[wms:Name='{HARMONISED}']"
        self.assertEqual(self.words("wms", f"{layer}/wms:Style/wms:Name/text()"), [DEFAULT, "normal"])
        self.assertEqual(len(self.words("wms", f"{layer}/wms:Style[wms:Name='{DEFAULT}']/wms:LegendURL")), 1)
        layer = f"//w:Layer[ows:Identifier='{HARMONISED}']"
        self.assertEqual(self.words("wmts", f"{layer}/w:Style[@isDefault='true']/ows:Identifier/text()"), [DEFAULT])
        self.assertEqual(self.words("wmts", "//w:Layer[ows:Identifier='irc']/w:Style/ows:Identifier/text()"), ["normal"])

    def test_png_is_offered(self):
        self.assertIn("image/png", self.words("wms", "//wms:GetMap/wms:Format/text()"))
        layer = f"//w:Layer[ows:Identifier='{HARMONISED}']"
        self.assertEqual(self.words("wmts", f"{layer}/w:Format/text()"), ["image/jpeg", "image/png"])
        self.assertEqual(self.words("wmts", f"{layer}/w:ResourceURL[@resourceType='tile']/@format"), ["image/jpeg", "image/png"])
        for media_type in ("image/jpeg", "image/webp"):
            self.assertEqual(self.words("wmts", f"{layer}/w:Format/text()", f"&FORMAT={media_type}"), [media_type])
        self.assertEqual(self.words("wmts", "//w:Layer[ows:Identifier='irc']/w:Format/text()"), ["image/jpeg"])

    def test_a_layer_answers_to_both_of_its_names_with_the_same_bytes(self):
        def answer(address):
            got = self.server.get(address)
            self.assertEqual(got.status, 200, address)
            return got.headers["ETag"], got.body

        for style in ("", DEFAULT, "normal"):
            self.assertEqual(answer(get_map(HARMONISED, "EPSG:2154", TOWN, STYLES=style)),
                             answer(get_map("ortho", "EPSG:2154", TOWN)))
        limits = self.words("wmts", f"//w:Layer[ows:Identifier='{HARMONISED}']/w:TileMatrixSetLink[1]//w:TileMatrixLimits[last()]/"
                            "*/text()")
        matrix, row, _, col, _ = limits
        for media_type in ("image/jpeg", "image/png"):
            own, theirs = (wmts_rest(name, "2154_5cm", matrix, col, row, media_type, style)
                           for name, style in (("ortho", "normal"), (HARMONISED, DEFAULT)))
            self.assertEqual(answer(theirs), answer(own))
            self.assertEqual(answer(theirs.replace(":", "%3A")), answer(own))
        info = get_map(HARMONISED, "EPSG:2154", TOWN).replace("GetMap", "GetFeatureInfo")
        self.assertEqual(self.server.get(f"{info}&QUERY_LAYERS={HARMONISED}&I=9&J=9&INFO_FORMAT=application/json").status, 200)

    def test_wms_111_knows_nothing_of_it(self):
        folder = fresh_folder("inspire-without")
        store, config = write_store(folder, None)
        with Server(store, "--config", config) as plain:
            def comparable(server):
                text = server.get(OLD).text.replace(server.url, "")
                return re.sub('updateSequence="[0-9]+"|<Fees>[^<]*</Fees>', "", text)

            self.assertEqual(comparable(self.server), comparable(plain))
            self.assertIn("FR-49007-ortho-2022", plain.get(OLD).text)
            # Nor do the others, of a service that is none of INSPIRE.
            for protocol in VIEW:
                text = plain.get(CAPABILITIES[protocol]).text
                self.assertNotIn("inspire", text)
                self.assertNotIn(HARMONISED, text)
            self.assertEqual(plain.get(get_map(HARMONISED, "EPSG:2154", TOWN)).status, 200)

    def test_owslib_reads_it(self):
        maps = WebMapService(f"{self.server.url}/wms", version="1.3.0")
        self.assertIn(DEFAULT, maps[HARMONISED].styles)
        tiles = WebMapTileService(f"{self.server.url}/wmts")
        self.assertEqual([name for name, style in tiles[HARMONISED].styles.items() if style["isDefault"]], [DEFAULT])
        address = tiles.buildTileResource(layer=HARMONISED, style=DEFAULT, format="image/png", tilematrixset="2154_5cm",
                                          tilematrix="0", row=0, column=0)
        of_address = "image/png" if address.endswith(".png") else "image/jpeg"  # OWSLib takes any of the templates
        self.assertEqual(self.server.get(address[len(self.server.url):]).media_type, of_address)


class EmbeddedMetadata(InspireCase):
    """Scenario 2: the metadata stand in the capabilities."""

    inspire = EMBEDDED

    def test_documents_are_valid(self):
        self.validate_by("wms130.xsd", self.server.get(CAPABILITIES["wms"]).text)
        self.validate_wmts(self.server.get(CAPABILITIES["wmts"]).text)

    def test_what_capabilities_have_no_word_for_is_said(self):
        for protocol in VIEW:
            said = {"c:ResourceType": "service", "c:SpatialDataServiceType": "view", "c:MetadataDate": "2026-11-01",
                    "c:TemporalReference/c:DateOfPublication": "2022-09-30", "c:Conformity/c:Degree": "conformant",
                    "c:MetadataPointOfContact/c:OrganisationName": "Ville d'Angers",
                    "c:MetadataPointOfContact/c:EmailAddress": "geo@angers.example",
                    "c:MandatoryKeyword/c:KeywordValue": "infoMapAccessService", "c:ResponseLanguage/c:Language": "fre"}
            for path, text in said.items():
                self.assertEqual(self.words(protocol, f"//v:ExtendedCapabilities/{path}/text()"), [text], path)
            self.assertFalse(self.words(protocol, "//c:MetadataUrl"))
            self.assertIn("976/2009", self.words(protocol, "//c:Specification/c:Title/text()")[0])

    def test_the_resource_locator_leads_to_the_document(self):
        for protocol in VIEW:
            locator = self.words(protocol, "//c:ResourceLocator/c:URL/text()")[0]
            self.assertEqual(self.server.get(locator[len(self.server.url):]).body, self.server.get(CAPABILITIES[protocol]).body)


class Check(unittest.TestCase):
    """What --check says to an operator."""

    def check(self, inspire, description=DESCRIPTION, further=()):
        store, config = write_store(fresh_folder("inspire-check"), inspire, description)
        for name, text in further:
            (store / "layers" / f"{name}.json").write_text(json.dumps(text))
        result = subprocess.run([str(BIN / "ardoise-server"), "--store", str(store), "--config", str(config), "--check"],
                                capture_output=True, text=True, timeout=DEADLINE, check=False)
        return result.returncode, result.stdout + result.stderr

    def test_all_that_is_said_is_enough(self):
        self.assertEqual(self.check(RECORD)[0], 0)
        self.assertEqual(self.check(EMBEDDED)[0], 0)

    def test_what_a_layer_leaves_unsaid_is_named(self):
        code, said = self.check(RECORD, {"inspire_name": HARMONISED, "title": "Ortho"})
        self.assertEqual(code, 1)
        self.assertIn("say also abstract, keywords, authority, identifier, metadata", said)
        self.assertEqual(self.check(None, {"inspire_name": HARMONISED, "title": "Ortho"})[0], 0)

    def test_a_harmonised_name_is_one_layers(self):
        for name, other in ((HARMONISED, "irc"), ("dtm", "ortho")):
            code, said = self.check(RECORD, {**DESCRIPTION, "inspire_name": name}, [("irc", DESCRIPTION)] if other == "irc" else ())
            self.assertEqual(code, 1)
            self.assertRegex(said, f'inspire_name: "{name}" is (irc|dtm)\'s already')
