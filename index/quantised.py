"""Passages in 8 bits: a sentence-transformers model converted for OpenVINO, its weights and activations quantised.

:mod:`index.conversion` makes the layers, and :mod:`index.network` runs them.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from index.cache import cached
from index.conversion import FILE, Conversion, sample
from index.errors import ModelError
from index.network import OTHER, POOLINGS, Network, Tokens, openvino, told

if TYPE_CHECKING:
    from index.encoder import Vectors

INSTALL = "pip install -r requirements-scale.txt, or build the archive with --precision fp32"
_TOKENIZED = 256
"""Texts at once, for which a question waits."""


def can_be_had() -> bool:
    """Whether the libraries are installed; looked up without loading them."""
    return all(importlib.util.find_spec(name) is not None for name in ("openvino", "nncf"))


class QuantisedEncoder:
    """The opened sentence-transformers `model` in 8 bits, converted first where the cache does not have it.

    `prompt` goes before passages; `name` is for messages. Whoever uses the model's tokenizer holds `tokenizing`:
    whether it pads is a state of it.

    Raises:
        ModelError: the libraries are not installed, the model is of a kind that is not converted, 8 bits change too
            much in it, or the cache cannot be written.
    """

    def __init__(self, model: Any, name: str, prompt: str, tokenizing: threading.Lock) -> None:
        if not can_be_had():
            raise ModelError("vectors in int8 take openvino and nncf, which are not installed", INSTALL)
        _require_plain(model, name)
        self._model, self._name = model, name
        self._tokenizing = tokenizing
        conversion = Conversion(model, name, self._tokens([prompt + text for text in sample()]))
        key = f"int8-{conversion.identity()[:12]}-openvino-{version('openvino')}"
        self._file = cached(key, conversion.write, "write the model in 8 bits", megabytes=40) / FILE
        self._lock = threading.Lock()
        self._network: Network | None = None

    def __call__(self, texts: Sequence[str], done: Callable[[int], object]) -> Vectors:
        """Unit vectors of `texts`, which have their prompts, shape (len(texts), dimension).

        `done` hears how many more are ready.
        """
        tokens = self._tokens(texts)
        with self._lock:
            try:
                return self._opened()(tokens, done)
            except BaseException:
                # A request that failed tells of it again when it is used for other texts.
                self._network = None
                raise

    def _tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Token ids of each of `texts`, cut to what the model reads."""
        cut = {"truncation": True, "max_length": self._model.max_seq_length}
        nothing = [self._model.tokenizer.pad_token_id]
        tokens: list[Tokens] = []
        for at in range(0, len(texts), _TOKENIZED):
            part = list(texts[at : at + _TOKENIZED])
            # Three times as fast as the model's own way to its inputs, which looks for images and pads as well.
            with self._tokenizing:
                made = self._model.tokenizer(part, **cut)["input_ids"]
            tokens += [np.array(ids or nothing, np.int64) for ids in made]
        return tokens

    def _opened(self) -> Network:
        """The network for as many threads as there are now."""
        import torch

        threads = torch.get_num_threads()
        if self._network is None or self._network.threads != threads:
            with told(self._name):
                self._network = Network(openvino().Core().read_model(self._file), self._model, self._name, threads)
        return self._network


def _require_plain(model: Any, name: str) -> None:
    """Check that `model` is an encoder, a pooling that is known, and nothing but a normalisation behind."""
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] == ["Transformer", "Pooling"] and model[1].pooling_mode not in POOLINGS:
        kinds[1] = f"Pooling ({model[1].pooling_mode})"
    if kinds[:1] == ["Transformer"]:
        # Such a model makes its own mask, unless it is given one, and then forgets its window.
        layers = getattr(model[0].auto_model.config, "layer_types", None)
        kinds[0] += " (sliding attention)" * ("sliding_attention" in (layers or ()))
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise ModelError(f"the model {name} is not one that int8 is made for: {', '.join(kinds)}", OTHER)
