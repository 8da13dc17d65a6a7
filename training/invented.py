"""News articles that we invented, so that a reader may be trained on more than forty of them, and questions on each.

A line of ``training/articles/*.jsonl`` is one article: ``{"id", "lang", "title", "date", "outlet", "text",
"questions"}``; a question is ``{"it", "en", "gold"}`` with gold as ``[[start, end], …]``, code points of the text,
empty where the article does not answer. Nobody and nothing in them is real but places and institutions.
"""

from __future__ import annotations

from pathlib import Path

from training.data import json_lines, passage
from training.records import Collection, Gold, Item

LANGUAGES = ("it", "en")


def invented(folder: Path) -> Collection:
    """The articles of a folder's files with their questions, each asked in both languages.

    Raises:
        ValueError: an answer lies outside its article.
    """
    result = Collection()
    for path in sorted(folder.glob("*.jsonl")):
        for row in json_lines(path):
            key, article = f"invented-{row['id']}", f"invented:{row['id']}"
            result.passages[key] = passage(key, article, row["lang"], row["text"])
            for number, question in enumerate(row["questions"]):
                spans = tuple((start, end) for start, end in question["gold"])
                if any(not 0 <= start < end <= len(row["text"]) for start, end in spans):
                    raise ValueError(f"question {number} of {row['id']}: an answer outside the article")
                told = {row["lang"]: Gold(key, spans)} if spans else {}
                asked = {lang: question[lang] for lang in LANGUAGES}
                name = f"{key}-{number:02d}"
                result.items[name] = Item(name, "news", article, asked, told, (key,))
    return result
