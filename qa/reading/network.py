"""The network that reads: a BERT encoder under two scores for every token and one for the whole window."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel


class Network(nn.Module):
    """Start and end logits of an answer for every token, and one logit for “the window answers”."""

    def __init__(self, settings: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(settings, add_pooling_layer=False)
        self.span = nn.Linear(settings.hidden_size, 2)
        self.answerable = nn.Linear(settings.hidden_size, 1)

    def forward(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of start and end, shape (rows, width), and of the window, shape (rows); all float32.

        Args:
            words: embeddings of the tokens, shape (rows, width, hidden size).
            mask: 1 for a token, 0 for padding, shape (rows, width).
        """
        states = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
        scores = self.span(states).float()
        return scores[..., 0], scores[..., 1], self.answerable(states[:, 0]).float().squeeze(-1)


def network_of(config: dict[str, Any], state: dict[str, Tensor]) -> Network:
    """The network with the weights of `state`, which are taken as they are and not copied."""
    settings = BertConfig(**config)
    with torch.device("meta"):
        network = Network(settings)
    network.load_state_dict(state, strict=True, assign=True)
    # Not part of any file; they came into being without values.
    places = settings.max_position_embeddings
    network.bert.embeddings.register_buffer("position_ids", torch.arange(places)[None], persistent=False)
    types = torch.zeros(1, places, dtype=torch.long)
    network.bert.embeddings.register_buffer("token_type_ids", types, persistent=False)
    return network
