"""What an archive says, so that two moments of it can be compared word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.archive import Archive
from index.verify import verify
from qa.answer import Engine
from qa.render import answer_json

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
QUESTIONS = (
    "Quanti soldati nordcoreani sono stati inviati a Kursk?",
    "What did Putin say about the soldiers?",
    "In quale distretto di Pyongyang sorgerà il museo?",
)


def state(archive: Path) -> list[Any]:
    """The archive's id, its texts, and its answers to :data:`QUESTIONS` without timings.

    Raises:
        VirgolettatoError: it cannot be opened or asked.
        AssertionError: a quote is not the slice it says it is.
    """
    opened = Archive.open(archive)
    texts = {article.id: article for article in opened.store.articles()}
    engine = Engine(opened)
    answers = []
    for question in QUESTIONS:
        told = answer_json(engine.ask(question))
        told.pop("timings_ms")
        for citation in (*told["citations"], *told["nearest"]):
            slice_ = texts[citation["article"]["id"]].text[citation["start"] : citation["end"]]
            if citation["text"] != slice_:
                raise AssertionError(f"{citation['text']!r} is shown, {slice_!r} stands there")
        answers.append(told)
    rows = [opened.manifest.index_id, [article.sha256 for article in texts.values()], answers]
    return list(json.loads(json.dumps(rows)))


def damages(archive: Path) -> list[str]:
    """What :func:`index.verify.verify` finds, one line each with the mend."""
    return [f"{damage.what} — {damage.mend}" for damage in verify(archive)]
