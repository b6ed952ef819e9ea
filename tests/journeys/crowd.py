# SPDX-License-Identifier: Apache-2.0
"""Many clients at once while the store changes under the server: each answer is that of one revision, whole, and of none
that was replaced before it was asked for."""
import concurrent.futures
import contextlib
import hashlib
import http.client
import itertools
import random
import socket
import struct
import threading
import time
import unittest
from collections import Counter
from dataclasses import dataclass, field

from support.city import box_in, get_map, wmts_rest
from support.hamlets import BUILD, write_hamlet
from support.places import THOROUGH, fresh_folder
from support.programs import DEADLINE, Answer, Server, ask, done
from support.pyramids import Pyramid
from support.waiting import wait_until

NO_CACHES = ("--tile-cache", "0", "--map-cache", "0")
SAME_URL = ("--public-url", "https://crowd.example")
DALLE = (430745, 6712707, 430770, 6712727)
"""Lambert-93 box around the dalle that changes."""
LARGE = get_map("ortho", "EPSG:2154", DALLE, 900, 700)
"""A map of some hundred kilobytes."""
DOCUMENTS = ("/wmts/1.0.0/WMTSCapabilities.xml", "/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/layers.json",
             "/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/xyz/ortho/tilejson.json", "/xyz/irc/tilejson.json", "/health")


def some_maps():
    """The dalle that changes in every format and on several grids, from close by and from afar."""
    west, south, east, north = DALLE
    for number, (layers, crs, kind) in enumerate(itertools.product(
            ("ortho", "irc", "irc,ortho"), ("EPSG:2154", "EPSG:3857", "CRS:84"), ("jpeg", "png", "webp"))):
        margin = number % 4 * 6
        box = box_in(crs, (west - margin, south - margin, east + margin, north + margin))
        yield get_map(layers, crs, box, 300 + 10 * number, 200 + 7 * number, f"image/{kind}")
    yield LARGE


def some_tiles(store):
    """All that are stored, as they are and drawn anew, and one that holds nothing."""
    for name, media_type in (("ortho", "image/jpeg"), ("irc", "image/png")):
        for level in Pyramid(store, name).levels.values():
            for col, row in level.tiles():
                if level.tile(col, row):
                    stored = wmts_rest(name, "2154_5cm", level.id, col, row, media_type)
                    yield stored
                    yield stored.rsplit(".", 1)[0] + ".webp"
    yield "/xyz/ortho/18/0/0.png"


@dataclass(frozen=True)
class Seen:
    """An answer without what tells of the connection or of the hour."""
    status: int
    media_type: str
    tag: str
    body: bytes  # its hash

    @classmethod
    def of(cls, answer):
        return cls(answer.status, answer.media_type, answer.headers["ETag"], hashlib.sha256(answer.body).digest())


NO_BODY = hashlib.sha256(b"").digest()


@dataclass
class State:
    """What a store looked like, and when the server had put another one in its place."""
    answers: dict
    replaced: float = float("inf")


@dataclass
class Crowd:
    """Clients of one server, and all that they have been told."""
    server: Server
    addresses: list
    over: threading.Event = field(default_factory=threading.Event)
    told: list = field(default_factory=list)  # address, when it was asked for, answer
    counts: Counter = field(default_factory=Counter)
    running: list = field(default_factory=list)

    def keep(self, kind, address, asked, answer):
        self.told.append((address, asked, Seen.of(answer)))
        self.counts[kind] += 1

    def regular(self, seed):
        """Asks for one thing after another over a connection that stays open, and again for what it has."""
        choice, tags = random.Random(seed), {}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=DEADLINE)
        while not self.over.is_set():
            address = choice.choice(self.addresses)
            asked = time.monotonic()
            known = {"If-None-Match": tags[address]} if choice.random() < 0.5 and tags.get(address) else {}
            answer = ask(connection, address, known)
            tags[address] = answer.headers["ETag"]
            self.keep("unchanged" if answer.status == 304 else "whole", address, asked, answer)
        connection.close()

    def slow(self, _):
        """Takes the beginning of a large map, and the rest of it when others have had theirs, so that the server waits."""
        while not self.over.is_set():
            asked = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=DEADLINE)
            with contextlib.closing(connection):
                connection.sock = socket.socket()
                connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.sock.connect(("127.0.0.1", self.server.port))
                connection.request("GET", LARGE)
                response = connection.getresponse()
                beginning, before = response.read(3000), self.counts["whole"]
                while self.counts["whole"] < before + 30 and not self.over.wait(0.01):
                    pass
                self.keep("slow", LARGE, asked, Answer(response.status, response.headers, beginning + response.read()))

    def fickle(self, seed):
        """Asks for several things at once and is gone at some moment before it has them."""
        choice = random.Random(seed)
        while not self.over.is_set():
            with socket.create_connection(("127.0.0.1", self.server.port), DEADLINE) as connection:
                # Closing resets the connection.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                for address in choice.choices(self.addresses, k=3):
                    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                if choice.random() < 0.7:
                    connection.recv(choice.randrange(1, 5000))
                self.counts["gone"] += 1

    @contextlib.contextmanager
    def at_work(self):
        # Two regulars of each seed ask for the same things side by side.
        clients = [(self.regular, seed // 2) for seed in range(6)] + [(self.slow, 0)] * 2 + [(self.fickle, 1), (self.fickle, 2)]
        with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
            try:
                self.running = [pool.submit(client, seed) for client, seed in clients]
                yield
            finally:
                self.over.set()
            for client in self.running:
                client.result()

    def wait_for_more(self, most=1000 if THOROUGH else 300):
        """Until each kind of client has come through a few times."""
        before = self.counts.copy()
        enough = {"whole": most, "unchanged": most // 4, "slow": 2, "gone": most // 8}

        def all_came_through():
            for client in self.running:
                if client.done():
                    client.result()  # it gave up: why
            return all(self.counts[kind] - before[kind] >= count for kind, count in enough.items())

        wait_until(all_came_through, lambda: f"{self.counts - before} of {enough}")


def is_right(told, states):
    """Whether one of the states that had not been replaced when it was asked says the same."""
    address, asked, seen = told
    for state in states:
        expected = state.answers[address]
        is_same = seen == expected or seen.status == 304 and (seen.tag, seen.body, expected.status) == (expected.tag, NO_BODY, 200)
        if is_same and asked < state.replaced:
            return True
    return False


class ChangingStore(unittest.TestCase):
    """Two pyramids of small dalles; one is updated and rolled back, the other goes and comes again."""

    def setUp(self):
        folder = fresh_folder("crowd")
        self.store, self.sources, self.aside = folder / "store", folder / "sources", folder / "irc.json"
        for number in range(3):
            write_hamlet(self.sources, number)
        done("build", self.sources, "--into", self.store, *BUILD)
        self.addresses = [*some_maps(), *some_tiles(self.store), *DOCUMENTS]

    def state(self):
        """What a server says that keeps nothing and that nobody else asks."""
        with Server(self.store, *SAME_URL, *NO_CACHES) as server:
            return State({address: Seen.of(server.get(address)) for address in self.addresses})

    def update(self, brightness):
        write_hamlet(self.sources, 1, brightness=brightness)
        done("update", self.store / "ortho.json")

    def changes(self):
        """Each is seen by the server at once and whole."""
        for brightness in range(20, 120 if THOROUGH else 40, 20):
            yield lambda brightness=brightness: self.update(brightness)
            yield lambda: (self.store / "irc.json").rename(self.aside)
            yield lambda: done("rollback", self.store / "ortho.json")
            yield lambda: self.aside.rename(self.store / "irc.json")

    def test_each_answer_is_that_of_one_revision(self):
        states = [self.state()]
        with Server(self.store, *SAME_URL, "--threads", 4, watch=1) as server:
            crowd = Crowd(server, self.addresses)
            with crowd.at_work():
                crowd.wait_for_more()
                for change in self.changes():
                    change()
                    states.append(self.state())
                    server.reload()
                    states[-2].replaced = time.monotonic()
                    crowd.wait_for_more()
        for earlier, later in itertools.pairwise(states):
            self.assertNotEqual(earlier.answers, later.answers)
        wrong = Counter((told[0], told[2].status) for told in crowd.told if not is_right(told, states))
        self.assertEqual(wrong.most_common(5), [])
