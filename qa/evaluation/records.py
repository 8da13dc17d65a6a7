"""What is measured, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from index.errors import VirgolettatoError
from index.records import Span
from qa.records import Language

DEFAULT_MEASURES = "P@1 R@20 RR@10 nDCG@10"


class System(StrEnum):
    """How candidates are ordered."""

    DENSE = "dense"
    SENTENCE = "sentence"
    BM25 = "bm25"
    RRF = "rrf"
    RETRIEVAL = "retrieval"
    DEFAULT = "default"


class DatasetError(VirgolettatoError):
    """A data set cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the data set under its own id."""

    id: str
    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """Where an answer stands: a span of a document's text."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what counts as right.

    Attributes:
        relevant: document id to grade; empty where none is known.
        answers: spans that answer; empty where the data set gives none.
        answerable: False where the data set says that nothing answers; None where it does not say.
        near: an unanswerable question about the documents' own people and events.
    """

    id: str
    text: str
    language: Language
    relevant: Mapping[str, int]
    answers: tuple[GoldAnswer, ...]
    answerable: bool | None
    near: bool = False


class DatasetKind(StrEnum):
    """How the data set came."""

    BEIR = "beir"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and questions, checked against each other.

    Attributes:
        fingerprint: 16 hexadecimal digits over all documents, questions and gold.
    """

    name: str
    kind: DatasetKind
    documents: tuple[Document, ...]
    questions: tuple[GoldQuestion, ...]
    fingerprint: str
