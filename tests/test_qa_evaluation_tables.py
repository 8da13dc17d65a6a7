"""Tables: how figures are written."""

from __future__ import annotations

import pytest

from qa.evaluation.records import System
from qa.evaluation.scores import Row
from qa.evaluation.tables import means_cells


@pytest.mark.parametrize(("share", "cell"), [(1.0, "100%"), (0.999999, "99.99%"), (0.75, "75.00%"), (0.0, "0.00%")])
def test_a_single_false_quote_shows(share: float, cell: str) -> None:
    """The verbatim rate is never rounded up to 100 %."""
    assert means_cells(Row(System.DEFAULT, "all", {}, share, None), ["P@1"]) == ["0", "–", cell]
