"""From signals to the probability that the archive answers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.errors import ModelError

SIGNALS = frozenset(("answerable", "lead"))
"""What a calibration weighs; :func:`qa.confidence.signals` says what they are."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression: ``1 / (1 + exp(-(bias + Σ weight · signal)))``; ``training/calibrate.py`` fits it."""

    weights: Mapping[str, float]
    bias: float

    @classmethod
    def read(cls, file: Path) -> Self:
        """The calibration in `file`, as JSON of ``{"weights": {name: number}, "bias": number}``.

        Raises:
            ModelError: it is missing or malformed.
        """
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            weights = {str(name): float(value) for name, value in told["weights"].items()}
            if set(weights) != SIGNALS or not all(map(math.isfinite, (*weights.values(), told["bias"]))):
                raise ValueError(f"its weights are to be finite, of {sorted(SIGNALS)}")
            return cls(weights, float(told["bias"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"the reader's calibration cannot be read: {file}",
                f"put back {file.name} as it came with the program, or ask with --reader none",
            ) from error

    def probability(self, signals: Mapping[str, float]) -> float:
        """0 to 1. `signals` has all that `weights` names."""
        odds = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        return logistic(odds)


def logistic(odds: float) -> float:
    """The probability of log-odds, by the form of the function that cannot overflow."""
    return 0.5 + 0.5 * math.tanh(odds / 2)
