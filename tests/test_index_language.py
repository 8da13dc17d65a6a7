"""Language identification of articles and short texts."""

from __future__ import annotations

import pytest

from index.language import FUNCTION_WORDS, detect_language, function_word_votes, passage_language

TEXTS = {
    "Italian sentence": ("Il presidente ha detto che la guerra è finita.", "it"),
    "English sentence": ("The president said that the war is over.", "en"),
    "Italian question": ("Chi ha vinto la coppa?", "it"),
    "English question": ("Who won the cup in Rome?", "en"),
    "Italian in capitals": ("CHI HA VINTO LA GUERRA IN UCRAINA", "it"),
    "English with Italian names": ("Giorgia Meloni was in La Spezia with the mayor of Monte Argentario", "en"),
    "Italian with English names": ("Il New York Times e il Washington Post ne hanno parlato alla Casa Bianca", "it"),
    "French": ("Le président français a déclaré que la guerre est finie depuis hier.", "fr"),
    "French with words Italian has": (
        "Le conseil municipal a voté hier soir le budget de la ville, a déclaré le maire devant les habitants réunis "
        "dans la grande salle.",
        "fr",
    ),
    "German": ("Der Krieg in der Ukraine ist nicht vorbei, sagte der Minister.", "de"),
    "Spanish": ("El presidente dijo que la guerra ha terminado y que no habrá más tropas.", "es"),
    "Russian": ("Президент России заявил, что война окончена.", "ru"),
    "names only": ("Kim Jong Un", None),
    "two words": ("museo Pyongyang", None),
    "empty": ("", None),
    "marks": ("?! … «»", None),
    "digits and emoji": ("2024 10.000 😀", None),
}


@pytest.mark.parametrize("case", TEXTS.values(), ids=TEXTS.keys())
def test_language_is(case: tuple[str, str | None]) -> None:
    """The language of the text is exactly this code, or none where nobody could tell."""
    text, language = case

    assert detect_language(text) == language


def test_names_do_not_vote() -> None:
    """The Un of Kim Jong Un is no Italian article; a capitalised first word and lower-case words do vote."""
    assert function_word_votes("Kim Jong Un, La Spezia, The Hague") == {"it": 0, "en": 0}
    assert function_word_votes("Il museo è of Kim Jong Un") == {"it": 2, "en": 1}


def test_capitals_vote_where_all_is_in_capitals() -> None:
    """In a text all in capitals a capital says nothing, so every word votes."""
    assert function_word_votes("IL MUSEO DELLA GUERRA APRE A OTTOBRE") == {"it": 2, "en": 0}
    assert function_word_votes("KIM JONG UN E PUTIN") == {"it": 0, "en": 0}


def test_long_text_is_judged_by_its_beginning() -> None:
    """A long Italian article with an English appendix is Italian."""
    assert detect_language("Il presidente ha detto che la guerra è finita. " * 100 + "The end of it. " * 500) == "it"


def test_function_words_of_the_two_languages_are_apart() -> None:
    """A word both languages use tells neither: the lists share none, and are all in lower case."""
    assert FUNCTION_WORDS["it"] & FUNCTION_WORDS["en"] == frozenset()
    assert all(word == word.lower() for known in FUNCTION_WORDS.values() for word in known)


_ITALIAN = (
    "Il presidente ha detto che la legge non sarà cambiata prima della fine dell’anno, anche se molti dei suoi "
    "alleati glielo chiedono da mesi e non hanno intenzione di smettere."
)
_ENGLISH = (
    "We have said from the beginning that this law is not what the people of this country asked for, and we will "
    "not stop until it has been changed by those who wrote it."
)
_FRENCH = (
    "Nous avons dit depuis le début que cette loi n’est pas ce que les gens de ce pays demandaient, et nous ne nous "
    "arrêterons pas avant qu’elle ne soit changée par ceux qui l’ont écrite."
)


_FRENCH_LIKE_ITALIAN = TEXTS["French with words Italian has"][0]


@pytest.mark.parametrize(
    ("text", "article", "language"),
    [
        (_ENGLISH, "it", "en"),
        (_FRENCH_LIKE_ITALIAN, "it", "fr"),
        (_ITALIAN, "en", "it"),
        (_FRENCH, "it", "fr"),
        (_ITALIAN, None, "it"),
        ("We will not stop until it has been changed.", "it", "it"),
        (f"«{_ENGLISH[:60]}», ha detto il presidente ai giornalisti che lo aspettavano davanti alla sede.", "it", "it"),
        ("Kim Jong Un, Vladimir Putin, Donald Trump, Xi Jinping. " * 4, "it", "it"),
    ],
)
def test_a_passage_is_in_its_own_language_where_that_is_plain(text: str, article: str | None, language: str) -> None:
    """A long quotation in another language is told from its article; short and mixed ones, and names, are not."""
    assert passage_language(text, article) == language
