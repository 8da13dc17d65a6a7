"""Checking quotations: verdicts, differences, where the words stand, bad input, and the command."""

from __future__ import annotations

import itertools
import json
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.errors import SourceError
from index.records import Span
from qa.check.checker import Checker
from qa.check.drafts import read_draft
from qa.check.folding import Kind, tokens
from qa.check.records import Checked, Verdict
from tests.conftest import SEEDS, Run

HEROES = "I nostri eroi hanno distrutto gli invasori neonazisti malvagi grazie alla loro determinazione"
PEOPLE = "Il popolo russo non dimenticherà mai l'impresa delle forze speciali coreane"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Over the seeds, by the hashing model."""
    path = tmp_path_factory.mktemp("check") / "archive"
    build(path, [SEEDS], HASHING)
    return Checker(Archive.open(path))


def only(checker: Checker, text: str) -> Checked:
    """The check of the one quotation in `text`."""
    (checked,) = checker.check(text).quotations
    return checked


def told(checked: Checked) -> list[tuple[str, str, str, str]]:
    """Its differences, plainly."""
    return [(d.op.value, d.change.value, d.given, d.source) for d in checked.differences]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("L’accordo è «in vigore»", ["l", "accordo", "e", "in", "vigore"]),
        ("10.000 10,000 10000 10 000 10mila 10 mila", ["10000"] * 6),
        ("3,5 mila 3.500; 3,5", ["3500", "3500", "3.5"]),
        ("seicento six hundred 600; quattromila 4mila", ["600"] * 3 + ["4000"] * 2),
        ("1,200,000 and 1.2 million", ["1200000", "and", "1200000"]),
        ("9.000.000, nove milioni, 9 mln; un milione", ["9000000"] * 3 + ["1000000"]),
        ("twenty-five of 25; nel 2023 milioni di", ["25", "of", "25", "nel", "2023", "milioni", "di"]),
        ("due uomini, il 50% o 50 per cento", ["2", "uomini", "il", "50", "%", "o", "50", "%"]),
        ("par\u00adti\u00adzione 3,5 18:30 a −5", ["partizione", "3.5", "18.30", "a", "-", "5"]),
        (unicodedata.normalize("NFD", "perché città"), ["perche", "citta"]),
    ],
)
def test_words_are_folded_with_their_places(text: str, forms: list[str]) -> None:
    """Typography and ways of writing a number leave no trace in what is compared; every place is its own slice."""
    found = tokens(text)

    assert [token.form for token in found] == forms
    assert all(0 <= a.start < a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_words_never_overlap_nor_leave_the_text(text: str) -> None:
    """Whatever the text, the words' places are in order, disjoint and inside it, with and without markup."""
    for markup in (False, True):
        found = tokens(text, markup=markup)
        bounds = [bound for token in found for bound in (token.start, token.end)]
        assert bounds == sorted(bounds)
        assert all(token.end <= len(text) and token.start < token.end for token in found)


@pytest.mark.parametrize("text", ["9" * 5_000, "9" * 5_000 + " million", "one" + " million" * 5_000, "twenty " * 3_000])
def test_monstrous_numbers_are_read(text: str) -> None:
    """A number too large to be meant is read all the same, to its end."""
    assert tokens(text)[-1].end == len(text.rstrip())


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("né", Kind.NEGATION),
        ("ne", Kind.WORD),
        ("nessuno", Kind.NEGATION),
        ("cannot", Kind.NEGATION),
        ("quindicimila", Kind.NUMBER),
        ("twenty", Kind.NUMBER),
        ("seicento", Kind.NUMBER),
        ("un", Kind.WORD),
        ("maggio", Kind.NUMBER),
        ("eroi", Kind.WORD),
    ],
)
def test_negations_and_written_numbers_are_known(word: str, kind: Kind) -> None:
    """They are what makes a change serious."""
    assert tokens(word)[0].kind is kind
    assert [token.kind for token in tokens("isn't")] == [Kind.WORD, Kind.NEGATION]


@pytest.mark.parametrize(
    "text",
    [
        HEROES,
        f"«{HEROES}»",
        HEROES.upper(),
        unicodedata.normalize("NFD", PEOPLE),
        PEOPLE.replace("'", "’").replace(" ", "\u00a0"),
        "l’impresa\ndelle forze  spe\u00adciali coreane",
        "circa 15 mila soldati a combattere in Ucraina",
        "circa quindicimila soldati a combattere in Ucraina",
        "circa fifteen thousand soldati a combattere in Ucraina",
        "Gli amici coreani hanno agito in base a un senso di solidarietà",
        "Gli amici coreani [nordcoreani, ndr] hanno agito (…) con sincerità",
        "Il popolo russo non dimenticherà mai … gli eroi coreani",
        "<b>Il popolo</b> russo non dimenticher&agrave; mai",
        "eroi",
    ],
)
def test_typography_and_marked_omissions_keep_a_quotation_exact(checker: Checker, text: str) -> None:
    """The same words are exact however they are set, and every place told of is a slice of its article."""
    checked = only(checker, text)

    assert (checked.verdict, told(checked), checked.serious) == (Verdict.EXACT, [], False)
    for source in checked.sources:
        assert source.quote.text == source.quote.article.text[source.quote.span.start : source.quote.span.end]
        assert all(source.quote.span.covers(segment) for segment in source.segments)


@pytest.mark.parametrize(
    ("text", "differences"),
    [
        (PEOPLE.replace("russo", "cinese"), [("replace", "name", "cinese", "russo")]),
        (PEOPLE.replace("non ", ""), [("delete", "negation", "", "non")]),
        (PEOPLE.replace("impresa", "orribile impresa"), [("insert", "word", "orribile", "")]),
        ("circa 12.000 soldati a combattere in Ucraina", [("replace", "number", "12.000", "15.000")]),
        ("oltre 4mila morti", [("replace", "word", "morti", "feriti")]),
        ("Pyongyang sarà sempre al fianco di Seul", [("replace", "name", "Seul", "Mosca")]),
        ("obbligate a fornirsi assistenza", [("delete", "word", "", "reciprocamente")]),
        (
            "Il nostro accordo è in vigore. Le parti sono obbligate a fornirsi reciprocamente assistenza",
            [("delete", "word", "", "In base a questo accordo")],
        ),
        ("Il nostro accordo e in vigore da anni, è così", None),
        ("dimenticherà mai l'impresa delle forze speciali coreane", [("delete", "negation", "", "non")]),
        (
            "dimenticherà mai la grande impresa delle forze speciali coreane",
            [("delete", "negation", "", "non"), ("replace", "word", "la grande", "l")],
        ),
        ("Il popolo russo (…) dimenticherà mai l'impresa", [("delete", "negation", "", "non")]),
        (
            "La Corea del Nord ha tenuto una cerimonia dedicato ai propri soldati caduti combattendo",
            [("delete", "name", "", "per la posa della prima pietra di un museo commemorativo a Pyongyang")],
        ),
    ],
)
def test_alterations_are_told_word_by_word(
    checker: Checker, text: str, differences: list[tuple[str, str, str, str]] | None
) -> None:
    """Each change is named with both sides; numbers, names and negations are serious, and nothing else."""
    checked = only(checker, text)

    if differences is None:
        assert checked.verdict is not Verdict.EXACT
        return
    assert (checked.verdict, told(checked)) == (Verdict.ALTERED, differences)
    assert checked.serious == any(change != "word" for _, change, _, _ in differences)
    for difference in checked.differences:
        assert difference.given == difference.span.of(text)


def test_a_negation_before_the_marks_is_not_lost(checker: Checker) -> None:
    """What the reporter denies in his own words is denied all the same."""
    checked = only(checker, "Il popolo russo non «dimenticherà mai l'impresa delle forze speciali coreane».")
    altered = only(checker, "Il popolo russo non «dimenticherà mai la grande impresa delle forze speciali coreane».")

    assert checked.verdict is Verdict.EXACT
    assert told(altered) == [("replace", "word", "la grande", "l")]


@pytest.mark.parametrize(
    ("draft", "speaker"),
    [
        ("«Il nostro accordo è in vigore», ha detto Vladimir Putin.", "Dmitri Peskov"),
        ("«Il nostro accordo è in vigore», ha detto Peskov.", None),
        ("«Il nostro accordo è in vigore», ha detto Dmitry Peskov ai giornalisti.", None),
        ("«Il nostro accordo è in vigore», ha detto il portavoce.", None),
        ("«eroi», ha detto Macron.", None),
        ("Il portavoce ha detto: «Il nostro accordo è in vigore».", None),
        ("The energy minister said: «Il nostro accordo è in vigore».", None),
        ("The mayor of Arona said: «Il nostro accordo è in vigore».", None),
        ("The North Korean leader said: «Il nostro accordo è in vigore».", None),
        ("«Il nostro accordo è in vigore», ha detto il portavoce del Cremlino.", None),
        ("«Il nostro accordo è in vigore», ha detto il leader della Corea del Nord.", None),
        ("Il leader nordcoreano ha detto: «Il nostro accordo è in vigore».", None),
        ("Il presidente Putin ha detto: «Il nostro accordo è in vigore».", "Dmitri Peskov"),
        ("«Il nostro accordo è in vigore», ha detto Stephen King.", "Dmitri Peskov"),
    ],
)
def test_right_words_and_wrong_speaker(checker: Checker, draft: str, speaker: str | None) -> None:
    """Words given to somebody else than the archive does are altered, and that is serious; spellings are not."""
    checked = only(checker, draft)

    if speaker is None:
        assert checked.verdict is Verdict.EXACT
    else:
        assert checked.verdict is Verdict.ALTERED
        assert checked.serious
        assert [(d.change.value, d.source) for d in checked.differences] == [("speaker", speaker)]


def test_words_cut_together_name_each_place(checker: Checker) -> None:
    """Stretches of two articles made into one quotation are joined, one source for each, in the draft's order."""
    checked = only(checker, f"{PEOPLE} grazie alla loro determinazione a non tollerare alcuna aggressione")

    assert checked.verdict is Verdict.JOINED
    assert [s.quote.text for s in checked.sources] == [
        PEOPLE,
        "grazie alla loro determinazione a non tollerare alcuna aggressione",
    ]


@pytest.mark.parametrize(
    ("draft", "serious"),
    [
        (f"Kim Jong Un ha detto: «Pyongyang sarà sempre al fianco di Mosca … {PEOPLE}».", "Vladimir Putin"),
        (f"Kim Jong Un ha detto: «Pyongyang sarà sempre al fianco di Mosca e {PEOPLE}».", "Vladimir Putin"),
        (f"Vladimir Putin ha detto: «{PEOPLE} e Pyongyang sarà sempre al fianco di Mosca».", "Kim Jong Un"),
        (f"Kim Jong Un ha detto: «{HEROES} e Pyongyang sarà sempre al fianco di Mosca».", None),
        (f"Il leader ha detto: «Pyongyang sarà sempre al fianco di Mosca … {PEOPLE}».", None),
        (f"«Pyongyang sarà sempre al fianco di Mosca … {PEOPLE[20:]}»", "non"),
    ],
)
def test_pieces_of_somebody_else_are_serious(checker: Checker, draft: str, serious: str | None) -> None:
    """Each of the pieces a quotation was cut together from has its speaker compared, and no negation lost before it."""
    checked = only(checker, draft)

    assert checked.verdict is Verdict.JOINED
    assert [d.source for d in checked.differences if d.serious] == ([] if serious is None else [serious])


@pytest.mark.parametrize(
    "text", ["zebra", "due zebre", "Domani le banche resteranno chiuse per sciopero in tutta Italia"]
)
def test_what_is_not_there_is_not_found(checker: Checker, text: str) -> None:
    """Neither a short quotation nor a long one of common words is taken for something else."""
    checked = only(checker, text)

    assert (checked.verdict, checked.sources) == (Verdict.NOT_FOUND, ())


def test_a_draft_has_all_its_quotations_checked(checker: Checker) -> None:
    """Every national mark counts, an interrupted quotation is one, and offsets are the draft's."""
    draft = (
        "“Gli amici coreani – ha detto Putin – hanno agito in base a un senso di solidarietà”. "
        "„imprudente“, secondo Macron. Il museo è un \"grande simbolo\" e una 'zebra'."
    )
    check = checker.check(draft)

    assert [q.verdict.value for q in check.quotations] == ["exact", "exact", "exact", "not_found"]
    assert all(q.text == draft[q.given.span.start : q.given.span.end] for q in check.quotations)
    assert not check.sound


@pytest.mark.parametrize("text", ["", "  \n", "«»", "…!?", "<p></p>", "a\ud800b", "parola " * 50_001])
def test_what_cannot_be_checked_is_refused(checker: Checker, text: str) -> None:
    """Nothing to check, too much of it, or no text: one error with the mend."""
    with pytest.raises(SourceError) as caught:
        checker.check(text)
    assert caught.value.hint


def test_a_check_nobody_waits_for_ends(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is looked at before each quotation, compared or sought in other words; enough of it changes nothing."""
    draft = "«Il museo», «grande simbolo», «una zebra a pois che balla sotto la luna»."
    looks = itertools.count()
    monkeypatch.setattr("qa.check.checker.time", SimpleNamespace(monotonic=lambda: next(looks)))
    for until in range(4):
        with pytest.raises(TimeoutError):
            checker.check(draft, until - 1)
        assert next(looks) == until + 1
        looks = itertools.count()

    assert checker.check(draft, 3) == checker.check(draft)


@given(st.text(alphabet="«»“”„\"'‘’‹›—-…[]()<>&; \n\u200f\u202eaeroiùnon1.", max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_draft_breaks_the_check(checker: Checker, text: str) -> None:
    """Unpaired, crossed and mixed marks, brackets, tags, marks of direction: a check or an error of ours."""
    try:
        check = checker.check(text)
    except SourceError:
        return
    for checked in check.quotations:
        assert checked.text == checked.given.span.of(text)


def test_an_article_that_is_one_quotation(checker: Checker) -> None:
    """A whole article between marks is checked as one, exact or with its one change."""
    article = (SEEDS / "003_1ef017ea2025330c.txt").read_text(encoding="utf-8").replace("“", "").replace("”", "")

    assert only(checker, f"«{article.strip()}»").verdict is Verdict.EXACT
    changed = only(checker, f"«{article.strip().replace('circa 600 militari', 'circa 900 militari')}»")
    assert told(changed) == [("replace", "number", "900", "600")]


def test_a_long_draft_is_read_to_its_end(checker: Checker) -> None:
    """Of a draft of some 49,000 words every quotation is checked, the last one too."""
    filler = "Ieri in città si è parlato molto di questo e anche di altro ancora. " * 3_500
    check = checker.check(f"«eroi». {filler} «imprudente».")

    assert [q.verdict for q in check.quotations] == [Verdict.EXACT, Verdict.EXACT]


def test_brackets_and_omissions_are_not_the_quoted_words() -> None:
    """What the quoter adds in square brackets is left out, and marks where words may be missing."""
    (quotation,) = read_draft("«Il [nuovo] museo (…) aprirà... presto»")

    assert [word.form for word in quotation.words] == ["il", "museo", "aprira", "presto"]
    assert quotation.breaks == {1, 2, 3}
    assert quotation.span == Span(1, 38)


def test_another_translation_is_a_rewording(seeds_archive: Archive) -> None:
    """With the real model, Kim's words in English find the Italian ones; words nobody said find nothing."""
    checker = Checker(seeds_archive)
    checked = only(
        checker, "They who fought for justice are all heroes and representatives of the honour of the motherland"
    )

    assert checked.verdict is Verdict.REWORDED
    assert checked.sources[0].quote.text.startswith("Coloro che hanno combattuto per la giustizia")
    assert checked.sources[0].speech is not None
    assert checked.sources[0].speech.speaker == "Kim Jong Un"
    assert only(checker, "The museum will stay closed until the veterans arrive").verdict is Verdict.NOT_FOUND


def test_check_on_the_command_line(run: Run, hashing_path: Path) -> None:
    """One JSON object with the contract's keys; 0 when all is exact, 3 when not; the same bytes each time."""
    arguments = ("-m", "qa", "check", "--archive", str(hashing_path), "--json")
    exact = run(*arguments, HEROES)
    altered, again = (run(*arguments, "-", stdin="«circa 12.000 soldati a combattere in Ucraina»") for _ in range(2))

    assert (exact.returncode, altered.returncode, exact.stderr, altered.stderr) == (0, 3, "", "")
    assert altered.stdout == again.stdout
    content = json.loads(altered.stdout)
    assert list(content) == ["quotations", "archive_id"]
    (quotation,) = content["quotations"]
    assert (quotation["text"], quotation["start"], quotation["end"]) == (
        "circa 12.000 soldati a combattere in Ucraina",
        1,
        45,
    )
    assert (quotation["verdict"], quotation["serious"]) == ("altered", True)
    assert {key: quotation["differences"][0][key] for key in ("op", "given", "source")} == {
        "op": "replace",
        "given": "12.000",
        "source": "15.000",
    }
    (source,) = quotation["sources"]
    text = (SEEDS / source["article"]["file"]).read_bytes().decode("utf-8")
    assert source["text"] == text[source["start"] : source["end"]] == "circa 15.000 soldati a combattere in Ucraina"


def test_the_text_for_people_shows_differences_in_words_and_marks(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """Changes are marked without colour, serious ones told, and nothing in a draft steers the terminal."""
    draft = tmp_path / "draft.txt"
    draft.write_bytes("«circa 12.000 soldati \x1b[2J\u202ea combattere in Ucraina»".encode())
    done = run("-m", "qa", "check", "--archive", str(hashing_path), "--lang", "it", "--file", str(draft))

    assert done.stdout.startswith("Virgolettati: 1 (")
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    plain = run("-m", "qa", "check", "--archive", str(hashing_path), "circa 12.000 soldati a combattere in Ucraina")
    assert "circa [-15.000-]{+12.000+} soldati" in plain.stdout
    assert "! numero: «12.000» invece di «15.000»" in plain.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        ((), 2, "required"),
        (("a", "--file", "b"), 2, "not allowed"),
        (("",), 1, "nothing to check"),
        (("--file", "no-such-file"), 1, "cannot be read"),
        (("--file", "docs/page.png"), 1, "not UTF-8"),
    ],
)
def test_wrong_use_is_one_clear_line(
    run: Run, hashing_path: Path, arguments: tuple[str, ...], status: int, word: str
) -> None:
    """Usage is status 2; what cannot be read is status 1, one line and its mend."""
    done = run("-m", "qa", "check", "--archive", str(hashing_path), *arguments)

    assert (done.returncode, done.stdout) == (status, "")
    assert word in done.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Over two articles with numbers, units, nations and contractions."""
    folder = tmp_path_factory.mktemp("facts")
    (folder / "it.txt").write_text(
        "Il ministro ha detto: «Abbiamo inviato 10.000 soldati in Russia il 3 marzo, per la seconda volta, con 20 "
        "chilometri di mezzi russi e 5 milioni di euro». Nel 2023 500 militari sono partiti con -5 gradi di notte.",
        encoding="utf-8",
    )
    (folder / "en.txt").write_text(
        "The minister said: “We sent two hundred and fifty soldiers to Russia on March 3, and it isn't over. We won't "
        "stop, we can't wait and we didn't pay for 20 miles of Russian road in the second year of the war.” Prices "
        "rose by 50% in May.",
        encoding="utf-8",
    )
    build(folder / "archive", [folder / "it.txt", folder / "en.txt"], HASHING)
    return Checker(Archive.open(folder / "archive"))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Abbiamo inviato 10.000 soldati in Russia il 3 aprile, per la seconda volta", "number"),
        ("Abbiamo inviato 10.000 soldati in Russia il 3 marzo, per la terza volta", "number"),
        ("con 20 chilometri di mezzi ucraini e 5 milioni di euro", "name"),
        ("con 20 metri di mezzi russi e 5 milioni di euro", "unit"),
        ("con 20 chilometri di mezzi russi e 5 milioni di dollari", "unit"),
        ("soldiers to Russia on May 3, and it isn't over", "number"),
        ("on March 3, and it is over. We won't stop", "negation"),
        ("We will stop, we can't wait and we didn't pay", "negation"),
        ("We won’t stop, we can wait and we didn’t pay", "negation"),
        ("we can't wait and we did pay for 20 miles", "negation"),
        ("20 kilometres of Russian road in the second year", "unit"),
        ("20 miles of Chinese road in the second year", "name"),
        ("20 miles of Russian road in the third year", "number"),
    ],
)
def test_changes_of_facts_are_serious(facts: Checker, text: str, change: str) -> None:
    """Months, ordinals, nations, units, currencies and contracted negations weigh as much as numbers and names."""
    checked = only(facts, text)

    assert (checked.verdict, checked.serious) == (Verdict.ALTERED, True)
    assert change in [difference.change.value for difference in checked.differences]


def test_a_contraction_written_out_denies_alike(facts: Checker) -> None:
    """*Will not* for *won't* is another word, and no other sense."""
    checked = only(facts, "We will not stop, we can not wait and we did not pay for 20 miles")

    assert (checked.verdict, checked.serious) == (Verdict.ALTERED, False)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("«10.000 soldati in Russia»", True),
        ("«500 militari sono partiti»", True),
        ("«two hundred and fifty soldiers to Russia»", True),
        ("«-5 gradi di notte»", True),
        ("«Prices rose by 50%»", True),
        ("«000 soldati in Russia»", False),
        ("«fifty soldiers to Russia»", False),
        ("«hundred and fifty soldiers to Russia»", False),
        ("«5 gradi di notte»", False),
        ("«Prices rose by 50»", False),
    ],
)
def test_quotations_begin_and_end_with_whole_numbers(facts: Checker, text: str, exact: bool) -> None:
    """Words that begin or end inside a number are never exact, and those with the whole number are."""
    checked = only(facts, text)

    assert (checked.verdict is Verdict.EXACT, checked.serious) == (exact, not exact)


def test_a_quotation_goes_on_after_its_attribution(tmp_path: Path) -> None:
    """Put together again the two parts are exact, and somebody's; without its attribution's comma they are two."""
    for name, text in {
        "it": "«La verità», ha concluso Mario Rossi, «non è mai semplice».\n"
        "Una scelta «difficile» ha detto Luigi Bianchi e «molto sofferta».\n",
        "en": "The bridge had been there for years. “Nobody,” Anna Smith added, “ever asked us to close it.”\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    build(tmp_path / "archive", sorted(tmp_path.glob("*.txt")), HASHING)
    checker = Checker(Archive.open(tmp_path / "archive"))
    drafts = {
        "«La verità non è mai semplice»": [],
        "“Nobody ever asked us to close it”, said Anna Smith": [],
        "«La verità non è mai semplice», ha detto Anna Smith": [("replace", "speaker", "Anna Smith", "Mario Rossi")],
        "«La verità non è semplice»": [("delete", "negation", "", "mai")],
    }

    assert {draft: told(only(checker, draft)) for draft in drafts} == drafts
    assert only(checker, "«difficile e molto sofferta»").verdict is Verdict.ALTERED
