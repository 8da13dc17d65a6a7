"""Linear layers with packed weights give what they gave, in 32 bits and in all else."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from index.encoder import Precision, SentenceTransformerEncoder
from index.packed import pack


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(24,), (1, 24), (5, 24), (2, 7, 24)])
def test_products_are_the_same(bias: bool, shape: tuple[int, ...]) -> None:
    """Of vectors, matrices and batches of them, with and without a bias."""
    torch.manual_seed(1)
    plain = torch.nn.Sequential(torch.nn.Linear(24, 40, bias=bias), torch.nn.Linear(40, 8, bias=bias)).eval()
    packed = copy.deepcopy(plain)
    pack(packed)
    given = torch.randn(shape)

    with torch.inference_mode():
        found, expected = packed(given), plain(given)

    assert found.shape == expected.shape
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_other_precisions_and_traces_are_as_before() -> None:
    """In 16 bits, and where the model is traced, the layers are PyTorch's own."""
    torch.manual_seed(1)
    plain = torch.nn.Linear(24, 40).eval()
    packed = copy.deepcopy(plain)
    pack(packed)
    given = torch.randn(5, 24)

    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(packed(given), plain(given))
    with pytest.warns(DeprecationWarning, match="trace"):
        traced = torch.jit.trace(packed, given)
    assert "_linear_pointwise" not in str(traced.graph)
    assert torch.equal(traced(given), plain(given))
    assert packed.state_dict().keys() == plain.state_dict().keys()


def test_the_bundled_model_is_packed(bundled_encoder: SentenceTransformerEncoder) -> None:
    """Its vectors are the same to the bit by one thread and by all, and those in bf16 as near as before."""
    layers = [layer for layer in bundled_encoder._model.modules() if isinstance(layer, torch.nn.Linear)]
    assert {type(layer).__name__ for layer in layers} == {"Packed"}
    texts = ["Il ponte è aperto.", "The museum " * 100, "Sì"]
    exact = bundled_encoder.encode_passages(texts)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = bundled_encoder.encode_passages(texts)
    finally:
        torch.set_num_threads(threads)

    np.testing.assert_array_equal(alone, exact)
    near = bundled_encoder.encode_passages(texts, precision=Precision.BF16)
    assert 0.99 < float((near * exact).sum(axis=1).min()) < 1
