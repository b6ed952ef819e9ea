# SPDX-License-Identifier: Apache-2.0
"""What is asked for, whatever a server calls it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A stored tile of a layer, rows counted from the top."""

    layer: str
    level: int
    col: int
    row: int


@dataclass(frozen=True)
class Map:
    """A picture of the layer in Lambert-93, of any box."""

    crs: str
    box: tuple  # left, bottom, right, top: as they are to be written
    width: int
    height: int
    media_type: str = "image/jpeg"
    tile: Tile | None = None  # that the picture is, if any

    def numbers(self):
        return tuple(float(edge) for edge in self.box)


@dataclass(frozen=True)
class WebTile:
    """A tile of WebMercatorQuad out of the layer in Lambert-93, and the same thing as a map."""

    level: int
    col: int
    row: int
    map: Map


@dataclass(frozen=True)
class Capabilities:
    """The document of WMS."""


class Unable(Exception):
    """Why a server cannot answer such a request."""


def wms(base, layer, wanted):
    """A GetMap as all servers understand it."""
    return (f"{base}SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS={layer}&STYLES=&SRS={wanted.crs}"
            f"&BBOX={','.join(wanted.box)}&WIDTH={wanted.width}&HEIGHT={wanted.height}&FORMAT={wanted.media_type}")


def wms_capabilities(base):
    return f"{base}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities"
