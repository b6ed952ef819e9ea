# SPDX-License-Identifier: Apache-2.0
"""OGC API as its clients meet it: documents by the OGC's own schemas, the bytes of the other protocols, GDAL."""
import json
import re
import urllib.parse
import warnings
from html.parser import HTMLParser

import numpy
from osgeo import gdal, osr

from support import grounds, measures
from support.city import (EDGE, SET_CORNERS, STORED, TOWN, CityCase, box_in, get_map, source_of, tile_box, wmts_rest)
from support.places import SCHEMAS, fresh_folder, needs_schemas
from support.pyramids import picture

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

OGC = "http://www.opengis.net/def/rel/ogc/1.0/"
LAYERS = ("dtm", "irc", "ortho", "quartier")


class OgcApiCase(CityCase):
    def get(self, path, **headers):
        return self.server.get("/ogcapi" + path, headers)

    def document(self, path):
        answer = self.get(path)
        self.assertEqual((answer.status, answer.media_type), (200, "application/json"), path)
        return json.loads(answer.text)

    def path_of(self, address):
        """What follows /ogcapi in an absolute address, which must be the server's public one."""
        self.assertTrue(address.startswith(self.server.url + "/ogcapi"), address)
        return address[len(self.server.url + "/ogcapi"):]

    def linked(self, document, relation, media_type="application/json"):
        return self.path_of(next(link["href"] for link in document["links"]
                                 if link["rel"] == relation and link.get("type") == media_type))

    def tilesets(self):
        """Each tileset of each collection, in each style."""
        for layer in LAYERS:
            collection = self.document(f"/collections/{layer}")
            lists = [self.linked(collection, OGC + "tilesets-map")]
            for style in self.document(self.linked(collection, OGC + "styles"))["styles"]:
                lists.append(self.linked(style, OGC + "tilesets-map"))
            for address in lists:
                for item in self.document(address)["tilesets"]:
                    yield layer, item, self.document(self.linked(item, "self"))


def components_of(standard):
    """Of an OpenAPI definition. Its extent-uad asks "spatial" for what further dimensions have, so that no extent is
    valid; it stands for extent alone here."""
    bundle = json.loads((SCHEMAS / f"json/ogcapi/{standard}/ogcapi-{standard}-1.bundled.json").read_text())
    schemas = bundle["components"]["schemas"]
    schemas["extent-uad"] = schemas["extent"]
    return bundle["components"]


@needs_schemas
class Schemas(OgcApiCase):
    """Documents by the schemas that the standards come with."""

    def check(self, path, standard, component):
        schema = {"$ref": f"#/components/schemas/{component}", "components": components_of(standard)}
        self.validate(path, jsonschema.Draft4Validator(schema))

    def check_tms(self, path, name):
        file = SCHEMAS / f"json/tms-2.0/{name}.json"
        schema = json.loads(file.read_text())
        resolver = jsonschema.RefResolver(file.as_uri(), schema)
        self.validate(path, jsonschema.Draft201909Validator(schema, resolver=resolver))

    def validate(self, path, validator):
        complaints = [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(self.document(path))]
        self.assertEqual(complaints, [], path)

    def test_common(self):
        for standard in ("tiles", "maps"):
            self.check("/", standard, "landingPage")
            self.check("/conformance", standard, "confClasses")
            self.check("/collections", standard, "collections")
        for layer in LAYERS:
            self.check(f"/collections/{layer}", "maps", "collectionDesc")
            self.check(f"/collections/{layer}", "tiles", "collectionInfo")

    def test_tilesets(self):
        for _, item, tileset in self.tilesets():
            path = self.linked(item, "self")
            self.check(path, "maps", "tileSet")
            self.check(path, "tiles", "tileSet")
            self.check_tms(path, "tileSet")
            for required in ("dataType", "crs", "links"):
                self.assertIn(required, item)
            self.assertEqual(item["crs"], tileset["crs"])

    def test_tile_matrix_sets(self):
        for item in self.document("/tileMatrixSets")["tileMatrixSets"]:
            path = self.linked(item, "self")
            self.check_tms(path, "tileMatrixSet")
            self.check(path, "maps", "tileMatrixSet")

    def test_registered_sets_are_those_of_the_register(self):
        ours = self.document("/tileMatrixSets/WebMercatorQuad")
        theirs = json.loads((SCHEMAS / "json/tilematrixsets/WebMercatorQuad.json").read_text())
        self.assertEqual((ours["id"], ours["uri"], ours["crs"]), (theirs["id"], theirs["uri"], theirs["crs"]))
        for our, their in zip(ours["tileMatrices"], theirs["tileMatrices"]):
            self.assertEqual(our["id"], their["id"])
            for member in ("scaleDenominator", "cellSize", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"):
                self.assertAlmostEqual(our[member] / their[member], 1, places=12)
            for one, other in zip(our["pointOfOrigin"], their["pointOfOrigin"]):
                self.assertAlmostEqual(one, other, places=6)

    def test_problems(self):
        for path in ("/nothing", "/collections/none", "/collections/ortho/map?bbox=1", "/conformance?f=xml"):
            answer = self.get(path)
            self.assertEqual(answer.media_type, "application/problem+json", path)
            problem = json.loads(answer.text)
            self.assertEqual(problem["status"], answer.status)
            jsonschema.Draft4Validator(components_of("tiles")["schemas"]["exception"]).validate(problem)


class SameBytes(OgcApiCase):
    """One tile and one map, whatever the protocol."""

    def check_same(self, ours, theirs):
        answer, other = self.get(ours), self.server.get(theirs)
        self.assertEqual((answer.status, answer.media_type), (200, other.media_type), ours)
        self.assertTrue(answer.body == other.body, f"{ours} is not {theirs}")
        self.assertEqual(answer.headers["ETag"], other.headers["ETag"], ours)
        self.assertEqual(answer.headers["OATiles-hint"], other.headers["OATiles-hint"], ours)
        tag = {"If-None-Match": answer.headers["ETag"]}
        self.assertEqual(self.server.get("/ogcapi" + ours, tag).status, 304, ours)

    def test_stored_tiles(self):
        for layer, set_id in (("ortho", "2154_5cm"), ("irc", "2154_5cm"), ("quartier", "PM")):
            pyramid = self.pyramids[layer]
            stored = [(level.id, col, row) for level in pyramid.levels.values() for col, row in level.tiles()]
            for level, col, row in stored[::max(1, len(stored) // 12)]:
                tile = f"/map/tiles/{set_id}/{level}/{row}/{col}"
                theirs = wmts_rest(layer, set_id, level, col, row, STORED[layer])
                for ours in (tile, "/styles/normal" + tile):
                    self.check_same(f"/collections/{layer}{ours}", theirs)
                    self.check_same(f"/collections/{layer}{ours}?f={STORED[layer]}", theirs)
                west, south, east, north = (repr(float(side)) for side in tile_box(set_id, level, col, row))
                code = {"2154_5cm": 2154, "PM": 3857}[set_id]
                self.check_same(f"/collections/{layer}/map?bbox={west},{south},{east},{north}&width=256&height=256"
                                f"&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/{code}&crs=EPSG:{code}"
                                "&transparent=false", theirs)

    def test_rendered_tiles(self):
        for tileset_layer, item, tileset in self.tilesets():
            if not item["tileMatrixSetURI"].endswith("/WebMercatorQuad") or tileset["style"]["id"] != "normal":
                continue
            limits = tileset["tileMatrixSetLimits"][19]
            row, col = limits["minTileRow"], limits["minTileCol"]
            for media_type in ("image/png", "image/jpeg"):
                self.check_same(
                    f"/collections/{tileset_layer}/styles/normal/map/tiles/WebMercatorQuad/19/{row}/{col}?f={media_type}",
                    wmts_rest(tileset_layer, "WebMercatorQuad", 19, col, row, media_type))

    def test_maps(self):
        for crs in ("EPSG:2154", "EPSG:3857", "CRS:84", "EPSG:4326"):
            box = box_in(crs, EDGE)
            turned = (box[1], box[0], box[3], box[2]) if crs == "EPSG:4326" else box
            corners = ",".join(repr(float(side)) for side in turned)
            for layers, transparent in (("ortho", "TRUE"), ("ortho,irc", "FALSE"), ("irc,quartier", "TRUE")):
                ours = (f"/map?collections={layers}&crs={crs}&bbox-crs={crs}&bbox={corners}&width=300&height=200&f=png"
                        f"&transparent={transparent.lower()}")
                self.check_same(ours, get_map(layers, crs, turned, 300, 200, TRANSPARENT=transparent))
            self.check_same(f"/collections/ortho/map?crs={crs}&bbox-crs={crs}&bbox={corners}&width=300&height=200&f=jpg"
                            "&bgcolor=0xFF8800",
                            get_map("ortho", crs, turned, 300, 200, "image/jpeg", BGCOLOR="0xFF8800"))

    def test_a_tile_beside_the_limits_is_empty(self):
        answer = self.get("/collections/ortho/map/tiles/2154_5cm/20/0/0?f=png")
        self.assertEqual((answer.status, answer.headers["OATiles-hint"]), (200, "empty"))
        self.assertEqual(picture(answer.body)[..., 3].max(), 0)


class Maps(OgcApiCase):
    """What a map shows, and what it says of it."""

    def test_a_map_of_its_own_extent(self):
        for layer in ("ortho", "quartier"):
            collection = self.document(f"/collections/{layer}")
            answer = self.get(f"/collections/{layer}/map?f=png")
            self.assertEqual(answer.headers["Content-Crs"], f"<{collection['storageCrs']}>")
            shown = [float(side) for side in answer.headers["Content-Bbox"].split(",")]
            self.assertEqual(shown, collection["extent"]["spatial"]["storageCrsBbox"][0])
            pixels = picture(answer.body)
            self.assertEqual(max(pixels.shape[:2]), 1024)
            ratio = (shown[2] - shown[0]) / (shown[3] - shown[1])
            self.assertAlmostEqual(pixels.shape[1] / pixels.shape[0], ratio, delta=0.002)

    def test_the_dataset_is_shown_in_degrees(self):
        answer = self.get(self.linked(self.document("/"), OGC + "map", "image/png"))
        self.assertEqual(answer.headers["Content-Crs"], "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertRegex(answer.headers["Access-Control-Expose-Headers"], "Content-Bbox.*Content-Crs")

    def test_background(self):
        west, south, east, north = EDGE
        ground = f"bbox={west},{south},{east},{north}&bbox-crs=EPSG:2154&width=80&height=80&f=png"
        corner = {}
        for query in ("", "&transparent=true", "&transparent=false", "&bgcolor=0x00FF00",
                      "&bgcolor=0x00FF00&transparent=true"):
            corner[query] = picture(self.get(f"/collections/ortho/map?{ground}{query}").body)[5, 74].tolist()
        self.assertEqual(corner[""][3], 0)
        self.assertEqual(corner["&transparent=true"][3], 0)
        self.assertEqual(corner["&bgcolor=0x00FF00&transparent=true"][3], 0)
        self.assertEqual(corner["&transparent=false"][:3], [255, 255, 255])
        self.assertEqual(corner["&bgcolor=0x00FF00"][:3], [0, 255, 0])

    def test_the_scale_around_a_center(self):
        """At 1:500 a pixel of 0.28 mm is 14 cm: in Lambert-93 as in Mercator, whose metres are shorter here."""
        middle = "430745,6712705"
        for crs in ("EPSG:2154", "EPSG:3857", "CRS:84"):
            answer = self.get(f"/collections/ortho/map?center={middle}&center-crs=EPSG:2154&crs={crs}"
                              "&scale-denominator=500&width=200&height=100&f=png")
            self.assertEqual(picture(answer.body).shape[:2], (100, 200), crs)
            west, south, east, north = (float(side) for side in answer.headers["Content-Bbox"].split(","))
            there = box_in_lambert(crs, (west, south, east, north))
            self.assertAlmostEqual((there[2] - there[0]) / (200 * 0.14), 1, delta=0.004, msg=crs)
            self.assertAlmostEqual((there[0] + there[2]) / 2, 430745, delta=0.1)
            self.assertAlmostEqual((there[1] + there[3]) / 2, 6712705, delta=0.1)


def box_in_lambert(crs, box):
    """The ends of the box' middle lines, in metres that are those of the ground to 0.1 per mille."""
    here, there = osr.SpatialReference(), osr.SpatialReference()
    here.SetFromUserInput("OGC:CRS84" if crs == "CRS:84" else crs)
    there.SetFromUserInput("EPSG:2154")
    for reference in (here, there):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    west, south, east, north = box
    way = osr.CoordinateTransformation(here, there)
    left, _, _ = way.TransformPoint(west, (south + north) / 2)
    right, _, _ = way.TransformPoint(east, (south + north) / 2)
    _, low, _ = way.TransformPoint((west + east) / 2, south)
    _, high, _ = way.TransformPoint((west + east) / 2, north)
    return left, low, right, high


class Page(HTMLParser):
    """Which elements a page has, whether they close, and where it leads."""
    EMPTY = {"meta", "img"}

    def __init__(self, text):
        super().__init__()
        self.open, self.names, self.links = [], set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


class Documents(OgcApiCase):
    def addresses(self):
        """All documents that links lead to, from the landing page on."""
        seen, rest = {}, ["/"]
        while rest:
            path = rest.pop()
            if path in seen:
                continue
            answer = self.get(path, Accept="application/json")
            self.assertEqual(answer.status, 200, path)
            seen[path] = answer
            if "json" not in answer.media_type:
                continue
            for address in re.findall(r'"href": "([^"]*)"', answer.text):
                if address.startswith(self.server.url + "/wms?"):  # legends
                    self.assertEqual(self.server.get(address[len(self.server.url):]).media_type, "image/png")
                elif "{" not in address:
                    rest.append(self.path_of(address))
        return seen

    def test_every_link_leads_somewhere_and_every_page_is_sound(self):
        seen = self.addresses()
        self.assertGreater(len(seen), 80)
        pages = [path for path in seen if path.endswith("f=html")]
        self.assertGreater(len(pages), 25)
        for path in pages:
            self.assertEqual(seen[path].media_type, "text/html; charset=utf-8")
            page = Page(seen[path].text)
            self.assertEqual((page.open, "script" in page.names), ([], False), path)
            for link in page.links:
                self.assertTrue(link.startswith(("http://", "https://")), (path, link))
        self.assertIn("img", Page(seen["/collections/ortho?f=html"].text).names)

    def test_links_are_never_made_of_the_request(self):
        for path in ("/", "/collections/ortho", "/api"):
            answer = self.get(path, Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
            self.assertNotIn("evil", answer.text)

    def test_documents_are_kept_and_compressed(self):
        for path in ("/", "/collections", "/collections/ortho", "/api", "/tileMatrixSets/2154_5cm"):
            answer = self.get(path)
            self.assertEqual(self.get(path, **{"If-None-Match": answer.headers["ETag"]}).status, 304)
            packed = self.get(path, **{"Accept-Encoding": "gzip"})
            self.assertEqual(packed.headers["Content-Encoding"], "gzip", path)
            self.assertLess(len(packed.body), len(answer.body) / 2, path)
            self.assertEqual(sorted(packed.headers.get_all("Vary")), ["Accept", "Accept-Encoding"])

    def test_collections_say_what_capabilities_say(self):
        for layer in LAYERS:
            collection = self.document(f"/collections/{layer}")
            degrees = collection["extent"]["spatial"]["bbox"][0]
            known = next(each for each in json.loads(self.server.get("/layers.json").text)["layers"]
                         if each["name"] == layer)
            self.assertEqual(degrees, known["geographic_extent"])
            self.assertEqual(collection["title"], known["title"])

    def test_declared_classes_are_those_that_are_tested_here(self):
        classes = {re.sub(r".*/spec/ogcapi-", "", uri) for uri in self.document("/conformance")["conformsTo"]}
        common = {f"common-1/1.0/conf/{name}" for name in ("core", "landing-page", "json", "html", "oas30")}
        tiles = {f"tiles-1/1.0/conf/{name}" for name in
                 ("core", "tileset", "tilesets-list", "geodata-tilesets", "png", "jpeg", "oas30")}
        maps = {f"maps-1/1.0/conf/{name}" for name in
                ("core", "tilesets", "collections-selection", "scaling", "display-resolution", "crs",
                 "collection-map", "dataset-map", "styled-map", "png", "jpeg", "api-operations")}
        self.assertEqual(classes, common | {"common-2/1.0/conf/collections"} | tiles | maps)


class Gdal(OgcApiCase):
    """GDAL's OGCAPI driver (3.6 reads maps; its road to tiles takes limits for those of the whole set)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gdal.UseExceptions()
        gdal.SetConfigOption("GDAL_DEFAULT_WMS_CACHE_PATH", str(fresh_folder("gdal-ogcapi")))

    def test_the_landing_page_lists_the_collections(self):
        dataset = gdal.Open(f"OGCAPI:{self.server.url}/ogcapi")
        names = [name for name, _ in dataset.GetSubDatasets()]
        self.assertEqual(sorted(urllib.parse.urlsplit(name.split(":", 1)[1]).path.split("/")[-1] for name in names),
                         sorted(LAYERS))

    def test_maps_are_where_the_sources_are(self):
        west, south, east, north = box_in("CRS:84", TOWN)
        for layer in ("ortho", "irc"):
            dataset = gdal.OpenEx(f"OGCAPI:{self.server.url}/ogcapi/collections/{layer}", open_options=["API=MAP"])
            left, _, _, top, _, _ = dataset.GetGeoTransform()
            band = dataset.GetRasterBand(1)
            whole = (dataset.RasterXSize * dataset.GetGeoTransform()[1], dataset.RasterYSize * -dataset.GetGeoTransform()[5])
            level = next(i for i in reversed(range(band.GetOverviewCount())) if band.GetOverview(i).XSize > 2000)
            view = band.GetOverview(level)
            cell = (whole[0] / view.XSize, whole[1] / view.YSize)
            x, y = round((west - left) / cell[0]), round((top - north) / cell[1])
            columns, rows = round((east - west) / cell[0]), round((north - south) / cell[1])
            ours = numpy.dstack([dataset.GetRasterBand(number).GetOverview(level).ReadAsArray(x, y, columns, rows)
                                 for number in (1, 2, 3)])
            box = (left + x * cell[0], top - (y + rows) * cell[1], left + (x + columns) * cell[0], top - y * cell[1])
            theirs, there = grounds.warped(source_of(layer), "OGC:CRS84", box, columns, rows, method="average")
            dx, dy = measures.shift(theirs, ours, there)
            self.assertLess(max(abs(dx), abs(dy)), 0.25, (layer, dx, dy))
            self.assertLess(measures.mean_difference(theirs[there], ours[there]), 8, layer)
