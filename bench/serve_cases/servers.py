# SPDX-License-Identifier: Apache-2.0
"""A server of any make: how it is started, how it calls what it serves, which of its processes count."""

import contextlib
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import measure
from serve_cases.requests import Unable


@dataclass
class Program:
    """A FastCGI program behind a front, listening on a socket of its own."""

    command: list
    socket: Path
    environment: dict


@dataclass
class Server:
    """Listens on loopback. `addresses`: for each kind of request what makes a path of it, or raises Unable."""

    name: str
    listen: str  # address and port
    command: list  # the process that listens there
    ready: str  # path that answers 200 once it serves
    addresses: dict
    programs: list = field(default_factory=list)  # that do the work, where it is only a front

    def path(self, wanted):
        """Of a request, or nothing where it is not this server that such a request is for."""
        address = self.addresses.get(type(wanted))
        return address(wanted) if address else None

    @property
    def file_name(self):
        return self.name.replace(" ", "-")


@dataclass
class Running:
    """The processes of a server: those that do the work, and those that only pass it on."""

    own: list
    front: list


@contextlib.contextmanager
def started(server):
    """Runs it on the core for servers as long as the block lasts, from its first answer on."""
    core = measure.cores()[0]
    with contextlib.ExitStack() as running:
        workers = [running.enter_context(_spawned(program, core)) for program in server.programs]
        listening = running.enter_context(
            measure.serving(measure.pinned(core, server.command), f"http://{server.listen}{server.ready}"))
        yield Running(workers or listening, listening if workers else [])


@contextlib.contextmanager
def _spawned(program, core):
    """spawn-fcgi opens the socket and becomes the program."""
    command = measure.pinned(core, ["env", *(f"{name}={value}" for name, value in program.environment.items()),
                                    "spawn-fcgi", "-n", "-s", program.socket, "--", *program.command])
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not program.socket.exists() and process.poll() is None:
            time.sleep(0.01)
        yield process.pid
    finally:
        measure.stop(process)
        program.socket.unlink(missing_ok=True)


def unable(reason):
    """An address that says why there is none."""
    def address(_):
        raise Unable(reason)
    return address
