from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.image_store import ImageStore, content_id
from app.images import Picture


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def picture(size):
    return Picture(np.zeros((1, size), dtype=np.uint8), (size, 1))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    return ImageStore(capacity=100, lifetime=60, clock=clock)


def test_the_same_bytes_have_the_same_name():
    assert content_id(b"abc") == content_id(b"abc") != content_id(b"abd")


def test_a_picture_is_found_again(store):
    held = picture(5)

    store.put("a", held)

    assert store.get("a") is held
    assert store.get("b") is None


def test_the_picture_used_longest_ago_makes_room(store):
    store.put("a", picture(40))
    store.put("b", picture(40))
    store.get("a")

    store.put("c", picture(40))

    assert [store.get(name) is None for name in "abc"] == [False, True, False]
    assert store.bytes == 80


def test_a_picture_is_forgotten_some_time_after_its_last_use(store, clock):
    store.put("a", picture(10))
    clock.now = 59
    store.get("a")

    clock.now = 118.9
    still_there = store.get("a") is not None
    clock.now = 179

    assert still_there
    assert store.get("a") is None
    assert store.bytes == 0


def test_putting_a_picture_again_counts_it_once(store):
    store.put("a", picture(60))
    store.put("a", picture(70))

    assert store.bytes == 70


def test_a_picture_larger_than_the_store_is_not_kept(store):
    store.put("small", picture(10))

    store.put("large", picture(101))

    assert store.get("large") is None
    assert store.bytes <= 100


def test_many_threads_leave_the_count_right(store):
    def work(turn):
        store.put(f"{turn % 13}", picture(7 + turn % 5))
        store.get(f"{turn % 7}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(2000)))

    assert store.bytes <= 100
    assert store.bytes == sum(
        found.pixels.nbytes for n in range(13) if (found := store.get(f"{n}")) is not None
    )
