# SPDX-License-Identifier: Apache-2.0
"""Formats of maps: GDAL and PIL read what is sent, know where it lies, and find the values of the pyramid in it."""
import io
import json

import numpy
from osgeo import gdal
from owslib.wms import WebMapService
from PIL import Image

from support import grounds, measures
from support.city import EDGE, HOLE, TOWN, CityCase, box_in, get_map, tile_box
from support.places import fresh_folder
from support.pyramids import picture

gdal.UseExceptions()

SYSTEMS = {"EPSG:2154": "2154", "EPSG:3947": "3947", "EPSG:3857": "3857", "EPSG:4326": "4326", "CRS:84": "4326"}
"""Under which codes GDAL knows them: axes of GeoTIFF are x, y whatever the authority says."""
SIZES = (400, 300)


def northing_first(crs, box):
    return (box[1], box[0], box[3], box[2]) if crs == "EPSG:4326" else box


class FormatCase(CityCase):
    def get(self, *arguments, **options):
        answer = self.server.get(get_map(*arguments, **options))
        self.assertEqual(answer.status, 200, answer.body[:600])
        return answer

    def geotiff(self, layer, crs, box, width, height, **more):
        answer = self.get(layer, crs, northing_first(crs, box), width, height, media_type="image/tiff", **more)
        self.assertEqual(answer.media_type, "image/tiff")
        file = f"/vsimem/{self._testMethodName}.tif"
        gdal.FileFromMemBuffer(file, answer.body)
        return gdal.Open(file)

    def check_place(self, dataset, crs, box, width, height):
        self.assertEqual((dataset.RasterXSize, dataset.RasterYSize), (width, height))
        self.assertEqual(dataset.GetSpatialRef().GetAuthorityCode(None), SYSTEMS[crs])
        expected = (box[0], (box[2] - box[0]) / width, 0, box[3], 0, (box[1] - box[3]) / height)
        for found, wanted in zip(dataset.GetGeoTransform(), expected):
            self.assertAlmostEqual(found, wanted, delta=abs(wanted) * 1e-12)


class GeoTiff(FormatCase):
    def test_pictures_lie_where_they_were_asked_for_and_are_those_of_png(self):
        for crs in SYSTEMS:
            box = box_in(crs, TOWN)
            dataset = self.geotiff("ortho", crs, box, *SIZES)
            self.check_place(dataset, crs, box, *SIZES)
            self.assertEqual([dataset.GetRasterBand(band).GetColorInterpretation() for band in (1, 2, 3)],
                             [gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand])
            same = picture(self.get("ortho", crs, northing_first(crs, box), *SIZES).body)
            numpy.testing.assert_array_equal(grounds.read(dataset), same)

    def test_what_is_not_there_is_transparent_or_background(self):
        clear = self.geotiff("ortho", "EPSG:2154", EDGE, 200, 200, TRANSPARENT="TRUE")
        self.assertEqual(clear.RasterCount, 4)
        self.assertEqual(clear.GetRasterBand(4).GetColorInterpretation(), gdal.GCI_AlphaBand)
        same = picture(self.get("ortho", "EPSG:2154", EDGE, 200, 200, TRANSPARENT="TRUE").body)
        numpy.testing.assert_array_equal(grounds.read(clear), same)
        red = grounds.read(self.geotiff("ortho", "EPSG:2154", HOLE, 60, 60, BGCOLOR="0xFF0000"))
        self.assertEqual(set(map(tuple, red.reshape(-1, 3).tolist())), {(255, 0, 0)})

    def test_pillow_reads_them(self):
        answer = self.get("ortho", "EPSG:2154", TOWN, 900, 700, media_type="image/geotiff")
        image = Image.open(io.BytesIO(answer.body))
        self.assertEqual((image.format, image.mode, image.size), ("TIFF", "RGB", (900, 700)))
        numpy.testing.assert_array_equal(numpy.asarray(image), picture(self.get("ortho", "EPSG:2154", TOWN, 900, 700).body))

    def test_a_large_one_is_whole(self):
        dataset = self.geotiff("quartier", "EPSG:3857", box_in("EPSG:3857", (430600, 6712600, 431000, 6713000)), 4096, 3000)
        self.assertEqual(dataset.RasterYSize, 3000)
        self.assertGreater(grounds.read(dataset).std(), 20)

    def test_colours_of_a_style_are_a_picture(self):
        dataset = self.geotiff("dtm", "EPSG:2154", TOWN, 100, 100)
        self.assertEqual((dataset.RasterCount, dataset.GetRasterBand(1).DataType), (3, gdal.GDT_Byte))
        self.assertIsNone(dataset.GetRasterBand(1).GetNoDataValue())


class Values(FormatCase):
    """Heights, which are 32 bits of floating point with -99999 where there are none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level, level = list(cls.pyramids["dtm"].levels.items())[-1]
        cls.columns, cls.rows = level.columns[:3], level.rows[:2]
        pixels, valid = cls.pyramids["dtm"].pixels(cls.level, cls.columns, cls.rows)
        cls.stored = numpy.where(valid > 0, pixels, numpy.float32(-99999))
        first = tile_box("2154_5cm", cls.level, cls.columns[0], cls.rows[-1])
        last = tile_box("2154_5cm", cls.level, cls.columns[-1], cls.rows[0])
        cls.box, cls.size = (first[0], first[1], last[2], last[3]), (256 * len(cls.columns), 256 * len(cls.rows))

    def bil(self, box, width, height, **more):
        answer = self.get("dtm", "EPSG:2154", box, width, height, media_type="image/x-bil;bits=32", **more)
        self.assertEqual(answer.media_type, "image/x-bil;bits=32")
        return numpy.frombuffer(answer.body, "<f4").reshape(height, width)

    def test_a_geotiff_holds_what_is_stored(self):
        self.assertGreater((self.stored != -99999).sum(), 1000)
        dataset = self.geotiff("dtm", "EPSG:2154", self.box, *self.size, STYLES="normal")
        self.check_place(dataset, "EPSG:2154", self.box, *self.size)
        band = dataset.GetRasterBand(1)
        self.assertEqual((dataset.RasterCount, band.DataType, band.GetNoDataValue()), (1, gdal.GDT_Float32, -99999))
        numpy.testing.assert_array_equal(band.ReadAsArray(), self.stored)

    def test_bil_holds_the_same_whatever_the_style(self):
        for style in ("", "normal", "elevation"):
            numpy.testing.assert_array_equal(self.bil(self.box, *self.size, STYLES=style), self.stored)

    def test_gdal_reads_bil_with_a_header_beside_it(self):
        folder = fresh_folder("bil")
        width, height = self.size
        cell = (self.box[2] - self.box[0]) / width
        (folder / "dtm.bil").write_bytes(self.get("dtm", "EPSG:2154", self.box, width, height,
                                                  media_type="application/x-bil;bits=32").body)
        (folder / "dtm.hdr").write_text(
            f"BYTEORDER I\nLAYOUT BIL\nNROWS {height}\nNCOLS {width}\nNBANDS 1\nNBITS 32\nPIXELTYPE FLOAT\nNODATA -99999\n"
            f"ULXMAP {self.box[0] + cell / 2!r}\nULYMAP {self.box[3] - cell / 2!r}\nXDIM {cell!r}\nYDIM {cell!r}\n")
        dataset = gdal.Open(str(folder / "dtm.bil"))
        self.assertEqual(dataset.GetDriver().ShortName, "EHdr")
        numpy.testing.assert_array_equal(grounds.read(dataset), self.stored)

    def test_gdal_asks_the_service_for_values_itself(self):
        west, south, east, north = self.box
        width, height = self.size
        dataset = gdal.Open(f"""<GDAL_WMS><Service name="WMS"><Version>1.3.0</Version><ServerUrl>{self.server.url}/wms?</ServerUrl>
            <CRS>EPSG:2154</CRS><ImageFormat>image/tiff</ImageFormat><Layers>dtm</Layers><Styles>normal</Styles></Service>
            <DataWindow><UpperLeftX>{west}</UpperLeftX><UpperLeftY>{north}</UpperLeftY><LowerRightX>{east}</LowerRightX>
            <LowerRightY>{south}</LowerRightY><SizeX>{width}</SizeX><SizeY>{height}</SizeY></DataWindow>
            <Projection>EPSG:2154</Projection><BandsCount>1</BandsCount><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>
            <DataType>Float32</DataType></GDAL_WMS>""")
        numpy.testing.assert_array_equal(grounds.read(dataset), self.stored)

    def test_nodata_does_not_bleed_at_the_edge(self):
        west, south, east, north = self.box
        seen = self.stored[self.stored != -99999]
        for crs, width in (("EPSG:2154", 501), ("EPSG:3857", 333), ("EPSG:4326", 90)):
            box = box_in(crs, (west - (east - west), south, east, 2 * north - south))  # half of it beyond the upper left corner
            values = grounds.read(self.geotiff("dtm", crs, box, width, width, STYLES="normal"))
            held = values[values != -99999]
            self.assertGreater((values == -99999).sum(), width * width / 2)
            self.assertGreater(held.size, width * width / 20)
            # Neighbours beyond the box may lie a little higher or lower.
            self.assertGreater(held.min(), seen.min() - 3, crs)
            self.assertLess(held.max(), seen.max() + 3, crs)

    def test_values_in_other_systems_are_those_of_gdalwarp(self):
        source = self.geotiff("dtm", "EPSG:2154", (430620, 6712620, 430980, 6712980), 720, 720, STYLES="normal")
        for crs in ("EPSG:3857", "EPSG:3947"):
            box = box_in(crs, (430700, 6712700, 430900, 6712900))
            ours = grounds.read(self.geotiff("dtm", crs, box, 300, 300, STYLES="normal"))
            theirs, there = grounds.warped(source, crs, box, 300, 300)
            self.assertTrue(there.all())
            self.assertLess(numpy.abs(ours - theirs).mean(), 0.02, crs)
            self.assertLess(numpy.abs(ours - theirs).max(), 0.5, crs)

    def test_what_getfeatureinfo_tells_is_what_the_map_holds(self):
        values = self.bil(self.box, *self.size)
        for i, j in ((0, 0), (300, 200), (700, 500)):
            told = self.server.get(get_map("dtm", "EPSG:2154", self.box, *self.size, QUERY_LAYERS="dtm", I=i, J=j,
                                           INFO_FORMAT="application/json").replace("GetMap", "GetFeatureInfo"))
            features = json.loads(told.text)["features"]
            held = float(features[0]["properties"]["band_1"]) if features else -99999
            self.assertAlmostEqual(held, float(values[j, i]), places=4)


class Palette(FormatCase):
    def palette(self, *arguments, media_type="image/png8", **options):
        answer = self.get(*arguments, media_type=media_type, **options)
        self.assertEqual(answer.media_type, "image/png")
        image = Image.open(io.BytesIO(answer.body))
        self.assertEqual((image.format, image.mode), ("PNG", "P"))
        return image, picture(answer.body), len(answer.body)

    def test_a_photograph_has_256_colours_and_looks_the_same(self):
        whole = self.get("ortho", "EPSG:2154", TOWN, 800, 800)
        for name in ("image/png8", "image/png;%20mode=8bit", "image/png;mode=8bit"):
            image, seen, size = self.palette("ortho", "EPSG:2154", TOWN, 800, 800, media_type=name)
            self.assertEqual(len(image.getcolors()), 256)
            self.assertGreater(measures.psnr(picture(whole.body), seen), 38)
            self.assertLess(size, 0.6 * len(whole.body))

    def test_gdal_reads_colours_and_transparency(self):
        answer = self.get("ortho", "EPSG:2154", EDGE, 400, 400, media_type="image/png8", TRANSPARENT="TRUE")
        gdal.FileFromMemBuffer("/vsimem/edge.png", answer.body)
        dataset = gdal.Open("/vsimem/edge.png")
        band = dataset.GetRasterBand(1)
        table = band.GetColorTable()
        colours = numpy.array([table.GetColorEntry(number) for number in range(table.GetCount())], numpy.uint8)
        numpy.testing.assert_array_equal(colours[band.ReadAsArray()], picture(answer.body))

    def test_transparency_is_kept(self):
        _, seen, _ = self.palette("ortho", "EPSG:2154", EDGE, 400, 400, TRANSPARENT="TRUE")
        whole = picture(self.get("ortho", "EPSG:2154", EDGE, 400, 400, TRANSPARENT="TRUE").body)
        for alpha in (0, 255):
            numpy.testing.assert_array_equal(seen[..., 3] == alpha, whole[..., 3] == alpha)
        self.assertGreater(measures.psnr(whole[whole[..., 3] == 255], seen[whole[..., 3] == 255]), 34)

    def test_few_colours_are_exact(self):
        _, seen, _ = self.palette("dtm", "EPSG:2154", TOWN, 200, 200)
        numpy.testing.assert_array_equal(seen, picture(self.get("dtm", "EPSG:2154", TOWN, 200, 200).body))


class JpegOrPng(FormatCase):
    NAMES = ("image/vnd.jpeg-png", "image/x-jpegorpng")

    def test_opaque_is_jpeg_and_the_rest_is_png(self):
        for name in self.NAMES:
            for box, media_type in ((TOWN, "image/jpeg"), (EDGE, "image/png"), (HOLE, "image/png")):
                answer = self.get("ortho", "EPSG:2154", box, 300, 300, media_type=name, TRANSPARENT="TRUE")
                self.assertEqual(answer.media_type, name)
                self.assertEqual(f"image/{Image.open(io.BytesIO(answer.body)).format.lower()}", media_type)
                same = self.get("ortho", "EPSG:2154", box, 300, 300, media_type=media_type, TRANSPARENT="TRUE")
                self.assertEqual(answer.body, same.body)

    def test_on_a_background_all_is_jpeg(self):
        for name in self.NAMES:
            for box in (TOWN, EDGE, HOLE):
                answer = self.get("ortho", "EPSG:2154", box, 300, 300, media_type=name)
                self.assertEqual((answer.media_type, Image.open(io.BytesIO(answer.body)).format), (name, "JPEG"))

    def test_both_are_known_by_their_tags(self):
        for box in (TOWN, EDGE):
            address = get_map("ortho", "EPSG:2154", box, 300, 300, media_type=self.NAMES[0], TRANSPARENT="TRUE")
            tag = self.server.get(address).headers["ETag"]
            again = self.server.get(address, {"If-None-Match": tag})
            self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", tag))


class Advertised(FormatCase):
    def test_each_format_of_the_capabilities_is_drawn(self):
        for version in ("1.1.1", "1.3.0"):
            service = WebMapService(f"{self.server.url}/wms", version=version)
            formats = service.getOperationByName("GetMap").formatOptions
            self.assertEqual(formats[:3], ["image/png", "image/jpeg", "image/webp"])
            self.assertGreater(len(formats), 6)
            self.assertFalse([name for name in formats if "bil" in name])  # bits that not all layers have
            for name in formats:
                seen = service.getmap(layers=["ortho"], styles=[""], srs="EPSG:2154", bbox=TOWN, size=(60, 50), format=name,
                                      transparent=True)
                self.assertGreater(len(seen.read()), 100, name)

    def test_what_is_no_format_is_refused(self):
        rows = [("ortho", name) for name in ("image/gif", "image/bmp", "tif", "png8", "image/tiff8x", "image/x-bil", "text/asc",
                                             "image/x-bil;bits=0", "image/x-bil;bits=32", "application/x-bil;bits=16")]
        rows += [("dtm", "image/x-bil;bits=16"), ("dtm", "image/x-bil;bits=8"), ("dtm,dtm", "image/x-bil;bits=32")]
        for version in ("1.3.0", "1.1.1"):
            for layers, name in rows:
                answer = self.server.get(get_map(layers, "EPSG:2154", TOWN, media_type=name, version=version))
                self.assertEqual(answer.status, 400, name)
                self.assertIn('code="InvalidFormat"', answer.text, name)
