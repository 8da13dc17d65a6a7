"""What an archive costs by its size: ``python -m benchmarks.growth TEXTS.jsonl QUESTIONS.jsonl [SIZE ...]``.

Sizes are in passages. Articles are made of the paragraphs of TEXTS with one word in five exchanged. Up to
``--synthetic-from`` passages their vectors are really computed; beyond, they are made of the vectors of TEXTS: two of
them mixed, and noise with the spread of all. Questions are always really embedded.

For each size an archive is built, 100,000 passages at a time, and 100 articles are added; another process opens it,
embeds and answers each question in turn (no reader), and compares what the vectors' search finds with all products
computed.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.figures import add_json, keep, show
from benchmarks.plots import draw
from index.archive import Archive
from index.build import add_intake, build
from index.encoder import BUNDLED, Encoder, Precision, Vectors, ignore, open_encoder
from index.ingest import Intake
from index.passages import PASSAGE_SIZE, split_passages
from index.records import Article
from index.vectors import FaissIndex

if TYPE_CHECKING:
    from qa.records import Filters

_PARAGRAPHS = 6
_CHANGED = 5
"""One word in so many, so that articles that share a paragraph are no near-copies."""
_PORTION = 100_000
"""Passages that are added at once: what is added stands in memory with its vectors."""
_ADDED = 100
_ASKED = 50
_NEAREST = 20
_FEW = 4
"""Texts up to which vectors are always computed: the model's probe, and the first article."""


class Synthetic:
    """The bundled model, but for passages, whose vectors are made up of those of some `texts`."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self.name, self.dimension, self.prompts = encoder.name, encoder.dimension, encoder.prompts
        self._known = encoder.encode_passages(texts, ignore, encoder.fastest())
        centred = self._known - self._known.mean(axis=0)
        self._spread = np.linalg.cholesky(np.cov(centred.T) + 1e-6 * np.eye(self.dimension)).T.astype(np.float32)
        self._chance = np.random.default_rng(1)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The model's own."""
        return self._encoder.encode_questions(texts)

    def encode_passages(
        self, texts: Sequence[str], done: Callable[[int], object] = ignore, precision: Precision = Precision.FP32
    ) -> Vectors:
        """Made up, in the order asked; of a few texts the model's own."""
        if len(texts) <= _FEW:
            return self._encoder.encode_passages(texts, done, precision)
        one, other = (self._known[self._chance.integers(0, len(self._known), len(texts))] for _ in range(2))
        share = self._chance.uniform(0.5, 0.9, (len(texts), 1)).astype(np.float32)
        noise = self._chance.normal(size=one.shape).astype(np.float32) @ self._spread
        vectors = share * one + (1 - share) * other + 0.35 * noise
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def fastest(self) -> Precision:
        """The model's own."""
        return self._encoder.fastest()


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked, with their plots beside them."""
    parser = argparse.ArgumentParser(description="Measure archives of growing size.")
    parser.add_argument("texts", type=Path, metavar="TEXTS.jsonl", help="lines with a «text»")
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="lines with a «text»")
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000], metavar="SIZE")
    parser.add_argument("--synthetic-from", type=int, default=100_000, metavar="SIZE", help="default 100000")
    parser.add_argument("--folder", type=Path, help="where archives are made; default a temporary folder")
    add_json(parser)
    given = parser.parse_args()
    texts, questions = texts_of(given.texts), texts_of(given.questions)
    questions = questions[:: max(1, len(questions) // _ASKED)]
    encoder = open_encoder(BUNDLED)
    rows = []
    for size in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            made_up = size > given.synthetic_from
            model = (
                Synthetic(encoder, [t[:PASSAGE_SIZE] for t in texts[:: max(1, len(texts) // 200)]])
                if made_up
                else encoder
            )
            row = {"passages wanted": size, "vectors": "synthetic" if made_up else "real"}
            row |= _grown(Path(folder), size, texts, model)
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as pool:
                row |= pool.apply(asked, (Path(folder) / "archive", questions))
        rows.append(row)
        show(row)
        print(flush=True)
        keep(rows, given.json)
    if given.json:
        draw(rows, given.json.with_suffix(".svg"))


def texts_of(path: Path) -> list[str]:
    """The «text» of each line of the JSONL file `path`."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def _grown(folder: Path, size: int, texts: Sequence[str], model: Encoder) -> dict[str, Any]:
    archive = folder / "archive"
    (folder / "first.txt").write_text("Il primo articolo. È breve.", encoding="utf-8")
    build(archive, [folder / "first.txt"])
    made = articles(texts)
    figures = {"passages built": 1, "build, s": 0.0, "build, processor s": 0.0}
    left = size
    while left > 0:
        some, passages = [], 0
        while passages < min(left, _PORTION):
            some.append(next(made))
            passages += len(split_passages(some[-1].text, []))
        left -= passages
        figures["passages built"] += passages
        for name, seconds in _added(archive, some, model).items():
            figures[f"build, {name}"] = round(figures[f"build, {name}"] + seconds, 2)
    # Adding twice: the first time may write a small segment together with what is new.
    for adding in (f"adding {_ADDED} articles", f"adding {_ADDED} more"):
        for name, seconds in _added(archive, list(itertools.islice(made, _ADDED)), model).items():
            figures[f"{adding}, {name}"] = round(seconds, 2)
    return figures


def _added(archive: Path, some: Sequence[Article], model: Encoder) -> dict[str, float]:
    """Seconds that adding `some` takes."""
    begun, computed = time.perf_counter(), time.process_time()
    add_intake(archive, Intake(tuple(some)), open_model=lambda _: model)
    return {"s": time.perf_counter() - begun, "processor s": time.process_time() - computed}


def articles(texts: Sequence[str]) -> Iterator[Article]:
    """Articles without end: paragraphs of `texts`, one word in five exchanged for another of theirs."""
    chance = random.Random(1)  # noqa: S311
    words = sorted({word for text in texts for word in re.findall(r"\w{4,}", text)})
    number = 0
    while True:
        number += 1
        paragraphs = []
        for paragraph in chance.choices(texts, k=_PARAGRAPHS):
            tokens = paragraph.split(" ")
            for place in range(chance.randrange(_CHANGED), len(tokens), _CHANGED):
                tokens[place] = chance.choice(words)
            paragraphs.append(" ".join(tokens))
        text = "\n\n".join(paragraphs)
        digest = hashlib.sha256(text.encode()).hexdigest()
        day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield Article(
            digest[:16], text, f"Titolo {number}", f"Testata {number % 40}", None, day, "it", None, f"{number}",
            "growth", digest, digest,
        )  # fmt: skip


def asked(path: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Figures of opening the archive at `path` and of asking it `questions`, in a process of its own."""
    from qa.answer import Engine

    encoder = open_encoder(BUNDLED)
    encoder.encode_questions(["?"])
    before = _memory()
    begun = time.perf_counter()
    archive = Archive.open(path)
    opened = time.perf_counter() - begun
    engine = Engine(archive)
    engine.ask(questions[0])
    engine.ask(questions[0], filters=_few(0))
    walls: list[list[float]] = [[], [], []]
    processor: list[list[float]] = [[], [], []]
    chance = random.Random(1)  # noqa: S311
    for number, question in enumerate(questions, start=1):
        few = _few(number)
        works: tuple[Callable[[], object], ...] = (
            lambda asked=question: encoder.encode_questions([asked]),  # type: ignore[misc]
            lambda asked=question: engine.ask(asked),  # type: ignore[misc]
            lambda asked=question, few=few: engine.ask(asked, filters=few),  # type: ignore[misc]
        )
        # In another order each time: none always finds the processor as the same one left it.
        for place in chance.sample(range(3), 3):
            begun, used = time.perf_counter(), time.process_time()
            works[place]()
            walls[place].append(1000 * (time.perf_counter() - begun))
            processor[place].append(1000 * (time.process_time() - used))
    after = _memory()
    vectors = len(archive.passages.ids) + len(archive.sentences.ids)
    asked_vectors = encoder.encode_questions(questions)
    return {
        "articles, passages, sentences": " ".join(
            map(str, (archive.manifest.articles, archive.manifest.passages, archive.manifest.sentences))
        ),
        "segments": len(archive.manifest.segments),
        "disk, MB": round(sum(size for size, _ in archive.manifest.files.values()) / 1e6, 1),
        "opening, s": round(opened, 3),
        "encoding a question, median ms": round(median(walls[0]), 1),
        "answer, median ms": round(median(walls[1]), 1),
        "answer, 95th percentile ms": round(quantiles(walls[1], n=20)[-1], 1),
        "answer / encoding": _ratio(walls[1], walls[0]),
        "answer / encoding, processor": _ratio(processor[1], processor[0]),
        "answer with new filters / encoding": _ratio(walls[2], walls[0]),
        "answer with new filters / encoding, processor": _ratio(processor[2], processor[0]),
        "memory, own bytes a vector": round((after["RssAnon"] - before["RssAnon"]) / vectors),
        "memory, with mapped files, bytes a vector": round(
            (after["RssAnon"] + after["RssFile"] - before["RssAnon"] - before["RssFile"]) / vectors
        ),
        f"passages, recall@{_NEAREST}": round(recall(archive.passages, asked_vectors), 4),
        f"sentences, recall@{_NEAREST}": round(recall(archive.sentences, asked_vectors), 4),
    }


def _few(number: int) -> Filters:
    """Three filters that hold for one article in a hundred or so, others for each `number`."""
    from qa.records import Filters

    return Filters(since=f"2010-{1 + number % 12:02}-{1 + number % 28:02}", outlet="Testata 1", language="it")


def _ratio(times: Sequence[float], others: Sequence[float]) -> float:
    return round(median(times) / median(others), 2)


def recall(index: FaissIndex, vectors: Vectors) -> float:
    """The share of the nearest by all products that the search finds."""
    best: list[list[tuple[float, int]]] = [[] for _ in vectors]
    for segment in index.segments:
        for at in range(0, len(segment.ids), 65_536):
            products = vectors @ segment.matrix[at : at + 65_536].T
            k = min(_NEAREST, products.shape[1])
            for row, found in zip(products, best, strict=True):
                places = np.argpartition(-row, k - 1)[:k]
                found += zip(row[places].tolist(), segment.ids[at + places].tolist(), strict=True)
    right = 0
    for vector, scored in zip(vectors, best, strict=True):
        nearest = {i for _, i in sorted(scored, reverse=True)[:_NEAREST]}
        right += len(nearest & {i for i, _ in index.search(vector, _NEAREST)})
    return right / (_NEAREST * len(vectors))


def _memory() -> dict[str, int]:
    """Bytes of this process in memory: its own, and of files."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines if line.startswith("Rss")}


if __name__ == "__main__":
    main()
