# SPDX-License-Identifier: Apache-2.0
"""Runs the real `ardoise` and `ardoise-server`."""
import contextlib
import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import threading
import urllib.parse
from dataclasses import dataclass

from support.places import BIN

DEADLINE = int(os.environ.get("ARDOISE_TEST_DEADLINE", "300"))  # seconds; sanitizers need more
"""Seconds after which something hangs; nothing here takes anywhere near as long."""
SERVER_OPTIONS = shlex.split(os.environ.get("ARDOISE_SERVER_OPTIONS", ""))
"""Options for every server beside its own, as `--tile-cache 0`: answers must not depend on them."""


def ardoise(*arguments, **options):
    """Runs the pyramid tool to its end, whatever its exit code."""
    command = [str(BIN / "ardoise"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False, **options)


def done(*arguments, **options):
    """Runs the pyramid tool and insists on success."""
    result = ardoise(*arguments, **options)
    assert result.returncode == 0, f"{' '.join(map(str, arguments))}: exit code {result.returncode}\n{result.stderr}"
    return result


def inspect(store, name):
    return json.loads(done("inspect", f"{store}/{name}.json", "--json").stdout)


def verify(store, name):
    return json.loads(done("verify", f"{store}/{name}.json", "--json").stdout)


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP, as it was on the wire."""
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def media_type(self):
        return self.headers["Content-Type"]


class Server:
    """A running server; as a context it is stopped at the end, and its log must be clean. Without `watch` it reads its
    store anew when reload() tells it to, and only then."""

    HARMLESS = re.compile(r"no web pages")

    def __init__(self, store, *options, expected=None, watch=0):
        self.expected = re.compile(expected) if expected else None
        command = [str(BIN / "ardoise-server"), "--store", str(store), "--listen", "127.0.0.1:0", "--watch", str(watch),
                   *SERVER_OPTIONS, *map(str, options)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.log = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        line = self.wait_for_line(r" listening ")
        self.url = re.search(r"url=(\S+)", line)[1]
        self.port = int(re.search(r"port=(\d+)", line)[1])
        self._connection = None

    def _read_log(self):
        for line in self.process.stderr:
            with self._changed:
                self.log.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def wait_for_line(self, pattern, count=1):
        """The `count`th line of the log that holds `pattern`, as soon as it is there."""
        def found():
            lines = [line for line in self.log if re.search(pattern, line)]
            return lines[count - 1] if len(lines) >= count else None

        with self._changed:
            self._changed.wait_for(lambda: found() or not self._reader.is_alive(), DEADLINE)
            assert found(), f"the log holds no {pattern}:\n" + "\n".join(self.log)
            return found()

    def get(self, path, headers=None, method="GET"):
        """One request over a connection that stays open; nothing is followed, decoded or retried."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        return ask(self._connection, path, headers, method)

    def kvp(self, path, **parameters):
        return self.get(path + "?" + urllib.parse.urlencode(parameters))

    @contextlib.contextmanager
    def publication(self):
        """Waits until the server has published what the block changes."""
        published = sum("published" in line for line in self.log)
        yield
        self.wait_for_line(r" info published ", published + 1)

    def reload(self):
        with self.publication():
            self.process.send_signal(signal.SIGHUP)

    def stop(self):
        """Asks the server to end, and insists that it does so well."""
        if self._connection:
            self._connection.close()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        self.process.stderr.close()
        assert code == 0, f"the server's exit code is {code}:\n" + "\n".join(self.log)
        complaints = [line for line in self.log if not self._is_fine(line)]
        assert not complaints, "the server's log is not clean:\n" + "\n".join(complaints)

    def _is_fine(self, line):
        level = line.split(" ")[1] if " " in line else ""
        if level == "warning" and self.HARMLESS.search(line):
            return True
        return level == "info" or bool(self.expected and self.expected.search(line))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            self.process.kill()
            self.process.wait(DEADLINE)
            print("\n".join(self.log))
        else:
            self.stop()


def ask(connection, path, headers=None, method="GET"):
    connection.request(method, path, headers=headers or {})
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())
