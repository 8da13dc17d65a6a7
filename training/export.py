"""Packs the trained layers of a checkpoint into one safetensors file.

``python -m training.export --checkpoint FILE [--mean-with READER] --out FILE``. The file holds the averaged weights of
the trained layers and the heads in bfloat16 under the names of ``training.model.Reader``; embeddings and frozen layers
are those of the bundled encoder. Its metadata say what a reader needs to know.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from qa.reading.bundled import MAX_QUESTION_TOKENS, MAX_TOKENS
from qa.reading.rows import MAX_ANSWER_TOKENS
from training.evaluate import STRIDE, WINDOW

FORMAT = "virgolettato-reader-1"


def pack(checkpoint: Path, out: Path, mean_with: Path | None = None) -> str:
    """Writes `out` and returns its SHA-256 in hexadecimal.

    With `mean_with`, the exported reader that the run started from, each weight is the mean of both: two solutions of
    one descent mostly have another between them that is better than either (Wortsman et al. 2022, arXiv:2203.05482).
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["masters"]
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in state["averaged"].items()}
    if mean_with is not None:
        former = load_file(mean_with)
        tensors = {
            name: ((former[name].float() + value.float()) / 2).to(torch.bfloat16) for name, value in tensors.items()
        }
    layers = sorted({int(name.split(".")[3]) for name in tensors if name.startswith("bert.encoder.layer.")})
    metadata = {
        "format": FORMAT,
        "encoder": "intfloat/multilingual-e5-small",
        "layers": json.dumps(layers),
        "max_tokens": str(MAX_TOKENS),
        "max_question_tokens": str(MAX_QUESTION_TOKENS),
        "max_answer_tokens": str(MAX_ANSWER_TOKENS),
        "window_sentences": str(WINDOW),
        "stride_sentences": str(STRIDE),
        "steps": str(state["steps"]),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out, metadata)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument(
        "--mean-with", type=Path, metavar="READER", help="exported; take the mean of its weights and these"
    )
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    digest = pack(options.checkpoint, options.out, options.mean_with)
    print(json.dumps({"file": str(options.out), "bytes": options.out.stat().st_size, "sha256": digest}))


if __name__ == "__main__":
    main()
