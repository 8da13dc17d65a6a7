"""Hard negatives: for every question the passages that the encoder finds and that do not answer it.

``python -m training.mine --bench BENCH --encoder DIR --out FILE [--afriqa DIR] [--news FILE] [--articles DIR]`` writes
a JSON object: item id → [keys from the item's own article, keys from everywhere], best first, in each language that
has an answer.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from training.data import afriqa, english_titles, squad
from training.invented import invented
from training.news import news_collection
from training.records import Collection

KEPT = 8
BATCH_TOKENS = 4000
SEARCHED = ("it", "en")


def vectors(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> np.ndarray:
    """Unit mean vectors of `texts`, float32, one row each."""
    encoded = [tokenizer.encode(text).ids[:320] for text in texts]
    order = sorted(range(len(texts)), key=lambda at: len(encoded[at]))
    result = np.zeros((len(texts), model.config.hidden_size), np.float32)
    at = 0
    while at < len(order):
        width, stop = len(encoded[order[at]]), at
        while stop < len(order) and len(encoded[order[stop]]) * (stop - at + 1) <= BATCH_TOKENS:
            width, stop = len(encoded[order[stop]]), stop + 1
        rows = order[at : max(stop, at + 1)]
        ids = torch.full((len(rows), width), 1)
        for row, text in enumerate(rows):
            ids[row, : len(encoded[text])] = torch.tensor(encoded[text])
        mask = (ids != 1).long()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        result[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
        at += len(rows)
    return result


def neighbours(collection: Collection, model: BertModel, tokenizer: Tokenizer) -> dict[str, list[list[str]]]:
    """The mined passages of every item; those that hold one of the answers' words are left out."""
    mined: dict[str, list[list[str]]] = {name: [[], []] for name in collection.items}
    for lang in SEARCHED:
        passages = [entry for entry in collection.passages.values() if entry.lang == lang]
        items = [entry for entry in collection.items.values() if lang in entry.told]
        if not items:
            continue
        asked = [entry.asked.get(lang) or next(iter(entry.asked.values())) for entry in items]
        matrix = vectors(model, tokenizer, [f"passage: {entry.text}" for entry in passages])
        queries = vectors(model, tokenizer, [f"query: {text}" for text in asked])
        lowered = [entry.text.lower() for entry in passages]
        for item, query in zip(items, queries, strict=True):
            gold = item.told[lang]
            text = collection.passages[gold.passage].text
            answers = {text[start:end].lower() for start, end in gold.spans}
            own: list[str] = []
            anywhere: list[str] = []
            for at in np.argsort(-(matrix @ query), kind="stable")[:400]:
                entry = passages[at]
                if entry.key == gold.passage or any(answer in lowered[at] for answer in answers):
                    continue
                if entry.article == item.article:
                    own.append(entry.key)
                elif len(anywhere) < KEPT:
                    anywhere.append(entry.key)
            mined[item.id][0] += own[:KEPT]
            mined[item.id][1] += anywhere
    return mined


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--afriqa", type=Path)
    parser.add_argument("--news", type=Path, help="questions about news")
    parser.add_argument("--articles", type=Path, help="folder of invented articles with questions")
    parser.add_argument("--encoder", type=Path, required=True, help="folder written by training.unpack")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = BertModel.from_pretrained(options.encoder, add_pooling_layer=False).train(False)
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    mined = neighbours(squad(options.bench), model, tokenizer)
    if options.afriqa:
        mined |= neighbours(afriqa(options.afriqa, english_titles(options.bench)), model, tokenizer)
    if options.articles:
        mined |= neighbours(invented(options.articles), model, tokenizer)
    if options.news:
        mined |= neighbours(news_collection(options.bench, options.news), model, tokenizer)
    options.out.write_text(json.dumps(mined), encoding="utf-8")


if __name__ == "__main__":
    main()
