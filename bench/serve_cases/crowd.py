# SPDX-License-Identifier: Apache-2.0
"""A crowd of connections: every other one has asked once and is idle, the others send their request byte by byte.

crowd.py ADDRESS:PORT PATH COUNT. Says how many are open when all have come, and again for each line that it is sent.
"""

import asyncio
import contextlib
import json
import sys

AT_A_TIME = 100  # that come together: a queue of connections is not what is asked about
SECONDS_A_BYTE = 1
PATIENCE = 20  # seconds, of all together: whoever is not in by then stays out


class Member:
    """One connection."""

    def __init__(self):
        self.open = False

    async def come(self, host, port, path, slow):
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        try:
            reader, writer = await asyncio.open_connection(host, port)
        except OSError:
            return
        self.open = True
        if not slow:
            writer.write(request)
        self.rest = asyncio.create_task(self._stay(reader))
        if slow:
            self.speech = asyncio.create_task(self._speak(writer, request))

    async def _stay(self, reader):
        """Until the server closes."""
        try:
            while await reader.read(65536):
                pass
        except OSError:
            pass
        self.open = False

    async def _speak(self, writer, request):
        for letter in request[:-1]:
            writer.write(bytes([letter]))
            await asyncio.sleep(SECONDS_A_BYTE)


async def gather(host, port, path, count):
    members = [Member() for _ in range(count)]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_enter(members, host, port, path), PATIENCE)
    await asyncio.sleep(0.5)
    _say(members)
    while await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        _say(members)


async def _enter(members, host, port, path):
    for first in range(0, len(members), AT_A_TIME):
        await asyncio.gather(*(member.come(host, port, path, slow=(first + place) % 2 == 1)
                               for place, member in enumerate(members[first:first + AT_A_TIME])))


def _say(members):
    print(json.dumps({"open": sum(member.open for member in members)}), flush=True)


def main(listen, path, count):
    host, _, port = listen.partition(":")
    asyncio.run(gather(host, int(port), path, int(count)))


main(*sys.argv[1:])
