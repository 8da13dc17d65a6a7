"""Telling the language of short questions."""

from __future__ import annotations

import pytest

from index.language import function_word_votes
from qa.language import is_foreign, question_languages
from qa.records import Language

IT, EN = Language.ITALIAN, Language.ENGLISH

ITALIAN = """
Chi è Kim Jong Un?
Quanti morti?
e quanti feriti?
Dove?
Perché?
Perché Kim ha parlato?
Cosa dice Peskov?
QUANTI SOLDATI SONO MORTI?
il trattato
soldati uccisi
truppe nordcoreane
data inaugurazione museo
L'accordo con Mosca
L’accordo con Mosca
Quand'è nata Wagner?
Chi ha firmato lo Smart Agreement?
museo
feriti
In quale distretto di Pyongyang sorgerà il museo?
""".strip().splitlines()
ENGLISH = """
Who is Kim Jong Un?
How many dead?
And how many wounded?
Where?
Why?
Why did Kim speak?
What does Peskov say?
HOW MANY SOLDIERS DIED?
the treaty
soldiers killed
North Korean troops
museum opening date
Where's Kursk?
Kim Jong Un museum
What did the Corriere della Sera say about Kim Jong Un?
museum
wounded
In which district of Pyongyang will the museum be built?
""".strip().splitlines()
EITHER = """
Kim Jong Un
Kim Jong Un?
Kim Jong Un e Putin
Putin Pyongyang
Vladimir Putin Kim Jong Un Kursk
Hwasong?
Russia Ucraina
Sergueï Choïgou
KCNA
2025
Kursk 2025
""".strip().splitlines()


@pytest.mark.parametrize("question", ITALIAN)
def test_italian_questions(question: str) -> None:
    """A short Italian question is Italian, and only that."""
    assert question_languages(question) == (IT,)


@pytest.mark.parametrize("question", ENGLISH)
def test_english_questions(question: str) -> None:
    """A short English question is English, and only that."""
    assert question_languages(question) == (EN,)


@pytest.mark.parametrize("question", EITHER)
def test_names_and_figures_alone_may_be_either(question: str) -> None:
    """Of names and figures alone nothing is concluded: both languages stay open."""
    assert set(question_languages(question)) == {IT, EN}
    assert len(question_languages(question)) == 2


def test_the_un_of_kim_jong_un_is_no_article() -> None:
    """The capitalised *Un* of a name does not vote for Italian; the article *un* does."""
    assert function_word_votes("Kim Jong Un") == {"it": 0, "en": 0}
    assert function_word_votes("Kim inaugura un museo") == {"it": 1, "en": 0}
    assert question_languages("Kim Jong Un speaks") == (EN,)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Combien de soldats nord-coréens sont morts ?", "fr"),
        ("Wie viele Soldaten aus Nordkorea sind gefallen?", "de"),
        ("Сколько солдат погибло под Курском?", "ru"),
    ],
)
def test_a_third_language_is_recognised(question: str, code: str) -> None:
    """A whole question in a third language is named as such, and still gets one of ours to be answered in."""
    assert is_foreign(question) == code
    assert set(question_languages(question)) <= {IT, EN}
    assert question_languages(question)


@pytest.mark.parametrize("question", [*ITALIAN, *ENGLISH, *EITHER])
def test_our_own_languages_are_not_foreign(question: str) -> None:
    """No Italian or English question, and no list of names, is called foreign."""
    assert is_foreign(question) is None


@pytest.mark.parametrize("question", ["", "?", "…", "🇰🇵", "\x00"])
def test_no_words_may_be_either(question: str) -> None:
    """Where there is no word at all, both languages stay open and nothing fails."""
    assert set(question_languages(question)) == {IT, EN}
    assert is_foreign(question) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Wo wird das Museum in Pjöngjang gebaut?", "de"),
        ("¿Dónde se construirá el museo de Pyongyang?", "es"),
        ("Où sera construit le musée de Pyongyang ?", "fr"),
        ("Qui a signé le traité entre les deux pays ?", "fr"),
        ("museo cimitero lapidi", None),
        ("soldati morti Kursk quanti", None),
        ("museum cemetery graves", None),
        ("North Korea troops killed number", None),
        ("Kim Jong Un", None),
    ],
)
def test_a_third_language_is_told_and_ours_never_taken_for_one(question: str, code: str | None) -> None:
    """Questions in German, Spanish and French are recognised; keywords in Italian or English and names are not."""
    assert is_foreign(question) == code
