"""Terms as numbers: the same wherever they are read from, told apart as the terms are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import REDERIVE, ArchiveDamagedError
from index.numbered import END, NumbersFile, SegmentNumbers, number_of, numbers_of

LINES = st.lists(st.lists(st.text(min_size=1, max_size=5), max_size=4), max_size=4)


def written(folder: Path, passages: Sequence[Sequence[Sequence[str]]]) -> Path:
    """`folder`, made, with the terms of `passages` as a segment has them."""
    folder.mkdir(parents=True)
    with NumbersFile(folder) as file:
        for lines in passages:
            file.append(lines)
    return folder


def test_a_number_is_64_bits_of_a_hash() -> None:
    """It is the term's BLAKE2b of 8 bytes, as another program computes it."""
    # Computed with `printf 'it:ponte' | b2sum -l 64`.
    assert number_of("it:ponte") == int.from_bytes(bytes.fromhex("37b0ef0fce65db9b"), "little", signed=True)


@given(st.lists(st.text(max_size=8), unique=True, max_size=50))
def test_terms_have_numbers_of_their_own(terms: list[str]) -> None:
    """No two terms share a number, and none has that of a line's end."""
    numbers = [number_of(term) for term in terms]

    assert len(set(numbers)) == len(terms)
    assert END not in numbers
    assert numbers_of([terms, []]).tolist() == [*numbers, END, END]


@settings(max_examples=30, deadline=None)
@given(passages=st.lists(LINES, max_size=6), data=st.data())
def test_written_terms_are_read_again(
    passages: list[list[list[str]]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Those of any rows, in the order asked for, repeated or not."""
    folder = written(tmp_path_factory.mktemp("terms") / "1", passages)
    rows = data.draw(st.lists(st.integers(0, len(passages) - 1))) if passages else []

    found = SegmentNumbers.open(folder, len(passages)).of(np.array(rows, np.int64))

    assert [numbers.tolist() for numbers in found] == [numbers_of(passages[row]).tolist() for row in rows]


@pytest.mark.parametrize("name", ["terms.npy", "terms.starts.npy"])
@pytest.mark.parametrize(
    "content", [None, b"", b"PK\x03\x04", np.zeros(1, np.int64), np.zeros(3), np.int64(1), np.zeros((3, 2), np.int64)]
)
def test_files_that_do_not_belong_are_refused(tmp_path: Path, name: str, content: object) -> None:
    """A file that is missing, cut short or of another shape or kind is damage that names the mend."""
    folder = written(tmp_path / "1", [[["a"]], [["b"], ["c"]]])
    (folder / name).unlink()
    if isinstance(content, bytes):
        (folder / name).write_bytes(content)
    elif content is not None:
        np.save(folder / name, content)

    with pytest.raises(ArchiveDamagedError, match="terms") as refused:
        SegmentNumbers.open(folder, 2)
    assert refused.value.hint == REDERIVE
