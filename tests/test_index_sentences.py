"""Sentence spans: what holds for any text, and the cases of Italian and English news."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Span
from index.sentences import MAX_SENTENCE, split_sentences, trimmed

_PIECES = st.one_of(
    st.sampled_from(
        [
            *"«»“”„‟‹›\"'’‘()[]–—-…,;:.!?",
            *("\n", "\r\n", "\r", "\n\n", "\t", "\u00a0", "\u2028", "\u2029", "\ufeff", "\u200b", " ", "  "),
            *("Il", "la", "ha", "detto", "Roma", "perché", "È", "po’", "ecc", "ott", "sig", "U.S", "J", "art", "n"),
            *("2024", "10.000", "3,5", "24", "\U0001f600", "\U0001f1ee\U0001f1f9", "e\u0301", "東京", "Ж", "x" * 60),
        ]
    ),
    st.text(max_size=4),
)
TEXTS = st.lists(_PIECES, max_size=60).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda between: between.join(pieces))
)


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def _visible(text: str, places: range) -> set[int]:
    return {place for place in places if not (text[place].isspace() or text[place] == "\ufeff")}


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.data())
def test_spans_are_disjoint_sorted_trimmed_and_complete(text: str, data: st.DataObject) -> None:
    """Over any part of any text the sentences are in order, apart, trimmed, and hold every visible character."""
    start = data.draw(st.integers(0, len(text)))
    within = Span(start, data.draw(st.integers(start, len(text))))

    spans = split_sentences(text, within)

    assert spans == sorted(spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert all(within.covers(span) and 0 < len(span) <= MAX_SENTENCE for span in spans)
    assert all(trimmed(text, span) == span for span in spans)
    assert set().union(*(_visible(text, range(span.start, span.end)) for span in spans)) == _visible(
        text, range(within.start, within.end)
    )


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_splitting_a_sentence_s_paragraphs_apart_changes_nothing(text: str) -> None:
    """A blank line is a hard break: what stands before it does not change the sentences after it."""
    offset = len(text) + 2
    both = f"{text}\n\n{text}"

    second = [span for span in split_sentences(both, Span(0, len(both))) if span.start >= offset]

    alone = split_sentences(both, Span(offset, len(both)))
    assert second == alone


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.integers(0, MAX_SENTENCE), st.sampled_from(["a", "parola ", "\U0001f600", "x. y "]))
def test_no_sentence_is_longer_than_the_limit(times: int, extra: int, piece: str) -> None:
    """However long a run without an end is, its pieces are within the limit and together are the run."""
    text = piece * ((times * MAX_SENTENCE + extra) // len(piece) + 1)

    pieces = _sentences(text)

    assert max(map(len, pieces)) <= MAX_SENTENCE
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.data())
def test_trimmed_drops_only_invisible_ends(text: str, data: st.DataObject) -> None:
    """Trimming keeps every visible character of a span, and its result begins and ends on one."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))

    result = trimmed(text, span)

    assert span.covers(result)
    assert _visible(text, range(span.start, span.end)) == _visible(text, range(result.start, result.end))
    if len(result):
        assert {result.start, result.end - 1} <= _visible(text, range(result.start, result.end))


CASES = {
    # Abbreviations, initials and numbers.
    "dateline": "Roma, 24 ott. (askanews) – La Corea ha parlato. | Poi basta.",
    "month and day": "It was on Sept. 5 in Rome. | Smith met Sen. Warren on Jan. 5. | They talked.",
    "month and year": "Nel set. 2024 pioveva. | Il 5 ott. Roma era vuota.",
    "words like months": "It happened two years ago. | Trump left. | Ha vinto in tre set. | Alcaraz ha perso.",
    "full month": "Era il 5 gennaio. | Kim parlava.",
    "ecc. and a new sentence": "Pane, latte, ecc. | Il resto dopo. | Vino, olio, ecc. | Roma brucia.",
    "ecc. inside": "Pane, latte, ecc. per tutti. | Fine.",
    "U.S. inside": "The U.S. Army left. | The U.S. has left.",
    "U.S. at the end": "He lives in the U.S. | The army left.",
    "initials": "J. R. R. Tolkien wrote it. | J. K. Rowling too. | George W. Bush spoke.",
    "initial of a saint": "Va in piazza S. Pietro. | Poi torna.",
    "letter at the end": "Manca la vitamina C. | Il resto abbonda.",
    "titles": "Il dott. Rossi e la dott.ssa Bianchi. | Il sen. La Russa col prof. De Luca.",
    "English titles": "Gen. Smith met Mr. Brown and Dr. No. | They left.",
    "elided": "Secondo l’on. Rossi l'art. 12 vale. | Dell'ing. Bianchi non si sa.",
    "on and art as words": "This is going on. | Trump knows. | It is a work of art. | The museum paid.",
    "no as a word": "Ha detto di no. | Rossi ha vinto. | Say no. | Then leave.",
    "no as a number": "No. 10 Downing Street. | Al n. 5 di via Roma. | Vedi pag. 3 e il cap. III del libro.",
    "words like titles": "He fell ill. | Doctors came. | Nine out of ten. | The rest left.",
    "court cases": "Roe v. Wade fell. | Rossi vs. Bianchi no.",
    "companies": "Fiat S.p.A. ha chiuso. | Lavora alla Fiat S.p.A. | Il gruppo va male. | Apple Inc. Chief Tim Cook.",
    "time of day": "At 5 p.m. the train left. | At 6 p.m. | The other did.",
    "years before": "Era il 44 a.C. | Il senato lo uccise.",
    "units": "Dista 3 km. | Rossi corre. | Pesa 5 kg. | La borsa no.",
    "figures": "Costa 10.000 euro. | Il 3.5 per cento alle 18.30. | Era il 2024. | Poi il 2025.",
    "list number": "1. Primo punto del piano.",
    "degree": "È il 1° maggio. | 15 feriti.",
    "web names": "Visit www.example.com or Example.com now. | Usa Node.js e foto.jpg qui.",
    # Quotations.
    "Italian quotation": "«Non lo so. Vedremo. Forse», ha detto Rossi. | Poi è uscito.",
    "curly quotation": "Disse: “Vado. Torno. Resto” e uscì. | Fine.",
    "German quotation": "„Ja. Nein. Gut“ sagte er. | Ende.",
    "straight quotation": '"I am here. You are not," he said. | "Go away." | He left.',
    "British quotation": "‘It’s over. We won’t. Never,’ he said. | Then he left.",
    "no British quotation": "La ‘ndrangheta ha vinto. | Poi un po’ di calma. | Fine.",
    "closed then glued": "Lo apprezziamo personalmente». | Il portavoce ha detto no.",
    "American stop": "“È un monumento ai caduti.” | Poi è partito.",
    "stop after the mark": "Ha detto: «Vado via». | Poi è rimasto.",
    "stop before the mark": "Ha detto: «Vado via.» | Poi è rimasto.",
    "both stops": "Emma disse: «Sì!». | Lui: «No?». | Fine.",
    "question goes on": "«Chi va là?» chiese Rossi. | Nessuno rispose.",
    "unclosed quotation": "«Non so. | Vedremo. | Disse Rossi.",
    "nested": "«Ha detto “no. Mai.” E basta. Così», riferì. | Fine.",
    # Other marks.
    "marks": "Che bello! | Davvero?! | Sì… | Forse. | Mai... ma poi sì.",
    "short sentences": "Si gioca a Roma. | Il resto no. | Che pace! | Poi.",
    "emoji": "Ciao 😀. | Poi 😀 Bene. | Fine 😀! | Ciao.",
    "lower-case brand": "Costa poco. iPhone invece no.",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_news_is_split_where_a_reader_would(case: str) -> None:
    """The sentences of the line are exactly those between the bars."""
    expected = case.split(" | ")

    assert _sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("personalmente».Il portavoce tace.", ["personalmente».", "Il portavoce tace."]),
        ("Il cane dorme.Il gatto no.", ["Il cane dorme.", "Il gatto no."]),
        ("La pace!Il mondo.", ["La pace!", "Il mondo."]),
        ("Il cane.il gatto", ["Il cane.il gatto"]),
    ],
)
def test_missing_space_still_ends_a_sentence(text: str, expected: list[str]) -> None:
    """A capitalised word glued to a stop begins a new sentence; a lower-case one does not."""
    assert _sentences(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\u2028"])
def test_newline_is_a_hard_break(newline: str) -> None:
    """A title without a stop is a sentence of its own, under every kind of newline, at the right offsets."""
    text = f"Titolo senza punto{newline}Prima frase. Seconda."

    spans = split_sentences(text, Span(0, len(text)))

    body = 18 + len(newline)
    assert spans == [Span(0, 18), Span(body, body + 12), Span(body + 13, body + 21)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_wrapped_line_is_joined(newline: str) -> None:
    """A long line that goes on in lower case was only wrapped at a column."""
    text = f"Il presidente della commissione parlamentare ha{newline}detto che non sa. Poi è uscito."

    assert _sentences(text) == [
        f"Il presidente della commissione parlamentare ha{newline}detto che non sa.",
        "Poi è uscito.",
    ]


def test_short_line_before_lower_case_is_not_joined() -> None:
    """A short line is an item of a list, not a wrapped one."""
    assert _sentences("pane\nlatte\nvino") == ["pane", "latte", "vino"]


def test_newline_ends_a_quotation_left_open() -> None:
    """A quotation that runs over paragraphs does not keep the second one whole."""
    assert _sentences("“Primo. Secondo.\n“Terzo. Quarto,” disse.") == ["“Primo.", "Secondo.", "“Terzo. Quarto,” disse."]


def test_overlong_quotation_is_split_at_its_stops() -> None:
    """A quotation past the limit is no sentence: its own stops end sentences again."""
    text = "«" + "Una frase detta da qualcuno. " * 60 + "Fine», disse."

    pieces = _sentences(text)

    assert len(pieces) == 61
    assert pieces[:2] == ["«Una frase detta da qualcuno.", "Una frase detta da qualcuno."]


@pytest.mark.parametrize("text", ["", " ", "\n\r\n", "\ufeff", "\u00a0\t\u2028"])
def test_nothing_visible_gives_no_sentence(text: str) -> None:
    """White space and byte-order marks are no sentence."""
    assert _sentences(text) == []
