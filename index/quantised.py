"""Passages in 8 bits: a sentence-transformers model converted for OpenVINO, its weights and activations quantised.

The scales of activations follow from a fixed sample of this program's own texts, with smooth quantisation (Xiao et al.
2023, arXiv:2211.10438), as nncf does it. That takes half a minute of processor time and is kept in the
:mod:`index.cache`; who has the same model, sample and versions has the same file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.cache import cached
from index.errors import ModelError
from index.passages import split_passages

if TYPE_CHECKING:
    from torch import Tensor

INSTALL = "pip install -r requirements-scale.txt, or build the archive with --precision fp32"
_ARTICLES = Path(__file__).parents[1] / "training" / "articles"
_OF_EACH = 4
"""Articles of each file in the sample; of each its first passage and that one's first sentence."""
_ALIKE = 0.99
"""Mean cosine to fp32 on the sample below which a model is refused; the bundled one has .999."""
_FILE = "model.xml"
_INPUTS = ("input_ids", "attention_mask")


def can_be_had() -> bool:
    """Whether the libraries are installed; looked up without loading them."""
    return all(importlib.util.find_spec(name) is not None for name in ("openvino", "nncf"))


def sample() -> list[str]:
    """The texts that activations are measured on: 48, long and short, Italian and English."""
    texts = []
    for file in sorted(_ARTICLES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[:_OF_EACH]:
            text = json.loads(line)["text"]
            first = split_passages(text, [])[0]
            texts += [first.span.of(text), first.sentences[0].of(text)]
    return texts


class QuantisedEncoder:
    """The opened sentence-transformers `model` in 8 bits, converted first where the cache does not have it.

    `prompt` goes before passages; `name` is for messages.

    Raises:
        ModelError: the libraries are not installed, the model is of a kind that is not converted, 8 bits change too
            much in it, or the cache cannot be written.
    """

    def __init__(self, model: Any, name: str, prompt: str) -> None:
        if not can_be_had():
            raise ModelError("vectors in int8 take openvino and nncf, which are not installed", INSTALL)
        _require_plain(model, name)
        self._model = model
        texts = [prompt + text for text in sample()]
        key = f"int8-{_identity(model, texts)[:12]}-openvino-{version('openvino')}"
        write = _Conversion(model, name, texts).write
        self._file = cached(key, write, "write the model in 8 bits", megabytes=150) / _FILE
        self._lock = threading.Lock()
        self._threads = 0
        self._compiled: Any = None

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of `texts`, which have their prompts; one batch, shape (len(texts), dimension)."""
        import torch

        tokens = _tokens(self._model, texts)
        with self._lock:
            if self._threads != torch.get_num_threads():
                self._threads = torch.get_num_threads()
                self._compiled = _compiled(str(self._file), self._threads)
            return _vectors(self._compiled, tokens)


class _Conversion:
    """The work that is done once for a model."""

    def __init__(self, model: Any, name: str, texts: Sequence[str]) -> None:
        self._model, self._name, self._texts = model, name, texts

    def write(self, folder: Path) -> None:
        """Write the model in 8 bits into `folder`, if it makes vectors like those in fp32."""
        import torch

        tokens = [_tokens(self._model, [text]) for text in self._texts]
        try:
            with redirect_stdout(io.StringIO()), warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")
                quantised = self._quantised(tokens)
            made = _compiled(quantised, torch.get_num_threads())
            alike = np.mean([_vectors(made, one) @ self._exact(one) for one in tokens])
        # What a model that was made for something else raises on its way is not to be listed.
        except Exception as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
            raise ModelError(f"the model {self._name} cannot be converted to int8: {reason}", _OTHER) from error
        if alike < _ALIKE:
            raise ModelError(
                f"the model {self._name} loses too much in int8: its vectors are {alike:.3f} alike", _OTHER
            )
        _openvino().save_model(quantised, folder / _FILE, compress_to_fp16=False)

    def _quantised(self, tokens: Sequence[Sequence[NDArray[np.int64]]]) -> Any:
        import torch

        openvino = _openvino()
        import nncf

        nncf.set_log_level(logging.ERROR)
        # Two texts of unlike length, so that the padding is converted as well.
        both = _tokens(self._model, self._texts[:2])
        example = tuple(torch.from_numpy(part) for part in both)
        converted = openvino.convert_model(_tower(self._model), example_input=example)
        return nncf.quantize(
            converted,
            nncf.Dataset(list(map(tuple, tokens))),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(tokens),
        )

    def _exact(self, tokens: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        import torch

        with torch.no_grad():
            vector = _tower(self._model)(*map(torch.from_numpy, tokens))[0].float().numpy()
        exact: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return exact


_OTHER = "leave --precision out, or name fp32 or bf16"


def _require_plain(model: Any, name: str) -> None:
    """Check that `model` is an encoder, its pooling, and nothing but a normalisation behind."""
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise ModelError(f"the model {name} is not one that int8 is made for: {', '.join(kinds)}", _OTHER)


def _tower(model: Any) -> Any:
    """The modules of `model` as one, from tokens to vectors."""
    import torch

    class Tower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(model)

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
            features = dict(zip(_INPUTS, (input_ids, attention_mask), strict=True))
            for part in self.parts:
                features = part(features)
            return features["sentence_embedding"]

    return Tower().eval()


def _tokens(model: Any, texts: Sequence[str]) -> list[NDArray[np.int64]]:
    """Token ids and mask of `texts`, padded to the longest."""
    features = model.preprocess(list(texts))
    return [features[name].numpy() for name in _INPUTS]


def _vectors(compiled: Any, tokens: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
    made = compiled(list(tokens))[0]
    vectors: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
    return vectors


def _compiled(model: Any, threads: int) -> Any:
    """`model` for this processor; what is not in 8 bits stays in 32, and no thread is tied to a core."""
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    return _openvino().Core().compile_model(model, "CPU", options | {"ENABLE_CPU_PINNING": False})


def _identity(model: Any, texts: Sequence[str]) -> str:
    """SHA-256 of all that the conversion follows from but the version of OpenVINO."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
    for text in texts:
        digest.update(_tokens(model, [text])[0].data)
    encoder: Any = model[0]
    settings = [version("nncf"), *(str(part) for part in model), encoder.auto_model.config.to_json_string()]
    digest.update(json.dumps(settings).encode())
    return digest.hexdigest()


def _openvino() -> Any:
    """The library, kept from reporting its use: it and nncf do without what they report with."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
