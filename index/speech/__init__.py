"""Direct speech: who said what, in the words of the article and where they stand."""

from index.speech.extraction import extract
from index.speech.speakers import Speaker, by_word, join

__all__ = ["Speaker", "by_word", "extract", "join"]
