"""The bridge between threads: results and errors cross it, and nothing else does."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from playground.gui.jobs import Job, Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.shutdown(3000)


class Seen:
    """What came back, and whether it came on the GUI thread."""

    def __init__(self) -> None:
        self.results: list[Any] = []
        self.threads: set[str] = set()

    def __call__(self, result: Any) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread().name)
        assert QThread.isMainThread()


def test_a_result_comes_back_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    seen = Seen()
    where: list[str] = []

    def work() -> int:
        where.append(threading.current_thread().name)
        return 42

    jobs.run("project", work, seen)
    assert not jobs.idle
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == [42]
    assert where == ["jobs.project.0"]
    assert seen.threads == {threading.main_thread().name}


def test_an_error_comes_back_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    done, failed = Seen(), Seen()
    jobs.run("project", lambda: 1 / 0, done, failed)
    qtbot.waitUntil(lambda: jobs.idle)
    assert done.results == []
    assert [type(error) for error in failed.results] == [ZeroDivisionError]


@pytest.mark.parametrize("bad", [SystemExit(3), KeyboardInterrupt(), RecursionError("deep")])
def test_what_user_code_throws_does_not_end_the_lane(qtbot: QtBot, jobs: Jobs, bad: BaseException) -> None:
    failed, done = Seen(), Seen()

    def work() -> None:
        raise bad

    jobs.run("app", work, done, failed)
    jobs.run("app", lambda: "next", done)
    qtbot.waitUntil(lambda: jobs.idle)
    assert failed.results == [bad]
    assert done.results == ["next"]


def test_an_error_that_nobody_handles_is_told(qtbot: QtBot, jobs: Jobs) -> None:
    with qtbot.waitSignal(jobs.unexpected) as told:
        jobs.run("network", lambda: {}["missing"], Seen())
    assert isinstance(told.args[0], KeyError)


def test_an_error_in_a_callback_is_told_and_the_rest_goes_on(qtbot: QtBot, jobs: Jobs) -> None:
    seen = Seen()

    def broken(result: object) -> None:
        raise LookupError(str(result))

    with qtbot.waitSignal(jobs.unexpected) as told:
        jobs.run("project", lambda: "x", broken)
        jobs.run("project", lambda: "y", seen)
    assert isinstance(told.args[0], LookupError)
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == ["y"]


def test_with_nobody_listening_the_error_goes_to_the_hook(
    qtbot: QtBot, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(kind))
    jobs.run("project", lambda: 1 / 0, Seen())
    qtbot.waitUntil(lambda: jobs.idle)
    assert caught == [ZeroDivisionError]


def test_a_lane_of_one_keeps_the_order(qtbot: QtBot, jobs: Jobs) -> None:
    seen = Seen()
    for number in range(200):
        jobs.run("project", lambda number=number: number, seen)
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == list(range(200))


def test_lanes_do_not_wait_for_each_other(qtbot: QtBot, jobs: Jobs) -> None:
    seen, stuck = Seen(), threading.Event()
    jobs.run("app", lambda: stuck.wait(10), seen)
    jobs.run("project", lambda: "edit", seen)
    qtbot.waitUntil(lambda: seen.results == ["edit"])
    stuck.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == ["edit", True]


def test_four_requests_run_at_the_same_time_and_the_fifth_waits(qtbot: QtBot, jobs: Jobs) -> None:
    seen, all_in, go = Seen(), threading.Barrier(5), threading.Event()

    def work() -> str:
        all_in.wait(10)
        go.wait(10)
        return threading.current_thread().name

    for _ in range(4):
        jobs.run("network", work, seen)
    all_in.wait(10)  # all four are inside
    fifth: list[str] = []
    jobs.run("network", lambda: fifth.append("ran"), seen)
    assert fifth == []
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert fifth == ["ran"]
    assert len({name for name in seen.results if name}) == 4


def test_a_cancelled_job_that_runs_is_dropped(qtbot: QtBot, jobs: Jobs) -> None:
    seen, inside, go = Seen(), threading.Event(), threading.Event()

    def work() -> str:
        inside.set()
        go.wait(10)
        return "too late"

    job = jobs.run("network", work, seen, seen)
    assert inside.wait(10)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == []


def test_a_cancelled_job_that_waits_never_begins(qtbot: QtBot, jobs: Jobs) -> None:
    seen, go, begun = Seen(), threading.Event(), []
    jobs.run("project", lambda: go.wait(10), seen)
    job = jobs.run("project", lambda: begun.append(1), seen)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert begun == []
    assert seen.results == [True]


def test_a_job_cancelled_between_its_end_and_its_delivery_is_dropped(qtbot: QtBot, jobs: Jobs) -> None:
    seen, ended = Seen(), threading.Event()
    job = jobs.run("project", ended.set, seen)
    assert ended.wait(10)
    job.cancel()  # no event loop ran since, so it can't have been delivered
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == []


def test_the_latest_of_a_key_takes_the_place_of_those_that_wait(qtbot: QtBot, jobs: Jobs) -> None:
    seen, inside, go = Seen(), threading.Event(), threading.Event()

    def first() -> int:
        inside.set()
        go.wait(10)
        return 0

    jobs.latest("project", "app.py", first, seen)
    assert inside.wait(10)
    for number in range(1, 50):
        jobs.latest("project", "app.py", lambda number=number: number, seen)
    jobs.latest("project", "base.html", lambda: "other key", seen)
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen.results == [0, 49, "other key"]


def test_settled_is_told_when_the_last_job_is_delivered(qtbot: QtBot, jobs: Jobs) -> None:
    seen = Seen()
    with qtbot.waitSignal(jobs.settled):
        for number in range(5):
            jobs.run("network", lambda number=number: number, seen)
    assert sorted(seen.results) == [0, 1, 2, 3, 4]
    assert jobs.idle


def test_a_callback_may_run_the_next_job(qtbot: QtBot, jobs: Jobs) -> None:
    seen = Seen()

    def again(number: int) -> None:
        seen(number)
        if number < 5:
            jobs.run("app", lambda: number + 1, again)

    with qtbot.waitSignal(jobs.settled):
        jobs.run("app", lambda: 0, again)
    assert seen.results == [0, 1, 2, 3, 4, 5]


def test_after_shutdown_nothing_is_delivered_and_no_thread_is_left(qtbot: QtBot) -> None:
    jobs, seen, ended = Jobs(), Seen(), threading.Event()
    jobs.run("project", ended.set, seen)
    assert ended.wait(10)
    assert jobs.shutdown(3000)
    assert jobs.run("project", lambda: 1, seen).cancelled
    qtbot.wait(1)  # lets queued deliveries arrive, if there were any
    assert seen.results == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("jobs.")]


def test_shutdown_does_not_wait_for_ever_and_the_straggler_is_harmless(qtbot: QtBot) -> None:
    jobs, seen, go = Jobs(), Seen(), threading.Event()
    inside = threading.Event()

    def endless() -> None:
        inside.set()
        go.wait(30)

    jobs.run("app", endless, seen)
    queued: list[int] = []
    jobs.run("app", lambda: queued.append(1), seen)
    assert inside.wait(10)
    assert not jobs.shutdown(50)
    left = [thread for thread in threading.enumerate() if thread.name.startswith("jobs.")]
    assert [(thread.name, thread.daemon) for thread in left] == [("jobs.app.0", True)]
    jobs.deleteLater()
    qtbot.wait(1)
    go.set()  # it ends long after the bridge is gone
    left[0].join(10)
    assert (seen.results, queued) == ([], [])


class Held:
    """Tells on which threads those of its kind were freed."""

    freed: list[str] = []

    def __del__(self, current: Callable[[], threading.Thread] = threading.current_thread) -> None:
        self.freed.append(current().name)


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(Held, "freed", names)
    return names


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_job_holds_is_let_go_of_on_the_gui_thread(
    qtbot: QtBot, jobs: Jobs, freed: list[str], fails: bool
) -> None:
    def put(number: int) -> None:
        with_work, with_done, with_failed = Held(), Held(), Held()

        def work() -> Held:
            made = Held()
            if fails:
                raise LookupError(with_work)
            return made

        jobs.run("network", work, lambda _: with_done and None, lambda _: with_failed and None)

    for number in range(200):
        put(number)
    qtbot.waitUntil(lambda: jobs.idle)
    assert set(freed) == {threading.main_thread().name}
    assert len(freed) == 4 * 200


@pytest.mark.parametrize("patient", [False, True])
def test_what_a_job_holds_at_shutdown_is_not_freed_by_its_worker(
    qtbot: QtBot, freed: list[str], patient: bool
) -> None:
    jobs, inside, go = Jobs(), threading.Event(), threading.Event()

    def put() -> None:
        held = Held()

        def work() -> None:
            inside.set()
            go.wait(10)

        jobs.run("app", work, lambda _: held and None)

    put()
    assert inside.wait(10)
    assert not jobs.shutdown(10)
    worker = next(thread for thread in threading.enumerate() if thread.name == "jobs.app.0")
    go.set()
    if patient:
        assert jobs.shutdown(3000)
    worker.join(10)
    assert freed == [threading.main_thread().name] * patient


def test_a_bound_method_of_a_qobject_is_called_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    class Panel(QObject):
        shown: int = 0

        def show_result(self, result: int) -> None:
            assert QThread.isMainThread()
            self.shown = result

    panel = Panel()
    job = jobs.run("network", lambda: 7, panel.show_result)
    assert isinstance(job, Job)
    qtbot.waitUntil(lambda: panel.shown == 7)
