"""Linear layers with their weights laid out for the processor once, instead of at every call.

A question is a few tokens, for which laying out the weights takes longer than multiplying: by oneDNN's own layout an
embedding takes .7 of the time, and its numbers differ by 2e-7 at most (``docs/performance.md``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.nn import Module


def pack(model: Module) -> None:
    """Have the linear layers of `model`, which is not trained any more, multiply in 32 bits by packed weights.

    They are what they were for everything else: other precisions, tracing, and where PyTorch is without oneDNN.
    """
    import torch

    operations: Any = torch.ops.mkldnn
    here: Any = torch.backends.mkldnn
    tracing: Any = torch.jit.is_tracing  # type: ignore[attr-defined]
    # What PyTorch's own compiler calls: not promised to stay, so its version is pinned and this is looked for.
    if not here.is_available() or not hasattr(operations, "_linear_pointwise"):
        return

    class Packed(torch.nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 its name in PyTorch
            if torch.is_autocast_enabled("cpu") or tracing() or input.dtype is not torch.float32:
                return super().forward(input)
            product: torch.Tensor = operations._linear_pointwise(input, self.packed, self.bias, "none", [], "")
            return product

    for layer in model.modules():
        if type(layer) is torch.nn.Linear and layer.weight.dtype is torch.float32:
            # Not a parameter, nor a buffer: it is no part of what the model is saved as.
            object.__setattr__(layer, "packed", operations._reorder_linear_weight(layer.weight.detach(), None))
            layer.__class__ = Packed
