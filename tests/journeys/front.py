# SPDX-License-Identifier: Apache-2.0
"""What deploy/ offers for production: nginx in front, by the example as it stands but for ports, folders and the certificate,
and the unit for systemd."""
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import unittest

from support.city import SET_CORNERS, TOWN, CityCase, get_map, wmts_rest
from support.places import PROJECT, fresh_folder
from support.programs import DEADLINE, Server, ask
from support.waiting import wait_until

EXAMPLE = PROJECT / "deploy/nginx/ardoise.conf"
UNIT = PROJECT / "deploy/ardoise-server.service"
MANUAL = PROJECT / "deploy/README.md"
NAME = "ortho.example.fr"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def replaced(text, pattern, by):
    """Every place; there must be one."""
    text, count = re.subn(pattern, by, text)
    assert count, pattern
    return text


def town_tile(layer, level=20):
    """A stored tile in the midst of the town."""
    (west, north, coarsest), (left, _, _, top) = SET_CORNERS["2154_5cm"], TOWN
    span = 256 * coarsest / 2 ** level
    return wmts_rest(layer, "2154_5cm", level, int((left - west) / span), int((north - top) / span), "image/jpeg")


class Nginx:
    """nginx by the example, as a context."""

    def __init__(self, backend_port):
        self.folder = fresh_folder("nginx")
        self.plain_port, self.port = free_port(), free_port()
        self.make_certificate()
        (self.folder / "cache").mkdir()
        (self.folder / "nginx.conf").write_text(self.around(self.adapted(backend_port)))

    def adapted(self, backend_port):
        text = EXAMPLE.read_text()
        text = replaced(text, r"server 127\.0\.0\.1:8080;", f"server 127.0.0.1:{backend_port};")
        text = replaced(text, r"    listen \[::\]:.*\n", "")
        text = replaced(text, r"listen 80;", f"listen 127.0.0.1:{self.plain_port};")
        text = replaced(text, r"listen 443 ", f"listen 127.0.0.1:{self.port} ")
        text = replaced(text, r"/var/cache/ardoise", f"{self.folder}/cache")
        return replaced(text, rf"/etc/letsencrypt/live/{re.escape(NAME)}", str(self.folder))

    def around(self, text):
        """What Debian's nginx.conf has around it, where no root is needed."""
        folders = "".join(f"    {kind}_temp_path {self.folder}/{kind};\n" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (f"daemon off;\nmaster_process off;\npid {self.folder}/pid;\nerror_log stderr notice;\n"
                f"events {{}}\nhttp {{\n    access_log off;\n{folders}{text}}}\n")

    def make_certificate(self):
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                   "-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem"]
        subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)

    def __enter__(self):
        command = [shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"), "-c", str(self.folder / "nginx.conf")]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log)
        wait_until(self.is_there, lambda: (self.folder / "log").read_text())
        return self

    def is_there(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, kind, value, trace):
        self.process.terminate()
        self.process.wait(DEADLINE)

    def get(self, path, headers=None):
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=DEADLINE, context=context)
        return self.once(connection, path, headers)

    def get_plain(self, path):
        return self.once(http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=DEADLINE), path)

    @staticmethod
    def once(connection, path, headers=None):
        try:
            return ask(connection, path, {"Host": NAME, **(headers or {})})
        finally:
            connection.close()


class Front(CityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nginx = Nginx(cls.server.port)
        cls.nginx.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.nginx.__exit__(None, None, None)
        super().tearDownClass()

    def check_cached(self, path, headers=None):
        """Comes from the server once, then out of the cache, the same; 304 for who has it."""
        ours = self.server.get(path, headers)
        self.assertIsNone(ours.headers["OATiles-hint"], "an empty tile")
        first, second = self.nginx.get(path, headers), self.nginx.get(path, headers)
        for answer in (first, second):
            self.assertEqual(answer.status, 200, answer.body[:200])
            self.assertEqual(answer.body, ours.body)
            for name in ("ETag", "Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "Content-Encoding"):
                self.assertEqual(answer.headers[name], ours.headers[name], name)
        self.assertEqual([answer.headers["X-Cache-Status"] for answer in (first, second)], ["MISS", "HIT"])
        known = self.nginx.get(path, {**(headers or {}), "If-None-Match": ours.headers["ETag"]})
        self.assertEqual((known.status, known.body, known.headers["X-Cache-Status"]), (304, b"", "HIT"))

    def test_stored_tiles(self):
        self.check_cached(town_tile("ortho"))

    def test_drawn_tiles_and_maps(self):
        self.check_cached("/xyz/ortho/3/3/2.jpg")
        self.check_cached(get_map("ortho", "EPSG:2154", TOWN))

    def test_documents_in_either_form(self):
        """Each form has a tag and a place of its own in the cache."""
        self.check_cached("/wmts/1.0.0/WMTSCapabilities.xml")
        self.check_cached("/wmts/1.0.0/WMTSCapabilities.xml", {"Accept-Encoding": "gzip"})

    def test_who_has_it_already_when_the_cache_has_not(self):
        path = "/ortho/wmts/1.0.0/WMTSCapabilities.xml"
        known = self.nginx.get(path, {"If-None-Match": self.server.get(path).headers["ETag"]})
        self.assertEqual(known.status, 304)

    def test_mistakes_and_health_are_never_kept(self):
        for path in ("/nothing", "/wmts?SERVICE=WMTS&REQUEST=Nothing"):
            for _ in range(2):
                answer = self.nginx.get(path)
                self.assertEqual((answer.status, answer.headers["X-Cache-Status"]), (self.server.get(path).status, "MISS"))
        self.assertEqual(self.nginx.get("/health").body, self.server.get("/health").body)

    def test_the_machine_itself_renews_what_is_cached(self):
        path = town_tile("irc")
        told = [self.nginx.get(path, headers).headers["X-Cache-Status"] for headers in ({}, {}, {"X-Refresh": "1"}, {})]
        self.assertEqual(told, ["MISS", "HIT", "BYPASS", "HIT"])

    def test_what_an_update_lists_is_renewed_in_the_words_of_the_manual(self):
        """Nobody knows the name here: the command finds nginx by itself, as this machine."""
        path = town_tile("ortho", 19)
        self.assertEqual(self.nginx.get(path).headers["X-Cache-Status"], "MISS")
        (self.nginx.folder / "purge.txt").write_text(path + "\n")
        words = re.search(r"^ +(sed .*X-Refresh.*)$", MANUAL.read_text(), re.M)[1]
        command = replaced(words, f"https://{NAME}", f"https://{NAME}:{self.nginx.port}") + " -w '%header{x-cache-status}'"
        result = subprocess.run(["bash", "-c", command], cwd=self.nginx.folder, capture_output=True, text=True,
                                env={**os.environ, "CURL_CA_BUNDLE": str(self.nginx.folder / "fullchain.pem")},
                                timeout=DEADLINE, check=False)
        self.assertEqual((result.returncode, result.stdout), (0, "BYPASS"), result.stderr)

    def test_http_leads_to_https(self):
        answer = self.nginx.get_plain("/ortho?a=1")
        self.assertEqual((answer.status, answer.headers["Location"]), (308, f"https://{NAME}/ortho?a=1"))


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not there")
class Unit(unittest.TestCase):
    @staticmethod
    def analyze(*arguments):
        return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=DEADLINE, check=False)

    def test_systemd_understands_every_line(self):
        folder = fresh_folder("unit")
        unit = folder / UNIT.name
        unit.write_text(replaced(UNIT.read_text(), r"ExecStart=\S+", "ExecStart=/bin/true"))  # the program must be there
        result = self.analyze("verify", "--man=no", unit)
        told = [line for line in result.stderr.splitlines() if UNIT.name in line]
        self.assertEqual(told, [], result.stderr)

    def test_it_is_locked_up(self):
        """Exposure as systemd rates it, from 0 (none) to 10: at most 2."""
        result = self.analyze("security", "--offline=true", "--threshold=20", UNIT)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
