"""CSV: nothing in a cell is run by a spreadsheet, and what was meant can be had back."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.spreadsheet import cell, table

FORMULAS = ("=1+1", "+39 02", "-3,5 punti", "@SUM(A1)", "  =A1", "\t=A1", "\r=A1", "＝A1", "\ufeff=A1", "\0=A1")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_marked(text: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe, and is otherwise as it was."""
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["Non partirò", "3 = 2 + 1", "", "«a»", "e-mail", "– Sì"])
def test_ordinary_words_stay(text: str) -> None:
    """A cell that no spreadsheet runs is the text itself."""
    assert cell(text) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
@example(["-0", "-0-", "+1.5e-3"])
def test_every_text_comes_back(texts: list[str]) -> None:
    """Read as CSV and freed of one leading apostrophe, each cell is the text that was written; only a number is bare.

    A number runs nothing, and a spreadsheet that sums a column needs it without an apostrophe.
    """
    _, row = csv.reader(io.StringIO(table(["c"] * len(texts), [texts]), newline=""))

    assert [read.removeprefix("'") for read in row] == texts
    active = [read for read in row if read.startswith(("=", "+", "-", "@"))]
    assert all(re.fullmatch("[+-][0-9.]+(e[+-]?[0-9]+)?", read) for read in active)
