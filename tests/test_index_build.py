"""Building, adding, removing: what ends up in the archive, and what is not done twice."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import build as building
from index.analysis import passage_terms
from index.archive import Archive
from index.build import add, build, remove
from index.encoder import HASHING, HashingEncoder, Precision, Vectors, ignore
from index.errors import ArchiveError, ArchiveMismatchError, ArchiveMissingError, SourceError
from index.floor import INVENTED
from index.passages import split_passages
from tests.conftest import SEEDS


class CountingEncoder(HashingEncoder):
    """The hashing model, counting the passages and sentences it is given."""

    def __init__(self) -> None:
        self.encoded = 0
        self.precisions: set[Precision] = set()

    def encode_passages(
        self, texts: Sequence[str], done: Callable[[int], object] = ignore, precision: Precision = Precision.FP32
    ) -> Vectors:
        """Count, then encode."""
        self.encoded += len(texts)
        self.precisions.add(precision)
        return super().encode_passages(texts, done)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> CountingEncoder:
    """Builds use this encoder."""
    encoder = CountingEncoder()
    monkeypatch.setattr(building, "open_encoder", lambda _: encoder)
    return encoder


SAMPLE_ITALIAN = "Il presidente ha detto che la norma non sarà cambiata prima della fine dell’anno, se mai lo sarà. "
SAMPLE_ENGLISH = "We have said from the beginning that this law is not what the people of this country asked for."


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the seeds that a test may change."""
    return shutil.copytree(SEEDS, tmp_path / "sources")


def contents(archive: Path) -> dict[str, object]:
    """Everything an archive holds, as plain values."""
    opened = Archive.open(archive)
    store = opened.store
    return {
        "articles": list(store.articles()),
        "passages": [(p.article_id, p.ordinal, p.span) for p in store.passages()],
        "sentences": [(s.ordinal, s.span) for p in store.passages() for s in store.sentences([p.id])],
        "vectors": [index.vectors_of(index.ids.tolist()).tobytes() for index in (opened.passages, opened.sentences)],
        "ids": [opened.passages.ids.tolist(), opened.sentences.ids.tolist()],
        "terms": opened.terms.search([["it:kursk", "en:kursk"], ["it:muse"]], 100),
        "lines": opened.terms.lines([p.id for p in store.passages()]),
        "index_id": opened.manifest.index_id,
        "floors": opened.manifest.floors,
    }


def test_the_same_sources_give_the_same_archive(tmp_path: Path) -> None:
    """Two builds of the same files in two places hold the same texts, spans, vectors, terms and identity."""
    for name in ("one", "two"):
        build(tmp_path / name, [SEEDS], HASHING)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_archive_holds_what_the_rules_make_of_the_files(hashing_path: Path) -> None:
    """Stored passages and sentences are those of the splitters, in order, and the text is the file's."""
    store = Archive.open(hashing_path).store
    for path in sorted(SEEDS.glob("*.txt")):
        (article,) = [a for a in store.articles() if a.source_file == path.name]
        drafts = split_passages(article.text, [e.span for e in article.exclusions])
        passages = [p for p in store.passages() if p.article_id == article.id]

        assert article.text.encode() == path.read_bytes()
        assert [p.span for p in passages] == [draft.span for draft in drafts]
        assert [s.span for p in passages for s in store.sentences([p.id])] == [
            span for draft in drafts for span in draft.sentences
        ]


def test_the_terms_of_a_passage_are_its_titles_and_its_sentences(hashing_path: Path) -> None:
    """Each passage is indexed under its article's title, a line of its own, and one line for each sentence."""
    archive = Archive.open(hashing_path)
    titled = 0
    for passage in archive.store.passages():
        article = archive.store.article(passage.article_id)
        texts = [article.title or "", *(s.span.of(article.text) for s in archive.store.sentences([passage.id]))]
        titled += bool(article.title)

        assert archive.terms.lines([passage.id]) == {
            passage.id: "\n".join(" ".join(passage_terms(text, article.language)) for text in texts)
        }
    assert titled > 0


def test_every_vector_is_that_of_its_text(hashing_path: Path) -> None:
    """The vector stored under an id is the encoding of that very passage or sentence."""
    archive = Archive.open(hashing_path)
    encoder = HashingEncoder()
    articles = {article.id: article.text for article in archive.store.articles()}
    passages = {p.id: p for p in archive.store.passages()}
    ids = archive.passages.ids.tolist()
    expected = encoder.encode_passages([passages[i].span.of(articles[passages[i].article_id]) for i in ids])

    assert ids == sorted(passages)
    np.testing.assert_array_equal(archive.passages.vectors_of(ids), expected)
    sentences = archive.store.sentences(passages)
    ids = archive.sentences.ids.tolist()
    texts = {s.id: s.span.of(articles[passages[s.passage_id].article_id]) for s in sentences}
    np.testing.assert_array_equal(archive.sentences.vectors_of(ids), encoder.encode_passages([texts[i] for i in ids]))


def test_a_passage_in_another_language_is_indexed_in_it(tmp_path: Path) -> None:
    """An Italian article that quotes English at length: those words are English, for weighing and for the counts."""
    english = (SAMPLE_ENGLISH + " ") * 8
    (tmp_path / "a.txt").write_text(f"{SAMPLE_ITALIAN * 8}\n\n{english}\n\n{SAMPLE_ITALIAN * 8}", encoding="utf-8")

    build(tmp_path / "archive", [tmp_path / "a.txt"], HASHING)

    archive = Archive.open(tmp_path / "archive")
    (article,) = archive.store.articles()
    assert article.language == "it"
    languages = {p.id: p.language for p in archive.store.passages()}
    assert sorted(map(str, languages.values())) == ["en", "it", "it"]
    (found,) = archive.terms.search([["en:law"]], 5)
    assert languages[found[0]] == "en"
    assert archive.store.languages() == {"en": 1, "it": 2}


def test_an_unchanged_build_publishes_nothing(hashing_path: Path, counting: CountingEncoder) -> None:
    """Building the same again embeds only the probe that tells the model, and leaves the generation in place."""
    before = Archive.open(hashing_path).folder

    change = build(hashing_path, [SEEDS], HASHING)

    assert (change.published, change.unchanged, change.added) == (False, 5, ())
    assert Archive.open(hashing_path).folder == before
    assert counting.encoded == 2


def test_only_new_articles_are_embedded(hashing_path: Path, counting: CountingEncoder, sources: Path) -> None:
    """A build with one more file embeds that file's passage and sentences, and nothing of the others."""
    (sources / "new.txt").write_text("Il sindaco ha inaugurato il ponte. Costa 3 milioni.", encoding="utf-8")

    change = build(hashing_path, [sources], HASHING)

    assert (len(change.added), len(change.updated), change.unchanged) == (1, 0, 5)
    assert counting.encoded == 2 + 3
    assert contents(hashing_path)["index_id"] == change.manifest.index_id


def test_adding_then_removing_restores_the_identity(hashing_path: Path, tmp_path: Path) -> None:
    """An archive is called after what it holds, not after its history."""
    before = contents(hashing_path)
    new = tmp_path / "new.txt"
    new.write_text("The mayor opened the bridge. It cost 3 million.", encoding="utf-8")

    added = add(hashing_path, [new])
    removed = remove(hashing_path, added.added)

    assert added.manifest.articles == 6
    assert removed.removed == added.added
    assert contents(hashing_path) == before


def test_a_changed_file_takes_its_old_texts_place(hashing_path: Path, sources: Path) -> None:
    """The new text of a file that was read before is an update: the old text is gone, the others are untouched."""
    build(hashing_path, [sources], HASHING)
    path = sources / "003_1ef017ea2025330c.txt"
    path.write_text("Il museo aprirà in primavera. Lo ha detto Kim.", encoding="utf-8")

    change = add(hashing_path, [path])

    assert (len(change.added), len(change.updated), change.removed, change.unchanged) == (0, 1, (), 4)
    texts = [article.text for article in Archive.open(hashing_path).store.articles()]
    assert len(texts) == 5
    assert not any("Hwasong" in text for text in texts)


def test_a_copy_under_another_name_is_not_added(hashing_path: Path, sources: Path) -> None:
    """A text the archive already has from another file is told and left out; once that file is gone it has moved."""
    build(hashing_path, [sources], HASHING)
    before = contents(hashing_path)
    copy = sources / "copy.txt"
    shutil.copy(sources / "002_00d69b56985467b6.txt", copy)

    change = add(hashing_path, [copy])

    assert change.intake is not None
    (line,) = map(str, change.intake.duplicates)
    assert re.search(r"copy\.txt: holds the same text as .*002_00d69b56985467b6\.txt; leave it out", line)
    assert not change.published
    assert contents(hashing_path) == before
    (sources / "002_00d69b56985467b6.txt").unlink()
    add(hashing_path, [copy])
    assert "copy.txt" in {article.source_file for article in Archive.open(hashing_path).store.articles()}


def test_a_text_piped_in_again_takes_nothing_away(hashing_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text on standard input without its address and date leaves those the archive has."""
    for known in ({"url": "https://news.example/ponte", "published": "2025-10-24"}, {}):
        row = json.dumps({"text": "Il ponte sarebbe aperto.", **known}).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(row)))
        change = add(hashing_path, [Path("-")])

    assert change.intake is not None
    assert len(change.intake.duplicates) == 1
    (article,) = (one for one in Archive.open(hashing_path).store.articles() if one.source_path == "-")
    assert (article.url, article.published) == ("https://news.example/ponte", "2025-10-24")


def test_new_metadata_keeps_the_vectors(hashing_path: Path, counting: CountingEncoder, sources: Path) -> None:
    """A side file changes what is known of an article; nothing of its text is embedded again."""
    side = sources / "002_00d69b56985467b6.meta.json"
    side.write_text(json.dumps({"outlet": "RT", "published": "2026-01-09"}), encoding="utf-8")

    change = build(hashing_path, [sources], HASHING)

    (article,) = [a for a in Archive.open(hashing_path).store.articles() if a.source_file.startswith("002")]
    assert (article.outlet, article.published) == ("RT", "2026-01-09")
    assert article.id in change.updated
    assert counting.encoded == 2


def test_removing_everything_leaves_an_empty_archive(hashing_path: Path) -> None:
    """An archive may be emptied; it stays a sound archive to which articles can be added."""
    remove(hashing_path, Archive.open(hashing_path).store.article_ids())

    assert contents(hashing_path)["articles"] == []
    assert add(hashing_path, [SEEDS]).manifest.articles == 5


def test_removing_an_unknown_article_removes_nothing(hashing_path: Path) -> None:
    """One wrong id among right ones: an error that names it, and the archive as it was."""
    before = contents(hashing_path)

    with pytest.raises(ArchiveError, match="not in the archive: nobody"):
        remove(hashing_path, [*Archive.open(hashing_path).store.article_ids()[:1], "nobody"])

    assert contents(hashing_path) == before


def test_a_bad_source_is_told_and_does_not_stop_the_others(hashing_path: Path, sources: Path) -> None:
    """One unreadable file among good ones is one line of the report; the others are added."""
    (sources / "binary.txt").write_bytes(b"\x00\x01")
    (sources / "new.txt").write_text("Il ponte è aperto.", encoding="utf-8")

    change = build(hashing_path, [sources], HASHING)

    assert change.intake is not None
    assert [refusal.path for refusal in change.intake.refusals] == [str(sources / "binary.txt")]
    assert (len(change.added), change.unchanged, change.intake.failed) == (1, 5, False)


def test_of_a_file_that_cannot_be_read_any_more_the_archive_keeps_the_article(
    hashing_path: Path, sources: Path
) -> None:
    """A file that is damaged when the archive is built again does not cost the article that was read from it."""
    build(hashing_path, [sources], HASHING)
    before = contents(hashing_path)
    (sources / "003_1ef017ea2025330c.txt").write_bytes(b"\x00")

    change = build(hashing_path, [sources], HASHING)

    assert not change.published
    assert contents(hashing_path) == before


def test_no_good_source_changes_nothing(hashing_path: Path, tmp_path: Path) -> None:
    """Where nothing can be read, the build is refused and the former archive stays."""
    before = contents(hashing_path)
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01")

    with pytest.raises(SourceError, match=r"binary\.txt"):
        build(hashing_path, [tmp_path / "binary.txt"], HASHING)

    assert contents(hashing_path) == before


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(hashing_path: Path, tmp_path: Path) -> None:
    """A dry run counts as the real one does; neither an archive that is there nor one that is not is touched."""
    new = tmp_path / "new.txt"
    new.write_text("Il ponte è aperto.", encoding="utf-8")
    folder = Archive.open(hashing_path).folder

    change = add(hashing_path, [new], dry_run=True)

    assert (len(change.added), change.unchanged, change.published, change.manifest) == (1, 5, False, None)
    assert Archive.open(hashing_path).folder == folder
    assert build(tmp_path / "none", [SEEDS], HASHING, dry_run=True).added != ()
    assert not (tmp_path / "none").exists()


def test_adding_needs_an_archive(tmp_path: Path) -> None:
    """Adding to a name that holds no archive is an error, and leaves nothing behind there."""
    with pytest.raises(ArchiveMissingError):
        add(tmp_path / "typo", [SEEDS])

    assert not (tmp_path / "typo").exists()


def test_adding_with_another_model_is_refused(hashing_path: Path) -> None:
    """Vectors of two models never meet in one archive."""
    with pytest.raises(ArchiveMismatchError, match="made with the model hashing, not bundled") as refused:
        add(hashing_path, [SEEDS], "bundled")

    assert "python -m index build --model bundled" in refused.value.hint


def test_building_with_another_model_starts_anew(
    hashing_path: Path, counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build with another model embeds everything again and records that model."""
    monkeypatch.setattr(CountingEncoder, "prompts", ("q: ", "p: "))

    change = build(hashing_path, [SEEDS], HASHING)

    assert change.published
    assert change.manifest.model.passage_prompt == "p: "
    invented = sum(map(len, INVENTED.values()))
    assert counting.encoded == 2 + invented + change.manifest.passages + change.manifest.sentences


def test_a_damaged_archive_can_be_built_over(hashing_path: Path) -> None:
    """A build does not need what stands there: it replaces an archive that can no longer be read."""
    before = contents(hashing_path)
    (Archive.open(hashing_path).folder / "000001" / "archive.sqlite").write_bytes(b"nothing")

    build(hashing_path, [SEEDS], HASHING)

    assert contents(hashing_path) == before


def test_precision_is_recorded_and_kept(counting: CountingEncoder, tmp_path: Path, sources: Path) -> None:
    """What is added later is embedded as the archive was; naming another precision embeds all anew."""
    archive = tmp_path / "archive"
    build(archive, [sources], HASHING, precision=Precision.BF16)
    assert (Archive.open(archive).manifest.model.precision, Precision.BF16 in counting.precisions) == (
        Precision.BF16,
        True,
    )

    counting.precisions.clear()
    (sources / "new.txt").write_text("Il ponte nuovo è costato 3 milioni.", encoding="utf-8")
    build(archive, [sources], HASHING)
    assert (Archive.open(archive).manifest.model.precision, Precision.BF16 in counting.precisions) == (
        Precision.BF16,
        True,
    )

    counting.precisions.clear()
    counting.encoded = 0
    build(archive, [sources], HASHING, precision=Precision.FP32)
    opened = Archive.open(archive)
    assert (opened.manifest.model.precision, counting.precisions) == (Precision.FP32, {Precision.FP32})
    assert counting.encoded >= opened.manifest.passages + opened.manifest.sentences
