"""What a vector costs in an engine: ``python -m benchmarks.engine [URI]``, its token in ``$VIRGOLETTATO_ENGINE_TOKEN``.

Synthetic vectors that lie in groups, 384 dimensions, with all the fields of an archive's sentences, in collections of
its own that are dropped at the end. Without URI it is the light server, in a file that is removed. Sizes of the
server's process and folder are for whoever runs it to look at (``--hold`` waits before dropping).
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from typing import Any

import numpy as np

from benchmarks.figures import add_json, tell
from index.shared.collections import create, drop, flush
from index.shared.engine import Milvus
from index.shared.settings import Reach
from index.shared.tables import OPEN
from index.shared.tags import FIELDS, living
from index.shared.vectors import MilvusIndex

_DIMENSION = 384
_NEAREST = 20


def main() -> int:
    """Write, search, drop, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="What a vector costs in an engine.")
    parser.add_argument("uri", nargs="?", metavar="URI", help="default: the light server, in a temporary folder")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--hold", type=float, default=0.0, metavar="SECONDS")
    add_json(parser)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tell(measure(given.uri or f"{folder}/light.db", given.count, given.hold), given.json)
    return 0


def measure(uri: str, count: int, hold: float) -> dict[str, Any]:
    """Of `count` vectors in the engine at `uri`, kept there for `hold` more seconds."""
    random = np.random.default_rng(1)
    rows = _gathered(random, count)
    milvus = Milvus(uri, Reach(os.environ.get("VIRGOLETTATO_ENGINE_TOKEN")), 600)
    name = f"benchmark_{secrets.token_hex(4)}"
    create(milvus, name, _DIMENSION, FIELDS, graph=True)
    try:
        began = time.perf_counter()
        for at in range(0, count, 1_000):
            milvus.upsert(name, [_row(at + n, row) for n, row in enumerate(rows[at : at + 1_000])])
        milvus.count(name, living(1))
        written = time.perf_counter() - began
        flush(milvus, name)
        flushed = time.perf_counter() - began
        time.sleep(hold)
        asked, right, index = [], 0, MilvusIndex(milvus, name, 1)
        for vector in _gathered(random, 100):
            began = time.perf_counter()
            milvus.nearest(name, vector.tolist(), 200, living(1), ["owner", "vector"])
            asked.append(time.perf_counter() - began)
            best = set(np.argsort(-(rows @ vector), kind="stable")[:_NEAREST].tolist())
            right += len(best & {i for i, _ in index.search(vector, _NEAREST)})
    finally:
        drop(milvus, name)
    return {
        "server": milvus.version,
        "vectors": count,
        "rows a second": round(count / written),
        "rows a second, flushed": round(count / flushed),
        "search, 200 with vectors, ms, median": round(1000 * float(np.median(asked)), 1),
        "search, ms, 95 %": round(1000 * float(np.quantile(asked, 0.95)), 1),
        f"recall@{_NEAREST}": right / (100 * _NEAREST),
    }


def _gathered(random: np.random.Generator, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    groups = np.random.default_rng(2).normal(size=(400, _DIMENSION))
    rows = groups[random.integers(0, 400, count)] + 0.7 * random.normal(size=(count, _DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _row(i: int, vector: np.ndarray[tuple[int], np.dtype[np.float32]]) -> dict[str, object]:
    tags = {"day": 20250101 + i % 28, "language": i % 2, "outlet": i % 50, "speakers": [i % 900]}
    return {"id": i, "owner": i // 4, "since": 1, "until": OPEN, "vector": vector.tolist(), **tags}


if __name__ == "__main__":
    raise SystemExit(main())
