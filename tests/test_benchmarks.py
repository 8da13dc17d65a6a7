"""What benchmarks tell: their figures as they are printed and kept, their ratios, and that each has them."""

from __future__ import annotations

import importlib
import json
import re
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import WORKS, main
from benchmarks.figures import tell
from benchmarks.growth import asked, recall
from benchmarks.peers import Times, _in_turn, _told
from benchmarks.plots import _PLOTS, _SIZES, draw, picture
from index.archive import Archive
from index.vectors import FaissIndex, SegmentVectors


def test_figures_are_printed_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, in columns, and the same as JSON."""
    figures = {"è vero, s": 1.5, "a longer name": "fp32"}

    tell(figures, tmp_path / "figures.json")

    assert [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()] == [
        ["è vero, s", "1.5"],
        ["a longer name", "fp32"],
    ]
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8")) == figures


@pytest.mark.parametrize("name", [*WORKS, "halves"])
def test_each_writes_its_figures(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that are run together, and those that are not, take ``--json``."""
    monkeypatch.setattr("sys.argv", [name, "--help"])

    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"benchmarks.{name}").main()

    assert ended.value.code == 0
    assert "--json FILE" in capsys.readouterr().out


@pytest.mark.parametrize("name", WORKS)
def test_each_takes_what_it_is_given(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All that are run together know the arguments that they are run with."""
    parse = ArgumentParser.parse_args

    def parsed(parser: ArgumentParser) -> None:
        parse(parser)
        raise KeyboardInterrupt

    monkeypatch.setattr(ArgumentParser, "parse_args", parsed)
    monkeypatch.setattr("sys.argv", [name, *map(str, WORKS[name]), "--json", str(tmp_path / "figures.json")])

    with pytest.raises(KeyboardInterrupt):
        importlib.import_module(f"benchmarks.{name}").main()


def test_an_unknown_one_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name that none has runs nothing."""
    monkeypatch.setattr("sys.argv", ["benchmarks", "bench", "--folder", str(tmp_path / "figures")])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert not (tmp_path / "figures").exists()


def test_ratios_are_to_the_fastest_peer() -> None:
    """By the clock and by the processor, of what the program does with words and vectors."""
    of = {
        "the program": Times(1.0, 4.0),
        "txtai": Times(4.0, 5.0),
        "Haystack": Times(5.0, 4.0),
        "words alone, the program": Times(0.1, 0.1),
    }

    told = _told(of, "s", "<= .5", "building, ")

    assert {name: value for name, value in told.items() if "/" in name} == {
        "building, the program / fastest peer (asked: <= .5)": 0.25,
        "building, the program / fastest peer, processor": 1.0,
    }
    assert told["building, txtai, s"] == 4.0
    assert "fastest" not in str(_told({"the program": Times(1.0, 1.0)}, "s", "<= .5"))


def test_each_is_first_in_turn() -> None:
    """All are given the same, and another one begins each time."""
    seen: list[str] = []
    works = {name: lambda text, name=name: seen.append(f"{name}{text}") for name in "abc"}

    times = _in_turn(works, [("1",), ("2",), ("3",), ("4",)], turning=True)

    assert seen == ["a1", "b1", "c1", "b2", "c2", "a2", "c3", "a3", "b3", "a4", "b4", "c4"]
    assert times.keys() == works.keys()
    assert all(of.clock >= 0 and of.processor >= 0 for of in times.values())


def test_recall_counts_what_was_found(hashing_archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the nearest in an index that compares all; less where the search leaves some out."""
    index = hashing_archive.sentences
    assert isinstance(index, FaissIndex)
    vectors = np.concatenate([segment.matrix[:5] for segment in index.segments])

    assert recall(index, vectors) == 1.0

    near = SegmentVectors._near
    monkeypatch.setattr(SegmentVectors, "_near", lambda *given: near(*given)[::2])
    assert 0 < recall(index, vectors) < 1


def test_growth_is_drawn(tmp_path: Path) -> None:
    """The same rows make the same picture, in whatever order, and one that lacks a figure another."""
    names = [name for _, of in _PLOTS for name in of]
    rows = [
        {**dict.fromkeys(names, size), "passages built": size, "vectors": kind, _SIZES: f"1 {size} 9"}
        for size, kind in ((1_000, "real"), (10_000, "synthetic"))
    ]

    draw(rows, tmp_path / "one.svg")
    draw(rows[::-1], tmp_path / "other.svg")

    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    assert b"<svg" in (tmp_path / "one.svg").read_bytes()
    for axes in picture(rows).axes:
        low, high = axes.get_ylim()
        assert all(low < value < high for line in axes.lines for value in line.get_ydata())
        # A logarithmic axis from nothing on would leave all points at its end.
        assert low == 0 if axes.get_yscale() == "linear" else low > 1
    del rows[0]["build, processor s"]
    draw(rows, tmp_path / "lacking.svg")
    assert (tmp_path / "lacking.svg").read_bytes() != (tmp_path / "one.svg").read_bytes()


def test_what_is_drawn_is_what_is_measured(seeds_path: Path) -> None:
    """Every figure of an archive that is asked, and that the plots draw, is measured under that name."""
    figures = asked(seeds_path, ["Chi ha parlato a Pyongyang?", "Quando si vota?", "Who spoke?", "Dove?"])

    drawn = {name for _, of in _PLOTS for name in of}
    assert drawn - figures.keys() == {"build, processor s", "adding 100 articles, processor s"}
    assert _SIZES in figures
    assert figures["passages, recall@20"] == figures["sentences, recall@20"] == 1.0
    assert all(figures[name] > 0 for name in figures if "encoding" in name)
