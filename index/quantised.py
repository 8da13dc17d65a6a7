"""Passages in 8 bits: a sentence-transformers model converted for OpenVINO, its weights and activations quantised.

The scales of activations follow from a fixed sample of this program's own texts, with smooth quantisation (Xiao et al.
2023, arXiv:2211.10438), as nncf does it. That takes half a minute of processor time and is kept in the
:mod:`index.cache`; who has the same model, sample and versions has the same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import logging
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

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
_STREAMS = 8
"""At most: each keeps its own memory for every shape of a batch."""
_BATCH_TOKENS, _STEP = 1_024, 16
"""Tokens embedded at once, with padding, and what lengths are rounded up to."""
_TOKENIZED = 256
"""Texts at once, for which a question waits."""

Tokens: TypeAlias = NDArray[np.int64]
"""Ids of one text, shape (length,)."""


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
        texts = [prompt + text for text in sample()]
        tokens = self._tokens(texts)
        key = f"int8-{_identity(model, tokens)[:12]}-openvino-{version('openvino')}"
        write = _Conversion(model, name, texts, tokens).write
        self._file = cached(key, write, "write the model in 8 bits", megabytes=150) / _FILE
        self._lock = threading.Lock()
        self._network: _Network | None = None

    def __call__(self, texts: Sequence[str], done: Callable[[int], object]) -> NDArray[np.float32]:
        """Unit vectors of `texts`, which have their prompts, shape (len(texts), dimension).

        `done` hears how many more are ready.
        """
        tokens = self._tokens(texts)
        batches = _batches([len(ids) for ids in tokens])
        vectors = np.empty((len(texts), self._model.get_embedding_dimension()), np.float32)
        with self._lock:
            try:
                made = self._opened()([tokens[place] for place in batch] for batch in batches)
                with contextlib.closing(made):
                    for batch, part in zip(batches, made, strict=True):
                        vectors[batch] = part
                        done(len(batch))
            except BaseException:
                # A request that failed tells of it again when it is used for other texts.
                self._network = None
                raise
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Token ids of each of `texts`, cut to what the model reads."""
        cut = {"truncation": True, "max_length": self._model.max_seq_length}
        tokens: list[Tokens] = []
        for at in range(0, len(texts), _TOKENIZED):
            part = list(texts[at : at + _TOKENIZED])
            # Three times as fast as the model's own way to its inputs, which looks for images and pads as well.
            with self._tokenizing:
                tokens += [np.array(ids, np.int64) for ids in self._model.tokenizer(part, **cut)["input_ids"]]
        return tokens

    def _opened(self) -> _Network:
        """The network for as many threads as there are now."""
        import torch

        threads = torch.get_num_threads()
        if self._network is None or self._network.threads != threads:
            with _told(self._name):
                self._network = _Network(str(self._file), self._model, self._name, threads)
        return self._network


class _Network:
    """A converted model on this processor, on one stream a thread; no thread is tied to a core.

    Two streams embed a quarter more than one that all threads share. What is not in 8 bits is in bf16 where the
    processor has it (vectors come as near to fp32 as with 32 bits, and six in a hundred more a second).
    """

    def __init__(self, converted: Any, model: Any, name: str, threads: int) -> None:
        self._name, self.threads, streams = name, threads, min(threads, _STREAMS)
        core = _openvino().Core()
        # A processor that is asked for bf16 and does not have it may go through its motions, slowly.
        rest = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
        options = {"INFERENCE_PRECISION_HINT": rest, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": streams}
        compiled = core.compile_model(converted, "CPU", options | {"ENABLE_CPU_PINNING": False})
        # One more than can be at work, so that a stream finds the next batch waiting.
        self._requests = [compiled.create_infer_request() for _ in range(streams + 1)]
        self._padding, self._longest = model.tokenizer.pad_token_id, model.max_seq_length or sys.maxsize

    def __call__(self, batches: Iterable[Sequence[Tokens]]) -> Generator[NDArray[np.float32], None, None]:
        """Unit vectors of each of `batches`, in their order.

        Requests are always started and waited for: with those that run in the thread that calls, the library writes
        past its memory sooner or later (seen in OpenVINO 2026.4.1, with several streams).
        """
        idle, working = [*self._requests], deque[tuple[Any, int]]()
        try:
            for batch in batches:
                if not idle:
                    yield self._finished(*working[0])
                    idle.append(working.popleft()[0])
                working.append((idle.pop(), len(batch)))
                with _told(self._name):
                    working[-1][0].start_async(self._padded(batch))
            while working:
                yield self._finished(*working[0])
                working.popleft()
        finally:
            for request, _ in working:
                with contextlib.suppress(RuntimeError):
                    request.wait()

    def _finished(self, request: Any, count: int) -> NDArray[np.float32]:
        """The first `count` vectors of a request that has been started."""
        with _told(self._name):
            request.wait()
        made = request.get_output_tensor(0).data[:count]
        vectors: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
        return vectors

    def _padded(self, batch: Sequence[Tokens]) -> list[NDArray[np.int64]]:
        """Token ids and mask of a batch, in one of a few shapes.

        The library keeps what it has made for each shape it meets, up to 10 MB, and is faster where it meets one again.
        """
        length = min(_step(max(map(len, batch))), self._longest)
        rows = min(1 << (len(batch) - 1).bit_length(), max(len(batch), _rows(length)))
        ids = np.full((rows, length), self._padding, np.int64)
        mask = np.zeros_like(ids)
        mask[:, 0] = 1
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return [ids, mask]


@contextlib.contextmanager
def _told(name: str) -> Iterator[None]:
    """An error of the library as one of ours about the model `name`."""
    try:
        yield
    except (ImportError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise ModelError(f"the model {name} does not work in int8 here: {reason}", _OTHER) from error


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The places of texts of so many tokens, longest first."""
    places = sorted(range(len(lengths)), key=lambda place: (-lengths[place], place))
    batches = []
    while places:
        rows = _rows(_step(lengths[places[0]]))
        batches.append(places[:rows])
        places = places[rows:]
    return batches


def _step(length: int) -> int:
    return max(1, -(-length // _STEP)) * _STEP


def _rows(length: int) -> int:
    """Texts that go together where the longest has so many tokens."""
    return max(1, _BATCH_TOKENS // length)


class _Conversion:
    """The work that is done once for a model."""

    def __init__(self, model: Any, name: str, texts: Sequence[str], tokens: Sequence[Tokens]) -> None:
        self._model, self._name, self._texts, self._tokens = model, name, texts, tokens

    def write(self, folder: Path) -> None:
        """Write the model in 8 bits into `folder`, if it makes vectors like those in fp32."""
        import torch

        tokens = self._tokens
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")
                quantised = self._quantised(tokens)
            made = _Network(quantised, self._model, self._name, torch.get_num_threads())([one] for one in tokens)
            alike = np.mean([vectors[0] @ self._exact(one) for one, vectors in zip(tokens, made, strict=True)])
        # What a model that was made for something else raises on its way is not to be listed.
        except Exception as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
            raise ModelError(f"the model {self._name} cannot be converted to int8: {reason}", _OTHER) from error
        if alike < _ALIKE:
            raise ModelError(
                f"the model {self._name} loses too much in int8: its vectors are {alike:.3f} alike", _OTHER
            )
        _openvino().save_model(quantised, folder / _FILE, compress_to_fp16=False)

    def _quantised(self, tokens: Sequence[Tokens]) -> Any:
        openvino = _openvino()
        import nncf

        nncf.set_log_level(logging.ERROR)
        # Two texts of unlike length, so that the padding is converted as well.
        both = self._model.preprocess(list(self._texts[:2]))
        converted = openvino.convert_model(_tower(self._model), example_input=tuple(both[name] for name in _INPUTS))
        alone = [(one[None], np.ones_like(one)[None]) for one in tokens]
        return nncf.quantize(
            converted,
            nncf.Dataset(alone),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(alone),
        )

    def _exact(self, tokens: Tokens) -> NDArray[np.float32]:
        import torch

        ids = torch.from_numpy(tokens[None])
        with torch.no_grad():
            vector = _tower(self._model)(ids, torch.ones_like(ids))[0].float().numpy()
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


def _identity(model: Any, tokens: Sequence[Tokens]) -> str:
    """SHA-256 of all that the conversion follows from but the version of OpenVINO."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
    for one in tokens:
        digest.update(one.data)
    encoder: Any = model[0]
    settings = [version("nncf"), *(str(part) for part in model), encoder.auto_model.config.to_json_string()]
    digest.update(json.dumps(settings).encode())
    return digest.hexdigest()


def _openvino() -> Any:
    """The library, kept from reporting its use: it and nncf do without what they report with."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
