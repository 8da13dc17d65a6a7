"""Measures: each figure against arithmetic done by hand."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UsageError
from index.records import Article, Span
from qa.evaluation.measures import (
    abstention,
    auroc,
    evidence_values,
    holds_answer,
    mean_of,
    parse_measures,
    retrieval_values,
    verbatim_rate,
)
from qa.evaluation.records import GoldAnswer, GoldQuestion
from qa.evaluation.systems import Outcome
from qa.records import Answer, Citation, Language, Question, Quote, Reason, Status

TEXT = "Il museo apre alle nove. Il biglietto costa dieci euro. Il bar resta chiuso."
FIRST, SECOND, THIRD = Span(0, 24), Span(25, 55), Span(56, 76)
ASKED = Question("Quando?", Language.ITALIAN, "Quando?", (Language.ITALIAN,))


def article(text: str) -> Article:
    """An article of which nothing but the text is known."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    nothing: dict[str, Any] = dict.fromkeys(("title", "outlet", "author", "published", "language", "url"))
    files = {"source_file": "d1", "source_path": "d1", "sha256": sha256, "source_sha256": sha256}
    return Article(id=sha256[:16], text=text, **nothing, **files)


MUSEUM = article(TEXT)
NAMES = {MUSEUM.id: ["d1", "twin"]}


def question(
    relevant: dict[str, int] | None = None,
    answers: Sequence[GoldAnswer] = (),
    answerable: bool | None = None,
    near: bool = False,
) -> GoldQuestion:
    """A question with this gold."""
    return GoldQuestion("q", "Quando?", Language.ITALIAN, relevant or {}, tuple(answers), answerable, near)


def outcome(
    gold: GoldQuestion,
    ranking: str = "",
    quotes: Sequence[Span] = (),
    *,
    sure: float = 0.5,
    answered: bool = True,
    source: Article = MUSEUM,
) -> Outcome:
    """What a system made of `gold`: documents of one letter, best first, and quotes of `source`."""
    whole = Quote(source, Span(0, len(source.text)))
    shown = tuple(Citation(n, Quote(source, span), whole, 0.5, (), {}) for n, span in enumerate(quotes, start=1))
    answered = answered and bool(shown)
    reason = None if answered else Reason.UNRELATED
    status = Status.ANSWERED if answered else Status.NOT_FOUND
    cited, nearest = (shown, ()) if answered else ((), shown)
    ranked = tuple((document, -float(rank)) for rank, document in enumerate(ranking))
    return Outcome(gold, ranked, Answer(ASKED, status, sure, cited, nearest, reason, "0" * 16, {}))


def test_retrieval_by_hand() -> None:
    """P@1, RR@10, R@2 and nDCG@10 of five questions are those of the arithmetic below; without gold there is none."""
    outcomes = [
        outcome(question({"a": 1}), "abc"),
        outcome(question({"c": 1}), "abc"),
        outcome(question({"a": 1, "b": 3}), "abc"),
        outcome(question({"a": 1}), ""),  # no result
        outcome(question(), "abc"),  # no gold
        outcome(question({"a": 0}), "abc"),  # judged, but nothing is relevant
    ]

    values = retrieval_values(outcomes, parse_measures("P@1 RR@10 R@2 nDCG@10"))

    # First: relevant at rank 1. Second: at rank 3, so RR = 1/3 and DCG = 1/log2(4) = 1/2, at best 1/log2(2) = 1.
    # Third: grades 1, 3: DCG = 1/log2(2) + 3/log2(3); at best 3/log2(2) + 1/log2(3).
    third = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    nan = math.nan
    assert list(values) == ["P@1", "RR@10", "R@2", "nDCG@10"]
    np.testing.assert_allclose(values["P@1"], [1, 0, 1, 0, nan, nan])
    np.testing.assert_allclose(values["RR@10"], [1, 1 / 3, 1, 0, nan, nan])
    np.testing.assert_allclose(values["R@2"], [1, 0, 1, 0, nan, nan])
    np.testing.assert_allclose(values["nDCG@10"], [1, 1 / 2, third, 0, nan, nan])


def test_order_and_not_score_decides() -> None:
    """Documents of equal score count in the order in which the system put them."""
    tied = Outcome(question({"a": 1}), (("a", 1.0), ("z", 1.0), ("b", 1.0)), outcome(question()).answer)

    assert retrieval_values([tied], parse_measures("P@1"))["P@1"].tolist() == [1.0]


def test_no_gold_at_all() -> None:
    """Questions that are all without gold have no retrieval score and no mean."""
    values = retrieval_values([outcome(question(), "a")], parse_measures("P@1"))

    assert np.isnan(values["P@1"]).all()
    assert mean_of(values["P@1"]) is None


def test_measures_are_named_as_in_ir_measures() -> None:
    """Names are divided by spaces or commas outside brackets, and a measure named twice counts once."""
    names = "P@1, R@20 RR@10,nDCG@10 AP P@1 P(rel=2, judged_only=True)@5"

    told = [str(measure) for measure in parse_measures(names)]

    assert told == ["P@1", "R@20", "RR@10", "nDCG@10", "AP", "P(rel=2,judged_only=True)@5"]


@pytest.mark.parametrize(
    "name", ["XX@3", "P", "P@0", "RR@0", "P@", "P@1.5", "P(rel=0)@1", "ERR@10", "alpha_nDCG@10", ""]
)
def test_a_measure_that_cannot_be_computed_is_refused(name: str) -> None:
    """Unknown measures, those without their cutoff or with an impossible one, and those of missing libraries."""
    with pytest.raises(UsageError, match=r"^unknown measure ") as caught:
        parse_measures(f"AP {name}" if name else name)

    assert str(caught.value) == f"unknown measure {name!r}"
    assert caught.value.hint == "write measures like «P@1 R@20 RR@10 nDCG@10 AP»"


def test_evidence_by_hand() -> None:
    """quote@1, quote@3 and token-F1 follow from where quotes and answers stand."""
    nine = question({"d1": 1}, [GoldAnswer("d1", Span(14, 23))])
    outcomes = [
        outcome(nine, "", [FIRST, SECOND]),
        outcome(nine, "", [SECOND, THIRD, FIRST]),
        outcome(nine, "", [Span(15, 24), SECOND, THIRD, FIRST]),  # the first begins inside the answer
        outcome(nine, "", [Span(0, 55)], answered=False),  # the nearest passages count as shown
        outcome(nine, "", []),
        outcome(question({"d1": 1}), "", [FIRST]),  # no answers known
    ]

    values = evidence_values(outcomes, NAMES)

    # The gold sentence has 5 words: il museo apre alle nove. Second: «Il biglietto costa dieci euro», 5 words,
    # shares «il»: F1 = 2·1 / (5 + 5). Third: «lle nove» gives «lle», «nove»: 2·1 / (2 + 5). Fourth: both sentences,
    # 10 words, of which 5 shared: 2·5 / (10 + 5).
    nan = math.nan
    np.testing.assert_array_equal(values["quote@1"], [1, 0, 0, 1, 0, nan])
    np.testing.assert_array_equal(values["quote@3"], [1, 1, 0, 1, 0, nan])
    np.testing.assert_allclose(values["token-F1"], [1, 2 / 10, 2 / 7, 10 / 15, 0, nan])


def test_the_best_gold_sentence_counts() -> None:
    """With several answers, the quote is held against the nearest, and an answer in two sentences is both."""
    gold = question({"d1": 1}, [GoldAnswer("d1", Span(60, 63)), GoldAnswer("d1", Span(19, 34))])

    values = evidence_values([outcome(gold, "", [FIRST])], NAMES)

    # «nove. Il biglietto» stands in two sentences of 10 words: 2·5 / (5 + 10); the bar's 4 words share «il»: 2/9.
    assert values["token-F1"].tolist() == [pytest.approx(10 / 15)]
    assert values["quote@1"].tolist() == [0.0]


def test_an_answer_counts_in_its_own_document_only() -> None:
    """The same offsets in another document hold nothing; in a document of the same text they do."""
    shown = outcome(question(), "", [FIRST]).answer.citations[0]

    assert not holds_answer(shown, question({"d2": 1}, [GoldAnswer("d2", Span(14, 23))]), NAMES)
    assert holds_answer(shown, question({"twin": 1}, [GoldAnswer("twin", Span(14, 23))]), NAMES)
    elsewhere = outcome(question({"d2": 1}, [GoldAnswer("d2", Span(14, 23))]), "", [FIRST])
    assert evidence_values([elsewhere], NAMES)["token-F1"].tolist() == [0.0]


def test_verbatim_is_measured_against_the_data_set() -> None:
    """A quote that is not the data set's own text at its place lowers the rate; without quotes it is 1."""
    false = article(TEXT.replace("nove", "otto"))
    names = {MUSEUM.id: ["d1"], false.id: ["d2"]}
    texts = {"d1": TEXT, "d2": TEXT}
    outcomes = [
        outcome(question(), "", [FIRST, SECOND]),
        outcome(question(), "", [FIRST], source=false),
        outcome(question(), "", [SECOND], source=false, answered=False),
    ]

    # Of four quotes only «Il museo apre alle otto» is not what the data set says.
    assert verbatim_rate(outcomes, texts, names) == 3 / 4
    assert verbatim_rate(outcomes[:1], texts, names) == 1.0
    assert verbatim_rate([outcome(question())], texts, names) == 1.0


def told(answerable: bool, right: bool, answered: bool, sure: float, near: bool = False) -> Outcome:
    """An outcome of a question that is said to be answerable or not."""
    gold = (
        question({"d1": 1}, [GoldAnswer("d1", Span(14, 23))], True) if answerable else question(None, (), False, near)
    )
    return outcome(gold, "", [FIRST if right else SECOND], sure=sure, answered=answered)


def test_abstention_by_hand() -> None:
    """Precision, recall, F1, AUROC, risks, AURC and ECE of six questions are those of the arithmetic below."""
    outcomes = [
        told(answerable=True, right=True, answered=True, sure=0.95),
        told(answerable=True, right=False, answered=True, sure=0.85),
        told(answerable=False, right=False, answered=True, sure=0.65, near=True),
        told(answerable=True, right=True, answered=False, sure=0.65),
        told(answerable=False, right=False, answered=False, sure=0.15),
        told(answerable=False, right=False, answered=False, sure=1.0),
    ]

    found = abstention([*outcomes, outcome(question({"d1": 1}), "", [FIRST])], NAMES)

    assert found is not None
    assert found.n == 6  # the seventh does not say whether it can be answered
    # Three were answered, two of them answerable; of three answerable two were answered.
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert found.f1 == pytest.approx(2 / 3)
    # Pairs: .95, .85, .65 against .65, .15, 1.0: (1 + 1 + 0) + (1 + 1 + 0) + (1/2 + 1 + 0) = 5.5 of 9.
    assert found.auroc == pytest.approx(5.5 / 9)
    # Against the near one, .65: 1 + 1 + 1/2 of 3.
    assert found.auroc_near == pytest.approx(2.5 / 3)
    # By confidence 1.0 wrong, .95 right, .85 wrong, two of .65 with one right, half each, .15 wrong.
    risks = [1 / 1, 1 / 2, 2 / 3, 2.5 / 4, 3 / 5, 4 / 6]
    assert found.risks == pytest.approx(risks)
    assert found.aurc == pytest.approx(sum(risks) / 6)
    # Bins: [.1, .2) .15, none of 1; [.6, .7) .65, 1 of 2; [.8, .9) .85, none of 1; [.9, 1] .975, 1 of 2.
    expected = [(0.15, 0.0, 1), (0.65, 0.5, 2), (0.85, 0.0, 1), (0.975, 0.5, 2)]
    assert [tuple(map(pytest.approx, bin_)) for bin_ in expected] == list(found.bins)
    assert found.ece == pytest.approx((1 * 0.15 + 2 * 0.15 + 1 * 0.85 + 2 * 0.475) / 6)


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_questions_changes_nothing(order: list[int]) -> None:
    """Equally sure questions count alike: whichever comes first in the data set, the curve is the same."""
    sures = [0.5, 0.5, 0.5, 0.75, 0.75, 0.25]
    outcomes = [told(n % 3 > 0, right=n % 2 > 0, answered=True, sure=sure) for n, sure in enumerate(sures)]

    plain, shuffled = (abstention(given, NAMES) for given in (outcomes, [outcomes[n] for n in order]))

    assert plain is not None
    assert shuffled is not None
    assert shuffled.risks == pytest.approx(plain.risks)


def test_abstention_needs_both_kinds() -> None:
    """Nothing is told where all questions can be answered, none can, or nobody says."""
    yes = told(answerable=True, right=True, answered=True, sure=0.9)
    no = told(answerable=False, right=False, answered=True, sure=0.9)

    assert abstention([yes], NAMES) is None
    assert abstention([no], NAMES) is None
    assert abstention([outcome(question({"d1": 1}), "", [FIRST])], NAMES) is None
    assert abstention([], NAMES) is None


def test_abstention_at_its_ends() -> None:
    """Answering nothing has F1 0 and no division by nothing; without near questions there is no AUROC on them."""
    outcomes = [told(answerable, right=answerable, answered=False, sure=0.5) for answerable in (True, False)]

    found = abstention(outcomes, NAMES)

    assert found is not None
    assert (found.precision, found.recall, found.f1) == (0.0, 0.0, 0.0)
    assert (found.auroc, found.auroc_near) == (0.5, None)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2))
def test_auroc_is_the_share_of_pairs_in_order(pairs: list[tuple[bool, int]]) -> None:
    """For any scores with ties, AUROC is the share of positive and negative pairs in order, ties half."""
    above = [score for positive, score in pairs if positive]
    below = [score for positive, score in pairs if not positive]
    if not above or not below:
        return
    share = np.mean([1.0 if a > b else 0.5 if a == b else 0.0 for a, b in itertools.product(above, below)])

    found = auroc(np.array([positive for positive, _ in pairs]), np.array([float(score) for _, score in pairs]))

    assert found == pytest.approx(share)


def test_the_mean_leaves_out_what_has_no_score() -> None:
    """Mean and n are over scored questions; a constant has an interval of no width."""
    mean = mean_of(np.array([1.0, math.nan, 0.0, 1.0, math.nan]))
    constant = mean_of(np.full(7, 0.1))

    assert mean is not None
    assert constant is not None
    assert (mean.n, mean.value) == (3, pytest.approx(2 / 3))
    assert (constant.low, constant.value, constant.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_interval_is_the_same_each_time_and_holds_the_truth() -> None:
    """The same values give the same interval; of 200 samples with a true mean of .3, 95 % of intervals hold it."""
    generator = np.random.default_rng(1)
    samples = [generator.binomial(1, 0.3, 200).astype(float) for _ in range(200)]
    means = [mean for sample in samples if (mean := mean_of(sample)) is not None]

    held = sum(mean.low <= 0.3 <= mean.high for mean in means)

    assert means[0] == mean_of(samples[0])
    assert all(mean.low < mean.value < mean.high for mean in means)
    assert 182 <= held <= 198  # 190 expected, with a standard deviation of 3.1
