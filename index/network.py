"""Layers in 8 bits at work: rows of texts in, a vector of each text out.

Words are looked up in the model's own table, and what the layers make of them is pooled here. Several texts stand in a
row, none of which attends to another (:mod:`index.bins`), as in Krell et al. 2021, arXiv:2107.02027.
"""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.bins import Batch, batches
from index.errors import ModelError, reason_of

if TYPE_CHECKING:
    from index.encoder import Vectors

OTHER = "leave --precision out, or name fp32 or bf16"
_STREAMS = 8
"""At most: each keeps its own memory for every shape of a batch."""

Tokens: TypeAlias = NDArray[np.int64]
"""Ids of one text, shape (length,)."""
States: TypeAlias = NDArray[np.float32]
"""What the last layer makes of tokens, the last axis its dimension."""

POOLINGS: Mapping[str, Callable[[States], States]] = MappingProxyType(
    {
        "mean": lambda states: states.mean(axis=0),
        "mean_sqrt_len_tokens": lambda states: states.mean(axis=0),  # as long as it is: vectors are made unit ones
        "cls": lambda states: states[0],
        "lasttoken": lambda states: states[-1],
        "max": lambda states: states.max(axis=0),
    }
)
"""By the name that sentence-transformers has for it: one vector of a text's states."""


class Network:
    """The `converted` layers of `model` on this processor, on one stream a thread; no thread is tied to a core.

    They are compiled anew for each shape of a batch: that takes a second, and what takes any shape is 6 in a hundred
    slower. Two streams embed a quarter more than one that all threads share. What is not in 8 bits is in bf16 where the
    processor has it (vectors come as near to fp32 as with 32 bits, and six in a hundred more a second).
    """

    def __init__(self, converted: Any, model: Any, name: str, threads: int) -> None:
        self._converted, self._name, self.threads = converted, name, threads
        self._streams = min(threads, _STREAMS)
        self._core = openvino().Core()
        # A processor that is asked for bf16 and does not have it may go through its motions, slowly.
        rest = "bf16" if "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
        self._options = {
            "INFERENCE_PRECISION_HINT": rest, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": self._streams,
            "ENABLE_CPU_PINNING": False,
        }  # fmt: skip
        self._idle: dict[tuple[int, int], list[Any]] = {}
        self._inputs = Inputs(model)
        self._longest = model.max_seq_length or sys.maxsize
        self._pooled, self._dimension = POOLINGS[model[1].pooling_mode], model.get_embedding_dimension()

    def __call__(self, tokens: Sequence[Tokens], done: Callable[[int], object]) -> Vectors:
        """Unit vectors of texts, shape (len(tokens), dimension); `done` hears how many more are ready."""
        vectors = np.empty((len(tokens), self._dimension), np.float32)
        cut = batches([len(ids) for ids in tokens], self._longest)
        with contextlib.closing(self._run(cut, tokens)) as ran:
            for batch, states in ran:
                for text, row, begin in batch.texts:
                    pooled = self._pooled(states[row, begin : begin + len(tokens[text])])
                    vectors[text] = pooled / np.linalg.norm(pooled)
                done(len(batch.texts))
        return vectors

    def _run(self, cut: Sequence[Batch], tokens: Sequence[Tokens]) -> Generator[tuple[Batch, States], None, None]:
        """Each batch with the states of its tokens, shape (rows, length, dimension), good until the next.

        Requests are always started and waited for: with those that run in the thread that calls, the library writes
        past its memory sooner or later (seen in OpenVINO 2026.4.1, with several streams).
        """
        working = deque[tuple[Any, Batch]]()
        try:
            for batch in cut:
                # One more than can be at work, so that a stream finds the next batch waiting.
                if len(working) > self._streams:
                    yield self._finished(*working[0])
                    self._put_back(*working.popleft())
                with told(self._name):
                    working.append((self._request(batch), batch))
                    working[-1][0].start_async(self._inputs.of(batch, tokens))
            while working:
                yield self._finished(*working[0])
                self._put_back(*working.popleft())
        finally:
            for request, _ in working:
                with contextlib.suppress(RuntimeError):
                    request.wait()

    def _request(self, batch: Batch) -> Any:
        """One for the shape of `batch` that is not at work."""
        shape = batch.rows, batch.length
        if shape not in self._idle:
            layers = self._converted.clone()
            layers.reshape(dict(enumerate([[*shape, self._inputs.width], [*shape], [*shape]])))
            compiled = self._core.compile_model(layers, "CPU", self._options)
            self._idle[shape] = [compiled.create_infer_request() for _ in range(self._streams + 1)]
        return self._idle[shape].pop()

    def _put_back(self, request: Any, batch: Batch) -> None:
        self._idle[batch.rows, batch.length].append(request)

    def _finished(self, request: Any, batch: Batch) -> tuple[Batch, States]:
        with told(self._name):
            request.wait()
        states: States = request.get_output_tensor(0).data
        return batch, states


class Inputs:
    """What the layers of `model` are given: the vectors of words, their positions, and which text they belong to.

    Attributes:
        width: of a word's vector; some models make wider states of narrower words.
    """

    def __init__(self, model: Any) -> None:
        encoder = model[0].auto_model
        self._words: NDArray[np.float32] = encoder.get_input_embeddings().weight.detach().float().numpy()
        self.width = self._words.shape[1]
        # RoBERTa and its kin count from behind the number of what fills up.
        self._first = getattr(encoder.embeddings, "padding_idx", -1) + 1

    def of(self, batch: Batch, tokens: Sequence[Tokens]) -> list[NDArray[Any]]:
        """Shapes (rows, length, width), (rows, length) and (rows, length); texts are numbered from 1.

        Where there is no text there is some word at the first position.
        """
        ids = np.zeros((batch.rows, batch.length), np.int64)
        positions, texts = np.full_like(ids, self._first), np.zeros_like(ids)
        for number, (text, row, begin) in enumerate(batch.texts, start=1):
            place = row, slice(begin, begin + len(tokens[text]))
            ids[place] = tokens[text]
            positions[place] += np.arange(len(tokens[text]))
            texts[place] = number
        return [self._words[ids], positions, texts]


@contextlib.contextmanager
def told(name: str) -> Generator[None, None, None]:
    """An error of the library as one of ours about the model `name`."""
    try:
        yield
    except (ImportError, RuntimeError) as error:
        raise ModelError(f"the model {name} does not work in int8 here: {reason_of(error)}", OTHER) from error


def openvino() -> Any:
    """The library, kept from reporting its use: it and nncf do without what they report with."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino as library

    return library
