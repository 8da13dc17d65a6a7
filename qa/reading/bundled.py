"""The reader that comes with the program: nine layers trained to read, on the bundled encoder's embeddings.

How it was trained, on what, and how well it reads stand in ``docs/reader.md`` and ``models/README.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.bundled import model_folder
from index.encoder import load_libraries
from index.errors import ModelError
from qa.reading.calibration import Calibration
from qa.reading.records import BUNDLED, Reading, Window
from qa.reading.rows import Row, readings_of, row_of, visible

if TYPE_CHECKING:
    from torch import Tensor

FILE = Path(__file__).parents[2] / "models" / "reader.safetensors"
SHA256 = "4cc94da1cad04c4eb4897d7b0a2ea606ee06c9cf25bdb3d39e0b03645c6a50e2"
BEGIN, END, PAD = 0, 2, 1
MAX_TOKENS, MAX_QUESTION_TOKENS = 256, 48
"""As in training; a window's sentences beyond the row's end are not read."""
_NO_WORDS = {"vocab_size": 1, "pad_token_id": 0, "bos_token_id": None, "eos_token_id": None}
"""Settings for a network that is handed the words' embeddings."""
_MEND = "put back models/reader.safetensors as it came with the program, or ask with --reader none"


class BundledReader:
    """The shipped reader; opening it takes about half a second and 60 MB.

    Runs in bfloat16 where the processor computes in it, else in float32.

    Args:
        file: the trained layers.
        precision: ``bfloat16`` or ``float32``; None chooses.

    Raises:
        ModelError: the file is missing or not the shipped one, or the encoder cannot be unpacked.
    """

    name = BUNDLED

    def __init__(self, file: Path = FILE, precision: str | None = None) -> None:
        load_libraries()
        import torch
        from safetensors import safe_open
        from tokenizers import Tokenizer

        from qa.reading.network import network_of

        _check(file)
        self.calibration = Calibration.read(file.with_name("confidence.json"))
        folder = model_folder()
        self._type = getattr(torch, precision) if precision else _precision()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        with safe_open(folder / "model.safetensors", "pt") as encoder, safe_open(file, "pt") as trained:
            own = set(trained.keys())
            # Mapped, not copied: the rows of the words at hand are all that is ever read.
            self._words: Tensor = encoder.get_tensor("embeddings.word_embeddings.weight")
            state = {f"bert.{name}": encoder.get_tensor(name) for name in encoder.keys() if f"bert.{name}" not in own}  # noqa: SIM118
            state |= {name: trained.get_tensor(name) for name in own}
        state["bert.embeddings.word_embeddings.weight"] = torch.zeros(1, self._words.shape[1])
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._network = network_of(config | _NO_WORDS, state).to(self._type).eval()

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """See :class:`qa.reading.records.Reader`; all windows are one batch."""
        import torch

        if not windows:
            return []
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION_TOKENS]
        head = (BEGIN, *asked, END, END)
        parts = self._tokenizer.encode_batch([w.span.of(w.text) for w in windows], add_special_tokens=False)
        room = MAX_TOKENS - len(head) - 1
        rows = []
        for window, part in zip(windows, parts, strict=True):
            begin = window.span.start
            spans = [visible(window.text, begin + start, begin + end) for start, end in part.offsets[:room]]
            rows.append(row_of((*head, *part.ids[:room], END), len(head), spans, window))
        with torch.inference_mode():
            start, end, answerable = self._scores(rows)
            return readings_of(rows, start, end, answerable.tolist())

    def _scores(self, rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
        import torch

        width = max(len(row.ids) for row in rows)
        ids = torch.full((len(rows), width), PAD)
        for number, row in enumerate(rows):
            ids[number, : len(row.ids)] = torch.tensor(row.ids)
        scores: tuple[Tensor, Tensor, Tensor] = self._network(self._words[ids].to(self._type), (ids != PAD).long())
        return scores


def _check(file: Path) -> None:
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"the reader's file cannot be read: {file}: {error.strerror}", _MEND) from error
    if digest != SHA256:
        raise ModelError(f"the reader's file is not the expected one: {file}", _MEND)


def _precision() -> Any:
    """bfloat16 costs half of float32 on processors that compute in it, and ten times as much on others."""
    import torch

    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if fast else torch.float32
