# SPDX-License-Identifier: Apache-2.0
"""What clients rely on, whichever protocol they speak: same bytes, tags, errors, empty tiles, headers."""
import gzip
import http.client
import json
import re
import socket

from lxml import etree

from support.city import EXTENSIONS, STORED, CityCase, get_map, tile_box, wmts_kvp, wmts_rest, xyz
from support.programs import DEADLINE
from support.pyramids import picture

OWS = "{http://www.opengis.net/ows/1.1}"


def some_tiles(pyramid, count=12):
    """Level, column and row of stored tiles, of every level and evenly within the finest."""
    stored = [(level.id, col, row) for level in pyramid.levels.values() for col, row in level.tiles() if level.tile(col, row)]
    return stored[::max(1, len(stored) // count)]


class SameBytes(CityCase):
    """A stored tile is the same under every address."""

    def check(self, layer, addresses):
        pyramid = self.pyramids[layer]
        for level, col, row in some_tiles(pyramid):
            stored = pyramid.levels[level].tile(col, row)
            tags = set()
            for address in addresses(level, col, row):
                answer = self.server.get(address)
                self.assertEqual((answer.status, answer.media_type), (200, STORED[layer]), address)
                self.assertTrue(answer.body == stored, f"{address} is not the stored tile")
                tags.add(answer.headers["ETag"])
            self.assertEqual(len(tags), 1, addresses(level, col, row))
            self.assertRegex(tags.pop(), r'^"[^"]+"$')

    def test_in_lambert_93(self):
        for layer in ("ortho", "irc"):
            self.check(layer, lambda level, col, row, layer=layer: [
                wmts_kvp(layer, "2154_5cm", level, col, row, "image/jpeg"),
                wmts_rest(layer, "2154_5cm", level, col, row, "image/jpeg"),
                f"/{layer}" + wmts_kvp(layer, "2154_5cm", level, col, row, "image/jpeg"),
                f"/{layer}" + wmts_rest(layer, "2154_5cm", level, col, row, "image/jpeg"),
                get_map(layer, "EPSG:2154", tile_box("2154_5cm", level, col, row), media_type="image/jpeg"),
                get_map(layer, "EPSG:2154", tile_box("2154_5cm", level, col, row), media_type="image/jpeg", version="1.1.1")])

    def test_in_web_mercator(self):
        self.check("quartier", lambda level, col, row: [
            wmts_kvp("quartier", "PM", level, col, row, "image/png"),
            wmts_rest("quartier", "PM", level, col, row, "image/png"),
            wmts_rest("quartier", "WebMercatorQuad", level, col, row, "image/png"),
            xyz("quartier", level, col, row, "image/png"),
            get_map("quartier", "EPSG:3857", tile_box("PM", level, col, row))])

    def test_a_map_on_a_rendered_tile_has_its_pixels(self):
        level = self.pyramids["quartier"].levels["18"]
        for col, row in level.tiles()[::7]:
            tile = self.server.get(wmts_rest("ortho", "PM", "18", col, row, "image/png"))
            drawn = self.server.get(get_map("ortho", "EPSG:3857", tile_box("PM", 18, col, row), TRANSPARENT="TRUE"))
            self.assertEqual((picture(tile.body) != picture(drawn.body)).sum(), 0)

    def test_written_as_clients_write_it(self):
        plain = wmts_kvp("ortho", "2154_5cm", *some_tiles(self.pyramids["ortho"])[-1], "image/jpeg")
        stored = self.server.get(plain).body
        query = plain.split("?")[1]
        pairs = query.split("&")
        for address in ("/wmts?" + "&".join(reversed(pairs)), "/wmts?&" + query, "/wmts?" + query.replace("&", "&&"),
                        "/wmts?" + query.replace("image/jpeg", "image%2Fjpeg"), "/wmts/?" + query,
                        "/wmts?" + "&".join(pair.split("=")[0].lower() + "=" + pair.split("=")[1] for pair in pairs),
                        plain + "&DPI=96&MAP_RESOLUTION=96&FORMAT_OPTIONS=dpi:96&TILED=true&MAP=/etc/passwd&x",
                        plain.replace("STYLE=normal", "STYLE="), plain.replace("STYLE=normal", "STYLE=default"),
                        plain.replace("LAYER=ortho", "LAYER=%6Frtho")):
            answer = self.server.get(address)
            self.assertEqual(answer.status, 200, address + answer.body[:300].decode("latin1"))
            self.assertTrue(answer.body == stored, address)


class Headers(CityCase):
    """Tags, dates, caches, cross-origin use and compression."""

    def setUp(self):
        self.tile = wmts_rest("ortho", "2154_5cm", *some_tiles(self.pyramids["ortho"])[-1], "image/jpeg")
        self.drawn = get_map("ortho", "EPSG:3857", (-64100, 6017400, -64000, 6017500))
        self.documents = ["/wmts/1.0.0/WMTSCapabilities.xml", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
                          "/wms?SERVICE=WMS&REQUEST=GetCapabilities",
                          "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1", "/layers.json"]

    def test_head_is_get_without_body(self):
        for address in [self.tile, self.drawn, "/health", *self.documents, "/xyz/ortho/tilejson.json", "/nothing/here"]:
            whole = self.server.get(address)
            with socket.create_connection(("127.0.0.1", self.server.port), DEADLINE) as connection:
                connection.sendall(f"HEAD {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                received = b""
                while piece := connection.recv(65536):
                    received += piece
            head, _, body = received.partition(b"\r\n\r\n")
            self.assertEqual(body, b"", address)
            self.assertIn(f" {whole.status} ".encode(), head.splitlines()[0])
            for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
                stated = re.search(rf"^{name}: (.*?)\r?$".encode(), head, re.MULTILINE | re.IGNORECASE)
                self.assertEqual(stated[1].decode() if stated else None, whole.headers[name], f"{address} {name}")

    def test_what_is_known_is_not_sent_again(self):
        for address in [self.tile, self.drawn, *self.documents, "/xyz/ortho/tilejson.json", "/xyz/ortho/3/0/0.png"]:
            first = self.server.get(address)
            self.assertEqual(first.status, 200, address)
            for wanted in (first.headers["ETag"], f'"other", {first.headers["ETag"]}', f'W/{first.headers["ETag"]}', "*"):
                again = self.server.get(address, {"If-None-Match": wanted})
                self.assertEqual((again.status, again.body), (304, b""), f"{address} {wanted}")
                self.assertEqual(again.headers["ETag"], first.headers["ETag"])
                self.assertEqual(again.headers["Cache-Control"], first.headers["Cache-Control"])
            other = self.server.get(address, {"If-None-Match": '"something-else"'})
            self.assertEqual((other.status, other.body == first.body), (200, True), address)

    def test_tiles_may_be_kept_and_tell_their_age(self):
        answer = self.server.get(self.tile)
        self.assertRegex(answer.headers["Cache-Control"], r"max-age=[1-9]")
        self.assertRegex(answer.headers["Last-Modified"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")

    def test_every_origin_may_read_everything_even_errors(self):
        for address, status in [(self.tile, 200), ("/wmts/1.0.0/WMTSCapabilities.xml", 200), ("/health", 200),
                                ("/wmts?SERVICE=WMTS&REQUEST=GetTile", 400), ("/wms?REQUEST=GetMap", 400),
                                ("/wmts/1.0.0/no/normal/PM/0/0/0.png", 404), ("/no", 404), ("/xyz/no/1/1/1.png", 404)]:
            answer = self.server.get(address, {"Origin": "https://maps.example"})
            self.assertEqual(answer.status, status, address)
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*", address)
        self.assertEqual(self.server.get(self.tile, {"If-None-Match": "*"}).headers["Access-Control-Allow-Origin"], "*")

    def test_browsers_may_ask_first(self):
        answer = self.server.get(self.tile, {"Origin": "https://maps.example", "Access-Control-Request-Method": "GET"}, "OPTIONS")
        self.assertIn(answer.status, (200, 204))
        self.assertIn("GET", answer.headers["Access-Control-Allow-Methods"])
        self.assertIn("If-None-Match", answer.headers["Access-Control-Allow-Headers"])

    def test_other_methods_are_refused_with_those_allowed(self):
        for method in ("POST", "PUT", "DELETE"):
            answer = self.server.get(self.tile, method=method)
            self.assertEqual(answer.status, 405, method)
            self.assertEqual(answer.headers["Allow"], self.server.get(self.tile, method="OPTIONS").headers["Allow"])

    def test_documents_are_compressed_when_asked_for(self):
        for address in self.documents:
            plain = self.server.get(address)
            self.assertIsNone(plain.headers["Content-Encoding"])
            self.assertIn("Accept-Encoding", plain.headers["Vary"])
            small = self.server.get(address, {"Accept-Encoding": "gzip, deflate"})
            self.assertEqual(small.headers["Content-Encoding"], "gzip", address)
            self.assertLess(len(small.body), len(plain.body) / 2)
            self.assertEqual(gzip.decompress(small.body), plain.body)
            self.assertNotEqual(small.headers["ETag"], plain.headers["ETag"])
            known = self.server.get(address, {"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})
            self.assertEqual(known.status, 304)
            self.assertIsNone(self.server.get(address, {"Accept-Encoding": "gzip;q=0"}).headers["Content-Encoding"])

    def test_pictures_are_not_compressed_twice(self):
        self.assertIsNone(self.server.get(self.tile, {"Accept-Encoding": "gzip"}).headers["Content-Encoding"])

    def test_a_connection_serves_many_requests(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=DEADLINE)
        sockets = set()
        for _ in range(5):
            connection.request("GET", self.tile)
            connection.getresponse().read()
            sockets.add(connection.sock)
        connection.close()
        self.assertEqual(len(sockets), 1)


class EmptyTiles(CityCase):
    """Nothing is there: a small valid picture inside the limits, the standard's exception outside."""

    def check_empty(self, address, media_type):
        answer = self.server.get(address)
        self.assertEqual((answer.status, answer.media_type), (200, media_type), address)
        self.assertEqual(answer.headers["OATiles-hint"], "empty", address)
        self.assertTrue(answer.headers["ETag"] and answer.headers["Cache-Control"])
        seen = picture(answer.body)
        self.assertEqual(seen.shape[:2], (256, 256))
        self.assertLess(len(answer.body), 2000)
        return seen

    def test_beside_the_layer_xyz_is_transparent_or_white(self):
        self.assertEqual(self.check_empty(xyz("ortho", 12, 0, 0, "image/png"), "image/png")[..., 3].max(), 0)
        self.assertGreaterEqual(self.check_empty(xyz("ortho", 12, 0, 0, "image/jpeg"), "image/jpeg").min(), 250)

    def test_beside_the_layer_wmts_says_so(self):
        for address in (wmts_kvp("ortho", "2154_5cm", "20", 0, 0, "image/jpeg"),
                        wmts_rest("ortho", "2154_5cm", "20", 0, 0, "image/jpeg")):
            answer = self.server.get(address)
            self.assertEqual(answer.status, 400)
            self.assertIn('exceptionCode="TileOutOfRange"', answer.text)

    def test_within_the_limits_holes_are_tiles_too(self):
        for layer, set_id in (("ortho", "2154_5cm"), ("quartier", "PM")):
            finest = list(self.pyramids[layer].levels.values())[-1]
            holes = [(col, row) for col, row in finest.tiles() if not finest.tile(col, row)]
            self.assertGreater(len(holes), 3, layer)
            for col, row in holes[:3]:
                self.check_empty(wmts_rest(layer, set_id, finest.id, col, row, STORED[layer]), STORED[layer])

    def test_every_tile_within_the_limits_is_a_picture(self):
        document = etree.fromstring(self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").body)
        names = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1"}
        for layer in ("ortho", "quartier"):
            for link in document.xpath(f"//w:Layer[ows:Identifier='{layer}']/w:TileMatrixSetLink", namespaces=names):
                set_id = link.findtext("w:TileMatrixSet", namespaces=names)
                for limits in link.iterfind(".//w:TileMatrixLimits", names):
                    level, *edges = [limits.findtext(f"w:{name}", namespaces=names) for name in
                                     ("TileMatrix", "MinTileRow", "MaxTileRow", "MinTileCol", "MaxTileCol")]
                    top, bottom, left, right = map(int, edges)
                    for row, col in {(top, left), (bottom, right), (top, right)}:
                        answer = self.server.get(wmts_rest(layer, set_id, level, col, row, "image/png"))
                        self.assertEqual(answer.status, 200, (layer, set_id, level, row, col))
                        self.assertEqual(picture(answer.body).shape[:2], (256, 256))
                    for row, col in ((top - 1, left), (bottom + 1, left), (top, left - 1), (top, right + 1)):
                        answer = self.server.get(wmts_kvp(layer, set_id, level, col, row, "image/png"))
                        self.assertEqual(answer.status, 400, (layer, set_id, level, row, col))
                        self.assertIn("TileOutOfRange", answer.text)


class Mistakes(CityCase):
    """Each mistake gets the standard's code, the name of the parameter, and nothing of ours."""

    def check_ows(self, address, status, code, locator=None):
        answer = self.server.get(address)
        self.assertEqual(answer.status, status, address)
        self.assertIn("xml", answer.media_type)
        report = etree.fromstring(answer.body)
        self.assertEqual(report.tag, OWS + "ExceptionReport")
        found = report.find(OWS + "Exception")
        self.assertEqual(found.get("exceptionCode"), code, address)
        if locator:
            self.assertEqual((found.get("locator") or "").lower(), locator.lower(), address)
        self.assertNotRegex(answer.text.replace("http://", ""), r"/(home|work|tmp|var|build)/")

    def test_wmts(self):
        good = wmts_kvp("ortho", "2154_5cm", *some_tiles(self.pyramids["ortho"])[-1], "image/jpeg")
        for broken, code, locator in [
                (good.replace("LAYER=ortho", "LAYER=no"), "InvalidParameterValue", "layer"),
                (good.replace("STYLE=normal", "STYLE=no"), "InvalidParameterValue", "style"),
                (good.replace("image/jpeg", "image/gif"), "InvalidParameterValue", "format"),
                (good.replace("2154_5cm", "no"), "InvalidParameterValue", "tilematrixset"),
                (re.sub("TILEMATRIX=[0-9]+", "TILEMATRIX=no", good), "InvalidParameterValue", "tilematrix"),
                (re.sub("TILEROW=[0-9]+", "TILEROW=-1", good), "TileOutOfRange", "tilerow"),
                (re.sub("TILECOL=[0-9]+", "TILECOL=99999999999", good), "TileOutOfRange", "tilecol"),
                (re.sub("TILECOL=[0-9]+", "TILECOL=99999999999999999999999", good), "InvalidParameterValue", "tilecol"),
                (re.sub("TILECOL=[0-9]+", "TILECOL=1.5", good), "InvalidParameterValue", "tilecol"),
                (good.replace("&LAYER=ortho", ""), "MissingParameterValue", "layer"),
                (good.replace("&FORMAT=image/jpeg", ""), "MissingParameterValue", "format"),
                (good.replace("SERVICE=WMTS&", ""), "MissingParameterValue", "service"),
                (good.replace("REQUEST=GetTile&", ""), "MissingParameterValue", "request"),
                (good.replace("SERVICE=WMTS", "SERVICE=WFS"), "InvalidParameterValue", "service"),
                (good.replace("VERSION=1.0.0", "VERSION=9.0.0"), "InvalidParameterValue", "version"),
                ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&AcceptVersions=9.0.0", "VersionNegotiationFailed", None)]:
            with self.subTest(broken):
                self.check_ows(broken, 400, code, locator)

    def test_what_is_written_is_escaped(self):
        for address in ("/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=%3Cscript%3E%26%22&STYLE=&FORMAT=image/png"
                        "&TILEMATRIXSET=PM&TILEMATRIX=0&TILEROW=0&TILECOL=0",
                        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=%3Cscript%3E%26%22"):
            answer = self.server.get(address)
            self.assertNotIn("<script>", answer.text)
            etree.fromstring(answer.body)

    def test_addresses_of_tiles_that_are_none(self):
        for address in ("/wmts/1.0.0/no/normal/2154_5cm/0/0/0.jpg", "/wmts/1.0.0/ortho/no/2154_5cm/0/0/0.jpg",
                        "/wmts/1.0.0/ortho/normal/no/0/0/0.jpg", "/wmts/1.0.0/ortho/normal/2154_5cm/no/0/0.jpg",
                        "/wmts/1.0.0/ortho/normal/2154_5cm/0/0/0.gif", "/wmts/1.0.0/ortho"):
            self.assertEqual(self.server.get(address).status, 404, address)
            self.assertIn(OWS[1:-1], self.server.get(address).text)

    def test_xyz(self):
        for address, status in [("/xyz/no/0/0/0.png", 404), ("/xyz/ortho/0/0/0.gif", 404), ("/xyz/ortho/99/0/0.png", 404),
                                ("/xyz/ortho/1/2/0.png", 404), ("/xyz/ortho/1/0/2.png", 404), ("/xyz/ortho/-1/0/0.png", 404),
                                ("/xyz/ortho/1/0/x.png", 400), ("/xyz/ortho/1/0", 404), ("/xyz/ortho", 404), ("/xyz/", 404)]:
            answer = self.server.get(address)
            self.assertEqual((answer.status, answer.media_type), (status, "application/problem+json"), address)
            self.assertEqual(json.loads(answer.text)["status"], status)

    def test_wms_130(self):
        box = (430700, 6712700, 430800, 6712800)
        good = get_map("ortho", "EPSG:2154", box)
        for broken, code in [
                (good.replace("LAYERS=ortho", "LAYERS=no"), "LayerNotDefined"),
                (good.replace("LAYERS=ortho", "LAYERS=ortho,no"), "LayerNotDefined"),
                (good.replace("STYLES=", "STYLES=no"), "StyleNotDefined"),
                (good.replace("EPSG:2154", "EPSG:1234"), "InvalidCRS"),
                (good.replace("image/png", "image/gif"), "InvalidFormat"),
                (good.replace("WIDTH=256", "WIDTH=0"), "InvalidParameterValue"),
                (good.replace("WIDTH=256", "WIDTH=9999999"), "InvalidParameterValue"),
                (good.replace("WIDTH=256", "WIDTH=NaN"), "InvalidParameterValue"),
                (good.replace("WIDTH=256&", ""), "MissingParameterValue"),
                (re.sub("BBOX=[^&]*", "BBOX=1,2,3", good), "InvalidParameterValue"),
                (re.sub("BBOX=[^&]*", "BBOX=4,4,1,1", good), "InvalidParameterValue"),
                (re.sub("BBOX=[^&]*", "BBOX=nan,0,1,inf", good), "InvalidParameterValue"),
                (re.sub("BBOX=[^&]*", "BBOX=1e308,1e308,1.5e308,1.5e308", good), "InvalidParameterValue"),
                (good + "&TRANSPARENT=perhaps", "InvalidParameterValue"),
                (good + "&BGCOLOR=red", "InvalidParameterValue"),
                (good.replace("REQUEST=GetMap", "REQUEST=GetLunch"), "OperationNotSupported")]:
            with self.subTest(broken):
                answer = self.server.get(broken)
                self.assertIn(answer.status, (400, 501))
                report = etree.fromstring(answer.body)
                self.assertEqual(report.tag, "{http://www.opengis.net/ogc}ServiceExceptionReport")
                self.assertEqual(report[0].get("code"), code)

    def test_wms_111(self):
        good = get_map("ortho", "EPSG:2154", (430700, 6712700, 430800, 6712800), version="1.1.1")
        for broken, code in [(good.replace("SRS=EPSG:2154", "SRS=EPSG:1"), "InvalidSRS"),
                             (good.replace("LAYERS=ortho", "LAYERS=no"), "LayerNotDefined")]:
            answer = self.server.get(broken)
            self.assertEqual((answer.status, answer.media_type), (400, "application/vnd.ogc.se_xml"))
            report = etree.fromstring(answer.body)
            self.assertEqual((report.tag, report[0].get("code")), ("ServiceExceptionReport", code))


class SmallServices(CityCase):
    """TileJSON, health, and each layer's own services."""

    def test_tilejson(self):
        for layer in STORED:
            document = json.loads(self.server.get(f"/xyz/{layer}/tilejson.json").text)
            self.assertEqual(document["tilejson"], "3.0.0")
            west, south, east, north = document["bounds"]
            self.assertTrue(-0.6 < west < east < -0.5 and 47.4 < south < north < 47.5, document["bounds"])
            address = document["tiles"][0]
            self.assertTrue(address.startswith(self.server.url))
            longitude, latitude, _ = document["center"]
            level = document["maxzoom"]
            col, row = web_tile(longitude, latitude, level)
            path = address[len(self.server.url):].format(z=level, x=col, y=row)
            answer = self.server.get(path)
            self.assertEqual(answer.status, 200)
            self.assertGreater(picture(answer.body)[..., :3].std(), 5)
            self.assertIn(path.rsplit(".", 1)[1], EXTENSIONS.values())

    def test_retina_tiles_are_twice_as_large(self):
        col, row = web_tile(-0.5745, 47.4607, 18)
        small = picture(self.server.get(f"/xyz/ortho/18/{col}/{row}.png").body)
        large = picture(self.server.get(f"/xyz/ortho/18/{col}/{row}@2x.png").body)
        self.assertEqual((small.shape[:2], large.shape[:2]), ((256, 256), (512, 512)))
        halved = large[..., :3].reshape(256, 2, 256, 2, 3).mean(axis=(1, 3))
        self.assertLess(abs(halved - small[..., :3]).mean(), 8)

    def test_health(self):
        answer = self.server.get("/health")
        self.assertEqual((answer.status, json.loads(answer.text)["layers"]), (200, len(self.pyramids)))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_layer_has_capabilities_of_its_own(self):
        for address in ("/ortho/wmts/1.0.0/WMTSCapabilities.xml", "/ortho/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"):
            document = etree.fromstring(self.server.get(address).body)
            names = {"w": "http://www.opengis.net/wmts/1.0", "ows": OWS[1:-1], "x": "http://www.w3.org/1999/xlink"}
            self.assertEqual(document.xpath("//w:Layer/ows:Identifier/text()", namespaces=names), ["ortho"])
            for href in document.xpath("//@x:href", namespaces=names):
                self.assertTrue(href.startswith(self.server.url + "/ortho/"), href)
        for version in ("1.3.0", "1.1.1"):
            text = self.server.get(f"/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}").text
            self.assertEqual(re.findall("<Name>(\\w+)</Name>\\s*<Title>ortho", text), ["ortho"])
            self.assertNotIn("<Name>irc</Name>", text)

    def test_a_layer_does_not_answer_for_another(self):
        level, col, row = some_tiles(self.pyramids["irc"])[-1]
        self.assertEqual(self.server.get("/ortho" + wmts_rest("irc", "2154_5cm", level, col, row, "image/jpeg")).status, 404)
        box = tile_box("2154_5cm", level, col, row)
        self.assertIn("LayerNotDefined", self.server.get("/ortho" + get_map("irc", "EPSG:2154", box)).text)


def web_tile(longitude, latitude, level):
    """Column and row of the web tile under a place."""
    from math import asinh, floor, pi, radians, tan
    count = 2 ** level
    return (floor((longitude + 180) / 360 * count),
            floor((1 - asinh(tan(radians(latitude))) / pi) / 2 * count))
