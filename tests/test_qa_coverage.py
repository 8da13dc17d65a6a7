"""How much of a question a text holds, computed by hand.

In an index of N passages a term of n of them weighs ln(1 + (N - n + .5) / (n + .5)) = ln((N + 1) / (n + .5)).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keys import Key, question_keys
from index.numbered import numbers_of
from index.terms import TantivyIndex, TermedPassage
from qa.coverage import Coverage

A, B, C, NEVER = (Key(False, frozenset(terms)) for terms in (["a"], ["b"], ["c"], ["n"]))
PASSAGES = [
    (1, "one", [["t"], ["a", "x", "b"]]),
    (2, "one", [["t"], ["a", "c"]]),
    (3, "two", [[], ["a", "b"], ["x"]]),
    (4, "two", [[], ["a", "a"], ["x"]]),
]
WA, WB, WC, WN = log(5 / 4.5), log(5 / 2.5), log(5 / 1.5), log(5 / 0.5) / 2
"""What A (of all four passages), B (of two), C (of one) and NEVER (of none: half) weigh."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    """An index of the four passages."""
    return TantivyIndex.build(tmp_path_factory.mktemp("terms"), (TermedPassage(*one) for one in PASSAGES))


def test_weights_are_inverse_document_frequencies(index: TantivyIndex) -> None:
    """The rarer a key the more it weighs; one that no passage holds weighs half the greatest."""
    coverage = Coverage.of([A, B, C, NEVER], index)

    assert coverage.weights == pytest.approx((0.105361, 0.693147, 1.203973, 1.151293), abs=1e-6)
    assert coverage.weights == pytest.approx((WA, WB, WC, WN))
    assert coverage.places == {"a": (0,), "b": (1,), "c": (2,), "n": (3,)}


@pytest.mark.parametrize(
    ("terms", "holders"),
    [(["b", "c"], 3), (["b", "n"], 2), (["a", "b"], 4), (["a", "b", "c", "x"], 4)],
)
def test_holders_of_a_keys_terms_are_added_up(index: TantivyIndex, terms: list[str], holders: int) -> None:
    """A key of several terms is as frequent as all of them together, and at most in every passage."""
    (weight,) = Coverage.of([Key(False, frozenset(terms))], index).weights

    assert weight == pytest.approx(log(5 / (holders + 0.5)))


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ([], 0.0),
        (["x", "t"], 0.0),
        (["a"], WA / (WA + WB + WC)),
        (["a", "a", "a"], WA / (WA + WB + WC)),
        (["b", "x", "a"], (WA + WB) / (WA + WB + WC)),
        (["c", "b", "a"], 1.0),
    ],
)
def test_share_of_a_sentence(index: TantivyIndex, line: list[str], share: float) -> None:
    """A sentence holds the weights of the keys in it, each once, in any order, of all the keys' weights."""
    assert of_sentence(Coverage.of([A, B, C], index), line) == pytest.approx(share)


def test_the_unknown_word_counts_in_the_whole(index: TantivyIndex) -> None:
    """A word that the archive does not know lowers every text's share."""
    coverage = Coverage.of([C, NEVER], index)

    assert of_sentence(coverage, ["c"]) == pytest.approx(WC / (WC + WN))
    assert of_passage(coverage, [["c"]]) == pytest.approx(WC / (WC + WN + WN / 2))


def of_passage(coverage: Coverage, lines: Sequence[Sequence[str]]) -> float:
    """What `coverage` says of a passage of `lines`."""
    return _shares(coverage, lines)[0]


def of_sentence(coverage: Coverage, line: Sequence[str]) -> float:
    """What `coverage` says of one line."""
    (share,) = _shares(coverage, [line])[1]
    return share


def _shares(coverage: Coverage, *passages: Sequence[Sequence[str]]) -> tuple[Any, list[float]]:
    """The share of the only one of `passages`, or those of all; and those of all their lines."""
    whole, of_lines = coverage.shares([numbers_of(lines) for lines in passages])
    return whole[0] if len(whole) == 1 else whole.tolist(), of_lines.tolist()


WHOLE = WA + WB + WC + WA / 2 + WB / 2
"""All of A B C: its words, and half the lighter word of each pair, A B and B C."""


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ([], 0.0),
        ([[]], 0.0),
        ([["x"], ["t"]], 0.0),
        ([["a"]], WA / WHOLE),
        ([["a"], ["b"]], (WA + WB) / WHOLE),
        ([["a", "b"]], (WA + WB + WA / 2) / WHOLE),
        ([["b", "a"]], (WA + WB + WA / 2) / WHOLE),
        ([["a", "x", "b"]], (WA + WB + WA / 2) / WHOLE),
        ([["a", "x", "x", "b"]], (WA + WB) / WHOLE),
        ([["a", "c"]], (WA + WC) / WHOLE),
        ([["a"], ["b", "c"]], (WA + WB + WC + WB / 2) / WHOLE),
        ([["a", "b"], ["a", "b"]], (WA + WB + WA / 2) / WHOLE),
        ([["a", "b"], ["c", "x", "b"]], 1.0),
        ([["c", "b", "a"]], 1.0),
        ([["a", "c", "b"]], 1.0),
        ([["a", "b", "c"], ["x"]], 1.0),
    ],
)
def test_share_of_a_passage(index: TantivyIndex, lines: list[list[str]], share: float) -> None:
    """Beside its words a passage holds the pairs of neighbouring ones at most two places apart, within one line."""
    assert of_passage(Coverage.of([A, B, C], index), lines) == pytest.approx(share)


def test_one_term_is_no_pair(index: TantivyIndex) -> None:
    """A term that stands for two neighbouring words of the question holds both, and their pair only where it stands
    twice.
    """
    both = Coverage.of([Key(False, frozenset({"b", "n"})), Key(False, frozenset({"b", "m"}))], index)

    assert both.places["b"] == (0, 1)
    assert of_sentence(both, ["b"]) == pytest.approx(1.0)
    assert of_passage(both, [["b"]]) == pytest.approx(2 / 2.5)
    assert of_passage(both, [["b", "x"], ["b"]]) == pytest.approx(2 / 2.5)
    assert of_passage(both, [["b", "b"]]) == pytest.approx(1.0)


@pytest.mark.parametrize("lines", [[], [[]], [["a", "b"]]])
def test_no_keys_are_no_share(index: TantivyIndex, lines: list[list[str]]) -> None:
    """Of a question without words every text holds nothing."""
    coverage = Coverage.of([], index)

    assert (coverage.weights, coverage.places) == ((), {})
    assert of_passage(coverage, lines) == of_sentence(coverage, ["a"]) == 0.0


def test_an_empty_index_gives_no_share(tmp_path: Path) -> None:
    """In an index of no passages a word weighs half of ln 2, and what no passage holds nothing holds."""
    coverage = Coverage.of([A], TantivyIndex.build(tmp_path, []))

    assert coverage.weights == pytest.approx((log(2) / 2,))
    assert of_passage(coverage, []) == 0.0


def test_each_line_has_a_share_of_its_own(index: TantivyIndex) -> None:
    """The lines' shares come in order, also of lines that hold nothing, and of empty ones."""
    coverage = Coverage.of([A, B, C], index)

    assert _shares(coverage, [["t"], ["a", "x", "b"], [], ["c"]])[1] == pytest.approx(
        [0.0, (WA + WB) / (WA + WB + WC), 0.0, WC / (WA + WB + WC)]
    )
    assert _shares(coverage, [["t"], [], ["x"]]) == (0.0, [0.0, 0.0, 0.0])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.lists(st.sampled_from("abcxt"), max_size=8), min_size=1, max_size=4), min_size=2, max_size=4)
)
def test_passages_do_not_mix(index: TantivyIndex, passages: list[list[list[str]]]) -> None:
    """What a passage and its lines hold is the same to the bit alone and among others."""
    coverage = Coverage.of([A, B, C, NEVER], index)

    together, of_lines = _shares(coverage, *passages)

    alone = [_shares(coverage, one) for one in passages]
    assert together == [share for share, _ in alone]
    assert of_lines == [share for _, own in alone for share in own]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abcxt"), max_size=8), max_size=4),
    st.lists(st.sampled_from([A, B, C, NEVER]), unique=True, max_size=4),
)
def test_shares_lie_between_nothing_and_all(index: TantivyIndex, lines: list[list[str]], keys: list[Key]) -> None:
    """Every share is from 0 to 1, and no line of a passage holds more words than all its lines."""
    coverage = Coverage.of(keys, index)

    assert -1e-9 <= of_passage(coverage, lines) <= 1 + 1e-9
    together = [term for line in lines for term in line]
    assert all(of_sentence(coverage, line) <= of_sentence(coverage, together) + 1e-9 for line in lines)


def test_a_translation_holds_the_word(tmp_path: Path) -> None:
    """A question's word is held by its translation as by itself: the whole English question by an Italian sentence."""
    line = ["it:soldat", "it:russ", "=10000"]
    index = TantivyIndex.build(
        tmp_path, [TermedPassage(1, "one", [[], line]), TermedPassage(2, "one", [[], ["it:russ"]])]
    )
    coverage = Coverage.of(question_keys("Are 10 thousand from Russia?", ("en",)), index)

    assert coverage.weights == pytest.approx((log(3 / 1.5), log(3 / 2.5)))
    assert of_passage(coverage, [[], line]) == pytest.approx(1.0)
    assert of_sentence(coverage, ["it:russ"]) == pytest.approx(log(1.2) / (log(1.2) + log(2)))
