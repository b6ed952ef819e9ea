# SPDX-License-Identifier: Apache-2.0
"""Starting, reloading and stopping the server: nothing is lost, and what is wrong is said in a sentence."""
import concurrent.futures
import contextlib
import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import unittest

from support.city import EDGE, get_map, publish, wmts_rest
from support.hamlets import BUILD, finished, start, write_hamlet
from support.places import BIN, CITY_STORE, FAULT_SHIM, PROJECT, fresh_folder, needs_shim
from support.programs import DEADLINE, Server, ardoise, ask, done, inspect
from support.pyramids import Pyramid, picture
from support.waiting import wait_until


def server_fails(*arguments):
    """Runs a server that should not come up."""
    return subprocess.run([str(BIN / "ardoise-server"), *map(str, arguments)], capture_output=True, text=True,
                          timeout=DEADLINE, check=False)


def layers(server):
    return sorted(layer["name"] for layer in json.loads(server.get("/layers.json").text)["layers"])


@contextlib.contextmanager
def constant_requests(server, addresses):
    """Clients that ask for one address after the other, and insist on each."""
    over = threading.Event()

    def keep_asking():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
        bad, count = [], 0
        while not over.is_set() or count < len(addresses):
            address = addresses[count % len(addresses)]
            count += 1
            answer = ask(connection, address)
            if answer.status != 200:
                bad.append((address, answer.status))
        connection.close()
        return bad

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        try:
            clients = [pool.submit(keep_asking) for _ in range(3)]
            yield
        finally:
            over.set()
        for client in clients:
            bad = client.result()
            assert not bad, bad


class Stopping(unittest.TestCase):
    def test_each_signal_ends_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server(CITY_STORE)
            server.process.send_signal(number)
            self.assertEqual(server.process.wait(DEADLINE), 0, number)
            server.wait_for_line(" stopped")
            server.stop()

    def test_requests_on_their_way_are_answered(self):
        with Server(CITY_STORE, "--threads", "2") as server:
            address = get_map("ortho", "EPSG:3857", (-64300, 6017250, -63600, 6017950), 1000, 1000)
            connections = []
            for _ in range(8):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
                connection.request("GET", address)
                connections.append(connection)
            # A later answer on a fresh connection tells that the server has read the earlier requests.
            self.assertEqual(server.get("/health").status, 200)
            server.process.send_signal(signal.SIGTERM)
            for connection in connections:
                response = connection.getresponse()
                self.assertEqual(response.status, 200)
                self.assertEqual(picture(response.read()).shape[:2], (1000, 1000))
                connection.close()

    def test_idle_connections_do_not_hold_it_up(self):
        server = Server(CITY_STORE)
        idle = socket.create_connection(("127.0.0.1", server.port))
        half = socket.create_connection(("127.0.0.1", server.port))
        half.sendall(b"GET /health HT")
        server.get("/health")
        server.stop()
        idle.close()
        half.close()

    def test_afterwards_nobody_listens(self):
        server = Server(CITY_STORE)
        server.stop()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))


class Reloading(unittest.TestCase):
    def setUp(self):
        self.store = fresh_folder(f"reload-{self._testMethodName}")

    def test_a_new_pyramid_appears_and_an_old_one_goes(self):
        publish(self.store, "ortho")
        with Server(self.store) as server:
            before = server.get("/layers.json").headers["ETag"]
            self.assertEqual(layers(server), ["ortho"])
            publish(self.store, "irc")
            self.assertEqual(layers(server), ["ortho"])
            server.reload()
            self.assertEqual(layers(server), ["irc", "ortho"])
            self.assertNotEqual(server.get("/layers.json").headers["ETag"], before)
            self.assertIn("<ows:Identifier>irc<", server.get("/wmts/1.0.0/WMTSCapabilities.xml").text)
            (self.store / "ortho.json").unlink()
            server.reload()
            self.assertEqual(layers(server), ["irc"])
            self.assertEqual(server.get("/xyz/ortho/tilejson.json").status, 404)

    def test_no_request_is_lost_meanwhile(self):
        publish(self.store, "ortho")
        pyramid = Pyramid(CITY_STORE, "ortho")
        level = pyramid.levels["21"]
        tiles = [tile for tile in level.tiles() if level.tile(*tile)][::6]
        addresses = [wmts_rest("ortho", "2154_5cm", "21", col, row, "image/jpeg") for col, row in tiles]
        addresses += [get_map("ortho", "EPSG:3857", (-64100, 6017400, -64000, 6017500))]
        with Server(self.store) as server:
            with constant_requests(server, addresses):
                for name in ("irc", "quartier", "dtm"):
                    publish(self.store, name)
                    server.reload()
            self.assertEqual(layers(server), ["dtm", "irc", "ortho", "quartier"])

    def test_a_pyramid_of_the_same_name_is_the_new_one(self):
        publish(self.store, "ortho")
        with Server(self.store) as server:
            address = get_map("ortho", "EPSG:2154", EDGE)
            first = server.get(address)
            for name in ("ortho", "ortho.json"):
                (self.store / name).unlink()
            text = (CITY_STORE / "irc.json").read_text().replace('"irc/', '"ortho/').replace('"revision": 1', '"revision": 2')
            (self.store / "ortho").symlink_to(CITY_STORE / "irc")
            (self.store / "ortho.json").write_text(text)
            server.reload()
            second = server.get(address)
            self.assertNotEqual(second.body, first.body)
            self.assertNotEqual(second.headers["ETag"], first.headers["ETag"])


class Watching(unittest.TestCase):
    """Two pyramids of small dalles, and nobody who sends a signal."""

    def setUp(self):
        folder = fresh_folder(f"watch-{self._testMethodName}")
        self.store, self.sources = folder / "store", folder / "sources"
        for number in range(3):
            write_hamlet(self.sources, number)
        done("build", self.sources, "--into", self.store, *BUILD)

    def tiles(self, name="ortho"):
        """Addresses of the finest tiles, with the bytes that are published now."""
        pyramid = Pyramid(self.store, name)
        level = list(pyramid.levels.values())[-1]
        return {wmts_rest(name, "2154_5cm", level.id, col, row, "image/jpeg"): level.tile(col, row)
                for col, row in level.tiles() if level.tile(col, row)}

    def update(self, *options):
        """Publishes a new revision; the tiles that are new in it."""
        before = self.tiles()
        write_hamlet(self.sources, 1, brightness=40)
        done("update", self.store / "ortho.json", *options)
        new = {address: tile for address, tile in self.tiles().items() if before.get(address) != tile}
        self.assertTrue(new)
        return new

    def test_a_new_revision_is_taken_up_and_no_request_is_lost(self):
        tiles = self.tiles()
        with Server(self.store, watch=1) as server:
            for address, tile in tiles.items():
                self.assertEqual(server.get(address).body, tile)
            with constant_requests(server, [*tiles]):
                address, tile = next(iter(self.update().items()))
                wait_until(lambda: server.get(address).body == tile, "the new revision's tile")
                self.assertIn('"version": "2.0.0"', server.get("/xyz/ortho/tilejson.json").text)
                done("rollback", self.store / "ortho.json")
                wait_until(lambda: server.get(address).body == tiles[address], "the old revision's tile")
            for address, tile in self.tiles().items():
                self.assertEqual(server.get(address).body, tile)

    def test_a_pyramid_appears_and_another_vanishes(self):
        with Server(self.store, watch=1) as server:
            with constant_requests(server, [*self.tiles()]):
                done("build", self.sources, "--into", self.store, "--tms", "PM", "--name", "mercator")
                wait_until(lambda: server.get("/xyz/mercator/tilejson.json").status == 200, "the new pyramid")
                (self.store / "irc.json").unlink()
                wait_until(lambda: server.get("/xyz/irc/tilejson.json").status == 404, "the old pyramid's end")
            self.assertEqual(layers(server), ["mercator", "ortho"])

    def test_a_store_that_is_not_mounted_empties_no_catalog(self):
        with Server(self.store, watch=1, expected="reload failed") as server:
            disk = self.store.with_name(self.store.name + "-disk")
            self.store.rename(disk)
            self.store.mkdir()
            server.wait_for_line(r"reload failed, the old catalog stays.*all descriptors have gone at once.*SIGHUP")
            self.assertEqual(layers(server), ["irc", "ortho"])
            self.store.rmdir()
            disk.rename(self.store)
            server.wait_for_line(" info published ", 2)
            for address, tile in self.tiles().items():
                self.assertEqual(server.get(address).body, tile)
            for descriptor in self.store.glob("*.json"):
                descriptor.unlink()
            server.wait_for_line(r"reload failed", 2)
            server.reload()
            self.assertEqual(layers(server), [])

    def test_a_layer_is_described_otherwise(self):
        def title():
            return json.loads(server.get("/xyz/ortho/tilejson.json").text)["name"]

        file = self.store / "layers/ortho.json"
        with Server(self.store, watch=1, expected="layer stays described as it was") as server:
            self.assertEqual(title(), "ortho")
            with constant_requests(server, [*self.tiles()]):
                file.parent.mkdir()
                file.write_text('{"title": "Été 2022"}')
                wait_until(lambda: title() == "Été 2022", "the description")
                file.write_text('{"titel": "Été 2023"}')
                line = server.wait_for_line("layer stays described as it was")
                self.assertIn('line 1: there is no key \\"titel\\"; the nearest is \\"title\\"', line)
                self.assertEqual(title(), "Été 2022")
                file.write_text('{"title": "Été 2023", "group": "Orthophotos"}')
                wait_until(lambda: title() == "Été 2023", "the next description")
                answer = server.get(get_map("Orthophotos", "EPSG:2154", EDGE))
                self.assertEqual((answer.status, answer.media_type), (200, "image/png"))
                file.unlink()
                wait_until(lambda: title() == "ortho", "the description's end")

    def test_a_broken_descriptor_is_read_once(self):
        with Server(self.store, watch=1, expected="layer left out") as server:
            (self.store / "broken.json").write_text("{")
            server.wait_for_line('layer left out" file=.*broken')
            server.wait_for_line(" info published ", 2)
            (self.store / "irc.json").unlink()
            wait_until(lambda: layers(server) == ["ortho"], "the next change")
        # At the start, for the broken one, and for the one that went.
        self.assertEqual(sum(" info published " in line for line in server.log), 3)

    def test_a_revision_that_is_removed_under_the_server(self):
        with Server(self.store, watch=3600, expected="slabs gone") as server:
            new = self.update("--keep", 1)
            address, tile = next(iter(new.items()))
            answer = server.get(address)
            self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"))
            self.assertNotIn(str(self.store), answer.text)
            wait_until(lambda: server.get(address).status == 200, "the new revision")
            for address, tile in self.tiles().items():
                self.assertEqual(server.get(address).body, tile)

    @needs_shim
    def test_no_slab_goes_before_its_folder_has_lost_its_name(self):
        """Else a server would take what it misses for a slab that holds nothing."""
        tiles = self.tiles()
        with Server(self.store) as server:
            write_hamlet(self.sources, 1, brightness=40)
            code, said = finished(start("update", self.store / "ortho.json", "--keep", 1, LD_PRELOAD=FAULT_SHIM, ARDOISE_FAULT_AT="1",
                                        ARDOISE_FAULT_BELOW=str(self.store / "ortho/.DATA.removed"),
                                        ARDOISE_FAULT_CALL="rename", ARDOISE_FAULT_DO="kill"))
            self.assertEqual(code, -signal.SIGKILL, said)
            self.assertEqual(inspect(self.store, "ortho")["revision"], 2)
            for address, tile in tiles.items():
                self.assertEqual(server.get(address).body, tile)

    def test_nothing_is_read_anew_without_a_signal_where_nobody_wants_it(self):
        with Server(self.store, watch=0) as server:
            (self.store / "irc.json").unlink()
            self.assertEqual(layers(server), ["irc", "ortho"])
            server.reload()
            self.assertEqual(layers(server), ["ortho"])
        self.assertEqual(sum(" info published " in line for line in server.log), 2)


class Troubles(unittest.TestCase):
    def test_a_port_in_use(self):
        with Server(CITY_STORE) as server:
            result = server_fails("--store", CITY_STORE, "--listen", f"127.0.0.1:{server.port}")
            self.assertEqual(result.returncode, 1)
            *_, last = result.stderr.splitlines()
            self.assertIn(f"127.0.0.1:{server.port}", last)
            self.assertIn("in use", last)

    def test_a_store_that_is_not_there(self):
        missing = fresh_folder("no-store") / "nowhere"
        result = server_fails("--store", missing, "--listen", "127.0.0.1:0")
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(missing), result.stderr.splitlines()[-1])

    def test_options_that_are_wrong(self):
        for arguments, word in [((), "--store"), (("--store", CITY_STORE, "--listen", "nonsense"), "--listen"),
                                (("--store", CITY_STORE, "--listen", "127.0.0.1:99999"), "--listen"),
                                (("--store", CITY_STORE, "--public-url", "ftp://x"), "--public-url"),
                                (("--store", CITY_STORE, "--threads", "many"), "threads"),
                                (("--store", CITY_STORE, "--threads", "-1"), "threads"),
                                (("--store", CITY_STORE, "--watch", "-1"), "watch"),
                                (("--store", CITY_STORE, "--watch", "1.5"), "watch"),
                                (("--store", CITY_STORE, "--tile-cache", "12"), "--tile-cache"),
                                (("--store", CITY_STORE, "--tile-cache", "G"), "--tile-cache"),
                                (("--store", CITY_STORE, "--tile-cache", "1M"), "--tile-cache"),
                                (("--store", CITY_STORE, "--map-cache", "15M"), "--map-cache"),
                                (("--store", CITY_STORE, "--map-cache", "99999999G"), "--map-cache"),
                                (("--store", CITY_STORE, "--unknown"), "unknown"), (("extra",), "positional")]:
            result = server_fails(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn(word, result.stderr.splitlines()[0], arguments)
            self.assertIn("--help", result.stderr)

    def test_a_check_says_what_is_wrong_and_serves_nothing(self):
        folder = fresh_folder("check")
        store, config = folder / "store", folder / "server.json"
        (store / "layers").mkdir(parents=True)
        publish(store, "ortho")
        config.write_text('{"title": "City"} // all there is')
        arguments = ("--store", store, "--config", config, "--check")
        result = server_fails(*arguments)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "1 layer, 0 mistakes\n", ""))

        empty = fresh_folder("check-empty")
        result = server_fails("--store", empty, "--check")
        self.assertEqual((result.returncode, result.stdout.splitlines()[-1]), (1, "0 layers, 1 mistake"))
        self.assertIn(f"{empty}: no pyramid's descriptor is in this folder", result.stdout)
        result = server_fails("--store", store, "--tms", folder / "none", "--check")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn(f"{folder}/none: is no folder", result.stderr)

        (store / "half.json").write_text('{"tile_matrix_set": "PM",')
        (store / "layers/ortho.json").write_text('{"keywords": "roofs"}')
        (store / "layers/irc.json").write_text('{}')
        result = server_fails(*arguments)
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertEqual(result.stdout.splitlines(), [
            f"description not used: {store}/layers/irc.json: describes no layer, as there is no {store}/irc.json, nor "
            '"dimensions" or "alias" in it',
            f"layer left out: {store}/half.json: line 1: not JSON: incomplete JSON",
            f"layer is not described: {store}/layers/ortho.json: keywords: expected an array", "1 layer, 3 mistakes"])

        config.write_text('{\n"public-url": "https://ortho.example"}')
        mistake = f'{config}: line 2: there is no key "public-url"; the nearest is "public_url"'
        result = server_fails(*arguments)
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        lines = result.stdout.splitlines()
        self.assertEqual((lines[0], lines[-1]), (f"configuration not used: {mistake}", "1 layer, 4 mistakes"))
        result = server_fails(*arguments[:-1])
        self.assertEqual((result.returncode, result.stdout, result.stderr), (1, "", f"ardoise-server: {mistake}\n"))

    def test_the_command_line_wins_over_the_configuration(self):
        config = fresh_folder("config") / "server.json"
        config.write_text('{"title": "Of the file", "provider": {"name": "A", "url": "https://a.example"}, '
                          '"public_url": "https://ortho.example/"}')
        for options, title, provider, url in [((), "Of the file", "A", "https://ortho.example"),
                                              (("--title", "T", "--provider", "B", "--public-url", "http://b.example"),
                                               "T", "B", "http://b.example")]:
            with Server(CITY_STORE, "--config", config, *options) as server:
                service = json.loads(server.get("/layers.json").text)
                self.assertEqual((service["title"], service["provider"]), (title, provider))
                self.assertEqual(service["wmts"], f"{url}/wmts/1.0.0/WMTSCapabilities.xml")

    def test_help(self):
        result = server_fails("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("--store", result.stdout)

    def test_versions(self):
        version = re.search(r"project\(ardoise VERSION (\S+)", (PROJECT / "CMakeLists.txt").read_text())[1]
        for program, result in (("ardoise-server", server_fails("--version")), ("ardoise", ardoise("--version"))):
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, f"{program} {version}\n", ""))

    def test_an_address_that_is_not_ours(self):
        result = server_fails("--store", CITY_STORE, "--listen", "192.0.2.1:8080")
        self.assertEqual(result.returncode, 1)
        self.assertIn("192.0.2.1:8080", result.stderr.splitlines()[-1])

    def test_an_empty_store_is_served(self):
        with Server(fresh_folder("empty-store")) as server:
            self.assertEqual(layers(server), [])
            for address in ("/wmts/1.0.0/WMTSCapabilities.xml", "/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/health", "/"):
                self.assertEqual(server.get(address).status, 200, address)

    def test_a_broken_descriptor_hides_no_other(self):
        store = fresh_folder("broken-descriptors")
        publish(store, "ortho")
        good = json.loads((CITY_STORE / "irc.json").read_text())
        level = good["levels"][0]

        def limits(first, last):
            return {"min_row": first, "max_row": last, "min_col": first, "max_col": last}

        broken = {
            "truncated": json.dumps(good)[:200], "empty": "", "array": "[]", "binary": "\0\1\2",
            "no-format": {key: value for key, value in good.items() if key != "format"},
            "odd-format": {**good, "format": "TIFF_GIF_UINT8"}, "odd-set": {**good, "tile_matrix_set": "NOWHERE"},
            "set-path": {**good, "tile_matrix_set": "../../etc/passwd"},
            "no-levels": {**good, "levels": []}, "levels-text": {**good, "levels": "all"},
            "level-unknown": {**good, "levels": [{**level, "id": "99"}]},
            "level-number": {**good, "levels": [{**level, "id": 3}]},
            "level-twice": {**good, "levels": [level, level]},
            "limits-outside": {**good, "levels": [{**level, "tile_limits": limits(9, 9)}]},
            "limits-turned": {**good, "levels": [{**level, "tile_limits": limits(5, 2)}]},
            "slab-zero": {**good, "levels": [{**level, "tiles_per_width": 0}]},
            "slab-negative": {**good, "levels": [{**level, "tiles_per_height": -16}]},
            "channels": {**good, "raster_specifications": {**good["raster_specifications"], "channels": 9}},
            "nodata": {**good, "raster_specifications": {**good["raster_specifications"], "nodata": "x,y,z"}},
            "storage": {**good, "levels": [{**level, "storage": {"type": "CEPH", "pool_name": "p", "image_prefix": "i"}}]}}
        for name, content in broken.items():
            (store / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
        with Server(store, expected=r"layer left out|matrix set") as server:
            left_out = {re.search(r"file=\S*/(\S+)\.json", line)[1] for line in server.log if "layer left out" in line}
            silent = {"array"} - left_out  # valid JSON without a tile matrix set describes no pyramid
            self.assertEqual(left_out | silent, set(broken))
            self.assertEqual(layers(server), ["ortho"])
            for line in server.log:
                if "layer left out" in line:
                    self.assertRegex(line, r'file=\S+\.json"? reason="?\S')

    def test_a_damaged_slab_is_an_error_of_that_tile_alone(self):
        store = fresh_folder("damaged-slab")
        shutil.copytree(CITY_STORE / "irc", store / "irc")
        publish(store, "irc")
        pyramid = Pyramid(store, "irc")
        level = pyramid.levels["20"]
        col, row = next(tile for tile in level.tiles() if level.tile(*tile))
        file = level.slab_file(col, row)
        file.write_bytes(file.read_bytes()[:1500])
        with Server(store, expected="request failed|slab") as server:
            self.assertEqual(server.get(wmts_rest("irc", "2154_5cm", "20", col, row, "image/jpeg")).status, 500)
            server.wait_for_line(re.escape(file.name))
            other = next(tile for tile in pyramid.levels["21"].tiles() if pyramid.levels["21"].tile(*tile))
            self.assertEqual(server.get(wmts_rest("irc", "2154_5cm", "21", *other, "image/jpeg")).status, 200)
            answer = server.get(wmts_rest("irc", "2154_5cm", "20", col, row, "image/jpeg"))
            self.assertNotIn(str(store), answer.text)
