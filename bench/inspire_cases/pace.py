# SPDX-License-Identifier: Apache-2.0
"""Requests at a steady pace, whatever becomes of those before: who is slow does not slow down who asks.

Each has a connection of its own, as of somebody who has just come.
"""

import contextlib
import http.client
import queue
import threading
import time
import urllib.parse
from dataclasses import dataclass

CONNECTIONS = 100
"""At a time. While all of them wait a request is sent late, and counts from when it was due."""
PATIENCE = 60
"""Seconds without a byte after which an answer counts as none."""


@dataclass
class Answer:
    """What came of one request. Seconds from when it was due; `mistake` is empty where a picture came."""

    first_byte: float
    whole: float
    ended: float  # from when the first of all was due
    size: int
    mistake: str


def ask(addresses, rate, seconds, media_type):
    """`rate` addresses a second, for so many seconds; what came of each, when all have been answered."""
    due, answers = queue.Queue(), []
    start = time.monotonic()
    clients = [threading.Thread(target=_answer_all, args=(due, answers, start, media_type)) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    for number in range(round(rate * seconds)):
        moment = start + number / rate
        time.sleep(max(0.0, moment - time.monotonic()))
        due.put((next(addresses), moment))
    for _ in clients:
        due.put(None)
    for client in clients:
        client.join()
    return answers


def _answer_all(due, answers, start, media_type):
    while (wanted := due.get()) is not None:
        address, moment = wanted
        first_byte, size = None, 0
        try:
            with contextlib.closing(_connect(address)) as connection:
                connection.request("GET", _path(address))
                response = connection.getresponse()
                size = len(response.read(1))
                first_byte = time.monotonic() - moment
                size += len(response.read())
                mistake = _mistake_in(response, media_type)
        except (OSError, http.client.HTTPException) as trouble:
            mistake = f"{type(trouble).__name__}: {trouble}"
        now = time.monotonic()
        answers.append(Answer(first_byte or now - moment, now - moment, now - start, size, mistake))


def _connect(address):
    parts = urllib.parse.urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=PATIENCE)


def _path(address):
    parts = urllib.parse.urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}"


def _mistake_in(response, media_type):
    found = response.headers.get_content_type()
    if response.status != 200:
        return f"status {response.status}"
    return "" if found == media_type else f"{found} instead of {media_type}"
