# SPDX-License-Identifier: Apache-2.0
"""Clients that read only part of a document, and spell requests in their own way: they get what all others get."""
import http.client
import io
import socket
import unittest

import numpy
from lxml import etree

from support import measures
from support.city import STORED, TOWN, CityCase, get_map, publish, tile_box, wmts_kvp, wmts_rest, xyz
from support.places import fresh_folder
from support.programs import DEADLINE, Server
from support.pyramids import picture

NAMES = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1"}
PIXEL = 0.00028
"""Metres of a pixel of OGC's scale denominators."""

ACCEPTED = {
    "Chromium, a picture": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "Firefox, a picture": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "a browser, an address": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "QGIS, GDAL, curl, ArcGIS": "*/*", "Java": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "nothing": None}


def town_tile(set_id, level):
    """Column and row of the tile under the middle of TOWN, in Lambert-93."""
    west, south, _, north = tile_box(set_id, level, 0, 0)
    span = north - south
    return int(((TOWN[0] + TOWN[2]) / 2 - west) // span), int((north - (TOWN[1] + TOWN[3]) / 2) // span)


TILE = ("2154_5cm", "22", *town_tile("2154_5cm", 22))
BOX = tile_box(*TILE)


def raw(server, request):
    """The answer to bytes as they are, on a connection of their own: status, headers, body."""
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as connection:
        connection.sendall(request.encode())
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status, _, fields = head.partition(b"\r\n")
    return int(status.split()[1]), http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n")), body


def on_paper(body):
    """The colours of a picture, white where it is transparent."""
    pixels = picture(body)
    return numpy.where(pixels[..., 3:] > 0, pixels[..., :3], 255) if pixels.shape[2] == 4 else pixels


class ArcGis(CityCase):
    """It takes the first ResourceURL of a layer, the first style and format, and one TopLeftCorner for all levels."""

    def setUp(self):
        self.document = etree.fromstring(self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").body)

    def find(self, element, path):
        return element.xpath(path, namespaces=NAMES)

    def test_every_level_from_the_first_corner(self):
        levels = 0
        for layer in ("ortho", "irc", "quartier"):
            described, = self.find(self.document, f"//w:Layer[ows:Identifier='{layer}']")
            self.assertEqual(self.find(described, "w:ResourceURL")[0].get("resourceType"), "tile")
            for set_id in ("2154_5cm", "WebMercatorQuad", "PM"):
                for link in self.find(described, f"w:TileMatrixSetLink[w:TileMatrixSet='{set_id}']"):
                    levels += self.check_levels(described, link, set_id)
        self.assertGreater(levels, 100)

    def check_levels(self, described, link, set_id):
        tile_matrix_set, = self.find(self.document, f"//w:Contents/w:TileMatrixSet[ows:Identifier='{set_id}']")
        matrices = self.find(tile_matrix_set, "w:TileMatrix")
        west, north = map(float, self.find(matrices[0], "w:TopLeftCorner/text()")[0].split())
        scales = {self.find(matrix, "ows:Identifier/text()")[0]: float(self.find(matrix, "w:ScaleDenominator/text()")[0])
                  for matrix in matrices}
        limits = self.find(link, ".//w:TileMatrixLimits")
        for one in limits:
            level, *ends = (self.find(one, f"w:{name}/text()")[0] for name in (
                "TileMatrix", "MinTileRow", "MaxTileRow", "MinTileCol", "MaxTileCol"))
            row, col = (sum(map(int, ends[i:i + 2])) // 2 for i in (0, 2))
            span = 256 * PIXEL * scales[level]
            box = (west + col * span, north - (row + 1) * span, west + (col + 1) * span, north - row * span)
            self.check_tile(described, set_id, level, row, col, box)
        return len(limits)

    def check_tile(self, described, set_id, level, row, col, box):
        layer = self.find(described, "ows:Identifier/text()")[0]
        address = self.find(described, "w:ResourceURL/@template")[0]
        for name, value in {"Style": self.find(described, "w:Style/ows:Identifier/text()")[0], "TileMatrixSet": set_id,
                            "TileMatrix": level, "TileRow": row, "TileCol": col}.items():
            address = address.replace(f"{{{name}}}", str(value))
        answer = self.server.get(address.removeprefix(self.server.url))
        self.assertEqual(answer.status, 200, address)
        crs = "EPSG:2154" if set_id == "2154_5cm" else "EPSG:3857"
        drawn = self.server.get(get_map(layer, crs, box, media_type=answer.media_type))
        self.assertLess(measures.mean_difference(on_paper(answer.body), on_paper(drawn.body)), 0.5, address)


class RestTemplates(CityCase):
    """Templates that are used without care for which goes with which format, or which style is the default."""

    def test_all_templates_of_a_layer_are_of_one_format(self):
        document = etree.fromstring(self.server.get("/wmts/1.0.0/WMTSCapabilities.xml").body)
        for layer, media_type in STORED.items():
            tiles = document.xpath(f"//w:Layer[ows:Identifier='{layer}']/w:ResourceURL[@resourceType='tile']", namespaces=NAMES)
            self.assertEqual({tile.get("format") for tile in tiles}, {media_type})

    def test_the_style_is_called_default(self):
        for layer in STORED:
            set_id, level, col, row = TILE if layer != "quartier" else ("PM", "20", 0, 0)
            if layer == "quartier":
                finest = self.pyramids[layer].levels[level]
                col, row = next(tile for tile in finest.tiles() if finest.tile(*tile))
            plain = self.server.get(wmts_rest(layer, set_id, level, col, row, STORED[layer]))
            self.assertEqual(plain.status, 200)
            other = self.server.get(wmts_rest(layer, set_id, level, col, row, STORED[layer], "default"))
            self.assertEqual((other.status, other.body == plain.body), (200, True), layer)

    def test_documents_by_addresses_that_end_as_a_query_begins(self):
        for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/xyz/ortho/tilejson.json", "/tms/1.0.0", "/ogcapi/collections/ortho",
                        "/tms/1.0.0/ortho@PM/gdal.xml", "/layers.json", "/ortho/wmts/1.0.0/WMTSCapabilities.xml"):
            wanted = self.server.get(address)
            self.assertEqual(wanted.status, 200, address)
            for end in ("?", "?&", "?service=WMTS&request=GetCapabilities", "?MAP=/x.map&"):
                answer = self.server.get(address + end)
                self.assertEqual((answer.status, answer.body == wanted.body), (200, True), address + end)

    def test_parts_of_the_path_are_encoded(self):
        plain = wmts_rest("ortho", *TILE, "image/jpeg")
        wanted = self.server.get(plain).body
        for address in (plain.replace("/ortho", "/%6Frtho"), plain.replace("2154_5cm", "2154%5F5cm"),
                        plain.replace(".jpg", "%2Ejpg"), plain.replace("/normal/", "%2Fnormal%2f"), plain + "?", plain + "?&",
                        plain + "?_=1699999999999", plain + "?token=a%2Fb&v=2&"):
            answer = self.server.get(address)
            self.assertEqual((answer.status, answer.body == wanted), (200, True), address)


class Spelling(CityCase):
    """However a request is written, the answer is that of the plain one."""

    GET_MAP = get_map("ortho,irc", "EPSG:2154", BOX, media_type="image/jpeg")
    GET_MAP_111 = get_map("ortho,irc", "EPSG:2154", BOX, media_type="image/jpeg", version="1.1.1")
    INFO = (get_map("dtm", "EPSG:2154", BOX).replace("GetMap", "GetFeatureInfo")
            + "&QUERY_LAYERS=dtm&I=5&J=6&INFO_FORMAT=application/json")
    LEGEND = "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=dtm&FORMAT=image/png"
    TILE = wmts_kvp("ortho", *TILE, "image/jpeg")

    def check_same(self, plain, spellings):
        wanted = self.server.get(plain)
        self.assertEqual(wanted.status, 200, plain + wanted.body[:300].decode("latin1"))
        for address in spellings:
            with self.subTest(address):
                answer = self.server.get(address)
                self.assertEqual(answer.status, 200, answer.body[:300])
                self.assertTrue(answer.body == wanted.body)

    def test_separators(self):
        for plain in (self.GET_MAP, self.GET_MAP_111, self.INFO, self.LEGEND, self.TILE):
            path, query = plain.split("?")
            self.check_same(plain, [f"{path}?&{query}", f"{path}?&&{query}", plain.replace("&", "&&"), plain + "&", plain + "&&",
                                    f"{path}/?{query}", plain + "&=", plain + "&=x", plain + "&novalue",
                                    "http://other.example:81" + plain])

    def test_keys_in_any_case_and_order(self):
        for plain in (self.GET_MAP, self.GET_MAP_111, self.INFO, self.LEGEND, self.TILE):
            path, query = plain.split("?")
            pairs = [pair.partition("=") for pair in query.split("&")]
            self.check_same(plain, [path + "?" + "&".join(change(key) + "=" + value for key, _, value in order)
                                    for change in (str.lower, str.upper, str.title, str.swapcase)
                                    for order in (pairs, pairs[::-1])])

    def test_of_doubled_keys_the_first_counts(self):
        for plain, wrong in ((self.GET_MAP, "&LAYERS=no&layers=&WIDTH=-1"), (self.INFO, "&I=9999&QUERY_LAYERS=no"),
                             (self.LEGEND, "&LAYER=no"), (self.TILE, "&LAYER=no&TILEROW=x&FORMAT=text/plain")):
            self.check_same(plain, [plain + wrong, plain + "&" + plain.split("?")[1]])

    def test_values_are_encoded(self):
        def spelled(plain):
            return [plain.replace("/", "%2F").replace("%2Fwm", "/wm", 1), plain.replace(",", "%2C"), plain.replace(",", "%2c"),
                    plain.replace(":", "%3A"), plain.replace(".", "%2E"),
                    plain.replace("=ortho", "=%6F%72tho").replace("=dtm", "=%64tm")]

        for plain in (self.GET_MAP, self.GET_MAP_111, self.INFO, self.LEGEND, self.TILE):
            self.check_same(plain, spelled(plain))

    def test_systems(self):
        self.check_same(self.GET_MAP, [self.GET_MAP.replace("EPSG:2154", name) for name in (
            "epsg:2154", "Epsg:2154", "urn:ogc:def:crs:EPSG::2154", "http://www.opengis.net/def/crs/EPSG/0/2154",
            "EPSG:2154&SRS=EPSG:9999", "EPSG:2154&srs=EPSG:2154")])
        self.check_same(self.GET_MAP_111, [self.GET_MAP_111.replace("EPSG:2154", name) for name in (
            "epsg:2154", "EPSG:2154&CRS=EPSG:9999", "EPSG:2154&crs=EPSG:2154")])

    def test_east_and_north_change_places_as_the_system_says(self):
        west, south, east, north = -0.5751, 47.4602, -0.5745, 47.4606
        plain = get_map("ortho", "CRS:84", (west, south, east, north))
        self.check_same(plain, [plain.replace("CRS:84", name) for name in (
            "crs:84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")])
        turned = get_map("ortho", "EPSG:4326", (south, west, north, east))
        older = get_map("ortho", "EPSG:4326", (west, south, east, north), version="1.1.1")
        self.check_same(turned, [older, turned.replace("EPSG:4326", "urn:ogc:def:crs:EPSG::4326")])
        one, other = (picture(self.server.get(address).body)[..., :3] for address in (plain, turned))
        self.assertLess(measures.mean_difference(one, other), 1)

    def test_styles_are_left_out(self):
        for plain in (self.GET_MAP, self.GET_MAP_111):
            self.check_same(plain, [plain.replace("&STYLES=", ""), plain.replace("STYLES=", "STYLES=,"),
                                    plain.replace("STYLES=", "STYLES=normal,"), plain.replace("STYLES=", "STYLES=,default"),
                                    plain.replace("STYLES=", "STYLES=normal,normal")])
            answer = self.server.get(plain.replace("STYLES=", "STYLES=normal"))  # of which layer?
            self.assertEqual((answer.status, "StyleNotDefined" in answer.text), (400, True))

    def test_parameters_of_the_base_address_and_of_vendors(self):
        for plain in (self.GET_MAP, self.GET_MAP_111, self.INFO, self.LEGEND, self.TILE):
            path, query = plain.split("?")
            self.check_same(plain, [f"{path}?MAP=/maps/city.map&{query}", f"{path}?map=..%2F..%2Fetc%2Fpasswd&{query}",
                                    f"{path}?TOKEN=a.b-c_d~e&{query}", plain + "&TILED=true&_=1699999999999",
                                    plain + "&FILLER=" + "x" * 7000, plain + "".join(f"&k{i}=v" for i in range(200))])

    def test_what_is_too_long_is_said_to_be(self):
        self.assertEqual(self.server.get(self.GET_MAP + "&FILLER=" + "x" * 8200).status, 414)

    def test_numbers_with_exponents_and_signs(self):
        box = "BBOX=" + ",".join(repr(float(value)) for value in BOX)
        exponents = "BBOX=" + ",".join(f"{value * 100:.6f}E-2" for value in BOX)
        signed = "BBOX=" + ",".join("%2B" + repr(float(value)) for value in BOX)
        self.check_same(self.GET_MAP, [self.GET_MAP.replace(box, exponents), self.GET_MAP.replace(box, signed),
                                       self.GET_MAP.replace("WIDTH=256", "WIDTH=%2B256"),
                                       self.GET_MAP.replace("WIDTH=256", "WIDTH=0256")])


class Transport(CityCase):
    """Old versions of HTTP, HEAD before GET, and headers that ask for what there is not."""

    ADDRESSES = (wmts_rest("ortho", *TILE, "image/jpeg"), xyz("quartier", 18, 130653, 91708, "image/png"),
                 get_map("ortho", "EPSG:2154", BOX), "/wms?SERVICE=WMS&REQUEST=GetCapabilities",
                 "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/ogcapi/collections/ortho/map?width=50", "/tms/1.0.0")

    def test_http_10_without_a_host(self):
        for address in self.ADDRESSES:
            whole = self.server.get(address)
            status, headers, body = raw(self.server, f"GET {address} HTTP/1.0\r\n\r\n")
            self.assertEqual((status, headers["Content-Type"]), (200, whole.media_type), address)
            self.assertTrue(body == whole.body, address)

    def test_head_comes_first(self):
        for address in self.ADDRESSES:
            head = self.server.get(address + ("&" if "?" in address else "?") + "first=1", method="HEAD")
            whole = self.server.get(address + ("&" if "?" in address else "?") + "first=1")
            self.assertEqual((head.status, head.body), (200, b""), address)
            self.assertEqual(head.headers["Content-Length"], str(len(whole.body)))
            self.assertEqual(head.headers["ETag"], whole.headers["ETag"])

    def test_what_clients_say_they_accept(self):
        for address in self.ADDRESSES:
            plain = self.server.get(address)
            for client, accepted in ACCEPTED.items():
                answer = self.server.get(address, {"Accept": accepted} if accepted else {})
                self.assertEqual(answer.status, 200, (address, client))
                if "ogcapi" not in address:  # which alone weighs
                    self.assertEqual((answer.media_type, answer.body == plain.body), (plain.media_type, True), (address, client))

    def test_a_range_or_a_date_is_answered_with_all_of_it(self):
        """As RFC 9110 leaves it to a server (14.2, 13.1.3); what is known is told by tags."""
        for address in self.ADDRESSES:
            plain = self.server.get(address)
            for headers in ({"Range": "bytes=0-99"}, {"Range": "bytes=-5"}, {"Range": "bytes=99999999-"}, {"Range": "tiles=1"},
                            {"Range": "bytes=0-9", "If-Range": plain.headers["ETag"]},
                            {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"}):
                answer = self.server.get(address, headers)
                self.assertEqual((answer.status, answer.body == plain.body), (200, True), (address, headers))
                self.assertIsNone(answer.headers["Content-Range"])
            known = self.server.get(address, {"If-None-Match": plain.headers["ETag"], "Range": "bytes=0-9",
                                              "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"})
            self.assertEqual((known.status, known.body), (304, b""), address)


class GroupNames(unittest.TestCase):
    """Names with spaces, slashes and accents."""

    def test_spaces_are_plus_or_percent_20(self):
        store = fresh_folder("group-names")
        publish(store, "ortho", "irc")
        (store / "layers").mkdir()
        for name in ("ortho", "irc"):
            (store / f"layers/{name}.json").write_text('{"group": "Orthophotos aériennes/été 2022"}')
        with Server(store) as server:
            wanted = server.get(get_map("irc,ortho", "EPSG:2154", BOX))
            self.assertEqual(wanted.status, 200)
            for name in ("Orthophotos+a%C3%A9riennes/%C3%A9t%C3%A9+2022", "Orthophotos%20a%c3%a9riennes%2F%C3%A9t%C3%A9%202022",
                         "Orthophotos+a%C3%A9riennes"):
                answer = server.get(get_map(name, "EPSG:2154", BOX))
                self.assertEqual((answer.status, answer.body == wanted.body), (200, True), name)
            missing = server.get(get_map("Orthophotos%2Ba%C3%A9riennes", "EPSG:2154", BOX))
            self.assertIn("LayerNotDefined", missing.text)
