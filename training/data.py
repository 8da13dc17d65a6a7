"""The sources of training data, read into one form: SQuAD-it with XQuAD, AfriQA, and news questions.

Folders come as arguments; nothing is downloaded. What is held out is chosen here, by hash.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.records import Span
from index.sentences import split_sentences
from training.records import Collection, Gold, Item, Passage

LANGUAGES = ("it", "en", "es", "de", "ro")
HELD_OUT_SHARE = 0.12
NO_SHARED_QUESTION = {
    "Amazon_rainforest": "Amazzonia",
    "Ctenophora": "Ctenophora",
    "Victoria_and_Albert_Museum": "Victoria and Albert Museum",
}


def json_lines(path: Path) -> Iterator[Any]:
    """The objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def passage(key: str, article: str, lang: str, text: str) -> Passage:
    """A passage with its sentences."""
    sentences = tuple((span.start, span.end) for span in split_sentences(text, Span(0, len(text))))
    return Passage(key, article, lang, text, sentences)


def hash_order(names: Iterable[str]) -> list[str]:
    """`names` without repeats in a fixed order that says nothing about them."""
    return sorted(set(names), key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def held_out_titles(items: Iterable[Item]) -> frozenset[str]:
    """Articles kept from training: in hash order until they hold `HELD_OUT_SHARE` of the Italian questions."""
    counts: dict[str, int] = defaultdict(int)
    for item in items:
        if item.source == "squad":
            counts[item.article] += 1
    chosen: set[str] = set()
    total = sum(counts.values())
    for title in hash_order(counts):
        if sum(counts[name] for name in chosen) >= HELD_OUT_SHARE * total:
            break
        chosen.add(title)
    return frozenset(chosen)


def squad(bench: Path) -> Collection:
    """squad-it-dev and xquad-dev as one: a question id is one item, a translated paragraph another text of it.

    An article's name is its Italian title; XQuAD's articles are matched to it by shared question ids.
    """
    folder = bench / "squad-it-dev"
    result = Collection()
    for row in json_lines(folder / "corpus.jsonl"):
        result.passages[row["_id"]] = passage(row["_id"], row["title"], "it", row["text"])
    asked: dict[str, dict[str, str]] = defaultdict(dict)
    told: dict[str, dict[str, Gold]] = defaultdict(dict)
    article: dict[str, str] = {}
    for lang in ("it", "en"):
        where = {}
        for line in (folder / f"qrels.{lang}.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            question, key, _ = line.split("\t")
            where[question] = key
        for row in json_lines(folder / f"queries.{lang}.jsonl"):
            asked[row["_id"]][lang] = row["text"]
            # Six of squad-it-dev have lost their words.
            spans = tuple((start, end) for start, end, _ in row["metadata"]["answers"] if start < end)
            if spans:
                told[row["_id"]]["it"] = Gold(where[row["_id"]], spans)
            article[row["_id"]] = result.passages[where[row["_id"]]].article
    _add_xquad(bench / "xquad-dev", result, asked, told, article)
    for name, texts in asked.items():
        result.items[name] = Item(name, "squad", article[name], texts, told[name])
    return result


def _add_xquad(
    folder: Path,
    result: Collection,
    asked: dict[str, dict[str, str]],
    told: dict[str, dict[str, Gold]],
    article: dict[str, str],
) -> None:
    title_of = dict(NO_SHARED_QUESTION)
    rows = {lang: list(json_lines(folder / f"{lang}.jsonl")) for lang in LANGUAGES if lang != "it"}
    for row in rows["en"]:
        for question in row["questions"]:
            if question["id"] in article:
                title_of.setdefault(row["title"], article[question["id"]])
    for lang, paragraphs in rows.items():
        for row in paragraphs:
            title = title_of[row["title"]]
            key = f"xquad-{lang}-{row['paragraph']}"
            result.passages[key] = passage(key, title, lang, row["context"])
            for question in row["questions"]:
                name = question["id"]
                article.setdefault(name, title)
                asked[name].setdefault(lang, question["text"])
                told[name][lang] = Gold(key, ((question["start"], question["end"]),))


def afriqa(folder: Path, closed: frozenset[str]) -> Collection:
    """AfriQA's English gold passages (CC BY 4.0): questions translated to English over English Wikipedia.

    Args:
        folder: holds the ``gold_span_passages.afriqa.*.en.*.json`` files.
        closed: English titles that are left out because another source holds articles of that name.
    """
    result = Collection()
    keys: dict[str, str] = {}
    for path in sorted(folder.glob("gold_span_passages.afriqa.*.en.*.json")):
        for row in json_lines(path):
            text, answers = row["context"], row["answer_pivot"]
            title = (row["title"] or "").strip() or f"untitled {row['id']}"
            spans = tuple(
                (start, start + len(words))
                for start, words in zip(answers["answer_start"], answers["text"], strict=False)
                if start >= 0 and words and text[start : start + len(words)] == words
            )
            if not spans or title.replace(" ", "_") in closed or len(row["question_translated"]) < 8:
                continue
            key = keys.setdefault(text, f"afriqa-{len(keys)}")
            if key not in result.passages:
                result.passages[key] = passage(key, f"afriqa:{title}", "en", text)
            name = f"afriqa-{path.name.split('.')[2]}-{row['id']}-{len(result.items)}"
            asked = {"en": row["question_translated"].strip()}
            result.items[name] = Item(name, "afriqa", f"afriqa:{title}", asked, {"en": Gold(key, spans)})
    return result


def english_titles(bench: Path) -> frozenset[str]:
    """The English titles of XQuAD's articles, with underscores."""
    return frozenset(row["title"] for row in json_lines(bench / "xquad-dev" / "en.jsonl"))
