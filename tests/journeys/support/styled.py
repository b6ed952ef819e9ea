# SPDX-License-Identifier: Apache-2.0
"""Layers in styles, and what a server makes of them."""
import io
import json
import unittest

import numpy
from PIL import Image

from support.programs import Server


def rgba(body):
    """Rows x columns x red, green, blue, alpha of an encoded picture."""
    return numpy.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))


class StyledCase(unittest.TestCase):
    """A store with our styles, and a server on it."""

    @classmethod
    def publish(cls, store, layers, files=None, **more):
        """`layers`: the styles of each; `more` is said of all of them."""
        (store / "styles").mkdir(exist_ok=True)
        (store / "layers").mkdir(exist_ok=True)
        for name, style in (files or {}).items():
            (store / "styles" / f"{name}.json").write_text(json.dumps(style))
        for layer, styles in layers.items():
            (store / "layers" / f"{layer}.json").write_text(json.dumps({"styles": styles, **more}))
        cls.server = cls.enterClassContext(Server(store))

    def map(self, layer, style, crs, box, width, height, media_type="image/png", **more):
        answer = self.server.kvp("/wms", SERVICE="WMS", VERSION="1.1.1", REQUEST="GetMap", LAYERS=layer, STYLES=style,
                                 SRS=crs, BBOX=",".join(map(repr, box)), WIDTH=width, HEIGHT=height, FORMAT=media_type, **more)
        self.assertEqual(answer.status, 200, answer.body[:300])
        return answer.body

    def picture(self, *arguments, **more):
        return rgba(self.map(*arguments, TRANSPARENT="TRUE", **more)).astype(int)


class ReliefCase(StyledCase):
    """The same, of heights."""

    nodata = -99999

    def heights(self, layer, crs, box, width, height):
        """Heights as the server gives them away; NaN is no data."""
        body = self.map(layer, "normal", crs, box, width, height, media_type="image/x-bil;bits=32")
        values = numpy.frombuffer(body, "<f4").reshape(height, width)
        return numpy.where(values == numpy.float32(self.nodata), numpy.nan, values.astype(float))
