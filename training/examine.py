"""Examines an exported reader: held-out titles, and questions about news.

``python -m training.examine --bench BENCH --encoder DIR --reader FILE --news FILE [--mined FILE]`` prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from training.data import held_out_titles, squad
from training.evaluate import Examiner, Reading, area
from training.model import Reader, reader_from_encoder
from training.news import news_collection
from training.records import Collection, Item, Passage
from training.windows import WindowMaker


def loaded(encoder: Path, file: Path, precision: str) -> Reader:
    """The reader whose trained layers `training.export` wrote into `file`."""
    reader = reader_from_encoder(encoder, dropout=0.0, seed=0)
    trained = load_file(file)
    if foreign := trained.keys() - reader.state_dict().keys():
        raise SystemExit(f"{file} holds weights of another model: {sorted(foreign)[:3]}")
    reader.load_state_dict(trained, strict=False)
    return reader.to(dtype=getattr(torch, precision)).eval()


def news_figures(examiner: Examiner, reader: Reader, collection: Collection) -> dict[str, Any]:
    """Figures by (language of the question, language of the text), and over both together.

    Every question reads all windows of its article in either language. ``sentence`` counts the best span's
    sentence, ``quote`` also its neighbours (a quote of up to three sentences), ``third`` the gold sentence among
    the three best; ``auroc`` sets answerable against unanswerable questions by the margin, ``head`` by the
    answerability head, ``sum`` by margin and four times the head.
    """
    asked: list[tuple[Item, str, str, Passage]] = []
    for item in collection.items.values():
        if item.source != "news":
            continue
        for key in item.about:
            passage = collection.passages[key]
            asked += [(item, lang, passage.lang, passage) for lang in item.asked]
    readings = examiner.readings(reader, [(item.asked[lang], passage) for item, lang, _, passage in asked])
    result: dict[str, Any] = {}
    for pair in [("it", "it"), ("en", "it"), ("it", "en"), ("en", "en")]:
        chosen = [at for at, (_, lang, told, _) in enumerate(asked) if (lang, told) == pair]
        result["-".join(pair)] = _figures(examiner, [asked[at] for at in chosen], [readings[at] for at in chosen])
    result["all"] = _figures(examiner, asked, readings)
    return result


def _figures(
    examiner: Examiner, asked: Sequence[tuple[Item, str, str, Passage]], readings: Sequence[Reading]
) -> dict[str, float]:
    sentence, quote, third, exact, count = 0, 0, 0, 0, 0
    margins: tuple[list[float], list[float]] = ([], [])
    heads: tuple[list[float], list[float]] = ([], [])
    sums: tuple[list[float], list[float]] = ([], [])
    for (item, _, told, passage), reading in zip(asked, readings, strict=True):
        side = 0 if item.told else 1
        margins[side].append(reading.margin)
        heads[side].append(reading.answerable)
        sums[side].append(reading.margin + 4 * reading.answerable)
        if not item.told:
            continue
        pieces = examiner.pieces(passage)
        spans = [pieces.token_span(*span) for span in item.told[told].spans]
        right = {pieces.sentence_at(first) for first, _ in spans}
        found = [at for at, _ in reading.sentences]
        count += 1
        exact += (reading.first, reading.last) in spans
        sentence += found[0] in right
        quote += any(abs(found[0] - at) <= 1 for at in right)
        third += bool(right & set(found[:3]))
    share = max(1, count)
    return {
        "answerable": count,
        "unanswerable": len(margins[1]),
        "sentence": round(sentence / share, 3),
        "quote": round(quote / share, 3),
        "third": round(third / share, 3),
        "exact": round(exact / share, 3),
        "auroc": area(*margins),
        "head": area(*heads),
        "sum": area(*sums),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True, help="file written by training.export")
    parser.add_argument("--news", type=Path, action="append", default=[], help="questions about news; may be repeated")
    parser.add_argument("--mined", type=Path, help="examine held-out titles too, against these passages")
    parser.add_argument("--most", type=int, default=10**6, help="of the questions on held-out titles")
    parser.add_argument("--precision", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--batch-tokens", type=int, default=3072)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    reader = loaded(options.encoder, options.reader, options.precision)
    windows = WindowMaker(options.encoder / "tokenizer.json")
    for questions in options.news:
        collection = news_collection(options.bench, questions)
        examiner = Examiner(collection, frozenset(), windows, {}, options.batch_tokens)
        print(json.dumps({questions.stem: news_figures(examiner, reader, collection)}), flush=True)
    if options.mined:
        collection = squad(options.bench)
        closed = held_out_titles(collection.items.values())
        mined = json.loads(options.mined.read_text(encoding="utf-8"))
        examiner = Examiner(collection, closed, windows, mined, options.batch_tokens, options.most)
        print(json.dumps({"held-out titles": examiner.examine(reader)}), flush=True)


if __name__ == "__main__":
    main()
