# SPDX-License-Identifier: Apache-2.0
"""The maps that a WMS 1.3.0 is asked for: random places and scales on the ground of one of its layers."""

import math
import random
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

WIDTH, HEIGHT = 800, 600
"""Of 8 bits a pixel these are the 470 kB that the Regulation speaks of."""
NARROWEST_SHARE, NARROWEST = 1 / 256, 120
"""The widest map shows all of the layer's width, the narrowest such a share of it, but so many metres of Web Mercator at
the least: 10 cm a pixel in France."""
EARTH_RADIUS = 6378137  # metres, of Web Mercator
WMS = {"wms": "http://www.opengis.net/wms"}


@dataclass
class Layer:
    """As capabilities have it."""

    name: str
    ground: tuple  # west, south, east, north in Web Mercator


def read_layer(url, name=None):
    """The layer `name` of the service at `url`, or the first that has no other within it."""
    document = _capabilities(url)
    parents = {child: parent for parent in document.iter() for child in parent}
    layers = {element.findtext("wms:Name", namespaces=WMS): element for element in document.iterfind(".//wms:Layer", WMS)
              if element.find("wms:Name", WMS) is not None and (name or element.find("wms:Layer", WMS) is None)}
    if not layers:
        sys.exit(f"{url} has no layer")
    found = name or next(iter(layers))
    if found not in layers:
        sys.exit(f"{url} has no layer {found}; it has {', '.join(layers)}")
    return Layer(found, _mercator(_degrees(layers[found], parents)))


def _capabilities(url):
    address = with_parameters(url, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetCapabilities")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return ElementTree.fromstring(answer.read())
    except (urllib.error.URLError, OSError, ValueError, ElementTree.ParseError) as mistake:
        sys.exit(f"{address} gives no capabilities: {mistake}")


def _degrees(layer, parents):
    """West, south, east and north; layers inherit them."""
    while layer is not None:
        if (box := layer.find("wms:EX_GeographicBoundingBox", WMS)) is not None:
            return [float(box.findtext(f"wms:{side}", namespaces=WMS)) for side in
                    ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")]
        layer = parents.get(layer)
    sys.exit("the layer does not say where it lies")


def _mercator(degrees):
    west, south, east, north = degrees

    def northing(latitude):
        return EARTH_RADIUS * math.asinh(math.tan(math.radians(max(-85.0, min(85.0, latitude)))))

    return (EARTH_RADIUS * math.radians(west), northing(south), EARTH_RADIUS * math.radians(east), northing(north))


def addresses(url, layer, media_type, seed):
    """Of maps, without end: each octave of scales comes as often as any other."""
    draw = random.Random(seed)
    west, south, east, north = layer.ground
    widest = east - west
    narrowest = min(widest, max(widest * NARROWEST_SHARE, NARROWEST))
    while True:
        width = widest * (narrowest / widest) ** draw.random()
        height = width * HEIGHT / WIDTH
        left = draw.uniform(west, east - width)
        bottom = draw.uniform(south, max(south, north - height))
        box = ",".join(f"{edge:.2f}" for edge in (left, bottom, left + width, bottom + height))
        yield with_parameters(url, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetMap", LAYERS=layer.name, STYLES="",
                              CRS="EPSG:3857", BBOX=box, WIDTH=WIDTH, HEIGHT=HEIGHT, FORMAT=media_type)


def with_parameters(url, **parameters):
    """Beside those that the address has already, as MapServer's `map`."""
    return url + ("" if url.endswith(("?", "&")) else "&" if "?" in url else "?") + urllib.parse.urlencode(parameters)
