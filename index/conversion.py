"""A model's layers in 8 bits, made once: what :mod:`index.network` runs.

The scales of activations follow from a fixed sample of this program's own texts, with smooth quantisation (Xiao et al.
2023, arXiv:2211.10438), as nncf does it. That takes half a minute of processor time and is kept in the
:mod:`index.cache`; who has the same model, sample and versions has the same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.bins import Batch, batches
from index.encoder import ignore
from index.errors import ModelError, reason_of
from index.network import OTHER, Inputs, Network, Tokens, openvino
from index.passages import split_passages

if TYPE_CHECKING:
    from torch import Tensor

    from index.encoder import Vectors

FILE = "layers.xml"
_ARTICLES = Path(__file__).parents[1] / "training" / "articles"
_OF_EACH = 4
"""Articles of each file in the sample; of each its first passage and that one's first sentence."""
_ALIKE = 0.99
"""Mean cosine to fp32 on the sample below which a model is refused; the bundled one has .999."""


def sample() -> list[str]:
    """The texts that activations are measured on: 48, long and short, Italian and English."""
    texts = []
    for file in sorted(_ARTICLES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[:_OF_EACH]:
            text = json.loads(line)["text"]
            first = split_passages(text, [])[0]
            texts += [first.span.of(text), first.sentences[0].of(text)]
    return texts


class Conversion:
    """Of the opened sentence-transformers `model`, by texts that are given as `tokens`; `name` is for messages."""

    def __init__(self, model: Any, name: str, tokens: Sequence[Tokens]) -> None:
        self._model, self._name, self._tokens = model, name, tokens

    def identity(self) -> str:
        """SHA-256 of all that the conversion follows from but the version of OpenVINO."""
        import torch

        digest = hashlib.sha256(FILE.encode())
        for name, tensor in self._model.state_dict().items():
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
            digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
        for one in self._tokens:
            digest.update(one.data)
        encoder: Any = self._model[0]
        settings = [version("nncf"), *(str(part) for part in self._model), encoder.auto_model.config.to_json_string()]
        digest.update(json.dumps(settings).encode())
        return digest.hexdigest()

    def write(self, folder: Path) -> None:
        """Write the layers in 8 bits into `folder`, if they make vectors like those in fp32.

        Raises:
            ModelError: they do not, or the model cannot be converted.
        """
        import torch

        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")
                quantised = self._quantised()
            # Together, as they will be: one that took no notice of where a text begins would show it here.
            made = Network(quantised, self._model, self._name, torch.get_num_threads())(self._tokens, ignore)
            alike = np.mean([vector @ self._exact(one) for one, vector in zip(self._tokens, made, strict=True)])
        # What a model that was made for something else raises on its way is not to be listed.
        except Exception as error:
            reason = reason_of(error)
            raise ModelError(f"the model {self._name} cannot be converted to int8: {reason}", OTHER) from error
        if alike < _ALIKE:
            raise ModelError(f"the model {self._name} loses too much in int8: its vectors are {alike:.3f} alike", OTHER)
        openvino().save_model(quantised, folder / FILE, compress_to_fp16=False)

    def _quantised(self) -> Any:
        import torch

        library = openvino()
        import nncf

        nncf.set_log_level(logging.ERROR)
        inputs, lengths = Inputs(self._model), [len(one) for one in self._tokens]
        # Rows and texts more than one, and some room, so that none of it is taken for fixed.
        (first, *_) = batches(lengths, max(lengths))
        example = tuple(torch.from_numpy(array) for array in inputs.of(first, self._tokens))
        converted = library.convert_model(_layers(self._model), example_input=example)
        return nncf.quantize(
            converted,
            nncf.Dataset([inputs.of(Batch(1, len(one), ((0, 0, 0),)), [one]) for one in self._tokens]),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(self._tokens),
        )

    def _exact(self, tokens: Tokens) -> Vectors:
        import torch

        ids = torch.from_numpy(tokens[None])
        with torch.no_grad():
            made = self._model({"input_ids": ids, "attention_mask": torch.ones_like(ids)})["sentence_embedding"]
        vector: Vectors = made[0].float().numpy()
        return vector / np.linalg.norm(vector)


def _layers(model: Any) -> Any:
    """The layers of `model` as a module of their own; texts of a row do not attend to each other."""
    import torch

    class Layers(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model[0].auto_model

        def forward(self, words: Tensor, positions: Tensor, texts: Tensor) -> Tensor:
            # A model may have been saved, and opened, in 16 bits.
            words = words.to(self.encoder.dtype)
            apart = texts[:, None, :, None] != texts[:, None, None, :]
            mask = torch.zeros(apart.shape, dtype=words.dtype).masked_fill(apart, torch.finfo(words.dtype).min)
            states = self.encoder(inputs_embeds=words, attention_mask=mask, position_ids=positions).last_hidden_state
            made: Tensor = states.float()
            return made

    return Layers().eval()
