"""Places to be answered at: who is first, how many one may have, and what long work leaves to others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from page.door.places import AT_ONCE, OF_ONE, Places
from page.door.refusals import RefusedError


class Crowd:
    """Parties that come to `places` one after the other, each in a thread, and stay until they are let go."""

    def __init__(self, waiting: int = 16, *, shared: bool = True) -> None:
        self.places = Places(waiting, shared=shared)
        self.inside: list[str] = []
        self.left: set[str] = set()
        self.refused: dict[str, str] = {}
        self._go: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()

    def come(self, name: str, party: str, *, long: bool = False, seconds: float = 60) -> None:
        """Let `name` of `party` come; returns when he is inside, waits or was refused."""
        self._go[name] = threading.Event()

        def stay() -> None:
            try:
                with self.places.taken(party, long=long, seconds=seconds):
                    with self._changed:
                        self.inside.append(name)
                        self._changed.notify_all()
                    self._go[name].wait()
                with self._changed:
                    self.left.add(name)
                    self._changed.notify_all()
            except RefusedError as error:
                with self._changed:
                    self.refused[name] = error.name
                    self._changed.notify_all()

        before = len(self.places._came)
        thread = threading.Thread(target=stay)
        self._threads.append(thread)
        thread.start()
        with self._changed:
            while not (name in self.inside or name in self.refused or len(self.places._came) > before):
                self._changed.wait(0.01)

    def leave(self, name: str, then: int) -> None:
        """Let `name` go, and wait until `then` have been inside in all."""
        self._go[name].set()
        with self._changed:
            assert self._changed.wait_for(lambda: name in self.left and len(self.inside) >= then, 30)

    def close(self) -> None:
        """Let all go."""
        while any(thread.is_alive() for thread in self._threads):
            for go in self._go.values():
                go.set()
            time.sleep(0.01)


@contextmanager
def crowd(waiting: int = 16, *, shared: bool = True) -> Iterator[Crowd]:
    """A crowd that goes at the end."""
    made = Crowd(waiting, shared=shared)
    try:
        yield made
    finally:
        made.close()


def test_one_party_works_once_and_waits_twice() -> None:
    """A second question of a party waits though a place is free, a fourth is refused, and another party goes first."""
    with crowd() as many:
        for number in range(OF_ONE + 2):
            many.come(f"a{number}", "a")
        many.come("b", "b")

        assert many.inside == ["a0", "b"]
        assert many.refused == {"a3": "too_many_at_once"}
        many.leave("b", 2)
        many.come("c", "c")
        assert many.inside == ["a0", "b", "c"]
        many.leave("a0", 4)
        assert many.inside[3] == "a1"


def test_on_a_machine_of_one_s_own_nobody_is_counted() -> None:
    """Where no party is told from another, all of one address are taken on as there is room."""
    with crowd(2, shared=False) as many:
        for number in range(5):
            many.come(f"a{number}", "a")

        assert many.inside == ["a0", "a1"]
        assert many.refused == {"a4": "too_busy"}


def test_four_drafts_leave_a_place_to_questions() -> None:
    """However many drafts there are and whosever, one is checked at a time; a question that comes later has a place."""
    with crowd() as many:
        for number in range(4):
            many.come(f"draft {number}", f"party {number}", long=True)
        assert many.inside == ["draft 0"]
        many.come("question", "somebody")

        assert many.inside == ["draft 0", "question"]
        many.leave("draft 0", 3)
        assert many.inside[2] == "draft 1"


def test_a_draft_is_not_passed_over() -> None:
    """A draft that waits is next once it may, before questions that came after it."""
    with crowd() as many:
        many.come("one", "1")
        many.come("two", "2")
        many.come("draft", "3", long=True)
        many.come("three", "4")
        assert many.inside == ["one", "two"]
        many.leave("one", 3)

        assert many.inside == ["one", "two", "draft"]


def test_the_last_place_to_wait_is_for_a_question() -> None:
    """Drafts do not fill the places to wait: the last is for a question; beyond it all are refused."""
    with crowd(waiting=2) as many:
        for number in range(AT_ONCE):
            many.come(f"one {number}", str(number))
        many.come("draft", "a", long=True)
        many.come("another", "b", long=True)
        many.come("question", "c")
        many.come("late", "d")

        assert many.refused == {"another": "too_busy", "late": "too_busy"}
        many.leave("one 0", AT_ONCE + 1)
        assert many.inside[-1] == "draft"


def test_waiting_ends() -> None:
    """Who finds no place in time is refused, and leaves his place to wait."""
    with crowd(waiting=1) as many:
        many.come("a", "a")
        many.come("b", "b")
        with pytest.raises(RefusedError) as told, many.places.taken("c", long=False, seconds=0.01):
            pass
        many.come("d", "d")

        assert (told.value.name, told.value.status) == ("too_busy", 503)
        assert many.refused == {}
