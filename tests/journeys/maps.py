# SPDX-License-Identifier: Apache-2.0
"""WMS maps: axes, transparency, background, several layers, and the ground where PROJ and GDAL have it."""
import math

import numpy

from support import grounds, measures
from support.city import EDGE, HOLE, TOWN, CityCase, box_in, get_map, source_of
from support.pyramids import picture

MOST_SHIFT = 0.125
"""Pixels by which we may lie beside GDAL, as the contract says."""


class MapCase(CityCase):
    def draw(self, *arguments, **options):
        answer = self.server.get(get_map(*arguments, **options))
        self.assertEqual(answer.status, 200, answer.body[:600])
        self.assertEqual(answer.media_type, options.get("media_type", "image/png"))
        seen = picture(answer.body)
        if "TRANSPARENT" in options and seen.shape[2] == 3:  # PNG may leave out an alpha that is 255 all over
            seen = numpy.dstack([seen, numpy.full(seen.shape[:2], 255, numpy.uint8)])
        return seen


class Axes(MapCase):
    def test_latitude_comes_first_in_130_and_second_in_111(self):
        west, south, east, north = box_in("EPSG:4326", TOWN)
        expected = self.draw("ortho", "CRS:84", (west, south, east, north), 300, 200)
        self.assertGreater(expected.std(), 10)
        for seen in (self.draw("ortho", "EPSG:4326", (south, west, north, east), 300, 200),
                     self.draw("ortho", "urn:ogc:def:crs:EPSG::4326", (south, west, north, east), 300, 200),
                     self.draw("ortho", "EPSG:4326", (west, south, east, north), 300, 200, version="1.1.1")):
            numpy.testing.assert_array_equal(seen, expected)
        swapped = self.draw("ortho", "EPSG:4326", (west, south, east, north), 300, 200)
        self.assertEqual(swapped.std(), 0)

    def test_projected_systems_of_france_are_east_first_in_both_versions(self):
        for crs in ("EPSG:2154", "EPSG:3947", "EPSG:3857"):
            box = box_in(crs, TOWN)
            first = self.draw("ortho", crs, box, 300, 200)
            self.assertGreater(first.std(), 10)
            numpy.testing.assert_array_equal(self.draw("ortho", crs, box, 300, 200, version="1.1.1"), first)


class Transparency(MapCase):
    def test_where_nothing_is_maps_are_transparent_only_when_asked(self):
        clear = self.draw("ortho", "EPSG:2154", HOLE, TRANSPARENT="TRUE")
        self.assertEqual((clear.shape[2], clear[..., 3].max()), (4, 0))
        white = self.draw("ortho", "EPSG:2154", HOLE)
        self.assertEqual(white[..., :3].min(), 255)
        self.assertTrue(white.shape[2] == 3 or white[..., 3].min() == 255)

    def test_the_background_has_the_colour_asked_for(self):
        for colour, value in (("0xFF0000", (255, 0, 0)), ("0x0080ff", (0, 128, 255))):
            seen = self.draw("ortho", "EPSG:2154", HOLE, BGCOLOR=colour)
            self.assertEqual(set(map(tuple, seen[..., :3].reshape(-1, 3).tolist())), {value})

    def test_a_background_lies_below_but_not_above_data(self):
        red = self.draw("ortho", "EPSG:2154", EDGE, BGCOLOR="0xFF0000")
        clear = self.draw("ortho", "EPSG:2154", EDGE, TRANSPARENT="TRUE")
        data, nothing = clear[..., 3] == 255, clear[..., 3] == 0
        self.assertGreater(data.sum(), 40_000)
        self.assertGreater(nothing.sum(), 10_000)
        numpy.testing.assert_array_equal(red[data], clear[data][:, :3])
        self.assertEqual(set(map(tuple, red[nothing].tolist())), {(255, 0, 0)})

    def test_jpeg_of_nothing_is_background(self):
        seen = self.draw("ortho", "EPSG:2154", HOLE, media_type="image/jpeg", BGCOLOR="0x00FF00", TRANSPARENT="TRUE")
        self.assertLess(numpy.abs(seen[..., :3].reshape(-1, 3).mean(axis=0) - (0, 255, 0)).max(), 4)

    def test_the_edge_has_no_fringe(self):
        # The inner corner over black and over white: what differs is transparency alone, one pixel wide at most.
        for crs in ("EPSG:2154", "EPSG:3857"):
            box = box_in(crs, EDGE)
            black, white = (self.draw("ortho", crs, box, 400, 400, BGCOLOR=colour).astype(int)
                            for colour in ("0x000000", "0xFFFFFF"))
            clear = self.draw("ortho", crs, box, 400, 400, TRANSPARENT="TRUE").astype(int)
            alpha = 255 - (white - black).mean(axis=2)
            self.assertLessEqual(numpy.abs(alpha - clear[..., 3]).max(), 2)
            partly = (clear[..., 3] > 0) & (clear[..., 3] < 255)
            self.assertLess(partly.sum(), 1700)
            theirs, there = grounds.warped(source_of("ortho"), crs, box, 400, 400)
            near = (clear[..., 3] == 255) & there & ~measures.erode(there, 3)
            self.assertGreater(near.sum(), 500)
            lighter = (clear[..., :3] - theirs)[near].mean()
            self.assertLess(abs(lighter), 4, crs)


class SeveralLayers(MapCase):
    def test_the_last_layer_lies_on_top(self):
        ortho, irc = (self.draw(name, "EPSG:2154", TOWN) for name in ("ortho", "irc"))
        self.assertGreater(measures.mean_difference(ortho, irc), 10)
        numpy.testing.assert_array_equal(self.draw("ortho,irc", "EPSG:2154", TOWN), irc)
        numpy.testing.assert_array_equal(self.draw("irc,ortho", "EPSG:2154", TOWN, STYLES="normal,normal"), ortho)

    def test_lower_layers_show_where_upper_ones_end(self):
        both = self.draw("dtm,ortho", "EPSG:2154", EDGE, TRANSPARENT="TRUE")
        ortho = self.draw("ortho", "EPSG:2154", EDGE, TRANSPARENT="TRUE")
        dtm = self.draw("dtm", "EPSG:2154", EDGE, TRANSPARENT="TRUE")
        on_top, below = ortho[..., 3] == 255, ortho[..., 3] == 0
        self.assertEqual(dtm[..., 3].min(), 255)
        numpy.testing.assert_array_equal(both[on_top], ortho[on_top])
        numpy.testing.assert_array_equal(both[below], dtm[below])


class Reprojection(MapCase):
    """The ground lies where gdalwarp of the sources has it, at the sources' own scale and at coarser ones."""

    def check(self, layer, crs):
        if layer != "quartier":
            self.check_at(layer, crs, 0.05, 500, most_difference=5)
        self.check_at(layer, crs, 0.17, 400, most_difference=8)

    def check_at(self, layer, crs, cell, size, most_difference):
        west, south, _, _ = TOWN
        box = box_in(crs, (west, south, west + cell * size, south + cell * size))
        height = round(size * (box[3] - box[1]) / (box[2] - box[0]) * (math.cos(math.radians(47.46)) ** -1
                                                                       if crs == "EPSG:4326" else 1))
        asked = (box[1], box[0], box[3], box[2]) if crs == "EPSG:4326" else box
        ours = self.draw(layer, crs, asked, size, height)
        method = "bilinear" if cell <= 0.05 else "average"
        theirs, there = grounds.warped(source_of(layer), crs, box, size, height, method=method)
        self.assertTrue(there.all())
        dx, dy = measures.shift(theirs, ours)
        difference = measures.mean_difference(theirs, ours)
        self.assertLess(max(abs(dx), abs(dy)), MOST_SHIFT, (layer, crs, cell, dx, dy))
        self.assertLess(difference, most_difference, (layer, crs, cell, difference))

    def test_ortho_in_2154(self):
        self.check("ortho", "EPSG:2154")

    def test_ortho_in_3947(self):
        self.check("ortho", "EPSG:3947")

    def test_ortho_in_3857(self):
        self.check("ortho", "EPSG:3857")

    def test_ortho_in_4326(self):
        self.check("ortho", "EPSG:4326")

    def test_irc_in_2154(self):
        self.check("irc", "EPSG:2154")

    def test_irc_in_3947(self):
        self.check("irc", "EPSG:3947")

    def test_irc_in_3857(self):
        self.check("irc", "EPSG:3857")

    def test_irc_in_4326(self):
        self.check("irc", "EPSG:4326")

    def test_quartier_in_2154(self):
        self.check("quartier", "EPSG:2154")

    def test_quartier_in_3947(self):
        self.check("quartier", "EPSG:3947")

    def test_quartier_in_3857(self):
        self.check("quartier", "EPSG:3857")

    def test_quartier_in_4326(self):
        self.check("quartier", "EPSG:4326")
