# SPDX-License-Identifier: Apache-2.0
"""What the server counts: Prometheus can read it, and it is true. By it we see, too, what stays warm over a reload."""
import http.client
import re
import shutil
import socket
import subprocess
import unittest

from support.city import get_map, wmts_rest
from support.places import BIN, CITY_STORE, PROJECT, fresh_folder
from support.programs import DEADLINE, Server, ask
from support.pyramids import Pyramid
from support.waiting import wait_until

BOX = (-64300, 6017250, -63600, 6017950)
SAMPLE = re.compile(r'([a-z][a-z0-9_]*)((?:\{[a-z]+="[a-z0-9_]+"\})?) (\d+(?:\.\d+)?(?:e[+-]\d+)?)')


class WatchedServer(Server):
    """A server with an admin listener, which metrics() reads."""

    def __init__(self, store, *options, **more):
        super().__init__(store, "--admin", "127.0.0.1:0", *options, **more)
        self.admin_port = int(re.search(r"url=http://127\.0\.0\.1:(\d+)/metrics", self.wait_for_line(r" metrics "))[1])

    def admin(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=DEADLINE)
        try:
            return ask(connection, path, headers, method)
        finally:
            connection.close()

    def metrics(self):
        return parse(self.admin("/metrics").text)


def parse(text):
    """Every sample, by its name and labels; insists on what the text format 0.0.4 asks for, in its strictest reading:
    each family once, HELP before TYPE before its samples, no sample twice, a line feed at the end."""
    assert text.endswith("\n"), text[-100:]
    samples, families, family = {}, set(), None
    lines = iter(text.removesuffix("\n").split("\n"))
    for line in lines:
        if line.startswith("# HELP "):
            family = re.fullmatch(r"# HELP (ardoise_[a-z_]+) [A-Z][^\\]+\.", line)[1]
            kind = re.fullmatch(rf"# TYPE {family} (counter|gauge)", next(lines))[1]
            assert family not in families, family
            assert (kind == "counter") == family.endswith("_total"), line
            families.add(family)
        else:
            name, label, value = SAMPLE.fullmatch(line).groups()
            assert name == family and name + label not in samples, line
            samples[name + label] = float(value)
    return samples


def tile_at(box, level):
    """Column and row of the tile of Web Mercator around the middle of a box."""
    half, side = 20037508.342789244, 2 * 20037508.342789244 / 2**level
    return int(((box[0] + box[2]) / 2 + half) / side), int((half - (box[1] + box[3]) / 2) / side)


class Metrics(unittest.TestCase):
    def test_requests_and_caches_are_counted(self):
        pyramid = Pyramid(CITY_STORE, "ortho")
        level = pyramid.levels["21"]
        tile = wmts_rest("ortho", "2154_5cm", "21", *next(one for one in level.tiles() if level.tile(*one)), "image/jpeg")
        drawn = get_map("ortho", "EPSG:3857", BOX, 300, 300)
        with WatchedServer(CITY_STORE) as server:
            start = server.metrics()
            sent = 0
            for address, status in [(tile, 200), (tile, 200), (drawn, 200), (drawn, 200), ("/nothing", 404)]:
                answer = server.get(address)
                self.assertEqual(answer.status, status)
                sent += len(answer.body)
            self.assertEqual(server.get(tile, {"If-None-Match": server.get(tile).headers["ETag"]}).status, 304)
            now = server.metrics()
            self.assertEqual({code: now[f'ardoise_http_responses_total{{class="{code}"}}'] for code in ("2xx", "3xx", "4xx", "5xx")},
                             {"2xx": 5, "3xx": 1, "4xx": 1, "5xx": 0})
            self.assertGreater(now["ardoise_http_sent_bytes_total"], sent)
            self.assertEqual(now["ardoise_http_connections"], 1)
            self.assertEqual(now['ardoise_cache_misses_total{cache="maps"}'], 1)
            self.assertEqual(now['ardoise_cache_hits_total{cache="maps"}'], 1)
            self.assertGreater(now['ardoise_cache_bytes{cache="maps"}'], 1000)
            self.assertGreater(now['ardoise_cache_misses_total{cache="tiles"}'], 0)
            self.assertGreater(now['ardoise_cache_bytes{cache="tiles"}'], 0)
            self.assertGreater(now['ardoise_cache_hits_total{cache="slabs"}'], 1)
            self.assertEqual(now["ardoise_slabs_open"], now['ardoise_cache_misses_total{cache="slabs"}'])
            self.assertEqual(now["ardoise_layers"], len(list(CITY_STORE.glob("*.json"))))
            self.assertEqual(now["ardoise_start_time_seconds"], start["ardoise_start_time_seconds"])
            self.assertEqual(now["ardoise_reloads_total"], 0)
            server.reload()
            wait_until(lambda: server.metrics()["ardoise_reloads_total"] == 1, "the reload, counted")

    def test_tiles_on_a_disk_are_read_by_other_threads_once(self):
        store = fresh_folder("on-disk")
        shutil.copytree(CITY_STORE, store, dirs_exist_ok=True)
        pyramid = Pyramid(store, "ortho")
        tile = next(one for one in pyramid.levels["21"].tiles() if pyramid.levels["21"].tile(*one))
        address = wmts_rest("ortho", "2154_5cm", "21", *tile, "image/jpeg")
        with WatchedServer(store) as server:
            first = server.get(address).body
            self.assertEqual(server.metrics()["ardoise_reads_total"], 1)
            for _ in range(3):
                self.assertEqual(server.get(address).body, first)
            now = server.metrics()
            self.assertEqual((now["ardoise_reads_total"], now["ardoise_reads_running"], now["ardoise_reads_waiting"]), (1, 0, 0))

    def test_tiles_drawn_ahead_in_the_words_of_the_manual_are_there_when_somebody_asks(self):
        examples = re.findall(r"^```sh\n(.*?)^```", (PROJECT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
        words = next(one for one in examples if "xargs" in one)
        with WatchedServer(CITY_STORE) as server:
            def draw_ahead():
                done = subprocess.run(words.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}"), shell=True, capture_output=True,
                                      text=True, timeout=DEADLINE, check=False)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
                return server.metrics()

            drawn = draw_ahead()
            tiles = drawn['ardoise_cache_misses_total{cache="maps"}']
            self.assertGreater(tiles, 18)  # one of each level, and of some more than that
            self.assertEqual(drawn['ardoise_http_responses_total{class="2xx"}'], 1 + tiles)
            column, row = tile_at(BOX, 17)
            self.assertEqual(server.get(f"/xyz/ortho/17/{column}/{row}.jpg").status, 200)
            self.assertEqual(server.metrics()['ardoise_cache_hits_total{cache="maps"}'], 1)
            again = draw_ahead()
            self.assertEqual(again['ardoise_cache_hits_total{cache="maps"}'], 1 + tiles)
            self.assertEqual(again['ardoise_cache_misses_total{cache="maps"}'], tiles)

    def test_promtool_has_nothing_to_say(self):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not there (Debian's package prometheus)")
        with WatchedServer(CITY_STORE) as server:
            text = server.admin("/metrics").text
        result = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_there_is_nothing_else_and_nowhere_else(self):
        with WatchedServer(CITY_STORE) as server:
            answer = server.admin("/metrics")
            self.assertEqual((answer.status, answer.media_type), (200, "text/plain; version=0.0.4; charset=utf-8"))
            self.assertEqual(server.admin("/metrics", "HEAD").body, b"")
            for path in ("/", "/metrics/", "/health", "/layers.json", "/../metrics"):
                self.assertEqual(server.admin(path).status, 404, path)
            for method in ("POST", "PUT", "DELETE"):
                self.assertEqual(server.admin("/metrics", method).status, 405, method)
            self.assertEqual(server.get("/metrics").status, 404)

    def test_no_web_page_reads_it(self):
        with WatchedServer(CITY_STORE) as server:
            self.assertNotIn("Access-Control-Allow-Origin", server.admin("/metrics").headers)
            for host, status in (("localhost:8081", 200), ("127.0.0.1", 200), ("[::1]:8081", 200), ("rebound.example", 403),
                                 ("127.example", 403), ("", 200)):
                self.assertEqual(server.admin("/metrics", headers={"Host": host}).status, status, host)

    def test_it_is_not_there_unless_asked_for(self):
        with Server(CITY_STORE) as server:
            self.assertFalse([line for line in server.log if " metrics " in line])

    def test_it_listens_on_this_machine_only(self):
        for address in ("0.0.0.0:8081", "[::]:8081", "192.0.2.1:8081", "example.org:8081", "8081", "127.0.0.1"):
            result = subprocess.run([str(BIN / "ardoise-server"), "--store", str(CITY_STORE), "--listen", "127.0.0.1:0",
                                     "--admin", address], capture_output=True, text=True, timeout=DEADLINE, check=False)
            self.assertEqual(result.returncode, 2, address)
            self.assertRegex(result.stderr.splitlines()[0], r"--admin .*127\.0\.0\.1:", address)

    def test_maps_of_clients_who_left_are_not_drawn(self):
        """One thread, kept busy by those who stay; the others ask and close."""
        with WatchedServer(CITY_STORE, "--threads", "1", "--tile-cache", "0", "--map-cache", "0") as server:
            def asking(number):
                west, south, east, north = BOX
                client = socket.create_connection(("127.0.0.1", server.port))
                path = get_map("ortho", "EPSG:3857", (west, south, east + number, north), 4096, 4096)
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
                return client

            for client in [asking(number) for number in range(60)]:
                client.close()
            dropped = 'ardoise_maps_dropped_total{reason="client_left"}'
            wait_until(lambda: server.metrics()[dropped] > 0, "maps that nobody waits for to be dropped")
            wait_until(lambda: {server.metrics()[f"ardoise_maps_{name}"] for name in ("waiting", "drawing")} == {0},
                       "an empty queue")
            self.assertEqual(server.get("/health").status, 200)


class Warmth(unittest.TestCase):
    """Two layers; what is kept of each over a reload."""

    def setUp(self):
        self.store = fresh_folder(f"warm-{self._testMethodName}")
        for name in ("ortho", "irc"):
            shutil.copytree(CITY_STORE / name, self.store / name, copy_function=shutil.copy)
            shutil.copy(CITY_STORE / f"{name}.json", self.store)
        self.maps = {name: get_map(name, "EPSG:3857", BOX, 300, 300) for name in ("ortho", "irc")}

    def misses(self, server, name):
        """How often each cache lacks something for the layer's map."""
        def now():
            metrics = server.metrics()
            return {cache: metrics[f'ardoise_cache_misses_total{{cache="{cache}"}}'] for cache in ("slabs", "tiles", "maps")}

        before = now()
        self.assertEqual(server.get(self.maps[name]).status, 200)
        return {cache: count - before[cache] for cache, count in now().items()}

    def warm_server(self):
        server = WatchedServer(self.store, watch=1)
        for name in self.maps:
            self.assertTrue(all(self.misses(server, name).values()))
        return server

    def mapped(self, server, name):
        """The slabs of a layer that the server holds, and those of them whose file has gone."""
        lines = open(f"/proc/{server.process.pid}/maps", encoding="utf-8").read().splitlines()
        slabs = [line for line in lines if f"{self.store}/{name}/" in line or f"{self.store}/old-{name}/" in line]
        return slabs, [line for line in slabs if line.endswith("(deleted)")]

    def check_cold(self, server, name):
        self.assertTrue(all(self.misses(server, name).values()), name)

    def check_warm(self, server, name):
        self.assertFalse(any(self.misses(server, name).values()), name)

    def test_sighup_reads_all_anew_as_slabs_may_have_been_put_back_by_hand(self):
        with self.warm_server() as server:
            for slab in list((self.store / "irc").rglob("*.tif")):
                shutil.copy(slab, slab.with_suffix(".backup"))
                slab.with_suffix(".backup").rename(slab)
            self.assertTrue(self.mapped(server, "irc")[1])
            server.reload()
            wait_until(lambda: self.mapped(server, "irc") == ([], []), "the old files to be let go")
            for name in self.maps:
                self.check_cold(server, name)

    def test_a_layer_that_changed_is_cold_and_the_other_warm(self):
        with self.warm_server() as server:
            descriptor = self.store / "irc.json"
            with server.publication():
                descriptor.write_text(descriptor.read_text() + "\n")
            self.check_warm(server, "ortho")
            self.check_cold(server, "irc")

    def test_the_same_pyramid_in_other_files_gives_the_old_ones_free(self):
        """As one that is built again with the same outcome, or copied over."""
        with self.warm_server() as server:
            self.assertTrue(self.mapped(server, "irc")[0])
            kept = self.mapped(server, "ortho")[0]
            with server.publication():
                (self.store / "irc").rename(self.store / "old-irc")
                shutil.copytree(self.store / "old-irc", self.store / "irc")
                shutil.rmtree(self.store / "old-irc")
                self.assertTrue(self.mapped(server, "irc")[1])
                descriptor = (self.store / "irc.json").read_text()
                (self.store / "new-irc").write_text(descriptor)
                (self.store / "new-irc").rename(self.store / "irc.json")
            wait_until(lambda: self.mapped(server, "irc") == ([], []), "the old files to be let go")
            self.assertEqual(self.mapped(server, "ortho")[0], kept)
            self.check_warm(server, "ortho")
            self.check_cold(server, "irc")

    def test_a_layer_that_goes_gives_its_files_free(self):
        with self.warm_server() as server:
            with server.publication():
                (self.store / "irc.json").unlink()
                shutil.rmtree(self.store / "irc")
            wait_until(lambda: self.mapped(server, "irc") == ([], []), "the files to be let go")
            self.check_warm(server, "ortho")
