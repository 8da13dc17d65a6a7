"""What only all articles together show: versions, stories, repeated lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import sketches, termed
from index.archive import Archive
from index.arranging import arrange
from index.build import add, build, change_exclusions, remove
from index.encoder import HASHING
from index.errors import ArchiveError
from index.ingest import read_sources
from index.records import Article, ExclusionKind, Span
from index.verify import verify
from tests.collection import put
from tests.conftest import SEEDS

URL = "https://news.example/museo"
_WORDS = (
    "il ponte sul fiume sarà chiuso per tre mesi da lunedì e il traffico passerà per la statale tra i due paesi vicini "
    "come ha detto ieri sera in consiglio il sindaco"
)


def line(text: str, **known: str) -> str:
    """A line of a dump."""
    return json.dumps({"text": text, **known}, ensure_ascii=False) + "\n"


def arranged(folder: Path, *lines: str) -> list[Article]:
    """The articles of one dump, arranged, in its order."""
    put(folder, {"a.jsonl": "".join(lines).encode()})
    return arrange(read_sources([folder / "a.jsonl"]).articles)


def superseded(articles: list[Article]) -> dict[str, str | None]:
    """First word of each article to that of the one that took its place."""
    first = {article.id: article.text.split()[0] for article in articles}
    return {first[a.id]: a.superseded_by and first[a.superseded_by] for a in articles}


def test_of_versions_the_one_changed_last_is_current(tmp_path: Path) -> None:
    """Times are compared across time zones; another address is another article, and none is no version."""
    articles = arranged(
        tmp_path,
        line("Uno dice il museo.", id="1", url=URL, published="2025-10-24T10:00+02:00"),
        line("Due dice il museo.", id="2", url=URL, published="2025-10-24", updated="2025-10-24T09:30+00:00"),
        line("Tre dice il museo.", id="3", url=URL, published="2025-10-24T09:00+00:00"),
        line("Quattro dice il museo.", id="4", url=URL + "/2", published="2025-01-01"),
        line("Cinque dice il museo.", id="5"),
    )

    assert superseded(articles) == {"Uno": "Due", "Due": None, "Tre": "Due", "Quattro": None, "Cinque": None}


@pytest.mark.parametrize("teaser", [_WORDS[:60], "Il sindaco annuncia i lavori, il traffico deviato per mesi."])
def test_an_excerpt_is_not_newer_than_its_article(tmp_path: Path, teaser: str) -> None:
    """A feed's entry added after the page, in words of its text or its standfirst, does not take the page's place."""
    page = line(
        f"{_WORDS}.",
        id="1",
        url=URL,
        published="2025-10-24T10:00",
        standfirst="Il sindaco annuncia i lavori, il traffico deviato per mesi.",
    )
    withdrawn = line("Questo articolo è stato ritirato dalla redazione.", id="3", url=URL, updated="2025-10-27")

    articles = arranged(tmp_path, page, line(teaser, id="2", url=URL, updated="2025-10-26"))
    assert [article.text for article in articles if article.superseded_by is None] == [f"{_WORDS}."]

    articles = arranged(tmp_path, page, withdrawn)
    assert [article.text.split()[-1] for article in articles if article.superseded_by is None] == ["redazione."]


def test_an_older_version_can_be_cited_but_not_found(hashing_path: Path, tmp_path: Path) -> None:
    """A newer text under the same address answers; the older stays with its hash, and comes back when it is alone."""
    put(tmp_path, {"a.jsonl": line("Il museo aprirà in Zelandia.", id="1", url=URL, published="2025-01-01").encode()})
    (old,) = add(hashing_path, [tmp_path / "a.jsonl"]).added
    put(tmp_path, {"a.jsonl": line("Il museo aprirà in Lapponia.", id="1", url=URL, published="2025-01-02").encode()})

    change = add(hashing_path, [tmp_path / "a.jsonl"])

    (new,) = change.updated[:1] if change.updated[0] != old else change.updated[1:]
    store = Archive.open(hashing_path).store
    assert store.article(old).superseded_by == new
    assert store.article(old).text == "Il museo aprirà in Zelandia."
    assert store.passage_ids([old]) == []
    assert len(store.passage_ids([new])) == 1
    assert verify(hashing_path) == []
    remove(hashing_path, [new])
    assert Archive.open(hashing_path).store.article(old).superseded_by is None
    assert len(Archive.open(hashing_path).store.passage_ids([old])) == 1


def test_versions_without_dates_stay_in_their_order(hashing_path: Path, tmp_path: Path) -> None:
    """The one added last is current, and stays so when something else is added."""
    for text in ("Il museo aprirà in Zelandia.", "Il museo aprirà in Lapponia."):
        put(tmp_path, {"a.jsonl": line(text, id="1", url=URL).encode()})
        add(hashing_path, [tmp_path / "a.jsonl"])
    put(tmp_path, {"b.txt": b"Un altro articolo, il giorno dopo."})

    add(hashing_path, [tmp_path / "b.txt"])

    current = {a.text for a in Archive.open(hashing_path).store.articles() if a.superseded_by is None}
    assert "Il museo aprirà in Lapponia." in current
    assert "Il museo aprirà in Zelandia." not in current


def test_a_short_item_inside_a_longer_article_is_one_story_with_it(tmp_path: Path) -> None:
    """Containment links an agency's item with the article made of it; an unrelated one stays alone."""
    longer = _WORDS + ". " + " ".join(f"La frase numero {n} parla di altro ancora." for n in range(4))
    articles = arranged(
        tmp_path,
        line(_WORDS + ".", id="1", outlet="Agenzia"),
        line(longer, id="2", outlet="Gazzetta"),
        line(" ".join(f"La parola {n} non ha nulla a che fare con le altre." for n in range(9)), id="3"),
    )

    one, two, three = articles
    assert one.story == two.story == min(one.id, two.id)
    assert three.story is None


def test_the_seeds_are_five_stories_without_repeated_lines() -> None:
    """Five articles on one event share names and words, but none is a copy, and nothing more is excluded of them."""
    plain = read_sources([SEEDS]).articles

    assert arrange(plain) == list(plain)


def test_lines_an_outlet_repeats_are_excluded_and_no_others(tmp_path: Path) -> None:
    """A line three of an outlet's stories hold is furniture there, whatever its figures; elsewhere it is not."""
    tail = "Per restare aggiornato sulle ultime notizie segui il nostro canale: {} iscritti"
    texts = [f"{subject} ha parlato a lungo ieri sera.\n{tail.format(n)}\nFine." for n, subject in enumerate("ABC")]
    articles = arranged(
        tmp_path,
        *(line(text, id=f"g{n}", outlet="Gazzetta") for n, text in enumerate(texts)),
        line(f"D ha parlato.\n{tail.format(9)}", id="c0", outlet="Corriere"),
        line(f"E ha parlato.\n{tail.format(9)}", id="c1", outlet="Corriere"),
    )

    found = {a.source_file: [(e.kind, e.span.of(a.text)) for e in a.exclusions] for a in articles}
    repeated = ExclusionKind.REPEATED
    assert found == {
        **{f"a.jsonl#g{n}": [(repeated, tail.format(n)), (repeated, "Fine.")] for n in range(3)},
        "a.jsonl#c0": [],
        "a.jsonl#c1": [],
    }


@pytest.mark.parametrize("kind", ["near-copies", "versions"])
def test_copies_of_a_story_do_not_teach(tmp_path: Path, kind: str) -> None:
    """Three near-copies, or three versions, share all their lines: that makes none of them furniture."""
    known = {"outlet": "Gazzetta", **({"url": URL} if kind == "versions" else {})}
    articles = arranged(
        tmp_path, *(line(f"{_WORDS}.\nLo ha detto il sindaco.\nCopia {n}.", id=str(n), **known) for n in range(3))
    )

    assert [article.exclusions for article in articles] == [(), (), ()]


def test_what_is_no_longer_repeated_can_be_quoted_again(hashing_path: Path, tmp_path: Path) -> None:
    """Exclusions that were learnt follow the archive: they go with the articles that taught them."""
    tail = "Segui il nostro canale per le ultime notizie."
    put(
        tmp_path,
        {f"{n}.jsonl": line(f"{n} ha parlato.\n{tail}", id="1", outlet="Gazzetta").encode() for n in "abc"},
    )
    add(hashing_path, [tmp_path])
    store = Archive.open(hashing_path).store
    taught = [a for a in store.articles() if a.outlet == "Gazzetta"]
    assert [[e.span.of(a.text) for e in a.exclusions] for a in taught] == [[tail]] * 3

    remove(hashing_path, [taught[0].id])

    left = [a for a in Archive.open(hashing_path).store.articles() if a.outlet == "Gazzetta"]
    assert [a.exclusions for a in left] == [(), ()]
    assert verify(hashing_path) == []


def findable(archive: Path) -> dict[str, object]:
    """All that answers questions in an archive, by what it is and not by its number."""
    opened = Archive.open(archive)
    lines = opened.terms.lines([passage.id for passage in opened.store.passages()])
    return {
        "articles": list(opened.store.articles()),
        "passages": sorted((p.article_id, p.span, p.language, lines[p.id]) for p in opened.store.passages()),
        "sketches": [opened.store.sketch(i) for i in opened.store.article_ids()],
        "index_id": opened.manifest.index_id,
    }


def test_adding_keeps_what_was_learnt_and_learns_the_same(
    hashing_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles added one by one, versions and near-copies and repeated lines among them, are as if built at once.

    Of those that are there already, neither sketches nor terms are made again.
    """
    furniture = "Seguici ogni giorno sui nostri canali"
    texts = [f"{_WORDS} numero {n}." if n in (1, 4) else f"Il {word} riapre." for n, word in enumerate("abcdef")]
    for n, text in enumerate(texts):
        url = {"url": URL} if n in (2, 3) else {}
        known = {"id": str(n), "outlet": "Oggi", "published": f"2025-01-0{n + 1}", **url}
        put(tmp_path / "new", {f"{n}.jsonl": line(f"{text}\n{furniture}", **known).encode()})
    sketched, analysed = [], []
    sketch, analyse = sketches._sketch, termed.passage_terms
    monkeypatch.setattr(sketches, "_sketch", lambda article: (sketched.append(article), sketch(article))[1])
    monkeypatch.setattr(termed, "passage_terms", lambda *text: (analysed.append(text), analyse(*text))[1])

    for n in range(6):
        add(hashing_path, [tmp_path / "new" / f"{n}.jsonl"])

    assert len(sketched) == 6
    # Each article's title and sentence, and those of four again when their last lines were learnt to be repeated.
    assert len(analysed) <= 6 * 3 + 4 * 3
    build(tmp_path / "other", [SEEDS, tmp_path / "new"], HASHING)
    assert findable(hashing_path) == findable(tmp_path / "other")
    holding = findable(hashing_path)["articles"]
    assert isinstance(holding, list)
    assert sum(one.kind is ExclusionKind.REPEATED for a in holding for one in a.exclusions) == 6


def test_what_is_taken_back_can_be_quoted_and_stays_so(hashing_path: Path, tmp_path: Path) -> None:
    """An included span is found again, through additions and whole builds, until it is excluded as before."""
    put(tmp_path, {"a.txt": f"{_WORDS}.\nLeggi anche: il sindaco si dimette.\nFoto: Mario Rossi\n".encode()})
    (added,) = add(hashing_path, [tmp_path / "a.txt"]).added
    before = findable(hashing_path)

    def state() -> tuple[list[str], list[str], bool]:
        archive = Archive.open(hashing_path)
        article = archive.store.article(added)
        spans = [p.span for p in archive.store.passages() if p.article_id == added]
        return (
            [one.span.of(article.text) for one in article.exclusions],
            [one.span.of(article.text) for one in article.included],
            any("dimette" in span.of(article.text) for span in spans),
        )

    related, credit = "Leggi anche: il sindaco si dimette.", "Foto: Mario Rossi"
    start = len(_WORDS) + 2
    assert state() == ([related, credit], [], False)
    assert change_exclusions(hashing_path, added, [Span(start, start + len(related))]).updated == (added,)
    assert state() == ([credit], [related], True)
    put(tmp_path, {"b.txt": b"Il porto riapre."})
    add(hashing_path, [tmp_path / "b.txt"])
    assert state() == ([credit], [related], True)
    assert build(hashing_path, [SEEDS, tmp_path / "a.txt"], HASHING).updated == ()
    assert state() == ([credit], [related], True)
    assert verify(hashing_path) == []
    with pytest.raises(ArchiveError, match="nothing to change at 0:4"):
        change_exclusions(hashing_path, added, [Span(start, start + 1), Span(0, 4)], undo=True)
    assert state() == ([credit], [related], True)
    change_exclusions(hashing_path, added, [Span(start, start + 1)], undo=True)
    assert state() == ([related, credit], [], False)
    assert findable(hashing_path) == before


def test_a_repeated_line_can_be_taken_back(tmp_path: Path) -> None:
    """What was learnt from other articles is not learnt again where it was taken back, and is elsewhere."""
    put(tmp_path, {f"{n}.txt": f"Il {n} riapre.\nSeguici sui canali".encode() for n in ("porto", "museo", "ponte")})
    build(tmp_path / "archive", [tmp_path], HASHING)

    def repeated() -> list[str]:
        articles = Archive.open(tmp_path / "archive").store.articles()
        return [a.source_file for a in articles if a.exclusions]

    (ponte,) = [a for a in Archive.open(tmp_path / "archive").store.articles() if a.source_file == "ponte.txt"]
    assert repeated() == ["museo.txt", "ponte.txt", "porto.txt"]
    change_exclusions(tmp_path / "archive", ponte.id, [ponte.exclusions[0].span])
    assert repeated() == ["museo.txt", "porto.txt"]
    change_exclusions(tmp_path / "archive", ponte.id, [ponte.exclusions[0].span], undo=True)
    assert repeated() == ["museo.txt", "ponte.txt", "porto.txt"]


def test_an_archive_is_the_same_however_it_came_about(hashing_path: Path, tmp_path: Path) -> None:
    """Added one by one or built at once: the same articles make the same archive."""
    put(tmp_path / "new", {"a.txt": f"{_WORDS}.".encode(), "b.txt": f"{_WORDS} ancora.".encode()})

    add(hashing_path, [tmp_path / "new" / "a.txt"])
    added = add(hashing_path, [tmp_path / "new" / "b.txt"])
    built = build(tmp_path / "other", [SEEDS, tmp_path / "new"], HASHING)

    assert added.manifest is not None
    assert built.manifest is not None
    assert added.manifest.index_id == built.manifest.index_id
    assert (
        len(
            {a.story for a in Archive.open(tmp_path / "other").store.articles() if a.source_file in ("a.txt", "b.txt")}
            - {None}
        )
        == 1
    )
