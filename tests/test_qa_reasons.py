"""Why a file was not read, in both languages."""

from __future__ import annotations

import pytest

from qa.reasons import told_reason
from qa.records import Language

IT, EN = Language.ITALIAN, Language.ENGLISH


@pytest.mark.parametrize(
    ("said", "italian"),
    [
        ("is empty", "è vuoto"),
        ("is larger than 20,000 bytes", "supera 20,000 byte"),
        ("is not a text file (it holds NUL bytes)", "non è un file di testo (contiene byte NUL)"),
        ("has no column «text», but a, b", "non ha una colonna «text», ma a, b"),
        ("leave it out", "lascialo fuori"),
    ],
)
def test_a_reason_is_told_in_italian(said: str, italian: str) -> None:
    """What has a translation is told by it, with its values; in English it stays as it is."""
    assert told_reason(said, IT) == (italian, IT)
    assert told_reason(said, EN) == (said, EN)


def test_what_has_no_translation_stays_english_and_says_so() -> None:
    """A reason without one is handed on with the language it is in, so that it is read out in that."""
    assert told_reason("is on fire; run", IT) == ("is on fire; run", EN)
