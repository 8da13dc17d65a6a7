"""Text to unit vectors: the protocol, sentence-transformers models, and a hashing model for fast tests."""

from __future__ import annotations

import functools
import gc
import hashlib
import logging
import math
import os
import re
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, reason_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PretrainedConfig

    from index.quantised import QuantisedEncoder

Vectors: TypeAlias = NDArray[np.float32]
"""Shape (n, dimension), rows of length 1."""

Model = TypeVar("Model")

BUNDLED = "bundled"
HASHING = "hashing"
PROBE = "Le parole esatte, tra virgolette; the exact words, in quotation marks: 1.234."
"""What models are recognised by, and tried with."""


_BATCH, _BATCH_CHARACTERS = 256, 16_000
"""Texts encoded at once, and their characters with padding, some 4,000 tokens: twice as many are slower on the
processors at hand, and so are half as many (docs/performance.md)."""
_FASTER = 1.2
"""Times as fast as the next that a precision must be to be chosen: less is within the noise of a busy machine."""


class Precision(StrEnum):
    """What passages are embedded in; questions always in fp32."""

    FP32 = "fp32"
    BF16 = "bf16"
    """Products in 16 bits, where the processor has them: 1.5 times as fast on AVX-512."""
    INT8 = "int8"
    """Weights and activations in 8 bits; see :mod:`index.quantised`."""


def ignore(_: int) -> None:
    """Where nobody listens how far the work is."""


class Encoder(Protocol):
    """Maps questions and passages into one space in which a greater inner product means closer in meaning."""

    @property
    def name(self) -> str:
        """What `--model` was given."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def prompts(self) -> tuple[str, str]:
        """What is put before a question and before a passage."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts` as questions, shape (len(texts), dimension)."""

    def encode_passages(
        self, texts: Sequence[str], done: Callable[[int], object] = ignore, precision: Precision = Precision.FP32
    ) -> Vectors:
        """Vectors of `texts` as passages, shape (len(texts), dimension); `done` hears how many more are ready.

        Raises:
            ModelError: there is no such precision here.
        """

    def fastest(self) -> Precision:
        """The precision that embeds passages fastest here, by a trial of some seconds.

        Where there is int8, the model is first converted to it, which takes half a minute once.
        """


@functools.cache
def open_encoder(name: str) -> Encoder:
    """The encoder `name`: ``bundled``, ``hashing``, or a name or folder that sentence-transformers opens; opened once.

    Raises:
        ModelError: it cannot be opened here.
    """
    if name == HASHING:
        return HashingEncoder()
    encoder = SentenceTransformerEncoder(name)
    # Libraries and model stay for good: looking for garbage among them takes a third of a second each time.
    gc.collect(1)
    gc.freeze()
    return encoder


class HashingEncoder:
    """Bag of hashed words and character trigrams, signed (Weinberger et al. 2009, arXiv:0902.2206).

    Deterministic and without weights: for tests, and for machines too small for a model. It matches words, not
    meanings.
    """

    name = HASHING
    dimension = 256
    prompts = ("", "")

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Encoder`."""
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], done: Callable[[int], object] = ignore, precision: Precision = Precision.FP32
    ) -> Vectors:
        """See :class:`Encoder`; there is nothing to be less precise in."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                for feature in (word, *(f"{word}#"[i : i + 3] for i in range(len(word) - 1))):
                    digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
                    row[digest % self.dimension] += 1 if digest >> 63 else -1
        vectors[:, 0] += ~vectors.any(axis=1)
        done(len(texts))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def fastest(self) -> Precision:
        """See :class:`Encoder`."""
        return Precision.FP32


class SentenceTransformerEncoder:
    """A sentence-transformers model; the bundled one is unpacked on first use.

    Nothing is fetched: a model that is not on this machine is an error, unless ``HF_HUB_OFFLINE=0`` allows the hub.

    Raises:
        ModelError: the model cannot be opened.
    """

    def __init__(self, name: str) -> None:
        from index.bundled import model_folder
        from index.packed import pack

        self.name = name
        with ThreadPoolExecutor(1) as aside:
            # Checking the cached model's 490 MB takes half a second, in which the libraries can already be loaded.
            folder = aside.submit(model_folder) if name == BUNDLED else None
            load_libraries()
            self._model = _load(name if folder is None else str(folder.result()), name)
        pack(self._model)
        self._tokenizing = threading.Lock()
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"the model {name} does not make sentence vectors", "name a sentence-transformers model")
        tokenizer = self._model.tokenizer
        if getattr(tokenizer, "pad_token_id", 0) is None:
            # What fills up is masked: where a model has no token for it, any will do.
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
        self.dimension: int = dimension
        self.prompts = _prompts(self._model, name)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Encoder`."""
        return self._encode(texts, self.prompts[0], ignore, Precision.FP32)

    def encode_passages(
        self, texts: Sequence[str], done: Callable[[int], object] = ignore, precision: Precision = Precision.FP32
    ) -> Vectors:
        """See :class:`Encoder`."""
        return self._encode(texts, self.prompts[1], done, precision)

    def fastest(self) -> Precision:
        """See :class:`Encoder`; tried once."""
        return self._fastest

    @functools.cached_property
    def _fastest(self) -> Precision:
        texts = [f"{PROBE} {number} " * 3 for number in range(16)]
        seconds = dict.fromkeys(Precision, math.inf)
        try:
            self.encode_passages([], precision=Precision.INT8)
        except ModelError:
            del seconds[Precision.INT8]
        # In turn, the best of three: the first run of each also warms up.
        for precision in 3 * tuple(seconds):
            begun = time.perf_counter()
            self.encode_passages(texts, precision=precision)
            seconds[precision] = min(seconds[precision], time.perf_counter() - begun)
        chosen = Precision.FP32
        for precision in seconds:
            if seconds[chosen] > _FASTER * seconds[precision]:
                chosen = precision
        return chosen

    @functools.cached_property
    def _quantised(self) -> QuantisedEncoder:
        from index.quantised import QuantisedEncoder

        return QuantisedEncoder(self._model, self.name, self.prompts[1], self._tokenizing)

    def _encode(
        self, texts: Sequence[str], prompt: str, done: Callable[[int], object], precision: Precision
    ) -> Vectors:
        import torch

        if precision is Precision.INT8:
            return self._quantised([prompt + text for text in texts], done)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision is Precision.BF16):
            for batch in _batches([len(text) for text in texts]):
                vectors[batch] = self._embedded([prompt + texts[place] for place in batch])
                done(len(batch))
        return vectors

    def _embedded(self, texts: list[str]) -> Vectors:
        """Unit vectors of one batch by PyTorch."""
        import torch

        # What `encode` does besides, for every call, takes a tenth of the time that a question takes.
        with torch.inference_mode():
            with self._tokenizing:
                tokens = self._model.preprocess(texts)
            made = self._model(tokens)["sentence_embedding"][:, : self.dimension]
            vectors: Vectors = torch.nn.functional.normalize(made.float(), dim=1).numpy()
        return vectors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts of so many characters, longest first, so that little is spent on padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and (len(batch) == _BATCH or lengths[batch[0]] * (len(batch) + 1) > _BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


UNPICKLED: Mapping[str, Any] = MappingProxyType({"use_safetensors": True})
"""How weights are loaded: a pickle could run anything, so a model that is only one cannot be opened."""


def load_libraries() -> None:
    """Import what models need, without network and quietly."""
    # Read when huggingface_hub is imported, which is below.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # How long a thread that has done its part waits busily for the next: no question is embedded faster by more, and an
    # answer takes a sixth of processor time less. Whoever has set how threads wait has it so.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    import torch
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    # One thread a core: with more, short questions wait for threads that are not running.
    torch.set_num_threads(processors())


def processors() -> int:
    """How many this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def limit_threads(threads: int) -> None:
    """Let a model that is open use so many; what comes of it is the same to the bit."""
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(threads)


def _load(source: str, name: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    options = dict(UNPICKLED) | ({"add_pooling_layer": False} if name == BUNDLED else {})
    return opened(
        name,
        lambda local: SentenceTransformer(source, device="cpu", local_files_only=local, model_kwargs=options).eval(),
    )


def opened(name: str, load: Callable[[bool], Model]) -> Model:
    """What `load` brings, told whether to keep to this machine's files.

    Raises:
        ModelError: the model `name` cannot be opened here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load(os.environ["HF_HUB_OFFLINE"] != "0")
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        reason = reason_of(error) if Path(name).exists() else "it is not on this machine"
        raise ModelError(
            f"the model {name} cannot be opened: {reason}",
            "name a folder that holds it, leave the option out, or allow the download once with HF_HUB_OFFLINE=0",
        ) from error


def require_kind(name: str, config: PretrainedConfig, ending: str, what: str) -> None:
    """Check that the model `name` was saved as one of its kind; another's head would be drawn at random.

    Raises:
        ModelError: no architecture in its `config` has that `ending`.
    """
    if not any(architecture.endswith(ending) for architecture in config.architectures or ()):
        raise ModelError(f"the model {name} is not {what}", f"name one that was saved as …{ending}")


def _prompts(model: SentenceTransformer, name: str) -> tuple[str, str]:
    """The model's own prompts for questions and passages; E5 models need theirs even where they do not say so."""
    known = model.prompts or {}
    question = known.get("query") or ""
    passage = known.get("passage") or known.get("document") or ""
    if not (question or passage) and re.search(r"\be5\b", name.lower()):
        return "query: ", "passage: "
    return question, passage
