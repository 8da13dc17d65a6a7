"""Disagreements: the same thing counted differently is shown, anything else is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article, Passage, Sentence, Span
from index.sentences import split_sentences
from qa.answer import read_question
from qa.claims import figures
from qa.disagreements import find_disagreements
from qa.records import Answer, Citation, Disagreement, Hit, Matter, Quote, Status
from qa.render import answer_json, answer_text
from qa.retrieve import Found
from tests.conftest import SEEDS

SENT = "Quanti soldati ha inviato la Corea del Nord?"
KILLED = "Quanti soldati nordcoreani sono stati uccisi?"


def article(name: str, text: str, language: str | None = "it", published: str | None = None) -> Article:
    """An article of these words."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(
        sha256[:16], text, None, None, None, published, language, None, name, f"/{name}", sha256, sha256, exclusions=()
    )


def differing(question: str, articles: Iterable[Article]) -> tuple[Disagreement, ...]:
    """The disagreements when every sentence of `articles`, each one passage, has been found and cited."""
    hits, sentences, citations = [], {}, []
    for number, source in enumerate(articles, start=1):
        whole = Span(0, len(source.text))
        passage = Passage(number, source.id, 0, whole, source.language)
        spans = split_sentences(source.text, whole)
        sentences[number] = tuple(Sentence(100 * number + i, number, i, span) for i, span in enumerate(spans))
        hits.append(Hit(passage.id, source.id, whole, 1.0 / number, {}, {}, {}))
        citations.append(Citation(number, Quote(source, whole), Quote(source, whole), 0.5, (), {}))
    found = Found(tuple(hits), {c.quote.article.id: c.quote.article for c in citations}, sentences)
    return find_disagreements(read_question(question), citations, found)


def told(disagreement: Disagreement) -> list[tuple[str, str, str | None]]:
    """Of each claim its file, words and authority."""
    return [
        (claim.quote.article.source_file[:3], claim.quote.text, claim.authority.text if claim.authority else None)
        for claim in disagreement.claims
    ]


def pair(one: str, other: str, language: str = "it") -> list[Article]:
    """Two articles of a sentence each."""
    return [article("one.txt", one, language), article("two.txt", other, language)]


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    """The five seeds, whole, without what the reader of articles knows of them."""
    return [article(path.name, path.read_bytes().decode("utf-8")) for path in sorted(SEEDS.glob("*.txt"))]


def test_the_soldiers_sent_by_the_seeds(seeds: list[Article]) -> None:
    """The three figures of soldiers sent stand together, each with whom its article names, and no other figure."""
    (disagreement,) = differing(SENT, seeds)

    assert told(disagreement) == [
        ("000", "più di 10.000 soldati", "Kiev e Seul"),
        ("001", "tra i 10 e gli 11 mila", None),
        ("003", "circa 15.000 soldati", None),
    ]
    assert [words.text for words in disagreement.counted] == ["schierato", "soldati"]
    assert [(claim.low, claim.high, claim.qualifier) for claim in disagreement.claims] == [
        ("10000", "10000", "more"),
        ("10000", "11000", "exact"),
        ("15000", "15000", "about"),
    ]


@pytest.mark.parametrize("question", [KILLED, "How many North Korean soldiers were killed?"])
def test_the_dead_of_the_seeds(seeds: list[Article], question: str) -> None:
    """The figures of soldiers killed stand together with their authorities, in either language of the question."""
    (disagreement,) = differing(question, seeds)

    assert told(disagreement) == [
        ("000", "circa 2.000 soldati", "l’agenzia di intelligence della Corea del Sud"),
        ("003", "circa 600 militari", "i servizi segreti sudcoreani"),
        ("004", "circa 600 soldati", "i servizi segreti sudcoreani"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Quanti militari nordcoreani sono rimasti feriti?",
        "Quanti soldati russi sono morti nel Kursk?",
        "Quante munizioni ha spedito la Corea del Nord?",
        "Cosa ha detto Putin dei soldati?",
        "Quante volte l’inviato di Putin è andato da Kim?",
        "In quale distretto sorgerà il museo?",
        "What did Kim say about the soldiers?",
    ],
)
def test_questions_the_seeds_do_not_differ_about(seeds: list[Article], question: str) -> None:
    """Nothing is said to differ where figures are compatible, belong to others, or were not asked for."""
    assert differing(question, seeds) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("più di 10.000 soldati", "10.000 soldati"),
        ("più di 10.000 soldati", "12.000 militari"),
        ("tra i 10 e gli 11 mila soldati", "10.500 soldati"),
        ("circa 15.000 soldati", "14.300 soldati"),
        ("10.000 soldati", "10.400 truppe"),
        ("migliaia di soldati", "15.000 soldati"),
        ("quasi 5.000 soldati", "4.800 soldati"),
        ("10.000 soldati", "3.000 genieri"),
        ("10.000 soldati", "altri 3.000 soldati"),
        ("10.000 soldati", "3.000 soldati al mese"),
        ("10.000 soldati", "15.000 soldati russi"),
    ],
)
def test_figures_that_go_together(one: str, other: str) -> None:
    """Rounded, ranged and open figures that can both hold, other things, further ones and rates are no disagreement."""
    articles = pair(
        f"La Corea del Nord ha inviato {one} in Russia.", f"La Corea del Nord ha inviato {other} in Russia."
    )

    assert differing(SENT, articles) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("più di 10.000 soldati", "circa 15.000 soldati"),
        ("tra i 10 e gli 11 mila soldati", "12.000 uomini"),
        ("10.000 soldati", "11.000 truppe"),
        ("fino a 5.000 soldati", "novemila militari"),
        ("decine di migliaia di soldati", "600 soldati"),
    ],
)
def test_figures_that_do_not_go_together(one: str, other: str) -> None:
    """Figures that cannot both hold are shown with both articles' words."""
    articles = pair(
        f"La Corea del Nord ha inviato {one} in Russia.", f"La Corea del Nord ha inviato {other} in Russia."
    )
    (disagreement,) = differing(SENT, articles)

    assert [claim.quote.text for claim in disagreement.claims] == [one, other]


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        (
            "La Corea del Nord ha inviato 10.000 soldati in Russia nel 2024.",
            "La Corea del Nord ha inviato 15.000 soldati in Russia nel 2025.",
            SENT,
        ),
        (
            "Twenty people were killed in an attack on Kharkiv, Ukraine.",
            "Six people were killed in an attack on Odesa in Ukraine, in Podil.",
            "How many people were killed in Ukraine?",
        ),
        (
            "The earthquake in Turkey killed 300 people.",
            "The earthquake in Japan killed 20 people.",
            "How many people were killed by the earthquake?",
        ),
        (
            "North Korea sent 10,000 soldiers to Russia.",
            "North Korea sent 3,000 workers to Russia.",
            "How many soldiers did North Korea send?",
        ),
        (
            "In Russia 600 soldiers from North Korea were killed.",
            "In Russia 4,000 soldiers from North Korea were wounded.",
            "How many soldiers were killed?",
        ),
        (
            "In July 36 people were killed in Gaza.",
            "In August 120 people were killed in Gaza.",
            "How many people were killed in Gaza?",
        ),
    ],
)
def test_different_things_are_not_compared(one: str, other: str, question: str) -> None:
    """Other years, months, places, nations, kinds of people or fates are other things, however alike the words."""
    language = "it" if "soldati" in one else "en"

    assert differing(question, pair(one, other, language)) == ()


def test_a_disagreement_is_shown_without_a_verdict() -> None:
    """Text and JSON say by fixed words that sources differ, then each one's words, authority, source and place."""
    articles = [
        article("a.txt", "Secondo Kiev, la Corea del Nord ha inviato 10.000 soldati in Russia.", "it", "2025-01-02"),
        article("b.txt", "La Corea del Nord ha inviato circa 15.000 militari in Russia.", "it", "2025-03-01"),
    ]
    answer = Answer(
        read_question(SENT),
        Status.ANSWERED,
        0.9,
        (Citation(1, Quote(articles[0], Span(0, 13)), Quote(articles[0], Span(0, 20)), 0.5, (), {}),),
        (),
        None,
        "0" * 16,
        {},
        differing(SENT, articles),
    )

    assert answer_text(answer).split("\n\n")[1] == (
        "Le fonti divergono: «inviato» «soldati»\n"
        "  - «10.000 soldati»: Kiev — 2 gennaio 2025, a.txt [43:57]\n"
        "  - «circa 15.000 militari»: 1º marzo 2025, b.txt [29:50]\n"
    )
    (content,) = answer_json(answer)["disagreements"]
    first, second = content["claims"]
    assert content["matter"] == "figures"
    assert [words["text"] for words in content["counted"]] == ["inviato", "soldati"]
    assert (first["text"], first["start"], first["end"]) == ("10.000 soldati", 43, 57)
    assert first["authority"] == {"text": "Kiev", "start": 8, "end": 12}
    assert (second["low"], second["high"], second["qualifier"], second["authority"]) == (
        "15000",
        "15000",
        "about",
        None,
    )
    assert second["article"]["file"] == "b.txt"


def test_across_languages() -> None:
    """An Italian and an English article that count the same differently are shown side by side."""
    articles = [
        article("it.txt", "Secondo Kiev, la Corea del Nord ha inviato 10.000 soldati in Russia.", "it", "2025-01-02"),
        article("en.txt", "North Korea has deployed about 15,000 troops to Russia, Seoul said.", "en", "2025-01-01"),
    ]
    (disagreement,) = differing("How many soldiers did North Korea send?", articles)

    assert told(disagreement) == [("en.", "about 15,000 troops", "Seoul"), ("it.", "10.000 soldati", "Kiev")]


def test_one_article_does_not_differ_with_itself() -> None:
    """Two figures of one article are no two sources."""
    text = (
        "La Corea del Nord ha inviato 10.000 soldati in Russia. La Corea del Nord ha inviato 15.000 soldati in Russia."
    )

    assert differing(SENT, [article("one.txt", text)]) == ()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "10.000 tre mila due più di circa soldati nordcoreani morti uccisi inviato ( ) , . ; % € 2024 giugno In "
            "Kursk a sono stati troops killed of about million Russian altri \n".split(" ")
        ),
        max_size=25,
    ),
    st.sampled_from(["it", "en", None]),
)
def test_figures_are_read_in_any_text(parts: list[str], language: str | None) -> None:
    """However words and figures follow each other, figures lie in their sentence, noun and event with them."""
    source = article("a.txt", " ".join(parts) or ".", language)
    whole = Span(0, len(source.text))

    for figure in figures(source, whole):
        assert whole.covers(figure.span)
        assert whole.covers(figure.noun)
        assert figure.event is None or whole.covers(figure.event)
        assert len(figure.span)


def two_articles(one: str, other: str) -> list[Article]:
    """Articles of these texts, each in its own language."""
    return [
        article(f"{name}.txt", text, "en" if " the " in f" {text.lower()}" else "it")
        for name, text in (("one", one), ("two", other))
    ]


@pytest.mark.parametrize(
    ("one", "other", "question", "stated"),
    [
        (
            "Il ponte di Arona è crollato il 12 marzo 2024, secondo la prefettura.",
            "Il ponte di Arona, costruito nel 1967, è crollato il 14 marzo 2024.",
            "Quando è crollato il ponte di Arona?",
            ["2024-03-12", "2024-03-14"],
        ),
        (
            "Il ponte di Arona è crollato l’11 marzo 2025.",
            "Nel crollo del ponte di Arona, avvenuto mercoledì 12 marzo 2025, nessuno è rimasto ferito.",
            "Quando è crollato il ponte di Arona?",
            ["2025-03-11", "2025-03-12"],
        ),
        (
            "Il crollo del ponte di Arona risale al 12 marzo.",
            "The bridge in Arona collapsed on March 14, 2024.",
            "When did the bridge in Arona collapse?",
            ["--03-12", "2024-03-14"],
        ),
        (
            "La società Rossi fu fondata nel 1921 a Milano.",
            "La società Rossi, fondata nel 1923, produce biciclette.",
            "In che anno è stata fondata la Rossi?",
            ["1921", "1923"],
        ),
        (
            "L’incendio della fabbrica Verdi di Novara è divampato il 3 maggio nel reparto vernici.",
            "L’incendio della fabbrica Verdi di Novara è divampato il 5 maggio nel reparto vernici.",
            "Quando è divampato l’incendio alla Verdi di Novara?",
            ["--05-03", "--05-05"],
        ),
    ],
)
def test_dates_of_one_event_that_differ(one: str, other: str, question: str, stated: list[str]) -> None:
    """Two dates of the event that is asked for stand side by side, in either language, with or without a year."""
    (disagreement,) = differing(question, two_articles(one, other))

    assert disagreement.matter is Matter.DATES
    assert [claim.date for claim in disagreement.claims] == stated


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        (
            "Il ponte di Arona è crollato il 12 marzo 2024.",
            "Il ponte di Arona è crollato nel marzo 2024.",
            "Quando è crollato il ponte di Arona?",
        ),
        (
            "Il ponte di Arona è crollato il 12 marzo 2024.",
            "Il ponte di Novara è crollato il 14 marzo 2024.",
            "Quando è crollato il ponte di Arona?",
        ),
        (
            "Il ponte di Arona è crollato il 12 marzo 2024.",
            "Il ponte di Arona, crollato un anno fa, sarà riaperto il 14 marzo 2025.",
            "Quando è crollato il ponte di Arona?",
        ),
        (
            "Il ponte di Arona è chiuso dal 14 marzo 2024.",
            "Il ponte di Arona è stato chiuso il 12 marzo 2024.",
            "Quando è stato chiuso il ponte di Arona?",
        ),
        (
            "Il sindaco Righi è stato eletto il 12 giugno 2019 ad Arona.",
            "Il sindaco Righi è stato eletto il 9 giugno 2024 ad Arona.",
            "Quando è stato eletto il sindaco di Arona?",
        ),
        (
            "Putin e Kim si sono incontrati il 12 giugno 2024 a Pyongyang.",
            "Putin e Kim si sono incontrati il 3 settembre 2025 a Pechino.",
            "Quando si sono incontrati Putin e Kim?",
        ),
        (
            "Il ponte di Arona è crollato il 12 marzo 2024.",
            "Il ponte di Arona è crollato il 14 marzo 2024.",
            "Chi ha visto crollare il ponte di Arona?",
        ),
    ],
)
def test_dates_that_do_not_differ(one: str, other: str, question: str) -> None:
    """Coarser dates, other things and places, further events, ends of a span, and what was not asked are no matter."""
    assert differing(question, pair(one, other)) == ()


@pytest.mark.parametrize(
    ("one", "other", "question", "names"),
    [
        (
            "Lo ha detto il sindaco di Arona, Mario Rossi.",
            "Luigi Bianchi, sindaco di Arona, ha aperto la mostra.",
            "Chi è il sindaco di Arona?",
            ["Mario Rossi", "Luigi Bianchi"],
        ),
        (
            "La sindaca di Arona Donatella Righi ha aperto la mostra.",
            "The mayor of Arona, Carla Neri, opened the show.",
            "Who is the mayor of Arona?",
            ["Donatella Righi", "Carla Neri"],
        ),
        (
            "L’ambasciatore russo in Corea del Nord, Aleksandr Matsegora, ha parlato.",
            "Ivan Petrov, ambasciatore della Russia in Corea del Nord, ha parlato.",
            "Come si chiama l’ambasciatore russo in Corea del Nord?",
            ["Aleksandr Matsegora", "Ivan Petrov"],
        ),
        (
            "La fabbrica Verdi di Novara è stata fondata da Mario Rossi.",
            "Luigi Bianchi ha fondato la fabbrica Verdi di Novara.",
            "Chi ha fondato la fabbrica Verdi di Novara?",
            ["Mario Rossi", "Luigi Bianchi"],
        ),
        (
            "Anna Smith won the race in Leeds.",
            "The race in Leeds was won by Mary Jones.",
            "Who won the race in Leeds?",
            ["Anna Smith", "Mary Jones"],
        ),
    ],
)
def test_names_for_one_office_or_deed_that_differ(one: str, other: str, question: str, names: list[str]) -> None:
    """Two persons named for the office or the deed that is asked for stand side by side, in either language."""
    (disagreement,) = differing(question, two_articles(one, other))

    assert disagreement.matter is Matter.NAMES
    assert [claim.quote.text for claim in disagreement.claims] == names


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        (
            "Lo ha detto il sindaco di Arona, Mario Rossi.",
            "Lo ha detto il sindaco di Novara, Luigi Bianchi.",
            "Chi è il sindaco di Arona?",
        ),
        (
            "Lo ha detto il sindaco di Arona, Mario Rossi.",
            "Luigi Bianchi, ex sindaco di Arona, ha aperto la mostra.",
            "Chi è il sindaco di Arona?",
        ),
        (
            "L’ambasciatore russo a Pyongyang Aleksandr Matsegora ha parlato.",
            "L’ambasciatore russo a Pyongyang, Alexandr Matsegora, ha parlato.",
            "Chi è l’ambasciatore russo a Pyongyang?",
        ),
        (
            "Il presidente russo Vladimir Putin ha parlato.",
            "Il presidente russo Putin ha parlato.",
            "Chi è il presidente russo?",
        ),
        (
            "Il sindaco di Arona ha incontrato Mario Rossi.",
            "Lo ha detto il sindaco di Arona, Luigi Bianchi.",
            "Chi è il sindaco di Arona?",
        ),
        (
            "Il ministro della Sanità ha scritto il libro sulla fabbrica Verdi.",
            "The Health Secretary has written the book on the Verdi factory.",
            "Chi ha scritto il libro sulla Verdi?",
        ),
        (
            "Mario Rossi ha visitato la fabbrica Verdi.",
            "Luigi Bianchi ha visitato la fabbrica Verdi.",
            "Chi ha visitato la fabbrica Verdi?",
        ),
    ],
)
def test_names_that_do_not_differ(one: str, other: str, question: str) -> None:
    """Other offices, former holders, spellings and parts of one name, and what many may do are no matter."""
    assert differing(question, pair(one, other)) == ()


def test_offices_change_hands() -> None:
    """Articles of different years name different mayors, and nobody is wrong."""
    articles = [
        article("one.txt", "Lo ha detto il sindaco di Arona, Mario Rossi.", "it", "2020-01-01"),
        article("two.txt", "Lo ha detto il sindaco di Arona, Luigi Bianchi.", "it", "2025-01-01"),
    ]

    assert differing("Chi è il sindaco di Arona?", articles) == ()


@pytest.mark.parametrize(
    ("one", "other", "question", "figures"),
    [
        (
            "Sono almeno 18 i morti nel crollo del ponte di Arona.",
            "Nel crollo del ponte di Arona i morti sono 12 e i feriti una quarantina.",
            "Quanti sono i morti nel crollo del ponte di Arona?",
            ["almeno 18 i morti", "12"],
        ),
        (
            "In Arona the death toll rose to 14, officials said.",
            "The collapse of a bridge in Arona left 19 people dead.",
            "How many people died in Arona?",
            ["14", "19 people"],
        ),
        (
            "A bridge collapsed in Arona, killing 14 people.",
            "A bridge collapsed in Arona, and 19 people were killed.",
            "How many people were killed in Arona?",
            ["14 people", "19 people"],
        ),
    ],
)
def test_the_toll_in_the_words_newspapers_have_for_it(one: str, other: str, question: str, figures: list[str]) -> None:
    """What is counted may stand after an article or before the figure, and each figure keeps its own."""
    (disagreement,) = differing(question, pair(one, other, "it" if "Sono" in one else "en"))

    assert [claim.quote.text for claim in disagreement.claims] == figures


def test_the_same_news_in_sentences_that_leave_its_names_out() -> None:
    """Articles of the same days that open with what is asked for are compared; of other weeks they are not."""
    opens = "Il ponte di Arona è crollato all’alba. "

    def shown(day: str) -> int:
        articles = [
            article("one.txt", opens + "I morti sono 12 secondo la prefettura.", "it", "2025-03-12"),
            article("two.txt", opens + "I morti sono almeno 18, dice il sindaco.", "it", day),
        ]
        return len(differing("Quanti morti ad Arona?", articles))

    assert (shown("2025-03-13"), shown("2025-05-13")) == (1, 0)
