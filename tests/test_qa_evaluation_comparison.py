"""Comparisons: permutation tests against exact enumeration, and Holm's correction by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.comparison import compare, holm


def exact(differences: list[float]) -> float:
    """The share of all sign flips whose sum is at least as far from 0 as that of `differences`."""
    seen = abs(sum(differences))
    sums = [
        abs(sum(sign * d for sign, d in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    return sum(flipped >= seen - 1e-12 for flipped in sums) / len(sums)


def test_holm_by_hand() -> None:
    """Four p-values are corrected as written below and stay in their order."""
    # Sorted: .01·4 = .04; .02·3 = .06; .03·2 = .06; .5·1 = .5.
    assert holm([0.03, 0.5, 0.01, 0.02]) == pytest.approx([0.06, 0.5, 0.04, 0.06])
    # .04·2 = .08, and the greater .05·1 = .05 may not stand below it; .6·2 is capped.
    assert holm([0.05, 0.04]) == pytest.approx([0.08, 0.08])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.2]) == [0.2]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_keeps_order_and_bounds(values: list[float]) -> None:
    """No corrected value is below what it was or above 1, and a smaller p-value is never corrected above a greater."""
    corrected = holm(values)

    assert all(p <= c <= 1 for p, c in zip(values, corrected, strict=True))
    ordered = [c for _, c in sorted(zip(values, corrected, strict=True))]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    "differences",
    [
        [1.0],
        [1.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, -1.0, 1.0, 1.0, 0.0, 0.0],
        [0.5, -0.25, 0.125, 0.75, -0.5, 0.25, 0.375],
        [1.0, -1.0],
        [-1.0, -1.0, -1.0, 0.5],
    ],
)
def test_p_is_that_of_all_sign_flips(differences: list[float]) -> None:
    """On few questions p is near the share of all sign flips with a mean difference at least as far from 0."""
    values = np.array(differences)

    (found,) = compare({"one": {"P@1": values}, "other": {"P@1": np.zeros(len(values))}})

    # Of 9,999 flips twice a share of .25 has a standard error of .009.
    assert found.p == pytest.approx(exact(differences), abs=0.03)
    assert found.difference == pytest.approx(values.mean())
    assert (found.one, found.other, found.measure, found.p_holm) == ("one", "other", "P@1", found.p)


def test_five_wins_of_five() -> None:
    """Five better questions of five have p = 2/32: both extremes of 2⁵ sign flips."""
    (found,) = compare({"one": {"P@1": np.ones(5)}, "other": {"P@1": np.zeros(5)}})

    assert found.p == pytest.approx(2 / 32, abs=0.01)


def test_a_system_does_not_differ_from_itself() -> None:
    """Identical values have difference 0 and p = 1."""
    values = np.array([0.0, 1.0, 0.25, 1.0])

    (found,) = compare({"one": {"AP": values}, "other": {"AP": values.copy()}})

    assert (found.difference, found.p, found.p_holm) == (0.0, 1.0, 1.0)


def test_questions_without_score_are_left_out() -> None:
    """A question that lacks a score in either system counts in neither; a measure without any is not compared."""
    nan = math.nan
    one = {"P@1": np.array([1.0, 1.0, nan, 1.0, 0.0]), "AP": np.array([nan] * 5)}
    other = {"P@1": np.array([0.0, nan, 1.0, 0.0, 0.0]), "AP": np.ones(5)}

    (found,) = compare({"one": one, "other": other})

    # Left are the first, fourth and fifth: differences 1, 1, 0; p = 2/4.
    assert (found.measure, found.difference, found.p) == ("P@1", pytest.approx(2 / 3), pytest.approx(2 / 4, abs=0.03))


def test_many_questions_are_sampled_the_same_each_time() -> None:
    """With too many sign flips to go through, p comes from a fixed sample: the same twice, near the true one."""
    generator = np.random.default_rng(2)
    one, other = (generator.binomial(1, share, 300).astype(float) for share in (0.5, 0.42))

    first, second = (compare({"one": {"P@1": one}, "other": {"P@1": other}}) for _ in range(2))

    # Of the questions that differ, w were won and l lost: a sign test over w + l fair coins.
    won, lost = int((one > other).sum()), int((one < other).sum())
    tail = sum(math.comb(won + lost, k) for k in range(max(won, lost), won + lost + 1)) / 2 ** (won + lost)
    assert first == second
    assert first[0].p == pytest.approx(min(1.0, 2 * tail), abs=0.02)


def test_every_pair_is_compared_and_corrected_together() -> None:
    """Three systems by two measures give six comparisons, corrected over all six."""
    values = {
        name: {"P@1": np.full(6, value), "AP": np.zeros(6)} for name, value in (("a", 1.0), ("b", 0.5), ("c", 0.0))
    }

    found = compare(values)

    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    assert [(c.one, c.other, c.measure) for c in found] == [(*pair, name) for pair in pairs for name in ("P@1", "AP")]
    # Six wins of six: p is near 2/64, corrected six times over for the first of equals and no less for the others.
    wins = found[0].p
    assert wins == pytest.approx(2 / 64, abs=0.01)
    assert [c.p for c in found] == pytest.approx([wins, 1] * 3)
    assert [c.p_holm for c in found] == pytest.approx([6 * wins, 1] * 3)


def test_one_system_has_nothing_to_compare() -> None:
    """A single system gives no comparison."""
    assert compare({"one": {"P@1": np.ones(3)}}) == []
