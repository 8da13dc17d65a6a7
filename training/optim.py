"""AdamW on float32 masters of a network that computes in another precision, with a running average of the masters."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from training.model import Reader

OTHER_LAYERS = "other layers were frozen in the run to go on from: see --frozen-layers"


class Masters:
    """Float32 copies of the trainable parameters: what is optimised, averaged and saved."""

    def __init__(self, reader: Reader, frozen_layers: int, rate: float, layer_decay: float, average: float) -> None:
        """Freezes the embeddings and the lowest layers of `reader`.

        Args:
            reader: in float32; may be cast afterwards.
            frozen_layers: how many of the lowest layers stay as they are.
            rate: learning rate of the uppermost layer; the heads learn at twice that.
            layer_decay: factor of the learning rate from one layer to the one below.
            average: decay per step of the running average.
        """
        self._average = average
        self._parameters: dict[str, nn.Parameter] = {}
        self.values: dict[str, Tensor] = {}
        groups: dict[tuple[float, float], list[Tensor]] = {}
        layers = reader.bert.config.num_hidden_layers
        for name, parameter in reader.named_parameters():
            depth = _depth(name, layers)
            parameter.requires_grad_(depth >= frozen_layers)
            if depth < frozen_layers:
                continue
            self._parameters[name] = parameter
            self.values[name] = parameter.detach().float().clone()
            scale = 2.0 if depth == layers else layer_decay ** (layers - 1 - depth)
            decay = 0.0 if parameter.ndim == 1 else 0.01
            groups.setdefault((rate * scale, decay), []).append(self.values[name])
        self.averaged = {name: value.clone() for name, value in self.values.items()}
        self._optimizer = torch.optim.AdamW(
            [
                {"params": values, "lr": peak, "peak": peak, "weight_decay": decay}
                for (peak, decay), values in groups.items()
            ],
            betas=(0.9, 0.98),
            eps=1e-7,
        )
        self.steps = 0

    def step(self, share: float, clip: float = 1.0) -> float:
        """One update at `share` of the peak learning rates; returns the gradient's norm before clipping."""
        for name, parameter in self._parameters.items():
            self.values[name].grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        norm = float(nn.utils.clip_grad_norm_(self.values.values(), clip))
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * share
        self._optimizer.step()
        self.steps += 1
        decay = min(self._average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.averaged.values()), list(self.values.values()), 1 - decay)
        self.load(self.values)
        return norm

    def load(self, values: dict[str, Tensor]) -> None:
        """Makes the network compute with `values`."""
        with torch.no_grad():
            for name, parameter in self._parameters.items():
                parameter.copy_(values[name])

    def state(self) -> dict[str, Any]:
        """All that a later run needs to go on exactly."""
        return {
            "values": self.values,
            "averaged": self.averaged,
            "optimizer": self._optimizer.state_dict(),
            "steps": self.steps,
        }

    def begin(self, averaged: dict[str, Tensor]) -> None:
        """Takes over another run's averaged weights, of the layers that it trained; the optimiser stays fresh.

        Raises:
            ValueError: layers were trained there that are frozen here.
        """
        if averaged.keys() - self.values.keys():
            raise ValueError(OTHER_LAYERS)
        with torch.no_grad():
            for name, value in averaged.items():
                self.values[name].copy_(value)
                self.averaged[name].copy_(value)
        self.load(self.values)

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on exactly from a saved state.

        Raises:
            ValueError: other layers were frozen there.
        """
        if state["values"].keys() != self.values.keys():
            raise ValueError(OTHER_LAYERS)
        with torch.no_grad():
            for name, value in state["values"].items():
                self.values[name].copy_(value)
                self.averaged[name].copy_(state["averaged"][name])
        self._optimizer.load_state_dict(state["optimizer"])
        self.steps = state["steps"]
        self.load(self.values)


def _depth(name: str, layers: int) -> int:
    """-1 for the embeddings, the layer's number, and the number of layers for the heads."""
    if name.startswith("bert.embeddings."):
        return -1
    if name.startswith("bert.encoder.layer."):
        return int(name.split(".")[3])
    return layers
