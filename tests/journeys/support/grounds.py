# SPDX-License-Identifier: Apache-2.0
"""What GDAL makes of sources on a given grid: the yardstick for our pixels."""
import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()


def read(source, bands=None):
    """Rows x columns [x bands] of a data set."""
    dataset = gdal.Open(str(source)) if not isinstance(source, gdal.Dataset) else source
    layers = [dataset.GetRasterBand(band).ReadAsArray() for band in bands or range(1, dataset.RasterCount + 1)]
    return layers[0] if len(layers) == 1 else numpy.dstack(layers)


def mosaic(files):
    """A virtual data set over files side by side."""
    files = [str(file) for file in files]
    return gdal.BuildVRT("", files) if len(files) > 1 else gdal.Open(files[0])


def warped(source, crs, box, width, height, bands=None, method="bilinear", **options):
    """The source on the grid of `box` (west, south, east, north) in `crs`, and where it has data."""
    dataset = gdal.Open(str(source)) if not isinstance(source, gdal.Dataset) else source
    if bands:
        dataset = gdal.Translate("", dataset, format="VRT", bandList=list(bands))
    result = gdal.Warp("", dataset, format="MEM", dstSRS=crs, outputBounds=box, width=width, height=height,
                       resampleAlg=method, dstAlpha=True, errorThreshold=0, multithread=False, **options)
    layers = read(result)
    opaque = 65535 if layers.dtype == numpy.uint16 else 255
    return numpy.squeeze(layers[..., :-1]), layers[..., -1] == opaque


def box_in(source, crs):
    """West, south, east and north of a data set in another system, its edges followed closely."""
    west, cell, _, north, _, step = source.GetGeoTransform()
    here = osr.SpatialReference(source.GetProjection())
    there = osr.SpatialReference()
    there.SetFromUserInput(crs)
    for reference in (here, there):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transformation = osr.CoordinateTransformation(here, there)
    return transformation.TransformBounds(west, north + step * source.RasterYSize, west + cell * source.RasterXSize,
                                          north, 21)
