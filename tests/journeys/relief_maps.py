# SPDX-License-Identifier: Apache-2.0
"""Pictures of relief: no seams between tiles, contour lines where GDAL has them, orthos draped, heights in colours."""
import io

import numpy
from osgeo import gdal, ogr, osr
from PIL import Image

from support import grounds
from support.building import RealData, grid_set
from support.city import HALF_WORLD, TOWN, publish
from support.places import CITY_STORE, DATA, fresh_folder
from support.programs import done
from support.styled import ReliefCase

SOURCE = DATA / "dtm_dsm_2m_washington_dc/dtm.tif"
ORIGIN, CELL = (321498 - 50, 4298018 + 50), 2.0
SHIPPED = ("hillshade", "hillshade-multidirectional", "slope", "aspect", "relief", "contours", "terrain-rgb", "terrarium")
OWN = {"lined": {"contours": {"interval": 2, "index": 0, "colour": [200, 0, 0]}, "estompage": {"zenith": 60}},
       "lines": {"contours": {"interval": 2, "base": 0.7, "index": 0, "colour": [0, 0, 0], "width": 1}},
       "bold": {"contours": {"interval": 1, "index": 4}},
       "rok4": {"pente": {"unit": "pourcent"}}}


class WashingtonCase(RealData, ReliefCase):
    """A ground model on its own grid, and in other sets."""

    @classmethod
    def build(cls):
        own = grid_set(cls.store, "EPSG:26918", *ORIGIN, CELL, levels=5)
        done("build", SOURCE, "--into", cls.store, "--tms", own, "--name", "dtm")
        cls.publish(cls.store, {"dtm": ["elevation", "normal", *SHIPPED, *OWN]},
                    {name: {"identifier": name, "title": name} | style for name, style in OWN.items()}, outside_limits="empty")

    def tile(self, style, set_id, level, col, row, media_type="image/png"):
        answer = self.server.kvp("/wmts", SERVICE="WMTS", REQUEST="GetTile", VERSION="1.0.0", LAYER="dtm", STYLE=style,
                                 FORMAT=media_type, TILEMATRIXSET=set_id, TILEMATRIX=level, TILEROW=row, TILECOL=col)
        self.assertEqual(answer.status, 200, answer.body[:300])
        return numpy.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA")).astype(int)

    def assembled(self, style, set_id, level, columns, rows):
        return numpy.vstack([numpy.hstack([self.tile(style, set_id, level, col, row) for col in columns]) for row in rows])


class Seams(WashingtonCase):
    """Maps of neighbouring ground put together, against one of all of it."""

    def check(self, style, tiles, whole, most=0):
        off = numpy.abs(tiles - whole).max(axis=2)[(tiles[..., 3] > 0) | (whole[..., 3] > 0)]
        self.assertGreater(off.size, 500, style)
        self.assertLessEqual(off.max(), most, style)
        self.assertLessEqual((off > 0).sum(), 5, style)

    def test_tiles_of_the_own_set_make_one_map(self):
        for level, cell, across in ((4, CELL, 2), (3, 2 * CELL, 1)):
            span = 256 * cell * across
            box = (ORIGIN[0], ORIGIN[1] - span, ORIGIN[0] + span, ORIGIN[1])
            for style in (*SHIPPED, *OWN):
                whole = self.picture("dtm", style, "EPSG:26918", box, 256 * across, 256 * across)
                self.check(style, self.assembled(style, "own_grid", level, range(across), range(across)), whole)

    def test_maps_finer_than_the_data_make_one_map(self):
        west, north, span = ORIGIN[0] + 100, ORIGIN[1] - 100, 100 * CELL / 3
        for style in (*SHIPPED, *OWN):
            tiles = [[self.picture("dtm", style, "EPSG:26918", (west + i * span, north - (j + 1) * span,
                                                               west + (i + 1) * span, north - j * span), 100, 100)
                      for i in range(3)] for j in range(3)]
            whole = self.picture("dtm", style, "EPSG:26918", (west, north - 3 * span, west + 3 * span, north), 300, 300)
            self.check(style, numpy.vstack([numpy.hstack(row) for row in tiles]), whole)

    def test_tiles_of_another_set_make_one_map(self):
        """Here PROJ is asked at other places for each map, which may move a height by a few units in its last place."""
        span = 2 * HALF_WORLD / 2 ** 17
        west, south, east, north = grounds.box_in(gdal.Open(str(SOURCE)), "EPSG:3857")
        columns = range(int((west + HALF_WORLD) // span), int((east + HALF_WORLD) // span) + 1)
        rows = range(int((HALF_WORLD - north) // span), int((HALF_WORLD - south) // span) + 1)
        box = (columns[0] * span - HALF_WORLD, HALF_WORLD - (rows[-1] + 1) * span,
               (columns[-1] + 1) * span - HALF_WORLD, HALF_WORLD - rows[0] * span)
        for style in (*SHIPPED, *OWN):
            whole = self.picture("dtm", style, "EPSG:3857", box, 256 * len(columns), 256 * len(rows))
            self.check(style, self.assembled(style, "PM", 17, columns, rows), whole, most=1)


class ContourLines(WashingtonCase):
    """Against gdal_contour's, of the same heights."""

    SIZE, FINE = 180, 8

    def setUp(self):
        west, north = 321498, 4298018 - 2 * 55
        self.box = (west, north - 2 * self.SIZE, west + 2 * self.SIZE, north)
        self.heights_here = self.heights("dtm", "EPSG:26918", self.box, self.SIZE, self.SIZE)
        self.assertFalse(numpy.isnan(self.heights_here).any())
        self.cover = self.picture("dtm", "lines", "EPSG:26918", self.box, self.SIZE, self.SIZE)[..., 3]

    def gdal_lines(self):
        """Where GDAL's lines run, eight times as fine as the picture; and their distance from everywhere, in pixels."""
        fine = self.SIZE * self.FINE
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(26918)
        heights = gdal.GetDriverByName("MEM").Create("", self.SIZE, self.SIZE, 1, gdal.GDT_Float64)
        heights.SetGeoTransform((0, 1, 0, 0, 0, -1))
        heights.GetRasterBand(1).WriteArray(self.heights_here)
        vectors = ogr.GetDriverByName("Memory").CreateDataSource("lines")
        layer = vectors.CreateLayer("lines", reference, ogr.wkbLineString)
        gdal.ContourGenerate(heights.GetRasterBand(1), 2.0, 0.7, [], 0, 0, layer, -1, -1)
        self.assertGreater(layer.GetFeatureCount(), 10)
        drawn = gdal.GetDriverByName("MEM").Create("", fine, fine, 1, gdal.GDT_Byte)
        drawn.SetProjection(reference.ExportToWkt())
        drawn.SetGeoTransform((0, 1 / self.FINE, 0, 0, 0, -1 / self.FINE))
        gdal.RasterizeLayer(drawn, [1], layer, burn_values=[1])
        away = gdal.GetDriverByName("MEM").Create("", fine, fine, 1, gdal.GDT_Float32)
        gdal.ComputeProximity(drawn.GetRasterBand(1), away.GetRasterBand(1), ["VALUES=1"])
        return drawn.ReadAsArray() > 0, away.ReadAsArray() / self.FINE

    def test_lines_lie_where_gdal_has_them(self):
        lines, away = self.gdal_lines()
        middles = slice(self.FINE // 2, None, self.FINE)
        # Along the edge GDAL's lines end, and ours do not.
        off = away[middles, middles][1:-1, 1:-1][self.cover[1:-1, 1:-1] > 127]
        self.assertGreater(off.size, 1500)
        self.assertLess(numpy.median(off), 0.35)
        self.assertLess(numpy.quantile(off, 0.98), 1)
        self.assertLess(off.max(), 1.6)  # a diagonal neighbour's

    def test_no_line_is_missing(self):
        lines, _ = self.gdal_lines()
        rows, columns = numpy.nonzero(lines)
        near = numpy.pad(self.cover, 1, mode="edge")
        best = numpy.max([near[1 + rows // self.FINE + down, 1 + columns // self.FINE + right]
                          for down in (-1, 0, 1) for right in (-1, 0, 1)], axis=0)
        self.assertGreater((best > 100).mean(), 0.98)

    def test_lines_lie_on_what_is_below(self):
        bare = self.picture("dtm", "hillshade", "EPSG:26918", self.box, self.SIZE, self.SIZE)
        lined = self.picture("dtm", "lined", "EPSG:26918", self.box, self.SIZE, self.SIZE)
        self.assertEqual(lined[..., 3].min(), 255)
        self.assertGreater((lined[..., 0] > lined[..., 1] + 50).sum(), 1000)
        self.assertGreater((lined[..., 0] == lined[..., 1]).sum(), bare.shape[0] * 100)

    def test_index_lines_are_bolder(self):
        cover = self.picture("dtm", "bold", "EPSG:26918", self.box, self.SIZE, self.SIZE)[..., 3]
        number = numpy.round(self.heights_here)
        at_line = (numpy.abs(self.heights_here - number) < 0.1) & (cover > 0)
        index = number % 4 == 0
        self.assertGreater(cover[at_line & index].mean(), 1.2 * cover[at_line & ~index].mean())


class HeightsInColours(WashingtonCase):
    """Terrain-RGB and Terrarium."""

    BOX, SIZE = (321498 - 20, 4298018 - 2 * 280, 321498 + 2 * 300, 4298018 + 20), (310, 290)

    def decoded(self, style, pixels):
        red, green, blue = (pixels[..., band].astype(float) for band in range(3))
        if style == "terrain-rgb":
            return -10000 + (65536 * red + 256 * green + blue) * 0.1
        return 256 * red + green + blue / 256 - 32768

    def test_they_decode_to_the_heights_and_to_the_sea_where_there_are_none(self):
        heights = self.heights("dtm", "EPSG:26918", self.BOX, *self.SIZE)
        nowhere = numpy.isnan(heights)
        self.assertGreater(nowhere.sum(), 1000)
        for style, step in (("terrain-rgb", 0.1), ("terrarium", 1 / 256)):
            for media_type in ("image/png", "image/webp", "image/png; mode=8bit", "image/vnd.jpeg-png"):
                for transparent in ("TRUE", "FALSE"):
                    body = self.map("dtm", style, "EPSG:26918", self.BOX, *self.SIZE, media_type=media_type, TRANSPARENT=transparent)
                    seen = Image.open(io.BytesIO(body))
                    self.assertEqual(seen.mode, "RGB")
                    made = self.decoded(style, numpy.asarray(seen))
                    self.assertLessEqual(numpy.abs(made - heights)[~nowhere].max(), step / 2 + 1e-6)
                    self.assertEqual(numpy.abs(made[nowhere]).max(), 0)

    def test_tiles_are_true_colour_even_where_there_is_nothing(self):
        for style in ("terrain-rgb", "terrarium"):
            for col in (1, 7):  # half of it without heights, and beside the layer's limits
                answer = self.server.get(f"/wmts/1.0.0/dtm/{style}/own_grid/4/{col}/{col}.png")
                self.assertEqual(answer.status, 200, answer.body[:200])
                seen = Image.open(io.BytesIO(answer.body))
                self.assertEqual(seen.mode, "RGB")
                self.assertEqual(self.decoded(style, numpy.asarray(seen))[-1, -1], 0)

    def test_they_never_leave_as_jpeg(self):
        refused = self.server.kvp("/wms", SERVICE="WMS", VERSION="1.1.1", REQUEST="GetMap", LAYERS="dtm", STYLES="terrain-rgb",
                                  SRS="EPSG:26918", BBOX=",".join(map(str, self.BOX)), WIDTH=310, HEIGHT=290, FORMAT="image/jpeg")
        self.assertIn(b"ask for image/png", refused.body)
        tile = self.server.kvp("/wmts", SERVICE="WMTS", REQUEST="GetTile", VERSION="1.0.0", LAYER="dtm", STYLE="terrarium",
                               FORMAT="image/jpeg", TILEMATRIXSET="own_grid", TILEMATRIX=4, TILEROW=0, TILECOL=0)
        self.assertEqual(tile.status, 400)


class Draped(ReliefCase):
    """The city's ortho over its heights."""

    BOX, SIZE = (TOWN[0], TOWN[1], TOWN[0] + 40, TOWN[1] + 40), 400

    @classmethod
    def setUpClass(cls):
        store = fresh_folder(cls.__name__)
        publish(store, "dtm", "ortho", "irc")
        files = {"sun": {"estompage": {"zenith": 40}}, "softly": {"shade": {"zenith": 40, "strength": 0.5}},
                 "lined": {"estompage": {}, "contours": {"interval": 0.1, "index": 0, "colour": [255, 0, 255]}}}
        styles = [{"style": name, "identifier": f"ortho-{name}", "draped": "ortho"} for name in files]
        cls.publish(store, {"dtm": ["elevation", "sun", *styles]},
                    {name: {"identifier": name, "title": name} | style for name, style in files.items()})
        cls.store = store

    def see(self, layer, style, **more):
        return self.picture(layer, style, "EPSG:2154", self.BOX, self.SIZE, self.SIZE, **more)

    def test_colours_are_multiplied_by_light(self):
        ortho, light = self.see("ortho", ""), self.see("dtm", "sun")[..., :1]
        self.assertGreater(light.std(), 1)
        level = numpy.floor(1.5 + 254 * numpy.sin(numpy.radians(40))) - 1
        for style, strength in (("ortho-sun", 1), ("ortho-softly", 0.5)):
            expected = numpy.minimum(ortho[..., :3] * (1 + strength * ((light - 1) / level - 1)), 255)
            lit = self.see("dtm", style)
            self.assertLessEqual(numpy.abs(lit[..., :3] - expected).max(), 1, style)
            self.assertEqual(lit[..., 3].min(), 255)
            flat = light[..., 0] == level + 1
            if flat.any():
                numpy.testing.assert_array_equal(lit[flat], ortho[flat])

    def test_lines_lie_over_the_picture(self):
        lined = self.see("dtm", "ortho-lined")
        self.assertGreater(((lined[..., 0] > 240) & (lined[..., 1] < 30) & (lined[..., 2] > 240)).sum(), 100)

    def test_a_picture_of_another_ortho_has_another_tag(self):
        def tag():
            return self.server.kvp("/wms", SERVICE="WMS", VERSION="1.1.1", REQUEST="GetMap", LAYERS="dtm", STYLES="ortho-sun",
                                   SRS="EPSG:2154", BBOX=",".join(map(str, self.BOX)), WIDTH=64, HEIGHT=64,
                                   FORMAT="image/png").headers["ETag"]
        def publish_as_ortho(name):
            (self.store / "ortho.json").unlink()
            (self.store / "ortho.json").symlink_to(CITY_STORE / f"{name}.json")
            self.server.reload()

        before = tag()
        self.assertEqual(tag(), before)
        publish_as_ortho("irc")
        self.assertNotEqual(tag(), before)
        publish_as_ortho("ortho")
        self.assertEqual(tag(), before)
