# SPDX-License-Identifier: Apache-2.0
"""bench/inspire says of a running server what Regulation 976/2009 asks for. What it measures is no matter of tests."""
import re
import socket
import subprocess

from support.city import CityCase
from support.places import PROJECT
from support.programs import DEADLINE

SECONDS, RATE = 2, 5


class Report(CityCase):
    def run_bench(self, *options, url=None):
        command = [PROJECT / "bench/inspire", "--url", url or f"{self.server.url}/wms", "--seconds", str(SECONDS),
                   "--rate", str(RATE), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)

    def report(self, *options):
        result = self.run_bench(*options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_it_has_a_line_for_each_figure_and_each_criterion(self):
        said = self.report("--layer", "ortho")
        for pattern in (r"^Maps of 800x600 of ortho, image/png, EPSG:3857, 5 a second for 2 s, seed 976; ", r"^Server: .+\. Asked from: ",
                        r"^\| first byte, ms( \| [\d.,]+){5} \|$", r"^\| whole map, ms( \| [\d.,]+){5} \|$",
                        r"^\| size, kB( \| [\d.,]+){5} \|$", rf"^{SECONDS * RATE} requests, 0 errors\.$",
                        r"^\| performance \| 90% of maps begin within 5 s \| [\d.]+% \| (met|missed) \|$",
                        r"^\| availability \| 99% answered \| 100\.00% \| met \|$"):
            self.assertRegex(said, re.compile(pattern, re.MULTILINE))

    def test_fewer_than_twenty_a_second_are_no_capacity(self):
        self.assertRegex(self.report("--layer", "ortho"), r"\| capacity \| 20 maps a second \| [\d.]+ \| missed \|")

    def test_an_exception_is_an_error(self):
        said = self.report("--format", "image/gif")
        self.assertIn(f"{SECONDS * RATE} requests, {SECONDS * RATE} errors.", said)
        self.assertIn(f"- {SECONDS * RATE} x status 400", said)
        for criterion in ("performance", "availability"):
            self.assertRegex(said, rf"\| {criterion} \| .* \| 0\.00% \| missed \|")

    def test_a_seed_says_which_maps(self):
        def sizes(seed):
            return re.search(r"\| size, kB .*", self.report("--layer", "ortho", "--seed", str(seed)))[0]

        self.assertEqual(sizes(1), sizes(1))
        self.assertNotEqual(sizes(1), sizes(2))

    def test_mistakes_are_named(self):
        result = self.run_bench("--layer", "no")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, "has no layer no; it has .*ortho")
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            result = self.run_bench(url=f"http://127.0.0.1:{nobody.getsockname()[1]}/wms")
        self.assertEqual(result.returncode, 1)
        self.assertIn("does not answer", result.stderr)
        self.assertEqual(self.run_bench("--rate", "0").returncode, 2)
