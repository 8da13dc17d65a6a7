"""The trials of ``trials/``, shortened; at length they are run by hand, and docs/reliability.md has their figures."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import strategies

from tests.test_index_crash import WRITERS
from tests.trialled import output, trialled
from trials import fuzz
from trials.full_volume import NOT_HERE
from trials.samples import SAMPLES


def test_damage_is_noticed_and_mended() -> None:
    """Of 40 damages none goes unnoticed: each is mended by the command named with it, or nothing reads the file."""
    counted = trialled("corruption", "--times", "40")

    assert sum(counted.values()) == 40
    assert counted.keys() <= {
        "answers as before", "noticed, mended by index rebuild", "noticed, mended by index build",
    }  # fmt: skip
    assert counted["noticed, mended by index rebuild"] >= 15
    assert counted["noticed, mended by index build"] >= 8


def test_random_kills_leave_a_whole_archive() -> None:
    """Twenty writers die at work, whatever others came too late to be killed."""
    counted = trialled("kills", "--times", "20")

    assert sum(count for name, count in counted.items() if ", killed, " in name) == 20
    assert {name.split(", ")[0] for name in counted} <= {*WRITERS}


def test_a_full_disk_is_one_line() -> None:
    """Under limits on the size of a file writers end with one line; most of them do meet the limit."""
    counted = trialled("full_disk", "--times", "18")

    assert sum(counted.values()) == 18
    assert sum(counted[f"{name}, refused"] for name in WRITERS) >= 12


def test_a_full_file_system_is_one_line() -> None:
    """At the end of a small file system writers end with one line, and succeed as soon as there is room."""
    counted = trialled("full_volume", "--times", "18")
    if any(name.startswith(NOT_HERE) for name in counted):
        pytest.skip(NOT_HERE)

    assert sum(counted.values()) == 18
    assert sum(counted[f"{name}, refused"] for name in WRITERS) >= 6


def test_readers_and_a_writer_go_together() -> None:
    """Each reader asks and sees generations come, and none takes ever more memory."""
    told = json.loads(output("soak", "--minutes", "0.3"))

    assert told["written"] > 1
    assert len(told["readers"]) == 8
    assert all(one["asked"] > 0 and one["generations"] > 1 for one in told["readers"])
    assert told["wrong"] == []


def test_inputs_nobody_wrote_break_nothing() -> None:
    """Every target has its share of inputs, from a seed that is known, and each input takes a bounded time."""
    counted = trialled("fuzz", "--times", "500", "--seed", "1")

    assert counted.pop("all") == sum(counted.values()) >= 500
    assert {name for name in counted if name.startswith("reader: ")} == {f"reader: {name}" for name in SAMPLES}
    assert min(counted.values()) >= 10


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An input that never ends is among what went wrong, with what it was, whatever the target catches."""

    def never_ending(text: str) -> None:
        with contextlib.suppress(Exception):
            while text:
                pass

    monkeypatch.setattr(fuzz, "_BUSY", 0.2)
    wrong: list[str] = []
    fuzz.tried("a target", strategies.just("endless"), never_ending, 3, 1, wrong)

    assert wrong == ["AssertionError: more than 0.2 seconds a target: 'endless'"]
