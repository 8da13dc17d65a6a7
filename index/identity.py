"""How an archive recognises the model it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.encoder import PROBE, Encoder, Precision
from index.errors import ArchiveMismatchError

_SAME_MODEL = 0.999
"""Cosine below which two encodings of the probe come from different models; precision and hardware cost under 1e-4."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How an archive recognises the model it was made with.

    Attributes:
        probe: the vector of a fixed sentence, four decimals: any change of weights, tokenizer or pooling moves it.
        precision: what the passages were embedded in; those added later are embedded in it as well.
    """

    name: str
    dimension: int
    question_prompt: str
    passage_prompt: str
    probe: tuple[float, ...]
    precision: Precision = Precision.FP32

    @classmethod
    def recorded(cls, content: Mapping[str, Any]) -> Identity:
        """The identity that was written down as JSON.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        return cls(**{**content, "probe": tuple(content["probe"]), "precision": Precision(content["precision"])})


def identify(encoder: Encoder, precision: Precision = Precision.FP32) -> Identity:
    """The identity of `encoder` where passages are embedded in `precision`; encodes one sentence, in fp32."""
    probe = encoder.encode_passages([PROBE])[0]
    return Identity(
        encoder.name, encoder.dimension, *encoder.prompts, tuple(round(float(x), 4) for x in probe), precision
    )


def require_same(recorded: Identity, encoder: Encoder) -> None:
    """Check that `encoder` is the model of `recorded`.

    Raises:
        ArchiveMismatchError: dimension, prompts or the probe's vector differ.
    """
    found = identify(encoder)
    mend = f"build the archive again: python -m index build --model {encoder.name}"
    if found.dimension != recorded.dimension:
        raise ArchiveMismatchError(
            f"the archive's vectors have {recorded.dimension} dimensions, those of {found.name} {found.dimension}",
            mend,
        )
    prompts = (recorded.question_prompt, recorded.passage_prompt)
    if prompts != encoder.prompts:
        raise ArchiveMismatchError(
            f"the model {found.name} now uses other prompts than the archive was made with", mend
        )
    if float(np.dot(recorded.probe, found.probe)) < _SAME_MODEL:
        raise ArchiveMismatchError(f"the model {found.name} is not the one the archive was made with", mend)
