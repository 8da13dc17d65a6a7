"""Links: what ties a quotation to its speaker."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.records import Span
from index.speech.acts import Act
from index.speech.clauses import Clause
from index.speech.phrases import Mention
from index.speech.verbs import Sense


class Link(StrEnum):
    """What ties a quotation to its speaker, surest first."""

    AFTER = "after"
    """The attribution follows at once: ``«…», ha detto Kim``."""
    BEFORE = "before"
    """An act of saying stands before it in the sentence."""
    SOURCE = "source"
    """*According to* somebody."""
    COLON = "colon"
    """A name and a colon: ``Putin: «…»``."""
    LATER = "later"
    """The sentence ends with the attribution."""
    NOUN = "noun"
    """A noun of something said: ``al grido di «…»``."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The link of one quotation.

    Attributes:
        mention: who speaks as named there; None where nobody is.
        verb: the words of saying.
        near: the verb or a colon stands right before the quotation, or the attribution right after it.
        reports: the verb is one of passing on what another said.
        nameless: the sentence leaves out who says it (``è stato definito «…»``), so nobody named before is meant.
    """

    link: Link
    mention: Mention | None = None
    verb: Span | None = None
    sense: Sense | None = None
    near: bool = False
    reports: bool = False
    nameless: bool = False


def verb_span(clause: Clause, act: Act) -> Span:
    """The words of an act."""
    return Span(clause.tokens[act.first].start, clause.tokens[act.last].end)
