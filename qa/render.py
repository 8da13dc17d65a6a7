"""An answer as JSON and as text for a terminal. HTML is made by the page's own module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.records import Article, DirectQuote
from index.terminal import printable
from qa.grouping import Group, marked
from qa.links import page_link, source_link
from qa.messages import message
from qa.quotations import Quotation, Voice, who_says
from qa.records import Answer, Citation, Claim, Disagreement, Language, Matter, Quote, Status
from qa.reference import attribution, attributions, page_parts, source_parts
from qa.styles import Style, styled

_LINE_BREAKS = "\n"


def answer_json(answer: Answer, style: Style = Style.NEWSROOM) -> dict[str, Any]:
    """The answer as the public contract has it, references in `style`."""
    language = answer.question.language
    return {
        "question": answer.question.text,
        "searched": answer.question.searched,
        "language": language.value,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "reason": None if answer.reason is None else answer.reason.value,
        "citations": [citation_json(citation, language, style) for citation in answer.citations],
        "nearest": [citation_json(citation, language, style) for citation in answer.nearest],
        "disagreements": [disagreement_json(disagreement) for disagreement in answer.disagreements],
        "withheld": answer.withheld,
        "index_id": answer.index_id,
        "timings_ms": {name: round(value, 1) for name, value in answer.timings_ms.items()},
    }


def citation_json(citation: Citation, language: Language, style: Style) -> dict[str, Any]:
    """One citation; every text in it is the slice of the article that its offsets name."""
    quote, context = citation.quote, citation.context
    pages = quote.article.pages_of(quote.span)
    return {
        "number": citation.number,
        "text": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        "answer": None if citation.answer is None else [citation.answer.start, citation.answer.end],
        "score": round(citation.score, 4),
        **({} if pages is None else {"page": pages[0]}),
        "article": article_json(quote.article),
        "context": {"text": context.text, "start": context.span.start, "end": context.span.end},
        "speech": _speech_of(citation),
        "also_in": [_place_json(quote) for quote in citation.also_in],
        "reference": styled(quote, style, language),
        "links": {"source": source_link(quote), "page": page_link(quote)},
        "found_by": citation.ranks,
    }


def disagreement_json(disagreement: Disagreement) -> dict[str, Any]:
    """What sources differ about and what each states; every text in it is a slice of its article."""
    return {
        "matter": disagreement.matter.value,
        "counted": [{**_slice_json(words), "article": words.article.id} for words in disagreement.counted],
        "claims": [
            {
                **_slice_json(claim.quote),
                **_stated_json(claim, disagreement.matter),
                "authority": None if claim.authority is None else _slice_json(claim.authority),
                "sentence": _slice_json(claim.sentence),
                "article": article_json(claim.quote.article),
            }
            for claim in disagreement.claims
        ],
    }


def _stated_json(claim: Claim, matter: Matter) -> dict[str, Any]:
    """What a claim's words mean, as far as they can be compared as values; a name is its words."""
    if matter is Matter.FIGURES:
        return {"low": claim.low, "high": claim.high, "qualifier": claim.qualifier}
    return {"date": claim.date} if matter is Matter.DATES else {}


def _speech_of(citation: Citation) -> dict[str, Any] | None:
    """Who says and who carries the words of a citation; of several speakers all, and each with their own words."""
    if not citation.speech:
        return None
    speaker, carrier = who_says(citation.speech)
    return {"speaker": speaker, "reported_by": carrier, "spans": [speech_json(speech) for speech in citation.speech]}


def _place_json(quote: Quote) -> dict[str, Any]:
    """Where words stand, without them."""
    return {"start": quote.span.start, "end": quote.span.end, "article": article_json(quote.article)}


def _slice_json(quote: Quote) -> dict[str, Any]:
    return {"text": quote.text, "start": quote.span.start, "end": quote.span.end}


def speech_json(speech: DirectQuote) -> dict[str, Any]:
    """Who says the words, who carries them, and where they stand."""
    return {
        "speaker": speech.speaker,
        "reported_by": speech.reported_by,
        "start": speech.span.start,
        "end": speech.span.end,
        "partial": speech.partial,
    }


def quotation_json(quotation: Quotation) -> dict[str, Any]:
    """One quotation as the public contract has it; every text in it is a slice of the article."""
    speech, text = quotation.speech, quotation.article.text
    named, verb = speech.speaker_span, speech.verb_span
    return {
        "text": quotation.text,
        "start": speech.span.start,
        "end": speech.span.end,
        "segments": [[segment.start, segment.end] for segment in speech.segments],
        "partial": speech.partial,
        "speaker": speech.speaker,
        "speaker_start": None if named is None else named.start,
        "speaker_end": None if named is None else named.end,
        "verb": None if verb is None else verb.of(text),
        "reported_by": speech.reported_by,
        "article": article_json(quotation.article),
    }


def quotations_text(quotations: Sequence[Quotation]) -> str:
    """Quotations for a terminal: words, speaker, carrier, source; each in its article's language, or English."""
    lines = []
    for quotation in quotations:
        speech, article = quotation.speech, quotation.article
        language = Language(article.language) if article.language in tuple(Language) else Language.ENGLISH
        left, right = marks(language)
        place = f"{article.source_file} [{speech.span.start}:{speech.span.end}]"
        source = ", ".join([*source_parts(article, language), place])
        lines.append(f"{left}{printable(quotation.text, keep=_LINE_BREAKS)}{right}")
        lines += [f"    {printable(attribution(speech, language))} — {printable(source)}", ""]
    return "\n".join(lines)


def group_json(group: Group) -> dict[str, Any]:
    """A quotation as :func:`quotation_json` has it, with those of the same words and those of other ones."""
    return {
        **quotation_json(group.lead),
        "also_in": [quotation_json(quotation) for quotation in group.also],
        "variants": [quotation_json(quotation) for quotation in group.variants],
    }


def groups_text(groups: Sequence[Group]) -> str:
    """Groups for a terminal: a quotation, where else it stands alike, and where otherwise, differences marked."""
    lines = []
    for group in groups:
        lines.append(quotations_text([group.lead]).rstrip("\n"))
        article = group.lead.article
        language = Language(article.language) if article.language in tuple(Language) else Language.ENGLISH
        for quotation in group.also:
            lines.append(f"    {message('also_in', language, source=_place(quotation, language))}")
        for quotation in group.variants:
            said = printable(" ".join(marked(group.lead, quotation).split()))
            lines += [f"    {message('otherwise_in', language, source=_place(quotation, language))}", f"        {said}"]
        lines.append("")
    return "\n".join(lines) + ("\n" if lines else "")


def _place(quotation: Quotation, language: Language) -> str:
    article, span = quotation.article, quotation.speech.span
    place = f"{article.source_file} [{span.start}:{span.end}]"
    return printable(", ".join([attribution(quotation.speech, language), *source_parts(article, language), place]))


def voice_json(voice: Voice) -> dict[str, Any]:
    """One speaker, the spellings seen, and how much of him or her there is."""
    return {
        "speaker": voice.speaker.name,
        "forms": list(voice.speaker.forms),
        "quotations": voice.quotations,
        "articles": voice.articles,
        "first": voice.first,
        "last": voice.last,
    }


def voices_text(voices: Sequence[Voice]) -> str:
    """Speakers for a terminal: how often quoted, in how many articles, and every spelling."""
    return "".join(
        f"{voice.quotations:6} {voice.articles:6}  {printable(' · '.join((voice.speaker.name, *_others(voice))))}\n"
        for voice in voices
    )


def _others(voice: Voice) -> list[str]:
    return [form for form in voice.speaker.forms if form != voice.speaker.name]


def marks(language: Language) -> tuple[str, str]:
    """Quotation marks as `language` prints them."""
    return ("«", "»") if language is Language.ITALIAN else ("“", "”")


def article_json(article: Article) -> dict[str, Any]:
    """What is known of an article, without its text."""
    return {
        "id": article.id,
        "file": article.source_file,
        "sha256": article.sha256,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "language": article.language,
        "url": article.url,
    }


def answer_text(answer: Answer, style: Style = Style.NEWSROOM) -> str:
    """The answer for a terminal: numbered quotes with their sources; nothing in it can steer the terminal.

    In any other style than a newsroom's, the quote with its reference stands below as that style writes it.
    """
    language = answer.question.language
    lines = []
    if answer.question.follows:
        lines += [message("searched", language, searched=printable(answer.question.searched))]
    if answer.status is Status.NOT_FOUND:
        assert answer.reason is not None
        lines += ["", message("not_found", language) + " " + message(f"reason_{answer.reason}", language)]
        if answer.nearest:
            lines += ["", message("nearest", language)]
    for citation in answer.citations or answer.nearest:
        lines += ["", *_citation_lines(citation, language)]
        if style is not Style.NEWSROOM:
            lines += ["", printable(styled(citation.quote, style, language), keep=_LINE_BREAKS)]
    if answer.withheld:
        lines += ["", message("withheld", language, count=str(answer.withheld))]
    for disagreement in answer.disagreements:
        lines += ["", *_disagreement_lines(disagreement, language)]
    return "\n".join(lines).strip() + "\n"


def differing(disagreement: Disagreement, language: Language) -> str:
    """The fixed words for a disagreement, with the article's words for what it is about."""
    left, right = marks(language)
    counted = " ".join(f"{left}{printable(words.text)}{right}" for words in disagreement.counted)
    return message("differ", language, counted=counted)


def claim_source(claim: Claim, language: Language, place: str | None = None) -> str:
    """The authority an article gives for a claim, then title, outlet and date; then `place`, or else the file's name
    where nothing is known.
    """
    article = claim.quote.article
    told = [] if claim.authority is None else [claim.authority.text]
    known = [*source_parts(article, language), *([] if place is None else [place])]
    return printable(" — ".join([*told, ", ".join(known) or article.source_file]))


def _disagreement_lines(disagreement: Disagreement, language: Language) -> list[str]:
    left, right = marks(language)
    lines = [differing(disagreement, language)]
    for claim in disagreement.claims:
        article, span = claim.quote.article, claim.quote.span
        place = f"{article.source_file} [{span.start}:{span.end}]"
        source = claim_source(claim, language, place)
        lines.append(f"  - {left}{printable(claim.quote.text)}{right}: {printable(source)}")
    return lines


def _citation_lines(citation: Citation, language: Language) -> list[str]:
    """The quote is not wrapped: what is copied from the terminal is the slice."""
    left, right = marks(language)
    article, span = citation.quote.article, citation.quote.span
    place = f"{article.source_file} [{span.start}:{span.end}]"
    source = ", ".join([*source_parts(article, language), *page_parts(citation.quote), place])
    if citation.speech:
        source = f"{attributions(citation.speech, language)} — {source}"
    return [
        f"[{citation.number}] {left}{printable(citation.quote.text, keep=_LINE_BREAKS)}{right}",
        f"    {printable(source)}",
        *(f"    {message('also_in', language, source=copy_source(quote, language))}" for quote in citation.also_in),
    ]


def copy_source(quote: Quote, language: Language) -> str:
    """A place that has words of another article as well, for one line."""
    place = f"{quote.article.source_file} [{quote.span.start}:{quote.span.end}]"
    return printable(", ".join([*source_parts(quote.article, language), place]))
