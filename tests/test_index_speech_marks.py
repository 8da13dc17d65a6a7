"""Pairing of quotation marks, interruptions and dialogue; texts that are typed badly."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Span
from index.speech import extract
from index.speech.marks import pair

NESTINGS = {
    "Italian": ("«Ha detto “mai” e basta»", ["Ha detto “mai” e basta"]),
    "three levels": ("«a “b ‘c’ d” e»", ["a “b ‘c’ d” e"]),
    "German": ("„Ja“, sagt er, „nein“", ["Ja", "nein"]),
    "inverted guillemets": ("»Ja« sagt er, »nein«", ["Ja", "nein"]),
    "Swedish": ("”Hej”, sa han", ["Hej"]),
    "French spaces": ("« Bonjour »", ["Bonjour"]),
    "British": ("‘It’s “bad”,’ he said", ["It’s “bad”,"]),
    "straight": ('"a", "b"', ["a", "b"]),
    "straight inside straight": ('"The "first" and the "second,"" he said', ['The "first" and the "second,"']),
    "mixed opening and closing": ('"Tutto bene”, ha detto, “davvero"', ["Tutto bene", "davvero"]),
    "ASCII guillemets": ("<<Ciao>> disse", ["Ciao"]),
    "two apostrophes": ("''Ciao'' disse", ["Ciao"]),
    "elision before the mark": ('l’«eternità» e dell\'"onore"', ["eternità", "onore"]),
    "HTML": ('<a href="x y">uno</a> &laquo;due&raquo; &quot;tre&quot;', ["due", "tre"]),
    "plural apostrophe": ("‘The players’ room,’ he said", ["The players’ room,"]),
    "decades and cut words": ("Negli anni ‘80 e ’90 un po’ di tutto, perche' no", []),
    "inches": ("A 6'2\" man and a 5'11\" one", []),
    "spaces inside straight marks": ('" Ciao " disse', ["Ciao"]),
    "unpaired closing": ('E poi", disse. "Ciao"', ["Ciao"]),
    "crossed": ("«a “b» c”", ["a “b"]),
    "empty": ('«» “ ” ""', []),
    "right-to-left marks": ("\u200f“\u200fCiao\u200f”\u200f disse", ["Ciao"]),
}


@pytest.mark.parametrize("case", NESTINGS.values(), ids=NESTINGS.keys())
def test_pairs(case: tuple[str, list[str]]) -> None:
    """The outermost quotations are exactly these words, marks and inner spaces left out."""
    text, expected = case

    assert [found.inner.of(text) for found in pair(text)] == expected


def test_unclosed_mark_ends_with_its_paragraph() -> None:
    """A quotation that is never closed does not swallow the paragraphs after it."""
    text = "Rossi: «Non finisce qui.\nAltro paragrafo.\nVerdi: «Basta».\nFine."

    assert [found.inner.of(text) for found in pair(text)] == ["Non finisce qui.", "Basta"]


def test_stray_mark_far_away_is_no_partner() -> None:
    """Two look-alike marks pages apart are two unpaired marks."""
    text = '"Aperta e mai chiusa.\n' + "Una frase del cronista.\n" * 200 + 'Fine", ha detto.\n' + "Coda.\n" * 100

    assert [found.inner.of(text) for found in pair(text)] == ["Aperta e mai chiusa."]


def test_paragraphs_that_reopen_are_one_quotation() -> None:
    """A mark at the head of each paragraph and one closing mark: one quotation, a piece a paragraph."""
    text = '"First.\n\n"Second.\n\n"Third," she said.'
    (found,) = pair(text)

    assert found.inner.of(text) == 'First.\n\n"Second.\n\n"Third,'
    assert [piece.of(text) for piece in found.pieces] == ["First.", "Second.", "Third,"]


def test_quotation_over_lines_without_reopening() -> None:
    """A closed quotation may hold line ends."""
    text = "“Prima riga.\nSeconda riga”, ha detto."

    assert [found.inner.of(text) for found in pair(text)] == ["Prima riga.\nSeconda riga"]


def test_an_article_that_is_one_quotation() -> None:
    """The whole text between two marks is one quotation, however long."""
    text = '"' + "Parole su parole.\n" * 400 + 'Fine."'
    (found,) = pair(text)

    assert found.inner == Span(1, len(text) - 1)


@pytest.mark.parametrize(
    ("language", "text", "segments", "speaker"),
    [
        ("it", "«Gli amici - ha aggiunto Dini - hanno agito bene».", ["Gli amici", "hanno agito bene"], "Dini"),
        ("it", "«Gli amici – ha detto ieri Dini –, hanno agito».", ["Gli amici", "hanno agito"], "Dini"),
        ("it", "«Restiamo qui, ha detto Dini, e lavoriamo».", ["Restiamo qui", "e lavoriamo"], "Dini"),
        ("it", "«Restiamo qui – conclude Dini».", ["Restiamo qui"], "Dini"),
        ("it", "«La pace – un passo enorme – è fatta», dice Dini.", ["La pace – un passo enorme – è fatta"], "Dini"),
        ("en", "“Our friends – Dean added – did well.”", ["Our friends", "did well."], "Dean"),
    ],
)  # fmt: skip
def test_interruptions(language: str, text: str, segments: list[str], speaker: str) -> None:
    """An attribution inside the marks gives one quotation; its segments are the spoken words only."""
    (quote,) = extract("a", text, language)

    assert [segment.of(text) for segment in quote.segments] == segments
    assert quote.speaker == speaker
    assert quote.span.of(text) == text[1 : text.rindex(text[0].translate({171: 187, 8220: 8221}))]


def test_dialogue_dashes() -> None:
    """Paragraphs that begin with a dash are speech where one of the run attributes its words between dashes."""
    text = "— Non ci credo — disse Dini. — È tardi.\n— Neanch'io.\n\nIl resto è cronaca."
    first, second = extract("a", text, "it")

    assert [segment.of(text) for segment in first.segments] == ["Non ci credo", "È tardi."]
    assert (first.speaker, second.span.of(text)) == ("Dini", "Neanch'io.")


def test_lists_are_not_dialogue() -> None:
    """A list with dashes holds no speech."""
    assert extract("a", "- pane e latte\n- due chili di mele\n- il giornale - se c'è -", "it") == ()


def test_nothing_inside_excluded_spans() -> None:
    """A quotation that overlaps an excluded span is left out; the others keep their offsets."""
    text = "«Clicca qui», dice il sito.\nRossi ha detto: «Eccoci qua»."
    found = extract("a", text, "it", (Span(0, 27),))

    assert [(quote.article_id, quote.span.of(text)) for quote in found] == [("a", "Eccoci qua")]


MARKS = "«»“”„\"'‘’—–-,.:;!?…<>&\n \u200f\u00a0"
PIECES = st.sampled_from(
    [
        *MARKS,
        "ha detto",
        "Kim Jong Un",
        "disse",
        "said",
        "he",
        "the president",
        "Secondo",
        "casa",
        "l’",
        "Non",
        "&quot;",
        "<b>",
        "(",
        ")",
        "80",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60), st.sampled_from(["it", "en", None]))
def test_any_text(parts: list[str], language: str | None) -> None:
    """Whatever is typed: no error; spans sorted and apart, inside the text; segments sorted, inside, not empty."""
    text = " ".join(parts) if len(parts) % 2 else "".join(parts)
    found = extract("a", text, language)

    for before, after in itertools.pairwise(found):
        assert before.span.end <= after.span.start
    for quote in found:
        assert 0 <= quote.span.start < quote.span.end <= len(text)
        assert quote.segments
        for segment in quote.segments:
            assert quote.span.covers(segment)
            assert len(segment)
        for before_, after_ in zip(quote.segments, quote.segments[1:], strict=False):
            assert before_.end <= after_.start
        assert (quote.reported_by is None) == (quote.reported_by_span is None)


@pytest.mark.parametrize(
    "unit",
    [
        "«Sì», ha detto Kim Jong Un a Roma. ",
        '"',
        "'a ",
        "«",
        "“a\n",
        "- a - b ",
        "Kim Lee, ",
        "e ha detto che ",
        '"a\n"',
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    """Ten times the text takes about ten times as long, for marks of any kind, paired or not."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            extract("a", text, "it")
            best = min(best, time.process_time() - start)
        return best

    seconds(2_000)

    assert seconds(60_000) < 40 * seconds(6_000) + 0.3


@pytest.mark.parametrize("marks", ["«…”", "“…»", '“…"', '«…"'])
def test_a_mark_of_another_kind_closes_what_nothing_else_does(marks: str) -> None:
    """A quotation closed by the wrong mark ends there, and leaves the attribution behind it to the reporter."""
    left, right = marks.split("…")
    text = f"{left}Il ponte era sicuro{right}, ha detto ieri Mario Rossi ai cronisti."
    (found,) = pair(text)

    assert found.inner.of(text) == "Il ponte era sicuro"
