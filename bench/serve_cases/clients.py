# SPDX-License-Identifier: Apache-2.0
"""Those who ask, on the core that is not the server's."""

import contextlib
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent


@dataclass
class Seen:
    """What a client has seen. Milliseconds; of views, not of tiles, where views were asked for."""

    good: int
    errors: int
    seconds: float
    p50: float
    p99: float
    p999: float


# --- wrk: as fast as it goes, or so many times a second ------------------------------------------


def wrk(listen, paths, seconds, connections, close=False, pause=0):
    """Asks for the lines of the file `paths` over and over; `pause`: milliseconds that a connection rests in between."""
    with asking(listen, paths, seconds, connections, close, pause) as answer:
        return answer()


@contextlib.contextmanager
def asking(listen, paths, seconds, connections, close=False, pause=0):
    """The same, while the block goes on; gives what waits for the end."""
    words = (["close"] if close else []) + ([f"pause={pause}"] if pause else [])
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s",
               HERE.parent / "requests.lua", f"http://{listen}", "--", paths, *words]
    process = subprocess.Popen(measure.pinned(measure.cores()[1], command), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    try:
        yield lambda: _seen_by_wrk(process, seconds)
    finally:
        measure.stop(process)


def _seen_by_wrk(process, seconds):
    output, _ = process.communicate()
    if "unable to connect" in output:  # the server lets nobody in
        return Seen(0, 1, seconds, *[1000 * seconds] * 3)
    if process.returncode != 0:
        sys.exit(f"wrk has failed: {output.strip()}")
    seen = json.loads(output.splitlines()[-1])
    good, errors = seen["requests"] - seen["refused"], seen["refused"] + seen["broken"]
    if not seen["requests"]:  # an answer takes longer than all the time there was
        return Seen(good, errors, seen["seconds"], *[1000 * seen["seconds"]] * 3)
    return Seen(good, errors, seen["seconds"], *(seen[share] / 1000 for share in ("p50", "p99", "p999")))


# --- everything once -----------------------------------------------------------------------------


class Client:
    """One keep-alive connection."""

    def __init__(self, listen):
        self.connection = http.client.HTTPConnection(listen, timeout=60)

    def get(self, path, headers=None):
        self.connection.request("GET", path, headers=headers or {})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def is_answered(self, path):
        """With 200; a connection that broke is opened anew by the next request."""
        try:
            return self.get(path)[0].status == 200
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return False


def once(listen, paths, connections):
    """Every path once, over several connections."""
    return in_views(listen, [[path] for path in paths], viewers=connections, connections=1)


def in_views(listen, views, viewers=1, connections=6):
    """Every view's tiles, over as many connections as a browser has; the next view when all of them are there."""
    waiting, times, errors = iter(views), [], []
    turn = threading.Lock()

    def look():
        with ThreadPoolExecutor(connections) as pool:
            own = threading.local()

            def good(path):
                own.client = getattr(own, "client", None) or Client(listen)
                return own.client.is_answered(path)

            while (view := _next(waiting, turn)) is not None:
                start = time.monotonic()
                errors.extend(answer for answer in pool.map(good, view) if not answer)
                times.append((time.monotonic() - start) * 1000)

    start = time.monotonic()
    viewing = [threading.Thread(target=look) for _ in range(viewers)]
    for viewer in viewing:
        viewer.start()
    for viewer in viewing:
        viewer.join()
    asked = sum(len(view) for view in views)
    return Seen(asked - len(errors), len(errors), time.monotonic() - start, statistics.median(times),
                _percentile(times, 0.99), _percentile(times, 0.999))


def _next(iterator, turn):
    with turn:
        return next(iterator, None)


def _percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


# --- a crowd that sits there ---------------------------------------------------------------------


@contextlib.contextmanager
def crowd(listen, path, count):
    """`count` connections, idle and slow, as long as the block lasts; gives how many are still open when asked."""
    command = measure.pinned(measure.cores()[1],
                             ["/usr/bin/python3", HERE / "crowd.py", listen, path, count])
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def still_open():
        process.stdin.write("\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())["open"]

    try:
        if not (ready := process.stdout.readline()):
            sys.exit(f"the crowd could not gather at {listen}")
        yield json.loads(ready)["open"], still_open
    finally:
        process.stdin.close()
        measure.stop(process)
