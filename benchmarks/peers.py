"""The program beside its peers, with the same model: ``python -m benchmarks.peers [TEXTS.jsonl QUESTIONS.jsonl]``.

What is compared is the recipe that all of them have: passages' vectors and BM25, fused (:mod:`benchmarks.recipes`).

* **Building**, vectors really computed: the program reads the texts from a file, divides them, embeds passages and each
  of their sentences, finds direct speech and near-copies, and writes an archive that survives a crash. The peers get
  the passages ready and embed them alone, with plain sentence-transformers; what they make is in memory.
* **Answering**: from a question to ranked passages, its embedding included, and for the program the whole answer with
  its quotes as well (no reader). The passages' vectors are made up there (:class:`benchmarks.growth.Synthetic`).

All take turns in one process; ratios are of medians, by the clock, which says something on a quiet machine only, and by
the processor's time of all threads. Sockets are refused.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.figures import add_json, tell
from benchmarks.growth import Synthetic, articles, texts_of
from benchmarks.recipes import BEST, RECIPES, WORDS, Model, Ranker, be_quiet
from index.archive import Archive
from index.build import add_intake, build, build_articles
from index.bundled import model_folder
from index.encoder import BUNDLED, Vectors, open_encoder
from index.ingest import Intake
from index.keys import question_keys
from index.passages import split_passages
from index.records import Article
from qa.answer import Engine, read_question
from qa.records import Filters
from qa.retrieve import retrieve

BENCH = Path(__file__).parents[1].parent / "shared" / "bench" / "squad-it-dev"
_PROMPTS = ("query: ", "passage: ")
_ROUNDS = 3
_OWN = "the program"


class Times(NamedTuple):
    """By the clock, and of the processor."""

    clock: float
    processor: float


class Plain:
    """sentence-transformers with its defaults, as the peers' own adapters call it."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(model_folder()), device="cpu", model_kwargs={"add_pooling_layer": False})

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Of passages."""
        return self._encoded([_PROMPTS[1] + text for text in texts])

    def question(self, text: str) -> Vectors:
        """Of a question."""
        return np.asarray(self._encoded([_PROMPTS[0] + text])[0])

    def _encoded(self, texts: list[str]) -> Vectors:
        return np.asarray(self._model.encode(texts, normalize_embeddings=True), np.float32)


class MadeUp(Plain):
    """As :class:`Plain`, but passages' vectors are made up."""

    def __init__(self, synthetic: Synthetic) -> None:
        super().__init__()
        self._synthetic = synthetic

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Made up."""
        return self._synthetic.encode_passages(texts)


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Measure the program beside its peers.")
    parser.add_argument("texts", nargs="?", type=Path, metavar="TEXTS.jsonl", default=BENCH / "corpus.jsonl")
    parser.add_argument(
        "questions", nargs="?", type=Path, metavar="QUESTIONS.jsonl", default=BENCH / "queries.it.jsonl"
    )
    parser.add_argument("--build", type=int, default=100, metavar="TEXTS", help="texts to build of; default 100")
    parser.add_argument("--passages", type=int, default=3_000, help="to answer from; default 3000")
    parser.add_argument("--asked", type=int, default=40, help="questions; default 40")
    add_json(parser)
    given = parser.parse_args()
    be_quiet()
    from pytest_socket import disable_socket

    disable_socket(allow_unix_socket=True)
    texts, questions = (texts_of(path) for path in (given.texts, given.questions))
    questions = questions[:: max(1, len(questions) // given.asked)][: given.asked]
    figures = building(texts[: given.build]) | answering(texts, questions, given.passages)
    tell(figures, given.json)


def present(texts: Sequence[str], model: Model) -> dict[str, Callable[[], Ranker]]:
    """The peers that are installed, each with what makes it of `texts`; says in a line which are not."""
    found: dict[str, Callable[[], Ranker]] = {}
    for name, recipe in RECIPES.items():
        try:
            recipe(texts[:2], model)
        except ImportError as error:
            print(f"{name} is not installed here ({error.name}): left out")
        else:
            found[name] = lambda recipe=recipe: recipe(texts, model)  # type: ignore[misc]
    return found


def building(texts: Sequence[str]) -> dict[str, Any]:
    """Seconds from texts to what answers, the models being open."""
    drafts = [(draft, text) for text in texts for draft in split_passages(text, [])]
    passages = [draft.span.of(text) for draft, text in drafts]
    encoder, plain = open_encoder(BUNDLED), Plain()
    encoder.encode_passages(passages[:4])
    makers: dict[str, Callable[[], object]] = dict(present(passages, plain))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = ({"id": str(n), "text": text} for n, text in enumerate(texts))
        (folder / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        numbers = itertools.count()
        makers = {_OWN: lambda: build(folder / f"{next(numbers)}", [folder / "texts.jsonl"]), **makers}
        seconds = _in_turn(makers, _ROUNDS * [()])
    return {
        "building, passages": len(passages),
        "texts embedded by the program, sentences among them": sum(1 + len(one.sentences) for one, _ in drafts),
        **_told(seconds, "s", "<= .5", "building, "),
    }


def answering(texts: Sequence[str], questions: Sequence[str], wanted: int) -> dict[str, Any]:
    """Milliseconds from a question to ranked passages, and to a whole answer."""
    encoder = open_encoder(BUNDLED)
    synthetic = Synthetic(encoder, texts[:: max(1, len(texts) // 200)])
    some: list[Article] = []
    passages: list[str] = []
    for article in articles(texts):
        some.append(article)
        passages += [draft.span.of(article.text) for draft in split_passages(article.text, [])]
        if len(passages) >= wanted:
            break
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "archive"
        build_articles(path, [])
        add_intake(path, Intake(tuple(some)), open_model=lambda _: synthetic)
        archive = Archive.open(path)
        engine = Engine(archive)
        keys = {text: [key.terms for key in question_keys(text, ("it",))] for text in questions}
        ranked: dict[str, Callable[[str], object]] = {
            "encoding the question alone": lambda text: encoder.encode_questions([text]),
            f"{_OWN}, ranked passages": lambda text: _ranked(archive, text),
            f"{_OWN}, whole answer": engine.ask,
        }
        ranked |= {name: make() for name, make in present(passages, MadeUp(synthetic)).items()}
        ranked |= {f"words alone, {_OWN}": lambda text: archive.terms.search(keys[text], 100)}
        for name, recipe in WORDS.items():
            try:
                ranked[f"words alone, {name}"] = recipe(passages)
            except ImportError as error:
                print(f"{name} is not installed here ({error.name}): left out")
        for work in ranked.values():
            work(questions[0])
        # Whoever comes first finds the question's words and the model cold: they take turns in that as well.
        times = _in_turn(ranked, [(question,) for question in questions], turning=True)
    milliseconds = {name: Times(1000 * of.clock, 1000 * of.processor) for name, of in times.items()}
    return {"answering, passages": len(passages), **_told(milliseconds, "ms", "<= 1")}


def _ranked(archive: Archive, text: str) -> object:
    question = read_question(text)
    vector = archive.encoder.encode_questions([question.searched])[0]
    return retrieve(archive, question, vector, Filters()).hits[:BEST]


def _in_turn(
    works: Mapping[str, Callable[..., object]], given: Sequence[tuple[str, ...]], *, turning: bool = False
) -> dict[str, Times]:
    """Medians of each of `works` in seconds; with `turning`, each in turn is the first to be `given` its arguments."""
    spent: dict[str, list[Times]] = {name: [] for name in works}
    names = list(works)
    for number, arguments in enumerate(given):
        first = number % len(names) if turning else 0
        for name in names[first:] + names[:first]:
            clock, processor = time.perf_counter(), time.process_time()
            works[name](*arguments)
            spent[name].append(Times(time.perf_counter() - clock, time.process_time() - processor))
    return {name: Times(*map(median, zip(*times, strict=True))) for name, times in spent.items()}


def _told(of: Mapping[str, Times], unit: str, asked: str, what: str = "") -> dict[str, Any]:
    """Times and ratios to the fastest peer as figures, their names after `what`; what is asked is by the clock."""
    figures: dict[str, Any] = {}
    for name, times in of.items():
        figures[f"{what}{name}, {unit}"] = round(times.clock, 2)
        figures[f"{what}{name}, {unit} of the processor"] = round(times.processor, 2)
    if peers := [times for name, times in of.items() if name in RECIPES]:
        fastest = Times(*map(min, zip(*peers, strict=True)))
        for name, times in of.items():
            if name.startswith(_OWN):
                ratio = f"{what}{name} / fastest peer"
                figures[f"{ratio} (asked: {asked})"] = round(times.clock / fastest.clock, 2)
                figures[f"{ratio}, processor"] = round(times.processor / fastest.processor, 2)
    return figures


if __name__ == "__main__":
    main()
