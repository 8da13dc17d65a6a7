"""Texts of many lengths in rows of few: all of them are there, none over another, and little is left empty."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from index.bins import batches


@given(st.lists(st.integers(0, 100), max_size=60), st.sampled_from([100, 128, 512, 5_000]))
def test_every_text_stands_once_and_alone(percents: list[int], longest: int) -> None:
    """Each text is in one row, within it, and no two share a token; shapes are few, and the same lengths come alike."""
    lengths = [1 + (longest - 1) * percent // 100 for percent in percents]

    cut = batches(lengths, longest)

    assert sorted(text for batch in cut for text, _, _ in batch.texts) == list(range(len(lengths)))
    for batch in cut:
        assert batch.length <= longest
        taken = [(row, begin + n) for text, row, begin in batch.texts for n in range(lengths[text])]
        assert len(taken) == len(set(taken))
        assert all(0 <= row < batch.rows and place < batch.length for row, place in taken)
        assert batch.rows * batch.length <= max(512, batch.length)
    assert {batch.length for batch in cut} <= {
        min(longest, length) for length in (128, 256, 384, 512, 1024, 2048, 4096, 8192)
    }
    assert batches(lengths, longest) == cut


def test_little_is_left_empty() -> None:
    """Of passages and their sentences three tokens in a hundred are padding; a text that is alone has a batch."""
    chance = random.Random(3)
    lengths = []
    for _ in range(100):
        sentences = [chance.randrange(12, 70) for _ in range(4)]
        lengths += [*sentences, sum(sentences)]

    cut = batches(lengths, 512)

    assert sum(batch.rows * batch.length for batch in cut) <= 1.03 * sum(lengths)
    assert {(batch.rows, batch.length) for batch in cut} <= {(4, 128), (2, 256), (1, 384), (1, 512)}
    (alone,) = batches([7], 512)
    assert (alone.rows, alone.length, alone.texts) == (4, 128, ((0, 0, 0),))
    assert batches([], 512) == []
