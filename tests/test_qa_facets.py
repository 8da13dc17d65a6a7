"""What can be filtered by, with counts that agree with what the filters then leave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from qa.facets import Facets, Option, facets
from qa.quotations import find_quotations
from qa.records import Filters


@pytest.fixture
def archive(hashing_path: Path) -> Archive:
    """The seeds."""
    return Archive.open(hashing_path)


def test_the_whole_archive_is_counted(archive: Archive) -> None:
    """Without filters every article counts; outlets and languages with articles, speakers with quotations."""
    found = facets(archive, Filters())

    assert (found.matching, found.total) == (5, 5)
    assert found.outlets == (Option("France24", 1), Option("askanews", 1))
    assert found.languages == (Option("it", 5),)
    assert [option.value for option in found.speakers][:2] == ["Kim Jong Un", "Vladimir Putin"]


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(since="2025-05-01"), Filters(outlet="France24"), Filters(language="it")]
)
def test_a_speakers_count_is_what_choosing_him_leaves(archive: Archive, filters: Filters) -> None:
    """For every speaker the count is the number of quotations found under his name and the other filters."""
    for option in facets(archive, filters).speakers:
        chosen = Filters(filters.since, filters.until, filters.outlet, option.value, filters.language, exact=True)

        assert len(find_quotations(archive, None, chosen)) == option.count


def test_an_option_is_counted_beside_the_other_filters(archive: Archive) -> None:
    """A filter does not narrow its own options, but those of the others."""
    found = facets(archive, Filters(outlet="askanews"))

    assert (found.matching, found.total) == (1, 5)
    assert found.outlets == (Option("France24", 1), Option("askanews", 1))
    assert [option.value for option in found.speakers] == ["Kim Jong Un", "La Corea del Nord"]


@pytest.mark.parametrize("filters", [Filters(since="2030-01-01"), Filters(language="en"), Filters(speaker="Nessuno")])
def test_nothing_left_is_counted_as_nothing(archive: Archive, filters: Filters) -> None:
    """Filters that exclude every article leave none, and the archive still counts five."""
    found = facets(archive, filters)

    assert isinstance(found, Facets)
    assert (found.matching, found.total) == (0, 5)


@pytest.fixture
def outlets(tmp_path: Path) -> Archive:
    """Articles of outlets of which one is the beginning of another, and one is written in two ways."""
    names = ["Testata 1", "Testata 1", "TESTATA 1", "Testata 10", "Testata 10"]
    for number, name in enumerate(names):
        path = tmp_path / "articles" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"«Il ponte numero {number} resta chiuso», ha detto Anna Prova{' Bianchi' * (number % 2)}.")
        path.with_suffix(".meta.json").write_text(json.dumps({"outlet": name}))
    build(tmp_path / "archive", [tmp_path / "articles"], HASHING)
    return Archive.open(tmp_path / "archive")


def test_what_is_chosen_is_a_whole_name(outlets: Archive) -> None:
    """An option leaves just what its count says, also where its name is part of another; typed names match in part."""
    found = facets(outlets, Filters())

    assert found.outlets == (Option("Testata 1", 3), Option("Testata 10", 2))
    for option in found.outlets:
        assert facets(outlets, Filters(outlet=option.value, exact=True)).matching == option.count
        assert len(find_quotations(outlets, None, Filters(outlet=option.value, exact=True))) == option.count
    assert facets(outlets, Filters(outlet="testata 1")).matching == 5
    assert len(find_quotations(outlets, None, Filters(speaker="prova", exact=True))) == 0
    assert len(find_quotations(outlets, None, Filters(speaker="prova"))) == 5
