"""What is known of an article: the real seeds, heads in both languages, furniture, and what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.furniture import find_furniture
from index.ingest import read_article
from index.masthead import read_masthead
from index.records import ExclusionKind

SEEDS = Path(__file__).parents[1] / "seeds"

_TITLE_001 = "I nordcoreani in Russia non sono più un segreto: «Un trionfo nel Kursk, sono degli eroi»"
_DISCLAIMER_004 = (
    "L'illustrazione utilizzata per questo articolo è generica e AI-generated; "
    "uso libero per finalità editoriali e commerciali."
)
SEED_FIELDS = {
    "000": (None, None, None, None),
    "001": (_TITLE_001, None, "Michele Montanari", "2025-04-28T11:00"),
    "002": (None, None, None, None),
    "003": (None, "askanews", None, "2025-10-24"),
    "004": (None, "France24", None, None),
}
SEED_EXCLUSIONS = {
    "000": [("furniture", "Storie consigliate"), ("furniture", "elenco di 3 elementifine dell’elenco")],
    "001": [
        ("kicker", "Guerra"),
        ("credit", "©Kristina Kormilitsyna"),
        ("byline", "Michele Montanari"),
        ("byline", "28.04.2025 11:00"),
    ],
    "002": [],
    "003": [("dateline", "date 2025-10-24 Roma, 24 ott. (askanews) –")],
    "004": [("source_note", "Fonte: France24"), ("disclaimer", _DISCLAIMER_004)],
}

Known = tuple[str | None, str | None, str | None, str | None]


def _seed(number: str) -> Path:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path


def _read(text: str) -> tuple[Known, list[tuple[str, str]]]:
    """Title, outlet, author and date of `text`'s head, and its exclusions, all in the text's own words."""
    furniture = find_furniture(text)
    head = read_masthead(text, furniture.exclusions)
    title, outlet, author = (
        span and span.of(text) for span in (head.title, furniture.outlet or head.outlet, head.author)
    )
    excluded = sorted((*furniture.exclusions, *head.exclusions), key=lambda exclusion: exclusion.span)
    return (title, outlet, author, head.published), [(item.kind.value, item.span.of(text)) for item in excluded]


@pytest.mark.parametrize("number", SEED_FIELDS)
def test_seed_says_exactly_this_of_itself(number: str) -> None:
    """Each field of each real article is what its text holds, and null where it holds nothing."""
    article = read_article(_seed(number))

    assert (article.title, article.outlet, article.author, article.published) == SEED_FIELDS[number]
    assert (article.language, article.url) == ("it", None)


@pytest.mark.parametrize("number", SEED_EXCLUSIONS)
def test_seed_excludes_exactly_this(number: str) -> None:
    """The excluded spans of each real article are these words and no others."""
    article = read_article(_seed(number))

    assert [(item.kind.value, item.span.of(article.text)) for item in article.exclusions] == SEED_EXCLUSIONS[number]


HEADS: dict[str, tuple[str, Known, list[tuple[str, str]]]] = {
    "Italian block": (
        "Esteri\n\nIl vertice di Vienna finisce senza accordo\n\nLe delegazioni si rivedranno a maggio\n"
        "di Anna De Luca\nlunedì 28 aprile 2025, ore 11.00\n\nLe delegazioni hanno lasciato Vienna.",
        ("Il vertice di Vienna finisce senza accordo", None, "Anna De Luca", "2025-04-28T11:00"),
        [("kicker", "Esteri"), ("byline", "di Anna De Luca"), ("byline", "lunedì 28 aprile 2025, ore 11.00")],
    ),
    "English block": (
        "Talks in Vienna end without a deal\n\nBy Jane O’Neil and John Smith\nPublished on April 28, 2025 at 11:05\n\n"
        "The delegations left.",
        ("Talks in Vienna end without a deal", None, "Jane O’Neil and John Smith", "2025-04-28T11:05"),
        [("byline", "By Jane O’Neil and John Smith"), ("byline", "Published on April 28, 2025 at 11:05")],
    ),
    "author after the date": (
        "Il vertice finisce senza accordo\n28/04/2025\nA cura di Mario Rossi\nLe delegazioni sono partite.",
        ("Il vertice finisce senza accordo", None, "Mario Rossi", "2025-04-28"),
        [("byline", "28/04/2025"), ("byline", "A cura di Mario Rossi")],
    ),
    "published and updated": (
        "Il vertice finisce senza accordo\nPubblicato il 24.10.2025\nAggiornato il 25.10.2025 alle 10:30\nTesto.",
        ("Il vertice finisce senza accordo", None, None, "2025-10-24"),
        [("byline", "Pubblicato il 24.10.2025"), ("byline", "Aggiornato il 25.10.2025 alle 10:30")],
    ),
    "short title is no kicker": (
        "Addio Maradona\n\nIl campione è morto oggi a Buenos Aires.\n\n25 novembre 2020\n\nAveva sessant’anni.",
        ("Addio Maradona", None, None, "2020-11-25"),
        [("byline", "25 novembre 2020")],
    ),
    "CRLF": (
        "Talks end without a deal\r\n\r\n2025-04-28T11:00\r\n\r\nThe delegations left.\r\n",
        ("Talks end without a deal", None, None, "2025-04-28T11:00"),
        [("byline", "2025-04-28T11:00")],
    ),
    "byte-order mark": (
        "\ufeffTalks end without a deal\n28 Apr. 2025\nThe delegations left.",
        ("Talks end without a deal", None, None, "2025-04-28"),
        [("byline", "28 Apr. 2025")],
    ),
    "photo credit is no author": (
        "Il vertice finisce senza accordo\nFoto di Mario Rossi\n28.04.2025\nLe delegazioni sono partite.",
        ("Il vertice finisce senza accordo", None, None, "2025-04-28"),
        [("credit", "Foto di Mario Rossi"), ("byline", "28.04.2025")],
    ),
    "title set apart": (
        "Talks in Vienna end without a deal\n\nThe delegations left on Monday.",
        ("Talks in Vienna end without a deal", None, None, None),
        [],
    ),
    "title not set apart": ("Talks in Vienna end without a deal\nThe delegations left.", (None,) * 4, []),
    "first paragraph is no title": ("The delegations left on Monday.\n\nNobody stayed.", (None,) * 4, []),
    "quoted first paragraph is no title": ("Ha detto: «Andiamo via.»\n\nPoi è uscito.", (None,) * 4, []),
    "only line is no title": ("Talks in Vienna end without a deal", (None,) * 4, []),
    "Italian dateline": (
        "Roma, 24 ott. (Adnkronos/Labitalia) - Il ministro tace.",
        (None, "Adnkronos/Labitalia", None, None),
        [("dateline", "Roma, 24 ott. (Adnkronos/Labitalia) -")],
    ),
    "ANSA dateline": (
        "(ANSA) - ROMA, 24 OTT - Il ministro tace.",
        (None, "ANSA", None, None),
        [("dateline", "(ANSA) - ROMA, 24 OTT -")],
    ),
    "English dateline with a year": (
        "LONDON, Oct. 24, 2025 (Reuters) - The minister was silent.",
        (None, "Reuters", None, "2025-10-24"),
        [("dateline", "LONDON, Oct. 24, 2025 (Reuters) -")],
    ),
    "English dateline": (
        "\ufeffWASHINGTON (AP) — The minister was silent.",
        (None, "AP", None, None),
        [("dateline", "WASHINGTON (AP) —")],
    ),
    "dateline under a title": (
        "Il ministro tace sul vertice\n\nRoma, 24 ott. (askanews) – Il ministro tace.",
        ("Il ministro tace sul vertice", "askanews", None, None),
        [("dateline", "Roma, 24 ott. (askanews) –")],
    ),
    "impossible dateline": (
        "date 2025-13-45 Roma, 24 ott. (askanews) – Il ministro tace.",
        (None, "askanews", None, None),
        [("dateline", "date 2025-13-45 Roma, 24 ott. (askanews) –")],
    ),
}


@pytest.mark.parametrize("case", HEADS.values(), ids=HEADS.keys())
def test_head_is_read(case: tuple[str, Known, list[tuple[str, str]]]) -> None:
    """Title, outlet, author, date and exclusions are exactly these; what the head does not show is null."""
    text, known, excluded = case

    assert _read(text) == (known, excluded)


@pytest.mark.parametrize(
    "date", ["31.02.2025", "00/01/2025", "28.13.2025", "32 aprile 2025", "28 brumaio 2025", "28.04.2025 25:00"]
)
def test_impossible_date_is_unknown(date: str) -> None:
    """A line shaped as a date that no calendar has gives no date, and is no evidence either."""
    assert _read(f"Il vertice finisce male\n{date}\nTesto.") == (
        ("Il vertice finisce male", None, None, None),
        [("byline", date)],
    )


def test_date_of_the_story_is_not_the_article_s() -> None:
    """A date line under a long paragraph belongs to the story and is left alone."""
    paragraph = "Le truppe sono arrivate nella regione senza che nessuno lo dicesse, " * 7 + "poi si è saputo."

    assert _read(f"{paragraph}\n24 ottobre 2024\nArrivano i primi soldati.") == ((None,) * 4, [])


def test_date_far_below_is_not_the_article_s() -> None:
    """A date line after the twelfth line is no part of the head."""
    text = "\n".join(["Riga breve senza punto"] * 12 + ["24.10.2024", "Testo."])

    assert _read(text) == ((None,) * 4, [])


@pytest.mark.parametrize(
    "start",
    [
        "Il presidente – secondo la Kcna – ha taciuto.",
        "Roma, 24 ott. – Il ministro tace.",
        "Kim Jong Un (Corea del Nord) – Il leader tace.",
        "Mosca (o quasi) - Il ministro tace.",
    ],
)
def test_first_sentence_with_a_dash_is_no_dateline(start: str) -> None:
    """Without a known agency or a full date a beginning with a dash is the article's own words."""
    assert _read(start) == ((None,) * 4, [])


FURNITURE = {
    ExclusionKind.FURNITURE: [
        "Storie consigliate",
        "Recommended Stories",
        "list of 3 itemsend of list",
        "list 1 of 2list 2 of 2end of list",
        "elenco di 4 elementi",
        "fine dell'elenco",
        "Leggi anche: Il vertice di Vienna",
        "Read more: Talks in Vienna",
        "Potrebbe interessarti anche:",
        "You may also like",
        "ADVERTISEMENT",
        "© RIPRODUZIONE RISERVATA",
        "Iscriviti alla nostra newsletter",
        "Sign up for our daily newsletter.",
        "Questo sito utilizza i cookie per migliorare la navigazione.",
        "Utilizziamo cookie per migliorare la tua esperienza.",
        "We and our partners use cookies",
        "Accetta tutti i cookie",
        "Leggi anche Il vertice di Vienna",
        "Related: Talks in Vienna",
        "Continua a leggere…",
        "Seguici su Facebook",
        "Condividi su X",
        "Riproduzione riservata © Copyright Ansa",
        "L’articolo Il vertice di Vienna proviene da Il Faro.",
        "The post Talks in Vienna appeared first on The Daily Sample.",
        "Tempo di lettura: 3 minuti",
    ],
    ExclusionKind.CREDIT: [
        "© Reuters",
        "(c) Agence France-Presse",
        "Copyright 2025 The Associated Press. All rights reserved.",
        "Foto: Ansa",
        "Photo by: John Smith",
        "Photo by John Smith",
        "Foto Ansa/Ap",
        "Credit: Reuters",
        "(Foto di Mario Rossi)",
        "Photo by Mario Rossi on Unsplash",
        "REUTERS/John Smith",
        "Foto d’archivio",
    ],
    ExclusionKind.SOURCE_NOTE: [
        "Fonte: France24",
        "Fonte: Ansa.it.",
        "SOURCE: Al Jazeera",
        "Fonte: https://a.example/b",
    ],
    ExclusionKind.DISCLAIMER: [
        "Immagine generata con l’intelligenza artificiale.",
        "L'immagine è generata dall'IA",
        "Le immagini hanno scopo puramente illustrativo.",
        "Image generated by AI",
        "AI-generated image",
        "The picture is for illustrative purposes only.",
        "The illustration used for this article is generic.",
    ],
}


@pytest.mark.parametrize(
    ("kind", "line"),
    [(kind, line) for kind, lines in FURNITURE.items() for line in lines],
    ids=lambda value: str(value),
)
def test_furniture_line_is_excluded(kind: ExclusionKind, line: str) -> None:
    """A whole line of page furniture is marked with its kind, the news around it untouched, whatever the newline."""
    text = f"Prima frase del testo.\r\n  {line}\u00a0\r\nSeconda frase del testo."

    assert [(item.kind, item.span.of(text)) for item in find_furniture(text).exclusions] == [(kind, line)]


@pytest.mark.parametrize(
    "line",
    [
        "Le storie consigliate dal ministro sono tre.",
        "Elenco di 12 elementi chimici presentati ieri a Vienna.",
        "List of 3 items found in the wreck was released on Monday.",
        "L'immagine che Kim ha dato ai soldati è forte.",
        "Le immagini rilasciate dalla KCNA mostrano Kim accanto ai suoi generali.",
        "Images created by AI flooded social media on Monday.",
        "La foto generica di un soldato è diventata un simbolo.",
        "Le immagini generate con l’AI hanno invaso i social, dice il rapporto.",
        "Copyright law is changing in Europe, the Commission said on Monday.",
        "(c) the third point of the treaty obliges both sides to help.",
        "La fonte: «Non lo sapevamo», dice un funzionario.",
        "Una fonte del ministero ha confermato la notizia.",
        "Foto di gruppo per i leader del vertice.",
        "La stampa russa tace.",
        "Share prices fell on Twitter",
        "Seguici, disse il pastore.",
        "L’articolo 18 proviene da una legge del 1970.",
        "Leggi anche questo, disse il maestro.",
        "Foto d’archivio e documenti sono in mostra a Vienna.",
        "Read more widely, the teacher told them.",
        "Il testo parla di pubblicità ingannevole.",
        "Secondo la Fonte: France24 l'aveva detto. Poi ha taciuto.",
    ],
)
def test_sentence_that_looks_like_furniture_stays(line: str) -> None:
    """A sentence of the article that merely begins like or mentions furniture can still be quoted."""
    assert find_furniture(f"Prima frase.\n{line}\nUltima frase.").exclusions == ()


def test_long_line_is_never_furniture() -> None:
    """Whatever it begins with, a line past 240 characters is text."""
    line = "Leggi anche: " + "il testo continua " * 13

    assert find_furniture(line).exclusions == ()
    assert [item.kind for item in find_furniture(line[:240]).exclusions] == [ExclusionKind.FURNITURE]


def test_source_note_names_the_outlet_without_its_stop() -> None:
    """The outlet is the name after the colon; an address is no name."""
    text = "Testo.\nFonte: Ansa.it.\n"
    outlet = find_furniture(text).outlet

    assert outlet is not None
    assert outlet.of(text) == "Ansa.it"
    assert find_furniture("Testo.\nFonte: https://a.example/b\n").outlet is None


def test_side_file_overrides_completes_and_blanks(tmp_path: Path) -> None:
    """A side file's fields replace what the text holds, null included; what it leaves out stays as read."""
    path = tmp_path / "003.txt"
    path.write_bytes(_seed("003").read_bytes())
    plain = read_article(path)
    side = {"title": "Il museo", "outlet": None, "url": "https://a.example/3", "language": "it"}
    (tmp_path / "003.meta.json").write_text(json.dumps(side), encoding="utf-8-sig")

    article = read_article(path)

    assert (article.title, article.outlet, article.author, article.url) == (
        "Il museo",
        None,
        None,
        "https://a.example/3",
    )
    assert (article.published, article.language) == ("2025-10-24", "it")
    assert (article.id, article.text, article.exclusions) == (plain.id, plain.text, plain.exclusions)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2025-10-24", "2025-10-24"),
        ("20251024", "2025-10-24"),
        ("2025-10-24T18:30", "2025-10-24T18:30"),
        ("2025-10-24 18:30:59", "2025-10-24T18:30"),
        ("2025-10-24T18:30+02:00", "2025-10-24T18:30+02:00"),
    ],
)
def test_side_file_s_date_is_normalised(tmp_path: Path, given: str, kept: str) -> None:
    """Every ISO 8601 form comes out as a date, or a date and time to the minute; no time is made up."""
    (tmp_path / "a.txt").write_text("Una frase.", encoding="utf-8")
    (tmp_path / "a.meta.json").write_text(json.dumps({"published": given}), encoding="utf-8")

    assert read_article(tmp_path / "a.txt").published == kept
