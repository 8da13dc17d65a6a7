"""The page's HTML: it shows exactly the text, and no character of an article, title or question becomes markup."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.identity import Identity
from index.manifest import Given, Manifest
from index.records import Article, DirectQuote, Exclusion, ExclusionKind, Holding, Span
from index.terminal import printable
from page.conversation import Notice, conversation_html
from page.filtering import filters_html
from page.inventory import inventory_html
from page.markup import escaped, marked, shortened
from page.quotations import list_html
from page.reader import Reading as Opened
from page.reader import reader_html
from page.timeline import tally_of, timeline_html
from qa.cap import capped_quotations
from qa.facets import Facets, Option
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Answer, Citation, Filters, Language, Question, Quote, Reason, Status
from qa.styles import Style, styled

TEMPLATE = "{}$`\\"
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</mark></blockquote></li></ol></section></article><iframe>",
    "<!-- ",
    "<![CDATA[",
    "<?php",
    "&lt;b&gt;&amp;#60;",
    "&notit;&#x3c;script&#62;",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{value} {0} %s %(x)s",
    "`${document.cookie}`",
    "\\u003cscript\\u003e\\",
    "javascript:alert(1)//\r\n\u2028\x0c\x0b",
)
TEXTS = st.lists(st.one_of(st.text(min_size=1), st.sampled_from(HOSTILE)), min_size=1).map("".join)
ELEMENTS = {
    "section",
    "h2",
    "p",
    "ol",
    "li",
    "blockquote",
    "span",
    "mark",
    "b",
    "footer",
    "cite",
    "button",
    "article",
    "header",
    "dl",
    "div",
    "dt",
    "dd",
    "details",
    "summary",
    "ul",
    "nav",
    "strong",
    "a",
}
ATTRIBUTES = {
    "class",
    "lang",
    "dir",
    "role",
    "value",
    "type",
    "tabindex",
    "data-start",
    "data-end",
    "data-turn",
    "data-number",
    "data-asked",
    "data-copy",
    "data-link",
    "data-done",
    "data-step",
    "disabled",
    "aria-label",
    "aria-expanded",
    "data-show",
    "data-hide",
    "data-event",
    "data-said",
    "data-former",
    "data-searching",
    "data-failed",
    "data-lost",
    "id",
    "href",
    "download",
}


class Reading(HTMLParser):
    """What a parser makes of HTML: every opening and closing tag, every attribute, and the text inside each element."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.others: list[str] = []
        self.text = ""
        self.inside: list[tuple[str, str]] = []
        self._open: list[int] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "input":  # it has no end
            return
        self._open.append(len(self.inside))
        name = f"{tag}.{dict(attrs).get('class')}"
        self.inside.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        """Note that the innermost element ends, which must be of this name."""
        place = self._open.pop()
        assert self.inside[place][0].split(".")[0] == tag
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Note text in every open element."""
        self.text += data
        for place in self._open:
            name, text = self.inside[place]
            self.inside[place] = (name, text + data)

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        """Note a declaration."""
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction."""
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        """Note any other declaration."""
        self.others.append(data)

    def of(self, name: str) -> list[str]:
        """The texts of the elements `name`, in order."""
        return [text for found, text in self.inside if found == name]


def check_markup(markup: str) -> Reading:
    """`markup` read, with nothing in it but our elements and attributes, and no character a template would read."""
    reading = Reading(markup)
    assert {tag.lstrip("/") for tag in reading.tags} <= ELEMENTS
    assert {name for name, _ in reading.attributes} <= ATTRIBUTES
    assert reading.others == []
    assert not set(TEMPLATE) & set(markup)
    return reading


def article(text: str, known: str | None, exclusions: tuple[Exclusion, ...] = ()) -> Article:
    """An article of these words, of which everything else says `known`."""
    sha256 = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Article(
        id=sha256[:16],
        text=text,
        title=known,
        outlet=known,
        author=known,
        published="2025-05-01" if known else None,
        language=known,
        url=known,
        source_file=known or "a.txt",
        source_path="/a.txt",
        sha256=sha256,
        source_sha256=sha256,
        exclusions=exclusions,
    )


def manifest() -> Manifest:
    """Of an archive of one article."""
    model = Identity("m", 2, "", "", ())
    return Manifest(1, "0" * 16, "", "2025-05-01", model, 1, 1, 1, 1, 1, (), Given(0, 0, 0), {}, {})


def citation(source: Article, quote: Span, context: Span, *matches: Span, number: int = 1) -> Citation:
    """A citation of `source`."""
    return Citation(number, Quote(source, quote), Quote(source, context), 0.5, matches, {"passage": 1})


def answer(question: str, cited: tuple[Citation, ...], searched: str | None = None) -> Answer:
    """An answer in Italian."""
    asked = Question(question, Language.ITALIAN, searched or question, (Language.ITALIAN,), searched)
    return Answer(asked, Status.ANSWERED, 0.9, cited, (), None, "0" * 16, {})


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_escaped_text_is_displayed_as_it_is(text: str) -> None:
    """A parser reads any escaped text back to the letter, with no tag, and a template finds nothing to read in it."""
    markup = escaped(text)
    reading = Reading(markup)

    assert reading.text == text
    assert (reading.tags, reading.others) == ([], [])
    assert not set(TEMPLATE + "<>\"'\r") & set(markup)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_escaped_text_stays_inside_its_attribute(text: str) -> None:
    """As an attribute's value in either kind of marks, any text is that value and nothing more."""
    for mark in "\"'":
        reading = Reading(f"<p lang={mark}{escaped(text)}{mark}></p>")

        assert reading.attributes == [("lang", text)]
        assert reading.tags == ["p", "/p"]
        assert reading.text == ""


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_marked_text_has_the_marks_asked_for_and_no_other(data: st.DataObject) -> None:
    """Of any part of any text, the parser reads back the part, and in each mark the words of its span."""
    text = data.draw(TEXTS)
    bounds = data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=9, unique=True).map(sorted))
    start, end = data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted))
    spans = [Span(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    within = Span(start, end)

    reading = Reading(marked(text, within, [(span, '<mark class="m">') for span in spans]))

    shown = [text[max(s.start, start) : min(s.end, end)] for s in spans if s.overlaps(within)]
    shown = [part for part in shown if part]
    assert reading.text == text[start:end]
    assert reading.of("mark.m") == shown
    assert reading.tags == ["mark", "/mark"] * len(shown)
    assert reading.others == []


def test_marked_word_for_word() -> None:
    """Marks that reach out of the part are cut, and of two that overlap the later is cut."""
    marks = [(Span(0, 3), "<b>"), (Span(4, 8), '<mark class="x">'), (Span(6, 9), "<b>"), (Span(12, 14), "<b>")]

    assert marked("01<34>6789&bcd", Span(1, 11), marks) == ('<b>1&lt;</b>3<mark class="x">4&gt;67</mark><b>8</b>9&amp;')


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.data())
def test_a_hostile_answer_stays_text(text: str, known: str, question: str, data: st.DataObject) -> None:
    """Whatever text, title and question are, the card shows them to the letter and holds no element but ours."""
    start, end = data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted))
    end = max(end, start + 1) if start < len(text) else end
    start = min(start, end - 1)
    source = article(text, known)
    turn = answer(question, (citation(source, Span(start, end), Span(0, len(text)), Span(start, start + 1)),), known)

    reading = check_markup(conversation_html([turn], Language.ITALIAN))

    assert reading.of("h2.question") == [question]
    assert reading.of("blockquote.None") == [text]
    assert reading.of("mark.evidence") == [text[start:end]]
    assert reading.of("b.match") == [text[start]]
    assert reading.of("cite.None") == [f"{printable(known)}, {printable(known)}, 1º maggio 2025"]
    assert dict(reading.attributes)["data-start"] == str(start)
    assert ("lang", known) in reading.attributes


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_a_hostile_article_stays_text(text: str, known: str, data: st.DataObject) -> None:
    """The reader shows any article to the letter, with the quote and the excluded span marked, and no element else."""
    middle = data.draw(st.integers(1, len(text)))
    excluded = (Exclusion(Span(middle, len(text)), ExclusionKind.FURNITURE),)
    source = article(text, known, excluded)

    reading = check_markup(
        reader_html(Opened.of([citation(source, Span(0, middle), Span(0, middle))], 0), Language.ENGLISH, asked=True)
    )

    assert reading.of("div.text") == [text]
    assert reading.of("mark.current") == [text[:middle]]
    assert reading.of("span.excluded") == [text[middle:]] * (middle < len(text))
    assert reading.of("h2.None") == [known]
    assert reading.of("dd.outlet") == reading.of("dd.author") == reading.of("dd.file") == [known]
    assert reading.of("dd.published") == ["1 May 2025"]
    assert reading.of("dd.sha256") == [source.sha256]
    assert ("data-asked", "yes") in reading.attributes


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_notice_and_search_stay_text(hostile: str) -> None:
    """A question that could not be asked, and what a follow-up searched for, are text, too."""
    source = article("Parole.", None)
    turns = [
        Notice(hostile, "question_not_text"),
        answer("Dove?", (citation(source, Span(0, 7), Span(0, 7)),), searched=hostile),
    ]

    reading = check_markup(conversation_html(turns, Language.ENGLISH))

    assert reading.of("h2.question") == ["Dove?", hostile]
    assert reading.of("p.notice") == ["The question is not valid text."]
    assert reading.of("p.searched") == [f"Searched for: {hostile}"]
    assert reading.of("cite.None") == ["a.txt"]
    assert "lang" in dict(reading.attributes)


def test_an_answer_not_found_says_why_and_marks_the_nearest() -> None:
    """Not found shows the reason and puts the nearest passages in a list of their own kind."""
    source = article("Parole.", None)
    asked = Question("Dove?", Language.ITALIAN, "Dove?", (Language.ITALIAN,))
    near = citation(source, Span(0, 7), Span(0, 7))
    turn = Answer(asked, Status.NOT_FOUND, 0.1, (), (near,), Reason.UNRELATED, "0" * 16, {})

    reading = check_markup(conversation_html([turn], Language.ITALIAN))

    assert reading.of("p.notice") == ["Non trovato nell’archivio. Nessun passo è abbastanza vicino alla domanda."]
    assert [p for p in reading.of("p.None") if p] == ["I passi più vicini, che però non rispondono:"]
    assert len(reading.of("ol.quotes nearest")) == 1
    assert reading.of("ol.quotes") == []


def test_turns_and_cards_are_numbered_for_the_reader() -> None:
    """Each button names the turn, from 0, and the card, from 1, that it opens; the newest turn stands first."""
    source = article("Parole altrui.", None)
    cards = (
        citation(source, Span(0, 6), Span(0, 14), number=1),
        citation(source, Span(7, 14), Span(0, 14), number=2),
    )

    reading = check_markup(conversation_html([answer("A?", cards), answer("B?", cards[:1])], Language.ITALIAN))

    places = [value for name, value in reading.attributes if name in ("data-turn", "data-number")]
    assert places == ["1", "1", "0", "1", "0", "2"]
    assert reading.of("blockquote.None") == ["Parole altrui."] * 3


def test_other_quotes_of_the_article_are_marked_lightly() -> None:
    """In the reader the quote that was opened is marked as such, those of the same article otherwise, others not."""
    source, foreign = article("Parole altrui.", None), article("Altre parole.", None)
    current = citation(source, Span(7, 13), Span(0, 14))
    others = (current, citation(source, Span(0, 6), Span(0, 14)), citation(foreign, Span(0, 5), Span(0, 13)))

    reading = check_markup(reader_html(Opened.of(others, 0), Language.ITALIAN, asked=False))

    assert reading.of("mark.current") == ["altrui"]
    assert reading.of("mark.other") == ["Parole"]
    assert reading.of("div.text") == ["Parole altrui."]
    assert ("data-asked", "no") in reading.attributes


@pytest.mark.parametrize("language", list(Language))
def test_before_the_first_question_there_are_hints(language: Language) -> None:
    """An empty conversation and an empty reader each hold one line in the interface's language."""
    conversation = check_markup(conversation_html([], language))
    reader = check_markup(reader_html(None, language, asked=False))

    assert conversation.of("p.hint") == [message("page_hint", language)]
    assert reader.of("p.hint") == [message("page_reader_hint", language)]


@settings(max_examples=30, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_a_hostile_draft_and_archive_stay_text(text: str, known: str, data: st.DataObject) -> None:
    """Quotations of the browsing list, filters and holdings show any words to the letter, with no element but ours."""
    end = data.draw(st.integers(1, len(text)))
    source, span = article(text, known), Span(0, end)
    speech = DirectQuote(source.id, span, (span,), False, known, None, None, None, None)
    holding = Holding(source.id, known, known, "2025-05-01", known, "a.txt", 1, 1)
    options = (Option(known, 1),)
    chosen = Filters(outlet=known, speaker=known, language=known)

    said = list_html([Quotation(source, speech)], 20, 0, lambda ending: f"?{known}{ending}", Language.ITALIAN)
    form = filters_html(chosen, Facets(0, 1, options, options, options), Language.ITALIAN)
    table = inventory_html([holding], 100, manifest(), Language.ENGLISH, removable=True)

    assert Reading(said).of("blockquote.None") == [text[:end]]
    assert Reading(said).of("span.speaker") == [printable(known)]
    assert [shown for shown in Reading(form).of("option.None") if shown == f"{shortened(known)} (1)"] != []
    assert Reading(table).of("button.open") == [known]
    for markup in (said, form, table):
        reading = Reading(markup)
        assert reading.others == []
        assert {tag.lstrip("/") for tag in reading.tags}.isdisjoint({"script", "img", "iframe", "svg"})
        assert not [name for name, _ in reading.attributes if name.startswith("on")]
        assert not set(TEMPLATE) & set(markup)


def test_what_is_copied_is_the_reference_to_the_letter() -> None:
    """A card's button holds the reference with the slice as it is, line breaks and marks included."""
    source = article("«Prima\nriga» e\tpoi", None)
    turn = answer("A?", (citation(source, Span(0, 12), Span(0, 18)),))

    reading = check_markup(conversation_html([turn], Language.ITALIAN))

    copied = [value for name, value in reading.attributes if name == "data-copy"]
    quote = Quote(source, Span(0, 12))
    italian, english, *others = (
        styled(quote, Style.NEWSROOM, Language.ITALIAN),
        styled(quote, Style.NEWSROOM, Language.ENGLISH),
        *(styled(quote, style, Language.ITALIAN) for style in Style if style is not Style.NEWSROOM),
    )
    assert italian == "««Prima\nriga»», a.txt"
    assert copied == [italian, italian, english, *others]
    assert [value for name, value in reading.attributes if name == "href"] == [
        f"api/export/answer?format={form}&q=A%3F" for form in ("csv", "json", "md", "docx")
    ]
    assert [value for name, value in reading.attributes if name == "data-link"] == [
        "?q=A%3F&lang=it",
        f"?article={source.id}&start=0&end=12",
    ]


def test_the_timeline_counts_by_month_and_speaker() -> None:
    """A column for each month from first to last, undated last; a row for all and for each speaker by the name he goes
    by; bars with their count, of which only the dated can be pressed, and the one that is chosen is.
    """
    span = Span(0, 6)
    said = [("2025-01-09", "Anna Prova", 2), ("2025-03-30", "Prova", 1), (None, "Prova", 1), ("2025-01-02", None, 4)]
    quotations = [
        Quotation(
            replace(article("Parole.", None), published=day), DirectQuote("", span, (span,), False, who, *[None] * 4)
        )
        for day, who, count in said
        for _ in range(count)
    ]
    chosen = Filters(since="2025-01-01", until="2025-01-31", speaker="Anna Prova")

    reading = Reading(timeline_html(tally_of(quotations, {"Prova": "Anna Prova"}), chosen, Language.ENGLISH))

    assert reading.of("th.None")[:5] == ["01/2025", "02/2025", "03/2025", "undated", "Everyone"]
    assert reading.of("th.None")[5:] == ["Anna Prova"]
    assert reading.of("span.count") == ["6", "1", "1", "2", "1", "1"]
    assert [value for name, value in reading.attributes if name == "title"] == [
        "January 2025: 6",
        "March 2025: 1",
        "Anna Prova, January 2025: 2",
        "Anna Prova, March 2025: 1",
    ]
    assert [value for name, value in reading.attributes if name == "aria-pressed"] == [
        "false",
        "false",
        "true",
        "false",
    ]


def test_only_what_is_near_is_shown_at_once() -> None:
    """A long context is cut at whole words, further than a glance away, on the sides that are long; nothing is lost."""
    words = "parola " * 100
    text = f"{words}Ecco il punto. {words}"
    start = len(words)
    turn = answer("A?", (citation(article(text, None), Span(start, start + 14), Span(0, len(text))),))

    reading = check_markup(conversation_html([turn], Language.ITALIAN))

    assert reading.of("blockquote.None") == [text]
    before, after = reading.of("span.far")
    near = reading.of("span.around")
    assert before.endswith(" ")
    assert after.startswith(" ")
    assert all(160 <= len(part) < 175 for part in near)
    assert reading.of("button.unfold") == ["Mostra il contesto"]


@pytest.mark.parametrize(("limit", "shown"), [(10, 0), (100, 1)])
def test_what_a_cap_withholds_is_told(limit: int, shown: int) -> None:
    """Under a list of which a cap leaves something out stands how much."""
    source, span = article("Parole altrui che sono molte di più.", None), Span(0, 30)
    every = [Quotation(source, DirectQuote(source.id, span, (span,), False, None, None, None, None, None))]
    kept = capped_quotations(every, limit)

    reading = Reading(list_html(kept, 20, len(every) - len(kept), lambda _: "", Language.ITALIAN))

    assert len(reading.of("li.card")) == shown
    assert reading.of("p.small") == ["Citazioni accorciate o omesse per il limite di caratteri per articolo: 1."] * (
        1 - shown
    )


def test_months_that_are_left_out_are_marked() -> None:
    """Over more than ten years only months with quotations are drawn, and a mark says where others are left out."""
    span = Span(0, 6)
    quotations = [
        Quotation(
            replace(article("Parole.", None), published=day), DirectQuote("", span, (span,), False, "A", *[None] * 4)
        )
        for day in ("2001-01-09", "2001-02-09", "2024-12-30", None)
    ]

    markup = timeline_html(tally_of(quotations, {}), Filters(), Language.ITALIAN)

    assert Reading(markup).of("th.None")[:3] == ["01/2001", "02/2001", "senza data"]
    assert Reading(markup).of("th.gap") == ["12/2024"]
