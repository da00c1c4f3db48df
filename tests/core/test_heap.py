"""What has been loaded is passed over by Python's garbage collector, and what it leaves behind is freed."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from playground.core.heap import Heap


class Part:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def heap() -> Iterator[Heap]:
    heap = Heap()
    yield heap
    heap.release()


def test_nothing_is_looked_for_while_something_is_loaded(heap: Heap) -> None:
    with heap.at_rest():
        with heap.at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_loaded_is_set_aside_and_can_still_be_asked_for(heap: Heap) -> None:
    with heap.at_rest():
        held = [object()]
        holder = [held]
    assert holder not in gc.get_referrers(held)
    with heap.whole():
        assert any(one is holder for one in gc.get_referrers(held))
    assert gc.get_freeze_count() > 0


def test_a_sweep_frees_what_was_set_aside_and_dropped(heap: Heap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.core.heap.LONGEST", 60.0)  # however much this process holds
    with heap.at_rest():
        part = weakref.ref(Part())
    gc.collect()
    assert part() is not None
    assert heap.sweep()
    assert part() is None


def test_a_sweep_that_takes_long_waits_until_there_is_much_to_free(
    heap: Heap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.core.heap.LONGEST", 0.0)
    assert not heap.sweep()
    with heap.at_rest():
        dropped = [Part() for _ in range(2 * gc.get_freeze_count())]
    part = weakref.ref(dropped[0])
    del dropped
    assert heap.sweep()
    assert part() is None


def test_a_closed_project_leaves_nothing_aside(heap: Heap) -> None:
    with heap.at_rest():
        pass
    heap.release()
    assert gc.get_freeze_count() == 0


def test_only_the_thread_that_keeps_the_heap_frees_what_it_finds(
    heap: Heap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.core.heap.LONGEST", 60.0)  # however much this process holds
    freed: list[int] = []

    class Told(Part):
        def __del__(self) -> None:
            freed.append(threading.get_ident())

    def make_garbage() -> None:
        Told()
        many = [[] for _ in range(5_000)]  # as many as let Python look by itself
        assert len(many) == 5_000
        heap.sweep()

    heap.keep_here()
    other = threading.Thread(target=make_garbage)
    other.start()
    other.join()
    assert freed == []
    heap.tend()
    assert freed == [threading.get_ident()]


def test_an_app_that_looks_for_garbage_only_asks_the_thread_that_keeps_the_heap(
    heap: Heap,
) -> None:
    freed: list[int] = []

    class Told(Part):
        def __del__(self) -> None:
            freed.append(threading.get_ident())

    def view() -> None:
        Told()
        gc.enable()
        assert gc.collect() == 0
        many = [[] for _ in range(5_000)]
        assert len(many) == 5_000

    heap.keep_here()
    other = threading.Thread(target=view)
    other.start()
    other.join()
    assert freed == []
    heap.tend()
    assert freed == [threading.get_ident()]
    heap.release()
    assert gc.collect.__module__ == "gc" and gc.isenabled()


def test_what_is_left_when_the_heap_is_released_is_freed_there(heap: Heap) -> None:
    heap.keep_here()
    part = weakref.ref(Part())
    heap.set_aside()
    heap.release()
    assert part() is None


def test_the_heap_is_tended_no_more_often_than_python_would(heap: Heap) -> None:
    heap.keep_here()
    gc.collect()
    part = weakref.ref(Part())
    heap.tend()
    assert part() is not None
    many = [[] for _ in range(gc.get_threshold()[0] + 1)]
    heap.tend()
    assert part() is None and many


def test_when_it_is_released_any_thread_may_look_again(heap: Heap) -> None:
    heap.keep_here()
    with heap.at_rest():
        pass
    assert not gc.isenabled()
    heap.release()
    assert gc.isenabled()
