"""A made-up world in the form of the training data: paragraphs of unique names and figures, and a tiny encoder.

Every article's names and figures are its own, so that a token alone tells which article it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

TITLES = ("Alfa", "Bravo", "Carlo", "Delta", "Ebano")
HELD_OUT = "Delta"
"""Which of them :func:`training.data.held_out_titles` keeps, by its hash."""
LANGUAGES = ("it", "en", "es", "de", "ro")
_SAID = {
    "it": ("Nel {year} la città di {name} contava {count} abitanti.", "Quanti abitanti contava {name} nel {year}?"),
    "en": ("In {year} the town of {name} had {count} people.", "How many people did {name} have in {year}?"),
    "es": ("En {year} la ciudad de {name} tenía {count} almas.", "Cuántas almas tenía {name} en {year}?"),
    "de": ("Im Jahr {year} hatte die Stadt {name} rund {count} Einwohner.", "Wie viele hatte {name} im Jahr {year}?"),
    "ro": ("În {year} orașul {name} avea {count} locuitori.", "Câți locuitori avea {name} în {year}?"),
}
_NEWS = {"it": ("Il sindaco di {name} ha speso {count} euro.", "Quanto ha speso il sindaco di {name}?"),
         "en": ("The mayor of {name} spent {count} euros.", "How much did the mayor of {name} spend?")}  # fmt: skip


def facts(title: str, paragraph: int) -> list[dict[str, str]]:
    """Name, year and count of each of a paragraph's six sentences; no two articles share any."""
    place = TITLES.index(title)
    return [
        {
            "name": f"{title}{'opqrst'[at]}{'xy'[paragraph]}",
            "year": str(1800 + 40 * place + 10 * paragraph + at),
            "count": str(20_001 + 500 * place + 50 * paragraph + at),
        }
        for at in range(6)
    ]


def own_words(title: str) -> set[str]:
    """The words that only this article has."""
    return {value for paragraph in range(2) for fact in facts(title, paragraph) for value in fact.values()}


def text_of(title: str, paragraph: int, lang: str) -> tuple[str, list[tuple[int, int]]]:
    """A paragraph, and where each sentence gives its count."""
    text, spans = "", []
    for fact in facts(title, paragraph):
        text += " " if text else ""
        said = _SAID[lang][0].format(**fact)
        start = len(text) + said.index(fact["count"])
        spans.append((start, start + len(fact["count"])))
        text += said
    return text, spans


def write_bench(folder: Path) -> None:
    """The folders ``squad-it-dev``, ``xquad-dev`` and ``ntrex-dev``, with one question for every other sentence."""
    corpus, queries, relevant = [], [], []
    parallel: dict[str, list[object]] = {lang: [] for lang in LANGUAGES if lang != "it"}
    for title in TITLES:
        for paragraph in range(2):
            text, spans = text_of(title, paragraph, "it")
            key = f"{title}-{paragraph}"
            corpus.append({"_id": key, "title": title, "text": text})
            for at in (0, 2, 4):
                asked = _SAID["it"][1].format(**facts(title, paragraph)[at])
                answers = [[*spans[at], text[slice(*spans[at])]]]
                queries.append({"_id": f"{key}-{at}", "text": asked, "metadata": {"answers": answers}})
                relevant.append(f"{key}-{at}\t{key}\t1")
            for lang, rows in parallel.items():
                rows.append({"title": title.upper(), "paragraph": len(rows), **_paragraph(title, paragraph, lang)})
    squad = folder / "squad-it-dev"
    for name, rows in (("corpus", corpus), ("queries.it", queries), ("queries.en", [])):
        _write(squad / f"{name}.jsonl", map(json.dumps, rows))
    for lang, lines in (("it", relevant), ("en", [])):
        _write(squad / f"qrels.{lang}.tsv", ["query-id\tcorpus-id\tscore", *lines])
    for lang, rows in parallel.items():
        _write(folder / "xquad-dev" / f"{lang}.jsonl", map(json.dumps, rows))
    for number in range(42):
        for lang, (said, _) in _NEWS.items():
            _write(folder / "ntrex-dev" / lang / f"giornale.{number}.txt", [said.format(**f) for f in _news(number)])


def news_questions(article: str) -> Iterator[str]:
    """Lines of a file of questions about `article`: one that it answers and one that it does not, in both languages."""
    first, second, *_ = _news(int(article.split(".")[1]))
    for lang, (_, asked) in _NEWS.items():
        gold = {}
        for told, (said, _) in _NEWS.items():
            start = said.format(**first).index(first["count"])
            gold[told] = [[0, start, start + len(first["count"])]]
        row = {"lang": lang, "article": article, "question": asked.format(**first)}
        yield json.dumps({"id": f"{article}-{lang}-1", **row, "answerable": True, "gold": gold})
        row["question"] = asked.format(name=second["name"] + "i")
        yield json.dumps({"id": f"{article}-{lang}-2", **row, "answerable": False, "gold": {}})


def write_encoder(folder: Path) -> None:
    """A BERT of three layers with random weights, and a tokenizer of whole words."""
    texts = [text_of(title, paragraph, lang)[0] for title in TITLES for paragraph in range(2) for lang in LANGUAGES]
    texts += [asked for _, asked in (*_SAID.values(), *_NEWS.values())] + [said for said, _ in _NEWS.values()]
    texts += [fact[part] for number in range(42) for fact in _news(number) for part in ("name", "count")]
    splitter = pre_tokenizers.Whitespace()
    words = sorted({word for text in texts for word, _ in splitter.pre_tokenize_str(text)})
    vocabulary = {word: at for at, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = splitter
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=320,
        pad_token_id=1,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)


def _paragraph(title: str, paragraph: int, lang: str) -> dict[str, object]:
    text, spans = text_of(title, paragraph, lang)
    questions = [
        {
            "id": f"{title}-{paragraph}-{at}",
            "text": _SAID[lang][1].format(**facts(title, paragraph)[at]),
            "start": spans[at][0],
            "end": spans[at][1],
        }
        for at in (0, 2, 4)
    ]
    return {"context": text, "questions": questions}


def _news(number: int) -> list[dict[str, str]]:
    return [{"name": f"Nord{'abcdef'[at]}{number}", "count": str(70_001 + 10 * number + at)} for at in range(4)]


def _write(path: Path, lines: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")  # type: ignore[attr-defined]
