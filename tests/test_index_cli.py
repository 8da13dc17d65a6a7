"""``python -m index`` from its arguments to what it prints and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.archive import Archive
from index.cli import main
from tests.collection import put
from tests.printing import printed


@pytest.fixture
def archive(hashing_path: Path) -> list[str]:
    """The option that names a test's own archive."""
    return ["--archive", str(hashing_path)]


def test_adding_ends_with_a_table(archive: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read, skipped with the reason, duplicates, languages and excluded characters, each on its line."""
    put(
        tmp_path,
        {"a.txt": b"Il ponte sarebbe aperto da ieri.", "b.txt": b"Il ponte sarebbe aperto da ieri.", "c.pdf": b"no"},
    )

    status = main(["add", str(tmp_path), "--exclude", "archive/*", *archive])

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[:3] == [
        "read            1",
        "skipped         1",
        f"  {tmp_path}/c.pdf: does not hold a PDF file, whatever its ending says; check the file",
    ]
    assert lines[3:5] == [
        "duplicates      1",
        f"  {tmp_path}/b.txt: holds the same text as {tmp_path}/a.txt; leave it out",
    ]
    assert lines[5:7] == ["dates found     1", "languages       it 6"]
    assert lines[7].startswith("excluded        ")
    assert lines[8] == "1 added, 0 updated, 0 removed, 5 unchanged"
    assert lines[9].startswith("archive ")
    assert len(lines) == 10


def test_a_named_source_that_cannot_be_read_is_a_failure_though_the_rest_is_added(
    archive: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit status says that something asked for by name was not done; the report says what."""
    put(tmp_path / "new", {"a.txt": b"Il ponte sarebbe aperto.", "c.pdf": b"no"})

    status = main(["add", str(tmp_path / "new" / "a.txt"), str(tmp_path / "new" / "c.pdf"), "--json", *archive])

    report = json.loads(capsys.readouterr().out)
    assert status == 1
    assert (report["read"], len(report["added"]), report["published"], report["articles"]) == (1, 1, True, 6)
    assert [one["source"] for one in report["skipped"]] == [str(tmp_path / "new" / "c.pdf")]


def test_near_copies_are_told_with_their_outlets(
    archive: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report names the articles of a story and the outlets that tell it."""
    words = " ".join(f"parola{n}" for n in range(40))
    lines = [json.dumps({"text": f"{words} {name}.", "outlet": name, "id": name}) for name in ("Gazzetta", "Corriere")]
    put(tmp_path, {"a.jsonl": "\n".join(lines).encode()})

    assert main(["add", str(tmp_path / "a.jsonl"), "--json", *archive]) == 0

    report = json.loads(capsys.readouterr().out)
    (story,) = report["stories"]
    assert story == {"articles": sorted(report["added"]), "outlets": ["Corriere", "Gazzetta"]}


def test_a_dry_run_writes_nothing(archive: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is that of a real run, and the archive is untouched."""
    put(tmp_path / "new", {"a.txt": b"Il ponte sarebbe aperto."})

    assert main(["add", str(tmp_path / "new"), "--dry-run", *archive]) == 0

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "1 added, 0 updated, 0 removed, 5 unchanged",
        "nothing was written",
    ]
    assert Archive.open(Path(archive[1])).manifest.articles == 5


def test_what_is_excluded_and_what_is_known_can_be_looked_at(
    archive: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each excluded span is shown with its kind and words, each value with its origin; an unknown id is one line."""
    (article,) = [a for a in Archive.open(Path(archive[1])).store.articles() if a.source_file.startswith("003")]

    assert main(["info", "--excluded", article.id, *archive]) == 0
    assert capsys.readouterr().out == "1\t43\texcluded\tdateline\tdate 2025-10-24 Roma, 24 ott. (askanews) –\n"
    assert main(["info", "--known", article.id, "--json", *archive]) == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert {"field": "agency", "value": "askanews", "origin": "text", "sureness": 0.8} in rows
    assert main(["info", "--dates", article.id, *archive]) == 0
    assert "\tday\t2025-10-23\t2025-10-23\tieri\n" in capsys.readouterr().out
    assert main(["info", "--excluded", "nobody", *archive]) == 1
    assert capsys.readouterr().err.startswith("error: not in the archive: nobody — ")


def test_an_excluded_span_is_included_by_its_offsets(archive: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A span as `info --excluded` lists it can be quoted from then on; what is no span is wrong usage."""
    (article,) = [a for a in Archive.open(Path(archive[1])).store.articles() if a.source_file.startswith("003")]

    assert main(["include", article.id, "1:43", *archive]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "0 added, 1 updated, 0 removed, 4 unchanged"
    assert main(["info", "--excluded", article.id, *archive]) == 0
    assert capsys.readouterr().out == "1\t43\tincluded\tdateline\tdate 2025-10-24 Roma, 24 ott. (askanews) –\n"
    assert main(["include", article.id, "1:43", *archive]) == 1
    assert capsys.readouterr().err.startswith(f"error: nothing to change at 1:43 of article {article.id} — ")
    assert main(["include", article.id, "1:43", "--undo", *archive]) == 0
    with pytest.raises(SystemExit) as ended:
        main(["include", article.id, "43:1", *archive])
    assert ended.value.code == 2


def test_a_printed_article_is_added_with_its_pages(archive: list[str], tmp_path: Path) -> None:
    """What was read is what is stored: text, title, and where each page begins."""
    lines = [f"Il ponte numero {n} sarebbe aperto da ieri e il traffico scorre di nuovo regolare." for n in range(90)]
    data, begins = printed("I ponti della valle riaprono", lines)
    put(tmp_path / "new", {"a.pdf": data})

    assert main(["add", str(tmp_path / "new"), *archive]) == 0

    (article,) = [a for a in Archive.open(Path(archive[1])).store.articles() if a.source_file == "a.pdf"]
    assert article.title == "I ponti della valle riaprono"
    assert len(article.pages) == max(begins) > 1
