"""The same quotation across articles."""

from __future__ import annotations

from pathlib import Path

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from qa.grouping import grouped, marked
from qa.quotations import find_quotations
from qa.records import Filters
from tests.conftest import Run


def test_the_same_words_stand_together(tmp_path: Path, run: Run) -> None:
    """Alike but for typography: also in. With a word changed: otherwise, the difference marked. Others stay apart."""
    for name, words in {
        "a": "«Non lasceremo mai la nostra città senza acqua pulita»",
        "b": "“Non lasceremo mai la nostra città senza acqua pulita”",
        "c": "«Non lasceremo mai la nostra valle senza acqua pulita»",
        "d": "«Domani riapriranno tutte le scuole della provincia»",
    }.items():
        (tmp_path / f"{name}.txt").write_text(f"{words}, ha detto il sindaco Mario Bianchi.", encoding="utf-8")
    build(tmp_path / "archive", sorted(tmp_path.glob("*.txt")), HASHING)
    groups = grouped(find_quotations(Archive.open(tmp_path / "archive"), None, Filters()))

    found = [[[q.article.source_file for q in part] for part in ([g.lead], g.also, g.variants)] for g in groups]
    assert found == [[["a.txt"], ["b.txt"], ["c.txt"]], [["d.txt"], [], []]]
    shown = marked(groups[0].lead, groups[0].variants[0])
    assert shown == "Non lasceremo mai la nostra [-città-] {+valle+} senza acqua pulita"
    done = run("-m", "qa", "quotes", "--grouped", "--archive", str(tmp_path / "archive"))
    assert shown in done.stdout
    assert done.stdout.count("Domani riapriranno") == 1
