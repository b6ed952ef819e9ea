# SPDX-License-Identifier: Apache-2.0
"""A tile is one answer: the same bytes with one tag by every protocol, for each set and format that a layer is offered in.
So a cache before the server has it once, whoever asked."""
import json

from support.city import EXTENSIONS, STORED, CityCase, get_map, wmts_kvp, wmts_rest

LAYERS = {"ortho": "normal", "irc": "normal", "quartier": "normal", "dtm": "elevation"}
"""With their default styles."""
FORMATS = {**EXTENSIONS, "image/webp": "webp"}


def box_of(matrix, col, row):
    """West, south, east and north of a tile."""
    west, north = matrix["pointOfOrigin"]
    width, height = matrix["cellSize"] * matrix["tileWidth"], matrix["cellSize"] * matrix["tileHeight"]
    return west + col * width, north - (row + 1) * height, west + (col + 1) * width, north - row * height


class EveryProtocol(CityCase):
    def document(self, path):
        answer = self.server.get(path)
        self.assertEqual(answer.status, 200, path)
        return json.loads(answer.text)

    def sets_of(self, layer):
        """Each set that the layer is offered in, with the layer's limits."""
        for item in self.document(f"/ogcapi/collections/{layer}/map/tiles?f=json")["tilesets"]:
            address = next(link["href"] for link in item["links"] if link["rel"] == "self")[len(self.server.url):]
            name = address.split("?")[0].split("/")[-1]
            yield self.document(f"/ogcapi/tileMatrixSets/{name}?f=json"), self.document(address)["tileMatrixSetLimits"]

    def tiles_of(self, layer):
        """Set, number of the matrix, column and row: of coarse, middling and fine matrices one in the middle and one at
        the edge of the layer."""
        for tms, limits in self.sets_of(layer):
            numbers = {matrix["id"]: i for i, matrix in enumerate(tms["tileMatrices"])}
            for part in (limits[len(limits) // 3], limits[2 * len(limits) // 3], limits[-4]):
                middle = [(part[f"minTile{side}"] + part[f"maxTile{side}"]) // 2 for side in ("Col", "Row")]
                edge = [part["minTileCol"], part["maxTileRow"]]
                for col, row in (middle, edge):
                    yield tms, numbers[part["tileMatrix"]], col, row

    def is_stored(self, layer, tms, level, media_type):
        """Whether tiles of that matrix leave as they are stored: WebMercatorQuad has PM's."""
        pyramid = self.pyramids[layer]
        own = pyramid.descriptor["tile_matrix_set"]
        sets = (own, "WebMercatorQuad") if own == "PM" else (own,)
        return tms["id"] in sets and level in pyramid.levels and media_type == STORED.get(layer)

    def addresses(self, layer, tms, number, col, row, media_type):
        style, matrix, name = LAYERS[layer], tms["tileMatrices"][number], tms["id"]
        level, extension = matrix["id"], FORMATS[media_type]
        crs = f"EPSG:{tms['crs'].split('/')[-1]}"
        yield wmts_kvp(layer, name, level, col, row, media_type, style)
        yield f"/wmts/1.0.0/{layer}/{style}/{name}/{level}/{row}/{col}.{extension}"
        yield f"/ogcapi/collections/{layer}/map/tiles/{name}/{level}/{row}/{col}?f={extension}"
        rows = tms["tileMatrices"][0]["matrixHeight"] << number
        yield f"/tms/1.0.0/{layer}@{name}/{number}/{col}/{rows - 1 - row}.{extension}"
        if name in ("PM", "WebMercatorQuad"):
            yield f"/xyz/{layer}/{level}/{col}/{row}.{extension}"
        shows_through = media_type != "image/jpeg" and not self.is_stored(layer, tms, level, media_type)
        more = {"TRANSPARENT": "TRUE"} if shows_through else {}
        box = box_of(matrix, col, row)
        yield get_map(layer, crs, box, media_type=media_type, **more)
        yield get_map(layer, crs, box, media_type=media_type, version="1.1.1", **more)
        corners = ",".join(map(repr, box))
        yield (f"/ogcapi/collections/{layer}/map?f={extension}&bbox={corners}&bbox-crs={tms['crs']}&crs={tms['crs']}"
               f"&width=256&height=256&transparent={'true' if shows_through else 'false'}")

    def check(self, layer, media_type):
        compared = 0
        for tms, number, col, row in self.tiles_of(layer):
            addresses = list(self.addresses(layer, tms, number, col, row, media_type))
            first, *others = [self.server.get(address) for address in addresses]
            self.assertEqual((first.status, first.media_type), (200, media_type), addresses[0])
            for address, answer in zip(addresses[1:], others):
                self.assertEqual(answer.status, 200, address)
                self.assertTrue(answer.body == first.body, f"{address} is not {addresses[0]}")
                self.assertEqual(answer.headers["ETag"], first.headers["ETag"], f"{address} and {addresses[0]}")
                known = self.server.get(address, {"If-None-Match": first.headers["ETag"]})
                self.assertEqual(known.status, 304, address)
            compared += len(addresses)
        self.assertGreater(compared, 50)

    def test_in_each_format(self):
        for layer in LAYERS:
            for media_type in FORMATS:
                with self.subTest(layer=layer, format=media_type):
                    self.check(layer, media_type)

    def test_with_twice_the_dots(self):
        for layer in LAYERS:
            for tms, number, col, row in self.tiles_of(layer):
                name, matrix = tms["id"], tms["tileMatrices"][number]
                tile = self.server.get(f"/wmts/1.0.0/{layer}/{LAYERS[layer]}/{name}/{matrix['id']}/{row}/{col}@2x.png")
                crs = f"EPSG:{tms['crs'].split('/')[-1]}"
                same = self.server.get(get_map(layer, crs, box_of(matrix, col, row), 512, 512, TRANSPARENT="TRUE"))
                self.assertEqual((same.status, same.headers["ETag"]), (200, tile.headers["ETag"]))
                self.assertTrue(same.body == tile.body, (layer, name, matrix["id"], col, row))

    def test_another_look_is_another_answer(self):
        tms, number, col, row = next(iter(self.tiles_of("ortho")))
        matrix = tms["tileMatrices"][number]
        box, crs = box_of(matrix, col, row), f"EPSG:{tms['crs'].split('/')[-1]}"
        tile = self.server.get(wmts_rest("ortho", tms["id"], matrix["id"], col, row, "image/png")).headers["ETag"]
        for more in ({}, {"BGCOLOR": "0x0000FF"}, {"TRANSPARENT": "TRUE", "width": 255}):
            self.assertNotEqual(self.server.get(get_map("ortho", crs, box, **more)).headers["ETag"], tile, more)
