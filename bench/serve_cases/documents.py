# SPDX-License-Identifier: Apache-2.0
"""Capabilities, of two layers and of two thousand, and how long a server of so many takes to start."""

import os
import shutil
import sys
import time
from dataclasses import replace

import measure
from build_cases.sources import made_once
from serve_cases import check, peers, race
from serve_cases.data import LAYER
from serve_cases.requests import Capabilities
from serve_cases.servers import started

CONNECTIONS = 16
LAYERS = 2000


def capabilities(bench):
    """T7. nginx has the document of Ardoise as a file."""
    ours = bench.server("ardoise")
    with started(ours):
        (bench.data.files / "capabilities.xml").write_bytes(check.capabilities(ours, ours.path(Capabilities())))
    _compete(bench, "T7", "T7: GetCapabilities of WMS", Capabilities())


def _compete(bench, name, title, wanted):
    sizes = {}

    def looked_at(server):
        sizes[server.name] = len(check.capabilities(server, server.path(wanted)))

    able, notes = race.line_up(bench, [wanted], looked_at)
    race.run(bench, race.Race(name, title, "nginx", race.by_wrk(bench, CONNECTIONS), goal=0.9,
                              warm=race.warmed_by_wrk(CONNECTIONS)),
             race.stored_lists(bench, name, able), notes)
    print("Bytes of the document: " + ", ".join(f"{one} {size:,}" for one, size in sizes.items()) + ".\n", flush=True)


def startup(bench):
    """Two thousand layers over one pyramid: seconds until the server answers, then their capabilities."""
    store = made_once(bench.data.folder / f"layers-{LAYERS}", lambda folder: _many_layers(bench.data.store, folder))
    listen = measure.free_address()
    server = replace(bench.server("ardoise"), listen=listen, command=peers.ardoise_command(store, listen))
    walls, cpus, memories = [], [], []
    for number in range(bench.rounds):
        print(f"startup, round {number + 1} of {bench.rounds}", file=sys.stderr)
        start = time.monotonic()
        with started(server) as running:
            walls.append(time.monotonic() - start)
            cpus.append(measure.cpu_seconds(running.own))
            memories.append(measure.memory(running.own).own)
    print(f"**Start with {LAYERS:,} layers** (goal: under 1 s)\n")
    measure.table(["", "s to the first answer", "CPU s", "own memory MB"],
                  [["ardoise", measure.spread(walls), measure.spread(cpus), race.middle(memories)]])

    crowded = replace(bench, servers=[one for one in (server, bench.server("nginx")) if one])
    with started(server):
        (bench.data.files / "capabilities.xml").write_bytes(check.capabilities(server, server.path(Capabilities())))
    _compete(crowded, "T7-2000", f"T7: GetCapabilities of WMS, {LAYERS:,} layers", Capabilities())


def _many_layers(store, folder):
    """Descriptors that all name the slabs of one pyramid, hard links to those in the store."""
    shutil.copytree(store / LAYER, folder / LAYER, copy_function=os.link)
    descriptor = (store / f"{LAYER}.json").read_text()
    for number in range(LAYERS):
        (folder / f"layer-{number:04}.json").write_text(descriptor)
