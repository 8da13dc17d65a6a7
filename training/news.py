"""News articles in Italian and English, a sentence a line, and the questions written over them.

A question's line: ``{"id", "lang", "question", "article", "answerable", "gold"}`` with gold as
``{"it": [[line, start, end], …], "en": …}``; lines count from 0, offsets are code points of the line.
The articles stay in their own folder.
"""

from __future__ import annotations

from pathlib import Path

from training.data import hash_order, json_lines
from training.records import Collection, Gold, Item, Passage

TRAINED_ARTICLES = 40
LANGUAGES = ("it", "en")


def articles(bench: Path) -> list[str]:
    """The names of all news articles in hash order: the first `TRAINED_ARTICLES` are for training."""
    return hash_order(path.stem for path in (bench / "ntrex-dev" / "it").glob("*.txt"))


def held_out_news(bench: Path) -> frozenset[str]:
    """The articles that are only measured, under the names of :attr:`training.records.Passage.article`."""
    return frozenset(f"news:{name}" for name in articles(bench)[TRAINED_ARTICLES:])


def lines_of(bench: Path, article: str, lang: str) -> list[str]:
    """The sentences of an article."""
    return (bench / "ntrex-dev" / lang / f"{article}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")


def news_passage(bench: Path, article: str, lang: str) -> Passage:
    """An article as one passage whose sentences are its lines."""
    spans, at = [], 0
    lines = lines_of(bench, article, lang)
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return Passage(f"news-{lang}-{article}", f"news:{article}", lang, "\n".join(lines), tuple(spans))


def news_collection(bench: Path, questions: Path) -> Collection:
    """The questions of a file with the articles they are about, in both languages.

    Raises:
        ValueError: an answer lies outside its line.
    """
    result = Collection()
    for row in json_lines(questions):
        keys = []
        told: dict[str, Gold] = {}
        for lang in LANGUAGES:
            key = f"news-{lang}-{row['article']}"
            if key not in result.passages:
                result.passages[key] = news_passage(bench, row["article"], lang)
            entry = result.passages[key]
            keys.append(key)
            spans = []
            for line, start, end in row["gold"].get(lang, []):
                begin, stop = entry.sentences[line]
                if not 0 <= start < end <= stop - begin:
                    raise ValueError(f"question {row['id']}: [{start}, {end}) is outside line {line}")
                spans.append((begin + start, begin + end))
            if spans:
                told[lang] = Gold(key, tuple(spans))
        if bool(told) != row["answerable"]:
            raise ValueError(f"question {row['id']}: answerable and gold disagree")
        result.items[f"news-{row['id']}"] = Item(
            f"news-{row['id']}", "news", f"news:{row['article']}", {row["lang"]: row["question"]}, told, tuple(keys)
        )
    return result
