"""Passages: runs of whole sentences along the article's paragraphs.

langchain-text-splitters decides where to cut (paragraphs first, then lines, then words). It may report wrong places
(its ``start_index`` is -1 or another occurrence where text repeats), so offsets are computed here: without overlap and
stripping, its chunks laid end to end are the text again, which is checked. A sentence goes whole to the chunk in
which it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.records import Span
from index.sentences import split_sentences

PASSAGE_SIZE = 1200
"""Characters a passage aims at; paragraphs are not joined beyond it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage before it is stored: its span and its sentences' spans, in order."""

    span: Span
    sentences: tuple[Span, ...]


def split_passages(text: str, excluded: Sequence[Span], size: int = PASSAGE_SIZE) -> list[Draft]:
    """The passages of `text` in order; none of them holds a character of `excluded` (sorted, disjoint)."""
    splitter = RecursiveCharacterTextSplitter(
        separators=["\n\n", "\n", " ", ""],
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        strip_whitespace=False,
    )
    drafts: list[Draft] = []
    for region in _regions(len(text), excluded):
        chunks = splitter.split_text(region.of(text))
        if "".join(chunks) != region.of(text):
            raise RuntimeError("the text splitter lost or added characters")
        sentences = split_sentences(text, region)
        at, boundary = 0, region.start
        for chunk in chunks:
            boundary += len(chunk)
            first = at
            while at < len(sentences) and sentences[at].start < boundary:
                at += 1
            if at > first:
                drafts.append(Draft(Span(sentences[first].start, sentences[at - 1].end), tuple(sentences[first:at])))
    return drafts


def _regions(length: int, excluded: Sequence[Span]) -> list[Span]:
    """What lies between the excluded spans."""
    bounds = [0, *(bound for span in excluded for bound in (span.start, span.end)), length]
    return [Span(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True) if start < end]
