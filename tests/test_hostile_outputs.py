"""Every output that a program or a person takes away, made of every attack in every place: shown, and nothing more."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
import json
import re
import unicodedata
import zipfile
from html.parser import HTMLParser

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from markdown_it import MarkdownIt

from index.changes import Change as Changed
from index.changes import Contents
from index.errors import SourceError
from index.ingest import Intake
from index.readers.source import Refusal
from index.records import DirectQuote, Span
from index.report import report_json, report_text
from index.reporting import report_errors
from index.speech import Speaker
from index.terminal import Parser, json_line
from qa.check.differences import Difference, Op
from qa.check.drafts import Given
from qa.check.gravity import Change
from qa.check.records import Check, Checked, Source, Verdict
from qa.check.report import check_json, check_text
from qa.evaluation.tables import csv_text
from qa.excerpts import Excerpt, answer_excerpts
from qa.exports import exported
from qa.grouping import Group
from qa.quotations import Quotation, Voice
from qa.records import Answer, Citation, Claim, Disagreement, Language, Matter, Question, Quote, Reason, Status
from qa.render import answer_json, answer_text, groups_text, quotation_json, quotations_text, voice_json, voices_text
from qa.spreadsheet import quotations_csv, voices_csv
from qa.styles import Style, styled
from tests.attacks import EVERY, UNWRITABLE
from tests.test_page_markup import article

WORDS = [attack for attack in EVERY if attack not in UNWRITABLE]
"""All that an article can hold."""
_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
_WRITTEN = frozenset("\u200c\u200d\u00ad")
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20\u2212|%\t\r\n\0")
_MARKUP = re.compile(r"(?<!\\)[\\{}$&#^_~%]")


def hostile(attack: str) -> tuple[Answer, Quotation]:
    """An answer, and a quotation, in which the attack stands wherever somebody else's words can."""
    source = article(f"Prima. {attack} Dopo.", attack)
    span, whole = Span(7, 7 + len(attack)), Span(0, len(source.text))
    speech = DirectQuote(source.id, span, (span,), False, attack, None, None, f"{attack} x", None)
    quote, context = Quote(source, span), Quote(source, whole)
    cited = Citation(1, quote, context, 0.5, (), {"passage": 1}, (speech,), span, (context,))
    claim = Claim(quote, context, quote)
    differ = Disagreement(Matter.NAMES, (quote,), (claim, claim))
    asked = Question(attack, Language.ITALIAN, f"{attack} {attack}", (Language.ITALIAN,), True)
    answer = Answer(asked, Status.ANSWERED, 0.9, (cited,), (), None, "0" * 16, {}, (differ,))
    return answer, Quotation(source, speech)


def checked(attack: str) -> Check:
    """A check of a draft whose words, like the archive's, are the attack."""
    answer, quotation = hostile(attack)
    quote, span = answer.citations[0].quote, Span(1, 1 + len(attack))
    given = Given(span, (), (), attack, None)
    difference = Difference(Op.REPLACE, Change.SPEAKER, attack, attack, span)
    other = Difference(Op.REPLACE, Change.NUMBER, attack, attack, span)
    places = (Source(quote, (quote.span,), quotation.speech),)
    return Check(f"«{attack}»", (Checked(given, attack, Verdict.ALTERED, (other, difference), places),), "0" * 16)


def steering(text: str, keep: str = "\n") -> set[str]:
    """The characters of `text` that could steer a terminal or turn the writing round."""
    return {c for c in set(text) if unicodedata.category(c) in _STEERING and c not in _WRITTEN and c not in keep}


CONTENTS = Contents({"it": 1}, 0, 10, 0, ())
"""Of an archive of one article."""


def terminal_texts(attack: str) -> dict[str, str]:
    """Everything printed for people that an attack can be in."""
    answer, quotation = hostile(attack)
    lost = dataclasses.replace(
        answer, status=Status.NOT_FOUND, citations=(), nearest=answer.citations, reason=Reason.UNRELATED
    )
    voice = Voice(Speaker(attack, (attack, f"{attack} x")), 1, 1, None, None)
    refusal = Refusal(attack, attack, attack)
    intake = Intake((), (refusal,), (refusal,), (attack,))
    return {
        **{f"answer {style}": answer_text(answer, style) for style in Style},
        "not found": answer_text(lost),
        "quotations": quotations_text([quotation]),
        "groups": groups_text([Group(quotation, (quotation,), (quotation,))]),
        "speakers": voices_text([voice]),
        "check": check_text(checked(attack), Language.ITALIAN),
        "report": report_text(Changed((), (), (), 0, False, intake, CONTENTS, None)),
    }


def test_nothing_steers_a_terminal() -> None:
    """Answers, quotations, groups, speakers, checks and reports for people hold no control, bidirectional or
    line-breaking character, and no line more than words without any have.
    """
    wrong = [
        (name, attack[:60], sorted(found))
        for attack in EVERY
        for name, text in terminal_texts(attack).items()
        if (found := steering(text))
    ]
    plain, forged = (terminal_texts(words) for words in ("x error: y", "x\u2028error: y"))

    assert wrong == []
    assert {name: text.count("\n") for name, text in forged.items()} == {
        name: text.count("\n") for name, text in plain.items()
    }


def test_json_gives_the_words_back_and_steers_nothing() -> None:
    """Each JSON that is printed reads back to the very same words, on one line, without anything that steers."""
    wrong = []
    for attack in EVERY:
        answer, quotation = hostile(attack)
        told = answer_json(answer)
        refusal = Intake((), (), (), (attack,))
        contents = [
            *(answer_json(answer, style) for style in Style),
            quotation_json(quotation),
            voice_json(Voice(Speaker(attack, (attack,)), 1, 1, None, None)),
            check_json(checked(attack)),
            report_json(Changed((), (), (), 0, False, refusal, CONTENTS, None)),
            {"id": attack, "error": attack},
        ]
        lines = [json_line(content) for content in contents]
        wrong += [attack[:60] for line in lines if steering(line, keep="")]
        wrong += [
            attack[:60]
            for line, one in zip(lines, contents, strict=True)
            if json.loads(line) != json.loads(json.dumps(one))
        ]
        wrong += [] if told["citations"][0]["text"] == attack == told["question"] else [attack[:60]]

    assert wrong == []


def cells(table: str) -> list[str]:
    """The cells of a table below its heading."""
    return [cell for row in list(csv.reader(io.StringIO(table, newline=""), strict=True))[1:] for cell in row]


def test_no_cell_is_a_formula() -> None:
    """In every table no cell begins, invisible characters aside, like a formula, and no attack adds a cell."""
    wrong, widths = [], set()
    for attack in WORDS:
        answer, quotation = hostile(attack)
        tables = [
            exported(answer_excerpts(answer), ".csv").decode("utf-8-sig"),
            quotations_csv([quotation]),
            voices_csv([Voice(Speaker(attack, (attack,)), 1, 1, None, None)]),
            csv_text([["id"], [attack]]),
        ]
        widths.add(tuple(len(cells(table)) for table in tables))
        for cell in (cell for table in tables for cell in cells(table)):
            shown = "".join(c for c in cell if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
            number = re.fullmatch(r"[+-]?[0-9.]+", cell)
            if (shown.startswith(_FORMULA) or cell.startswith(_FORMULA)) and not number:
                wrong.append((attack[:60], cell[:60]))

    assert wrong == []
    assert len(widths) == 1


class Shown(HTMLParser):
    """What a reader of HTML sees: elements, addresses, attributes, text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.others: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def test_markdown_shows_the_words() -> None:
    """Read as CommonMark with tables, strike-through and bare addresses made links, the export is headings, one block
    quotation, a list and nothing else; so is the reference, whose only link is the article's own web address.
    """
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    wrong = []
    for attack in WORDS:
        answer, _ = hostile(attack)
        quote = answer.citations[0].quote
        read = Shown(markdown.render(exported(answer_excerpts(answer), ".md").decode("utf-8")))
        styled_one = Shown(markdown.render(styled(quote, Style.MARKDOWN, Language.ITALIAN)))
        if (
            set(read.elements) - {"h2", "blockquote", "p", "ul", "li", "br", "a"}
            or (set(styled_one.elements) - {"blockquote", "p", "br", "a"})
            or (read.elements.count("blockquote"), read.elements.count("h2"), read.elements.count("li")) != (1, 1, 18)
            or [value for name, value in read.attributes + styled_one.attributes if not _is_own(name, value, attack)]
            or (attack.strip() and _bare(attack) not in _bare(read.text))
        ):
            wrong.append(attack[:60])

    assert wrong == []


def _is_own(name: str, value: str, attack: str) -> bool:
    """Whether it is the address that the article itself says it has, and one of the web."""
    return name == "href" and value.startswith(("http://", "https://")) and attack.startswith(("http://", "https://"))


def _bare(text: str) -> str:
    """`text` without what HTML does not tell apart."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc",) and c != "\ufffd")


def test_html_references_show_the_words() -> None:
    """The HTML reference is a figure with a quotation and its source; of the attack there is no element, attribute or
    comment in it, and an address only of the web.
    """
    wrong = []
    for attack in WORDS:
        shown = Shown(styled(hostile(attack)[0].citations[0].quote, Style.HTML, Language.ITALIAN))
        addresses = [value for name, value in shown.attributes if name in ("href", "cite")]
        if (
            [one for one in shown.elements if one != "a"] != ["figure", "blockquote", "figcaption", "cite"]
            or {name for name, _ in shown.attributes} - {"cite", "lang", "style", "href"}
            or shown.others
            or not shown.text.startswith(attack)
            or [one for one in addresses if not one.startswith(("http://", "https://"))]
        ):
            wrong.append(attack[:60])

    assert wrong == []


def test_bibtex_stays_one_entry() -> None:
    """Whatever a field holds, every brace is paired, no command is made of it, and there is nothing TeX cannot read."""
    wrong = []
    for attack in WORDS:
        entry = styled(hostile(attack)[0].citations[0].quote, Style.BIBTEX, Language.ITALIAN)
        inner = re.sub(r"\\(?:text[a-z]+\{\}|[%$#_&])", "", entry)
        depth = 0
        for character in inner:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth < 0:
                wrong.append(attack[:60])
        body = "\n".join(line for line in inner.split("\n") if not line.startswith("  url = "))
        if depth or "\\" in body or set("$%#^~") & set(body) or steering(entry, keep="\n\t"):
            wrong.append(attack[:60])

    assert wrong == []


@pytest.fixture(scope="module")
def documents() -> list[tuple[list[str], bytes]]:
    """All attacks, a document of forty at a time."""
    rows = [WORDS[place : place + 40] for place in range(0, len(WORDS), 40)]
    made = []
    for row in rows:
        excerpts = [
            dataclasses.replace(one, number=number)
            for number, attack in enumerate(row, start=1)
            for one in answer_excerpts(hostile(attack)[0])
        ]
        made.append((row, exported(excerpts, ".docx", "titolo")))
    return made


def test_a_document_is_words_alone(documents: list[tuple[list[str], bytes]]) -> None:
    """In the Word document there are paragraphs and tables; no field, link, picture, object or address outside, and
    each part is XML that can be read.
    """
    allowed = {"p", "pPr", "pStyle", "r", "t", "tbl", "tblPr", "tblW", "tblLook", "tblStyle", "tblGrid", "gridCol"}
    allowed |= {"tr", "tc", "tcPr", "tcW", "br", "tab", "cr", "noBreakHyphen", "body", "document", "sectPr", "pgSz"}
    allowed |= {"pgMar", "cols", "docGrid", "headerReference", "footerReference"}
    for row, data in documents:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: etree.fromstring(package.read(name)) for name in package.namelist() if name[-4:] != "jpeg"}
        elements = {etree.QName(element).localname for element in parts["word/document.xml"].iter(etree.Element)}
        outside = [
            relation.get("Target")
            for name, part in parts.items()
            if name.endswith(".rels")
            for relation in part
            if relation.get("TargetMode") == "External"
        ]
        quotes = [p for p in Document(io.BytesIO(data)).paragraphs if p.style is not None and p.style.name == "Quote"]

        assert elements <= allowed
        assert outside == []
        assert len(quotes) == len(row)
        assert parts["word/document.xml"].findall(f".//{qn('w:instrText')}") == []


@pytest.mark.parametrize("ending", [".csv", ".json", ".md", ".docx"])
def test_exports_come_back_to_the_letter(ending: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is taken away in any format is, read again, the same in every field."""
    from qa.exports import read_export

    excerpts: list[Excerpt] = [
        dataclasses.replace(one, number=number, text=one.text)
        for number, attack in enumerate((a for a in WORDS if len(a) < 20_000), start=1)
        for one in answer_excerpts(hostile(attack)[0])
    ]
    path = tmp_path_factory.mktemp("e") / f"e{ending}"
    path.write_bytes(exported(excerpts, ending))

    assert [one.number for one, was in zip(read_export(path), excerpts, strict=True) if one != was] == []


def test_the_clipboard_gets_the_slice_and_a_source_that_hides_nothing() -> None:
    """A newsroom's reference is the slice to the letter in marks, then the source without anything that steers."""
    wrong = []
    for attack in WORDS:
        quote = hostile(attack)[0].citations[0].quote
        for language, left, right in ((Language.ITALIAN, "«", "»"), (Language.ENGLISH, "“", "”")):
            copied = styled(quote, Style.NEWSROOM, language)
            head = f"{left}{attack}{right}, "
            others = [styled(quote, style, language) for style in (Style.APA, Style.CHICAGO)]
            rests = [copied.removeprefix(head), *(other.replace(attack, "", 1) for other in others)]
            if not copied.startswith(head) or any(steering(rest, keep="") for rest in rests):
                wrong.append(attack[:60])

    assert wrong == []


def test_errors_are_one_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that names somebody's words is one line, whatever these are; so is what argparse refuses."""
    wrong = []
    parser = Parser(prog="x")

    def refuse(value: str) -> int:
        raise argparse.ArgumentTypeError(f"{value} is no number")

    parser.add_argument("number", type=refuse)
    for attack in EVERY:

        def fail(words: str = attack) -> int:
            raise SourceError(f"{words} cannot be read", f"mend {words}")

        assert report_errors(fail) == 1
        told = capsys.readouterr().err
        with pytest.raises(SystemExit):
            parser.parse_args(["--", attack])
        refused = capsys.readouterr().err
        if steering(told) or told.count("\n") != 1 or steering(refused) or refused.count("\n") != 2:
            wrong.append(attack[:60])

    assert wrong == []
