# SPDX-License-Identifier: Apache-2.0
"""Right before fast: what each server answers, held against the stored bytes or the pixels of the dalles."""

import sys

import numpy
from osgeo import gdal

from serve_cases.clients import Client
from serve_cases.requests import WebTile

WORST = 20  # dB: a picture moved by a pixel has more, a blank one or one of another place less
LOOKED_AT = 4  # maps of each list


def tiles(server, data, wanted):
    """Each tile must be the stored one, and known by its tag. Gives the header with which it is asked for again."""
    client, headers = Client(server.listen), []
    for tile in wanted:
        path = server.path(tile)
        answer, body = client.get(path)
        if answer.status != 200 or body != data.bytes_of(tile):
            sys.exit(f"{server.name}: {path} is not the stored tile (status {answer.status}, {len(body)} bytes)")
        header = _condition(answer)
        if client.get(path, dict([header]))[0].status != 304:
            sys.exit(f"{server.name}: {path} with {': '.join(header)} is not answered 304")
        headers.append(": ".join(header))
    return headers


def _condition(answer):
    if tag := answer.headers["ETag"]:
        return "If-None-Match", tag
    return "If-Modified-Since", answer.headers["Last-Modified"]


def maps(server, data, wanted):
    """PSNR of the first maps together, dB; a wrong one ends the script."""
    client, errors = Client(server.listen), []
    for one in wanted[:LOOKED_AT]:
        path = server.path(one)
        answer, body = client.get(path)
        seen = _pixels(body) if answer.status == 200 else None
        if seen is None:
            sys.exit(f"{server.name}: {path} is no picture (status {answer.status}): {body[-300:]!r}")
        truth = data.truth(one.map if isinstance(one, WebTile) else one)
        if seen.shape[1:] != truth.shape[1:] or len(seen) < 3:
            sys.exit(f"{server.name}: {path} has the shape {seen.shape}, not {truth.shape}")
        errors.append(((seen[:3].astype(float) - truth) ** 2).mean())
        if _decibels(errors[-1]) < WORST:
            sys.exit(f"{server.name}: {path} is not the picture that the dalles make: {_decibels(errors[-1]):.1f} dB")
    return f"{_decibels(numpy.mean(errors)):.1f}" if any(errors) else "exact"


def _pixels(body):
    """Of a JPEG or PNG; colours of a palette in place of their numbers."""
    gdal.FileFromMemBuffer("/vsimem/answer", body)
    try:
        picture = gdal.Open("/vsimem/answer")
        if picture.GetRasterBand(1).GetColorTable():
            picture = gdal.Translate("", picture, format="MEM", rgbExpand="rgb")
        return picture.ReadAsArray() if picture.RasterCount >= 3 else None
    except RuntimeError:
        return None
    finally:
        gdal.Unlink("/vsimem/answer")


def _decibels(error):
    return float(10 * numpy.log10(255**2 / error)) if error else float("inf")


def capabilities(server, path):
    answer, body = Client(server.listen).get(path)
    if answer.status != 200 or b"Capabilities" not in body[:3000]:
        sys.exit(f"{server.name}: {path} is no capabilities (status {answer.status}): {body[-300:]!r}")
    return body
