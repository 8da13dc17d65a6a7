"""The reader: the encoder's layers under a start and an end score for every token, and “nothing answers” first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from qa.reading.bundled import PAD
from qa.reading.network import Network
from qa.reading.rows import MAX_ANSWER_TOKENS
from training.windows import Row

IMPOSSIBLE = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as tensors; `allowed` marks the positions an answer may touch, and position 0."""

    ids: Tensor
    mask: Tensor
    allowed: Tensor
    starts: Tensor
    ends: Tensor

    def to(self, device: str) -> Batch:
        """The same on `device`."""
        return Batch(*(getattr(self, name).to(device) for name in ("ids", "mask", "allowed", "starts", "ends")))


def collate(rows: Sequence[Row]) -> Batch:
    """`rows` padded to the longest; a row without an answer is marked at position 0."""
    width = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), width), PAD)
    allowed = torch.zeros(len(rows), width, dtype=torch.bool)
    starts, ends = torch.zeros_like(allowed), torch.zeros_like(allowed)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        allowed[at, row.window : len(row.ids) - 1] = True
        allowed[at, 0] = True
        starts[at, list(row.starts or (0,))] = True
        ends[at, list(row.ends or (0,))] = True
    return Batch(ids, (ids != PAD).long(), allowed, starts, ends)


class Reader(Network):
    """The network that ships, from token ids on; answers lie where `Batch.allowed` lets them."""

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:  # type: ignore[override]
        """Logits of start and end, shape (rows, width), and of “something answers”, shape (rows); all float32."""
        words = self.bert.embeddings.word_embeddings(batch.ids)
        start, end, answerable = super().forward(words, batch.mask)
        return start.masked_fill(~batch.allowed, IMPOSSIBLE), end.masked_fill(~batch.allowed, IMPOSSIBLE), answerable


def reader_from_encoder(folder: Path, dropout: float, seed: int) -> Reader:
    """A reader whose layers are the encoder's and whose heads are fresh.

    Attention dropout is off: with it torch leaves its fused attention, which costs a quarter of the speed.
    """
    config = BertConfig.from_pretrained(folder)
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "sdpa"
    torch.manual_seed(seed)
    reader = Reader(config)
    nn.init.normal_(reader.span.weight, std=0.02)
    nn.init.normal_(reader.answerable.weight, std=0.02)
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
    reader.bert.load_state_dict(encoder.state_dict())
    return reader


def loss_of(scores: tuple[Tensor, Tensor, Tensor], batch: Batch, answerable_weight: float, smoothing: float) -> Tensor:
    """Minus the log-probability of starting and ending at any of the right places, and of answerability.

    Args:
        scores: what the reader returned.
        batch: what it was given, with the right places.
        answerable_weight: of the answerability head's loss beside the span's.
        smoothing: share of the target spread evenly over a row's allowed positions.
    """
    start, end, answerable = scores
    total = start.new_zeros(())
    for logits, right in ((start, batch.starts), (end, batch.ends)):
        log = logits.log_softmax(-1)
        hit = log.masked_fill(~right, float("-inf")).logsumexp(-1)
        spread = log.masked_fill(~batch.allowed, 0).sum(-1) / batch.allowed.sum(-1)
        total = total - ((1 - smoothing) * hit + smoothing * spread).mean()
    truth = (~batch.starts[:, 0]).float()
    judged = nn.functional.binary_cross_entropy_with_logits(answerable, truth)
    return total / 2 + answerable_weight * judged


def best_spans(start: Tensor, end: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of every row the best span's first and last position, its score, and the score of no answer.

    A span is at most `MAX_ANSWER_TOKENS` long; scores are sums of a start and an end logit.
    """
    width = start.shape[1]
    pairs = start[:, :, None] + end[:, None, :]
    places = torch.arange(width, device=start.device)
    length = places[None, :] - places[:, None]
    fits = (length >= 0) & (length < MAX_ANSWER_TOKENS)
    fits[0, :] = False
    flat = pairs.masked_fill(~fits, 2 * IMPOSSIBLE).flatten(1)
    score, at = flat.max(-1)
    return at // width, at % width, score, start[:, 0] + end[:, 0]
