"""Follow-up questions: "e quanti feriti?" asks on about what was asked before."""

from __future__ import annotations

import re

from index.analysis import is_function_word, words

_OPENING = re.compile(r"(?:e|ed|ma|and|but|what about|how about|anche|also)\b(?!['’-])", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:lui|lei|loro|esso|essa|essi|costui|quest[oaie]|quell[oaie]|ciò|lì|là|ne|he|him|his|she|her|hers|they|them|their|it|its"
    r"|this|these|those|(?<!is )(?<!are )(?<!was )(?<!were )there)\b"
    r"|\b(?:l[ieoa]|gli|l['’])\s?(?:ha|hanno|aveva|avevano|abbia|abbiano)\b",
    re.IGNORECASE,
)
_FEW = 6
"""Content words from which a question is taken to stand by itself, whatever it points to."""


def searched_text(question: str, former: str | None) -> str:
    """What to search for: `question`, after the `former` one of the same chat where it cannot stand alone.

    It cannot when it opens by linking on, points at something without naming anything, or is a word or two.
    """
    if not former:
        return question
    text = question.strip()
    content = [word for word in words(text) if not is_function_word(word, text, None)]
    names = [word for word in content if word.capitalised and word.span.start > 0]
    linked = _OPENING.match(text) is not None and len(content) <= _FEW
    pointing = _POINTING.search(text) is not None and not names and len(content) <= _FEW
    bare = len(content) <= 1 and not names
    return f"{former} {question}" if linked or pointing or bare else question
