"""Uploaded pictures in memory: a bounded number of bytes, for a bounded time, by content."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from app.images import Picture


def content_id(content: bytes) -> str:
    """Name a file by what is in it: sending it again gives the same name."""
    return hashlib.sha256(content).hexdigest()[:32]


class ImageStore:
    """Keep the pictures used last; forget the others, and each after a while.

    Parameters
    ----------
    capacity : int
        Bytes of all pixels together; the picture used longest ago makes room.
    lifetime : float
        Seconds that a picture is kept after its last use.
    clock : callable
        The time in seconds, never running backwards.
    """

    def __init__(
        self, *, capacity: int, lifetime: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = capacity
        self._lifetime = lifetime
        self._clock = clock
        self._lock = Lock()
        self._pictures: OrderedDict[str, tuple[Picture, float]] = OrderedDict()  # oldest use first
        self._bytes = 0

    def put(self, name: str, picture: Picture) -> None:
        """Keep a picture, and forget as many others as it takes."""
        size = picture.pixels.nbytes
        with self._lock:
            self._forget(name)
            self._expire()
            while self._pictures and self._bytes + size > self._capacity:
                self._forget(next(iter(self._pictures)))
            if size <= self._capacity:
                self._pictures[name] = (picture, self._clock())
                self._bytes += size

    def get(self, name: str) -> Picture | None:
        """Return a picture, or None where it is unknown, expired or had to make room."""
        with self._lock:
            self._expire()
            held = self._pictures.get(name)
            if held is None:
                return None
            self._pictures[name] = (held[0], self._clock())
            self._pictures.move_to_end(name)
            return held[0]

    @property
    def bytes(self) -> int:
        """The bytes of pixels held now."""
        with self._lock:
            self._expire()
            return self._bytes

    def _expire(self) -> None:
        oldest = self._clock() - self._lifetime
        while self._pictures:
            name, (_, used) = next(iter(self._pictures.items()))
            if used > oldest:
                return
            self._forget(name)

    def _forget(self, name: str) -> None:
        held = self._pictures.pop(name, None)
        if held is not None:
            self._bytes -= held[0].pixels.nbytes
