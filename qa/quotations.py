"""Direct speech in the archive: whose it is, and which quotations somebody asks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.analysis import fold, words
from index.archive import Archive
from index.records import Article, DirectQuote, Span
from index.selection import Selection
from index.speech import Speaker
from qa.records import Filters


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words in an article; `text` is the slice inside the marks."""

    article: Article
    speech: DirectQuote

    @property
    def text(self) -> str:
        """The slice."""
        return self.speech.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker and how much of him or her there is.

    Attributes:
        speaker: with all the spellings seen.
        quotations: how many.
        articles: how many hold them.
        first: earliest day of publication of these, ISO 8601; None where none is dated.
        last: latest, likewise.
    """

    speaker: Speaker
    quotations: int
    articles: int
    first: str | None
    last: str | None


def find_quotations(archive: Archive, text: str | None, filters: Filters) -> list[Quotation]:
    """The direct speech that holds every word of `text` and meets `filters`, newest article first.

    Articles without a date come last; within an article quotations stand in its order.
    """
    allowed = archive.store.article_ids(selection_of(archive, replace(filters, speaker=None)))
    named = None if filters.speaker is None else forms_of(archive, filters.speaker, exact=filters.exact)
    wanted = {word.form for word in words(text or "")}
    articles: dict[str, Article] = {}
    found = []
    for speech in archive.store.direct_quotes(allowed):
        if named is not None and speech.speaker not in named:
            continue
        if speech.article_id not in articles:
            articles[speech.article_id] = archive.store.article(speech.article_id)
        quotation = Quotation(articles[speech.article_id], speech)
        if wanted <= {word.form for word in words(quotation.text)}:
            found.append(quotation)
    found.sort(key=lambda q: (q.article.source_file, q.article.id, q.speech.span.start))
    return sorted(found, key=lambda q: q.article.published or "", reverse=True)


def voices(archive: Archive, filters: Filters) -> list[Voice]:
    """Who speaks in the articles that meet `filters`, most quoted first, then by name.

    Spellings are joined across the whole archive, but only those seen in these articles are listed.
    """
    found = find_quotations(archive, None, filters)
    counts = Counter(q.speech.speaker for q in found if q.speech.speaker)
    said: dict[str, list[Quotation]] = defaultdict(list)
    for quotation in found:
        if quotation.speech.speaker:
            said[quotation.speech.speaker].append(quotation)
    listed = []
    for speaker in archive.speakers:
        forms = sorted((form for form in speaker.forms if form in counts), key=lambda form: -counts[form])
        theirs = [quotation for form in forms for quotation in said[form]]
        days = sorted(q.article.published[:10] for q in theirs if q.article.published)
        if theirs:
            articles = len({quotation.article.id for quotation in theirs})
            span = (days[0], days[-1]) if days else (None, None)
            listed.append(Voice(Speaker(speaker.name, tuple(forms)), len(theirs), articles, *span))
    return sorted(listed, key=lambda voice: -voice.quotations)


def selection_of(archive: Archive, filters: Filters) -> Selection:
    """What `filters` come to in `archive`."""
    return Selection(
        since=filters.since or None,
        until=filters.until or None,
        language=filters.language or None,
        outlets=archive.store.outlets(filters.outlet, exact=filters.exact) if filters.outlet else None,
        speakers=forms_of(archive, filters.speaker, exact=filters.exact) if filters.speaker else None,
    )


def forms_of(archive: Archive, name: str, *, exact: bool = False) -> frozenset[str]:
    """Every spelling of the speakers one of whose spellings holds all words of `name`, whatever case and accents.

    Where it is to be `exact`, one of their spellings is `name`.
    """
    folded, wanted = fold(name), {word.form for word in words(name)} or {fold(name)}

    def named(spelling: str) -> bool:
        return fold(spelling) == folded if exact else wanted <= {word.form for word in words(spelling)}

    return frozenset(form for speaker in archive.speakers if any(map(named, speaker.forms)) for form in speaker.forms)


def speech_within(speech: Iterable[DirectQuote], span: Span) -> tuple[DirectQuote, ...]:
    """The direct speech that shares words with `span`, in the article's order; what has this very span alone."""
    overlapping = sorted((quote for quote in speech if quote.span.overlaps(span)), key=lambda quote: quote.span)
    return tuple(quote for quote in overlapping if quote.span == span) or tuple(overlapping)


def who_says(speech: Iterable[DirectQuote]) -> tuple[str | None, str | None]:
    """The speakers of some direct speech in their order, and the carriers, parted by semicolons; None for nobody."""
    quotes = list(speech)
    speakers = dict.fromkeys(quote.speaker for quote in quotes if quote.speaker)
    carriers = dict.fromkeys(quote.reported_by for quote in quotes if quote.reported_by)
    return "; ".join(speakers) or None, "; ".join(carriers) or None
