# SPDX-License-Identifier: Apache-2.0
"""Styles in QGIS: those that ship for heights, and ROK4's own files, on a terrain model and on a picture. WMS, WMTS and OGC
API draw the same, and the legend that QGIS shows is the server's."""
import json
import shutil

from support.qgis import tearDownModule  # noqa: F401  unittest's
from support.qgis_styled import StyledLayers

from support.city import publish
from support.places import DATA, PROJECT, fresh_folder, needs_data
from support.programs import done
from support.styled import StyledCase

SAID = {"identifier", "title", "abstract", "keywords", "legend"}
"""What a style file says that draws nothing."""
OF_HEIGHTS = {"palette", "pente", "exposition", "estompage", "terrainrgb", "shade", "contours"}
ROK4 = DATA / "rok4_styles"


def draws(file):
    """The blocks of a style file that draw something."""
    return set(json.loads(file.read_text())) - SAID


def rok4_styles():
    return sorted(file for file in ROK4.glob("*.json") if "schema" not in file.name)


@needs_data
class Styles(StyledLayers, StyledCase):
    as_stored = {"rok4_normal", "rok4_inspire"}
    of_one_colour = {"rok4_montagne_palette"}  # of 30 to 90: no height here is

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-styles")
        done("build", DATA / "dtm_dsm_2m_washington_dc/dtm.tif", "--into", cls.store, "--tms", "PM", "--bottom", "17",
             "--name", "dtm")
        publish(cls.store, "quartier")
        (cls.store / "styles").mkdir()
        for file in rok4_styles():
            shutil.copy(file, cls.store / f"styles/rok4_{file.name}")
        shipped = sorted((PROJECT / "styles/library").glob("*.json"), key=lambda file: (file.stem != "normal", file.stem))
        named = [(file.stem, file) for file in shipped] + [(f"rok4_{file.stem}", file) for file in rok4_styles()]
        cls.styles = {"dtm": [name for name, file in named if draws(file) <= OF_HEIGHTS],
                      "quartier": [name for name, file in named if draws(file) <= {"colorize"}]}
        cls.publish(cls.store, {layer: [{"style": name, "identifier": name} for name in names]
                                for layer, names in cls.styles.items()}, unit="m")

    def test_they_are_many(self):
        self.assertGreater(len(self.styles["dtm"]), 10)
