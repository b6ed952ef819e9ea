# SPDX-License-Identifier: Apache-2.0
"""Programs in France, where decimals follow a comma: every byte is what it is anywhere."""
import json
import os
import shutil
import subprocess
import unittest
from unittest import mock

from support import hamlets
from support.city import TOWN, get_map, tile_box, wmts_kvp, wmts_rest
from support.places import CITY_STORE, contents, fresh_folder
from support.programs import Server, ardoise, done

FRENCH, PLAIN = "fr_FR.UTF-8", "C"

INFO = "&QUERY_LAYERS=dtm,ortho&INFO_FORMAT="
PIXEL = {"1.3.0": "&I=5&J=6", "1.1.1": "&X=5&Y=6"}
INFO_FORMATS = ("text/plain", "text/html", "application/json", "application/geojson", "application/vnd.ogc.gml",
                "application/vnd.ogc.gml/3.1.1")
HEIGHTS = ("2154_5cm", "18", 2103, 25816)
"""A tile of the heights below TOWN."""

DOCUMENTS = [
    "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0", "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1",
    "/dtm/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
    "/wmts/1.0.0/WMTSCapabilities.xml", "/ortho/wmts/1.0.0/WMTSCapabilities.xml", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"
    "&Sections=Contents", "/tms", "/tms/1.0.0", "/tms/1.0.0/ortho@2154_5cm", "/tms/1.0.0/quartier@PM/gdal.xml",
    "/xyz/ortho/tilejson.json", "/xyz/quartier/tilejson.json", "/layers.json", "/health", "/ogcapi", "/ogcapi?f=html",
    "/ogcapi/api", "/ogcapi/conformance", "/ogcapi/collections", "/ogcapi/collections?bbox=-0.6,47.4,-0.5,47.5",
    "/ogcapi/collections/dtm", "/ogcapi/collections/dtm?f=html", "/ogcapi/tileMatrixSets/2154_5cm",
    "/ogcapi/tileMatrixSets/PM", "/ogcapi/collections/ortho/map/tiles",
    "/ogcapi/collections/ortho/map/tiles/2154_5cm", "/ogcapi/collections/ortho/map/tiles/WebMercatorQuad?f=html",
    "/ogcapi/styles", "/ogcapi/collections/ortho/styles"]


def wms_values(version, media_type):
    address = get_map("dtm,ortho", "EPSG:2154", (TOWN[0] + 0.25, TOWN[1] + 0.5, TOWN[2] - 0.125, TOWN[3]), version=version)
    return address.replace("GetMap", "GetFeatureInfo") + PIXEL[version] + INFO + media_type


VALUES = [wms_values(version, media_type) for version in PIXEL for media_type in INFO_FORMATS] + [
    wmts_kvp("dtm", *HEIGHTS, "image/png").replace("GetTile", "GetFeatureInfo") + f"&I=128&J=99&INFOFORMAT={media_type}"
    for media_type in INFO_FORMATS] + [
    wmts_rest("dtm", *HEIGHTS, "image/png").removesuffix(".png") + f"/99/128.{extension}"
    for extension in ("txt", "html", "json", "geojson", "gml", "gml3")]

LEGENDS = [f"/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetLegendGraphic&LAYER=dtm&FORMAT={media_type}&SCALE=1234.5"
           f"&LANGUAGE={language}" for version in PIXEL
           for media_type in ("application/json", "image/png", "image/svg%2Bxml") for language in ("", "fre")]

MISTAKES = ["/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=ortho&CRS=EPSG:2154&BBOX=1,5;2", "/xyz/ortho/1,5/0/0.png",
            get_map("ortho", "EPSG:2154", TOWN, width=123456), get_map("ortho", "EPSG:2154", TOWN, width=9999, version="1.1.1"),
            "/wmts/1.0.0/ortho/normal/2154_5cm/22/1234567/1.jpg", "/ogcapi/collections/ortho/map?bbox=1,5;2",
            "/ogcapi/collections/ortho/map?mm-per-pixel=0,28", "/tms/1.0.0/ortho@PM/1,5/0/0.jpg"]

PICTURES = [get_map("dtm", "EPSG:3857", (-64100.5, 6017400.25, -64000, 6017500)),
            get_map("dtm", "EPSG:2154", TOWN, media_type="image/tiff", STYLES="normal"),
            wmts_rest("quartier", "PM", "18", 130653, 91708, "image/png"),
            "/ogcapi/collections/ortho/map?bbox=-0.575,47.46,-0.574,47.461&scale-denominator=500.5&f=png"]


def in_locale(name):
    """Programs that are started meanwhile speak it."""
    return mock.patch.dict(os.environ, {"LC_ALL": name, "LANG": name, "LANGUAGE": name})


def setUpModule():
    with in_locale(FRENCH):
        told = subprocess.run(["locale", "decimal_point"], capture_output=True, text=True, check=True)
    assert told.stdout == ",\n", f"{FRENCH} is not there: LOCPATH names the folder that ctest's `french locale` makes"


class Locales(unittest.TestCase):
    def test_a_server_answers_the_same(self):
        there, here = self.answers(FRENCH), self.answers(PLAIN)
        for address, answer in here.items():
            with self.subTest(address):
                self.assertEqual(answer[0] < 400, address not in MISTAKES, answer)
                self.assertEqual(there[address], answer)

    def answers(self, locale):
        """Status, media type, tag, further headers and body of every address."""
        found = {}
        with in_locale(locale), Server(CITY_STORE, "--public-url", "https://tiles.example") as server:
            for address in [*DOCUMENTS, *VALUES, *LEGENDS, *MISTAKES, *PICTURES]:
                answer = server.get(address)
                headers = {name: value for name, value in answer.headers.items() if name != "Date"}
                found[address] = answer.status, headers, answer.body
        return found

    def test_the_tool_says_the_same_of_a_pyramid(self):
        for name in ("ortho", "dtm", "quartier"):
            for command in (["inspect", "--json"], ["inspect"], ["verify", "--json"]):
                told = []
                for locale in (FRENCH, PLAIN):
                    with in_locale(locale):
                        told.append(done(command[0], CITY_STORE / f"{name}.json", *command[1:]).stdout)
                self.assertEqual(*told)
        self.assertGreater(json.loads(done("inspect", CITY_STORE / "ortho.json", "--json").stdout)["levels"][-1]["cell_size"], 0)

    def test_the_tool_builds_the_same_pyramid(self):
        folder = fresh_folder("locales")
        hamlets.write_hamlet(folder / "sources", 1)
        made = []
        for locale in (FRENCH, PLAIN):
            with in_locale(locale):
                build = hamlets.start("build", folder / "sources", "--into", folder / "store", *hamlets.BUILD)
                self.assertEqual(hamlets.finished(build)[0], 0)
            made.append(contents(folder / "store"))
            shutil.rmtree(folder / "store")
        self.assertEqual(made[0].keys(), made[1].keys())
        self.assertTrue(made[0] == made[1])

    def test_the_tool_reads_numbers_alike(self):
        for locale in (FRENCH, PLAIN):
            with in_locale(locale):
                result = ardoise("build", CITY_STORE, "--into", CITY_STORE, "--tms", "PM", "--name", "x", "--nodata", "1,5")
                self.assertEqual(result.returncode, 2, result.stderr)
