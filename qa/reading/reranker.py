"""A cross-encoder that orders passages before anything else looks at them."""

from __future__ import annotations

from dataclasses import replace

from index.encoder import UNPICKLED, load_libraries, opened, require_kind
from qa.records import Question
from qa.retrieve import Found, rescored

_RANKED = 20
"""Passages it is shown; the right one is among them for 98 % of the questions of squad-it-dev."""


class Reranker:
    """The sentence-transformers CrossEncoder `name`, a name or folder.

    Raises:
        ModelError: it cannot be opened here.
    """

    def __init__(self, name: str) -> None:
        load_libraries()
        from sentence_transformers import CrossEncoder
        from transformers import AutoConfig

        self.name = name
        config = opened(name, lambda local: AutoConfig.from_pretrained(name, local_files_only=local))
        require_kind(name, config, "ForSequenceClassification", "a cross-encoder")
        self._model = opened(
            name,
            lambda local: CrossEncoder(name, device="cpu", local_files_only=local, model_kwargs=dict(UNPICKLED)),
        )

    def rank(self, question: Question, found: Found) -> Found:
        """`found` with its best passages in the cross-encoder's order, before all others."""
        head, tail = found.hits[:_RANKED], found.hits[_RANKED:]
        if not head:
            return found
        pairs = [(question.searched, hit.span.of(found.articles[hit.article_id].text)) for hit in head]
        scores = self._model.predict(pairs, show_progress_bar=False).reshape(len(head), -1)[:, -1]
        # As far apart as retrieval had them, so that whatever weighs in later weighs as much as before.
        steps = sorted((hit.score for hit in head), reverse=True)
        order = sorted(range(len(head)), key=lambda at: (-float(scores[at]), at))
        return replace(found, hits=(*(rescored(head[at], step) for at, step in zip(order, steps, strict=True)), *tail))
