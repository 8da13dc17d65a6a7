"""Speakers of an archive: spellings of one name are one speaker, different persons are not."""

from __future__ import annotations

import random

import pytest

from index.speech import Speaker, join


@pytest.mark.parametrize(
    "forms",
    [
        ("Kim Jong Un", "Kim Jong-un", "KIM JONG UN"),
        ("Aleksandr Matsegora", "Alexandr Matsegora", "Alexander Matsegora"),
        ("Choïgou", "Shoigu", "Šojgu"),
        ("Sergueï Choïgou", "Sergei Shoigu", "Sergej Šojgu"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskij"),
        ("Vladimir Putin", "Vladimir Poutine"),
        ("Xi Jinping", "Xi Jin-ping"),
        ("La Corea del Nord", "la Corea del Nord", "Corea del Nord"),
        ("KCNA", "Kcna"),
        ("l’Unione Europea", "L'Unione europea"),
    ],
)
def test_spellings_are_one_speaker(forms: tuple[str, ...]) -> None:
    """All the spellings of a name fall into one group that lists them."""
    (speaker,) = join(forms)

    assert set(speaker.forms) == set(forms)


@pytest.mark.parametrize(
    "names",
    [
        ("Kim Jong Un", "Kim Jong Il"),
        ("Kim Jong Un", "Kim Yo Jong"),
        ("Alessandro Rossi", "Alessandra Rossi"),
        ("Simone Bruni", "Simona Bruni"),
        ("George Bush", "Jeb Bush"),
        ("Kim", "Kim Jong Un"),
        ("Michael Vann", "Bernard Vann"),
        ("CNN", "CNBC"),
    ],
)
def test_other_persons_stay_apart(names: tuple[str, ...]) -> None:
    """Names that differ in more than spelling are different speakers."""
    assert len(join(names)) == len(names)


def test_canonical_form() -> None:
    """The canonical form is the most frequent, then the longest, then the first in the alphabet; so are the forms."""
    assert join(["Shoigu", "Choïgou", "Choïgou"]) == [Speaker("Choïgou", ("Choïgou", "Shoigu"))]
    assert join(["Shoigu", "Choïgou"]) == [Speaker("Choïgou", ("Choïgou", "Shoigu"))]
    assert join(["Kim Jong-un", "Kim Jong Un"]) == [Speaker("Kim Jong Un", ("Kim Jong Un", "Kim Jong-un"))]


def test_order_does_not_matter() -> None:
    """The same names in any order give the same groups in the same order."""
    names = ["Choïgou", "Shoigu", "Kim Jong Un", "Kim Jong-un", "KCNA", "Kcna", "KCNA", "Putin", "Poutine"]
    expected = join(names)
    for seed in range(10):
        random.Random(seed).shuffle(names)

        assert join(names) == expected


def test_odd_names() -> None:
    """Empty and punctuation-only names make no error."""
    assert [speaker.forms for speaker in join(["", "-", "’"])] == [("",), ("’",), ("-",)]
