"""Passages: whole sentences, clear of what is excluded, along paragraphs."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import PASSAGE_SIZE, Draft, split_passages
from index.records import Span
from index.sentences import split_sentences

_PIECES = st.sampled_from(
    [
        *("Il museo apre oggi. ", "Kim ha detto «Sì. No. Forse». ", "“Caduti.” Poi basta. ", "24 ott. (askanews) – "),
        *("\n", "\r\n", "\n\n", "\r\n\r\n", " ", "\u00a0", "\ufeff", "\u2028", "\t", "😀", "e\u0301", "x" * 70),
        *("10.000 ", "ecc. ", "parola ", "parola ", "? ", "… ", "«", "»", '"'),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=50).map("".join)


@st.composite
def _text_and_exclusions(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Any text and sorted, disjoint spans of it."""
    text = draw(_TEXTS)
    bounds = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    return text, [Span(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=False)]


def _regions(text: str, excluded: list[Span]) -> list[Span]:
    starts = [0, *(span.end for span in excluded)]
    ends = [*(span.start for span in excluded), len(text)]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


@settings(max_examples=150, deadline=None)
@given(_text_and_exclusions(), st.sampled_from([40, 120, PASSAGE_SIZE]))
def test_passages_hold_each_sentence_once_and_no_exclusion(case: tuple[str, list[Span]], size: int) -> None:
    """The passages' sentences are exactly those of what is not excluded, whole, each in one passage, in order."""
    text, excluded = case

    drafts = split_passages(text, excluded, size)

    sentences = [sentence for draft in drafts for sentence in draft.sentences]
    assert sentences == [one for region in _regions(text, excluded) for one in split_sentences(text, region)]
    assert all(
        draft.span == Span(draft.sentences[0].start, draft.sentences[-1].end) and draft.sentences for draft in drafts
    )
    assert all(not draft.span.overlaps(span) for draft in drafts for span in excluded)
    assert all(one.span.end <= other.span.start for one, other in itertools.pairwise(drafts))


@settings(max_examples=100, deadline=None)
@given(_text_and_exclusions())
def test_slices_stay_true_when_text_is_put_before(case: tuple[str, list[Span]]) -> None:
    """With an excluded head before the text, every span moves by the head's length and its slice stays the same."""
    text, excluded = case
    head = "Intestazione 😀\r\n"
    moved = [Span(0, len(head)), *(Span(span.start + len(head), span.end + len(head)) for span in excluded)]

    before = split_passages(text, excluded)
    after = split_passages(head + text, moved)

    assert [draft.span.start for draft in after] == [draft.span.start + len(head) for draft in before]
    assert [draft.span.of(head + text) for draft in after] == [draft.span.of(text) for draft in before]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40))
def test_repeated_text_keeps_its_own_place(times: int) -> None:
    """Where the same sentence stands many times, each occurrence is found where it is (langchain #29884)."""
    line = "La stessa frase, parola per parola.\n"

    drafts = split_passages(line * times, [], 100)

    starts = [sentence.start for draft in drafts for sentence in draft.sentences]
    assert starts == [len(line) * n for n in range(times)]


def test_paragraphs_are_joined_up_to_the_size_and_no_further() -> None:
    """Two paragraphs that fit make one passage; a third that does not begins another."""
    text = "Primo paragrafo. Due frasi.\n\nSecondo paragrafo.\n\nTerzo paragrafo che non ci sta."

    assert split_passages(text, [], 60) == [
        Draft(Span(0, 47), (Span(0, 16), Span(17, 27), Span(29, 47))),
        Draft(Span(49, 80), (Span(49, 80),)),
    ]


def test_long_sentence_is_never_cut_for_the_size() -> None:
    """A sentence longer than the size is a passage by itself, whole."""
    sentence = "Una frase " + "molto " * 30 + "lunga."

    drafts = split_passages(f"Breve. {sentence} Coda.", [], 50)

    assert [[one.of(f"Breve. {sentence} Coda.") for one in draft.sentences] for draft in drafts] == [
        ["Breve.", sentence],
        ["Coda."],
    ]


def test_passage_does_not_reach_over_an_exclusion() -> None:
    """What stands before and after an excluded line is two passages, however short."""
    text = "Prima frase.\nStorie consigliate\nSeconda frase."

    assert [draft.span for draft in split_passages(text, [Span(13, 31)])] == [Span(0, 12), Span(32, 46)]


@pytest.mark.parametrize(
    ("text", "excluded"),
    [("", []), (" \r\n\ufeff", []), ("Fonte: X", [Span(0, 8)]), ("Fonte: X\n", [Span(0, 4), Span(4, 8)])],
)
def test_nothing_left_gives_no_passage(text: str, excluded: list[Span]) -> None:
    """Blank and wholly excluded texts have no passage."""
    assert split_passages(text, excluded) == []


def test_carriage_returns_count() -> None:
    """Offsets in a text with CRLF are those of the text as it is."""
    text = "Titolo\r\n\r\nPrima frase. Seconda.\r\n"

    assert split_passages(text, []) == [Draft(Span(0, 31), (Span(0, 6), Span(10, 22), Span(23, 31)))]
