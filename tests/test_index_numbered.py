"""Terms as numbers: the same wherever they are read from, told apart as the terms are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.errors import REDERIVE, ArchiveDamagedError
from index.numbered import END, MappedTerms, NumbersFile, ReadTerms, number_of, numbers_of

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
@given(passages=st.lists(LINES, max_size=6), others=st.lists(LINES, max_size=3), data=st.data())
def test_written_terms_are_read_again(
    passages: list[list[list[str]]],
    others: list[list[list[str]]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Those of any passages, in the order asked for, repeated or not, whichever segment they are in."""
    root = tmp_path_factory.mktemp("terms")
    ids = [range(3, 3 + len(passages)), range(20, 20 + 2 * len(others), 2)]
    folders = [written(root / "1", passages), written(root / "2", others)]
    mapped = MappedTerms([(folder, np.array(own, np.int64)) for folder, own in zip(folders, ids, strict=True)])
    known = dict(zip([*ids[0], *ids[1]], [*passages, *others], strict=True))
    asked = data.draw(st.lists(st.sampled_from(sorted(known)))) if known else []

    assert [found.tolist() for found in mapped.of(asked)] == [numbers_of(known[i]).tolist() for i in asked]
    for unknown in (0, 19, 21, 99):
        with pytest.raises(KeyError):
            mapped.of([*asked, unknown])


def test_numbers_are_those_of_the_full_text_index(hashing_archive: Archive) -> None:
    """Read from files or made of what an index holds as text, they are the same."""
    ids = [passage.id for passage in hashing_archive.store.passages()]
    read = ReadTerms(hashing_archive.terms)

    read.of(ids[:3])
    found = [numbers.tolist() for numbers in read.of([*reversed(ids), ids[0]])]

    assert found == [numbers.tolist() for numbers in hashing_archive.numbered.of([*reversed(ids), ids[0]])]
    assert any(found)
    with pytest.raises(KeyError):
        read.of([ids[-1] + 1])


def test_what_is_read_is_kept(hashing_archive: Archive) -> None:
    """The index is asked once for each passage."""
    ids = [passage.id for passage in hashing_archive.store.passages()]
    asked: list[list[int]] = []

    class Counted:
        def lines(self, wanted: Sequence[int]) -> dict[int, str]:
            asked.append(list(wanted))
            return hashing_archive.terms.lines(wanted)

    read = ReadTerms(Counted())  # type: ignore[arg-type]
    read.of(ids[:2])
    read.of(ids[:4])
    read.of(ids[:4])

    assert [one for one in asked if one] == [ids[:2], ids[2:4]]


@pytest.mark.parametrize("name", ["terms.npy", "terms.starts.npy"])
@pytest.mark.parametrize("content", [None, b"", np.zeros(1, np.int64), np.zeros(4, np.float64)])
def test_files_that_do_not_belong_are_refused(tmp_path: Path, name: str, content: object) -> None:
    """A file that is missing, cut short or of another shape or kind is damage that names the mend."""
    folder = written(tmp_path / "1", [[["a"]], [["b"], ["c"]]])
    (folder / name).unlink()
    if isinstance(content, bytes):
        (folder / name).write_bytes(content)
    elif content is not None:
        np.save(folder / name, content)

    with pytest.raises(ArchiveDamagedError, match="terms") as refused:
        MappedTerms([(folder, np.array([1, 2], np.int64))])
    assert refused.value.hint == REDERIVE
