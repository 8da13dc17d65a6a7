"""Any extractive question-answering model that transformers opens, as a reader."""

from __future__ import annotations

from collections.abc import Sequence

from index.encoder import UNPICKLED, load_libraries, opened, require_kind
from index.errors import ModelError
from qa.reading.records import Reading, Window
from qa.reading.rows import readings_of, row_of, visible

_MOST_TOKENS = 512


class NamedReader:
    """The question-answering model `name`, a name or folder; its first token stands for “nothing answers”.

    Nothing is fetched: a model that is not on this machine is an error, unless ``HF_HUB_OFFLINE=0`` allows the hub.

    Raises:
        ModelError: it cannot be opened here, or its tokenizer does not tell where tokens stand.
    """

    def __init__(self, name: str) -> None:
        load_libraries()
        from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer

        self.name = name
        self.calibration = None
        config = opened(name, lambda local: AutoConfig.from_pretrained(name, local_files_only=local))
        require_kind(name, config, "ForQuestionAnswering", "a question-answering model")
        self._tokenizer = opened(name, lambda local: AutoTokenizer.from_pretrained(name, local_files_only=local))
        if not self._tokenizer.is_fast:
            raise ModelError(
                f"the tokenizer of {name} does not tell where tokens stand", "name a model with a fast one"
            )
        self._model = opened(
            name, lambda local: AutoModelForQuestionAnswering.from_pretrained(name, local_files_only=local, **UNPICKLED)
        ).eval()

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """See :class:`qa.reading.records.Reader`; all windows are one batch."""
        import torch

        if not windows:
            return []
        limit = min(_MOST_TOKENS, self._tokenizer.model_max_length, self._model.config.max_position_embeddings)
        given = self._tokenizer(
            [question] * len(windows),
            [window.span.of(window.text) for window in windows],
            truncation="longest_first",
            max_length=limit,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = given.pop("offset_mapping").tolist()
        rows = []
        for number, window in enumerate(windows):
            places = [place for place, owner in enumerate(given.sequence_ids(number)) if owner == 1]
            begin = window.span.start
            spans = [visible(window.text, *(begin + at for at in offsets[number][place])) for place in places]
            rows.append(row_of(given["input_ids"][number].tolist(), places[0], spans, window))
        with torch.inference_mode():
            scores = self._model(**given)
        return readings_of(rows, scores.start_logits.float(), scores.end_logits.float(), None)
