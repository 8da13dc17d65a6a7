"""Candidates as lists, to be compared."""

from typing import Any

from index.candidates import Candidates


def listed(found: Candidates) -> list[Any]:
    """All that stands in `found`."""
    arrays = (found.ids, found.articles, found.starts, found.ends, found.sentences, found.counts)
    terms = [numbers.tolist() for numbers in found.terms]
    return [*(array.tolist() for array in arrays), list(found.languages), terms]
