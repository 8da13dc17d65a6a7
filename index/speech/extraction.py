"""Direct speech of one article: quotations, who says them, who carries them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from index.language import ENGLISH, ITALIAN, function_word_votes
from index.records import DirectQuote, Span
from index.speech.acts import acts
from index.speech.attribution import attribute
from index.speech.clauses import Clause
from index.speech.dashes import Interruption, dialogue, interruption, pieces
from index.speech.discourse import Discourse
from index.speech.grammar import grammar
from index.speech.interview import answers
from index.speech.judgement import is_speech, is_whole
from index.speech.links import Attribution, Link, verb_span
from index.speech.marks import Pair, pair
from index.speech.names import Finder, is_outlet
from index.speech.persons import Names
from index.speech.pointing import introduced, pointing
from index.speech.sources import carrier, only_carries
from index.speech.subjects import subject
from index.speech.tokens import QUOTE, Token, sentences, words
from index.speech.verbs import verbs

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SAMPLE = 4_000
"""Code points that tell the language of an article of unknown language."""
_MOST = 0.75
"""Share of a headline's words that the quotation it is taken from holds."""
_EXPECTING = ",?!—–-…"
"""Last characters of a quotation whose attribution follows."""


def extract(article_id: str, text: str, language: str | None, excluded: Sequence[Span] = ()) -> tuple[DirectQuote, ...]:
    """The direct quotations of `text`, sorted by start, none inside another.

    Args:
        article_id: what the records carry.
        text: of the article; the offsets are code points of it.
        language: ``it`` or ``en``; any other, and None, is read as whichever of the two the text looks more like.
        excluded: sorted, disjoint spans that are not news; a quotation that overlaps one is left out.
    """
    pairs = list(pair(text))
    if language not in (ITALIAN, ENGLISH):
        votes = function_word_votes(text[:_SAMPLE])
        language = ITALIAN if votes[ITALIAN] >= votes[ENGLISH] else ENGLISH
    cuts: dict[Span, Interruption] = {}
    for found, cut in list(dialogue(text, pairs, verbs(language))):
        pairs.append(found)
        if cut is not None:
            cuts[found.inner] = cut
    starts = [span.start for span in excluded]

    def admitted(found: Pair) -> bool:
        at = bisect_right(starts, found.outer.end) - 1
        return at < 0 or not excluded[at].overlaps(found.outer)

    pairs = sorted(filter(admitted, pairs), key=lambda found: found.outer)
    return tuple(_Reader(article_id, text, language, pairs, excluded, cuts).read()) if pairs else ()


def _expects(inner: str, said: Sequence[str], *, opens: bool) -> bool:
    """Whether a quotation looks like one whose attribution follows, comma or not; `opens`: it begins the sentence."""
    return inner[-1] in _EXPECTING or (len(said) > (2 if opens else 4) and said[0][0].isupper())


class _Reader:
    """One article being read from its first quotation to its last."""

    def __init__(
        self,
        article_id: str,
        text: str,
        language: str,
        pairs: Sequence[Pair],
        excluded: Sequence[Span],
        cuts: dict[Span, Interruption],
    ) -> None:
        self._id = article_id
        self._text = text
        self._italian = language == ITALIAN
        self._grammar = grammar(language)
        self._verbs = verbs(language)
        self._pairs = pairs
        self._cuts = cuts
        outer = [found.outer for found in pairs]
        self._sentences = sentences(text, outer, excluded, self._verbs, elides=self._italian)
        self._finder = Finder(text, self._sentences, self._grammar)
        self._names = Names(self._finder, self._sentences, self._grammar, self._verbs)
        self._headline = self._sentences[0].tokens[-1].end if self._sentences else 0
        self._answers = answers(text, pairs)
        self._discourse = Discourse(text, self._clause, self._names, self._grammar)
        self._clauses: dict[int, Clause] = {}
        self._carriers: dict[int, Span | None] = {}

    def read(self) -> list[DirectQuote]:
        """The quotations that are speech, in order."""
        found = [
            quote
            for number, sentence in enumerate(self._sentences)
            for place, token in enumerate(sentence.tokens)
            if token.kind == QUOTE and (quote := self._quote(number, place, self._pairs[token.quote])) is not None
        ]
        return [self._repeated(quote, found) for quote in found]

    def _repeated(self, quote: DirectQuote, others: Sequence[DirectQuote]) -> DirectQuote:
        """A headline's quotation of nobody named with the speaker of the quotation below that holds its words.

        Failing that, an office in a headline is the person's whom the article is about.
        """
        named = quote.speaker is not None and not self._discourse.is_unnamed(quote.speaker)
        if named or quote.span.start >= self._headline:
            return quote
        wanted = {word.casefold() for word in _WORD.findall(quote.span.of(self._text)) if len(word) > 3}
        for other in others:
            if other.span.start < self._headline:
                continue
            said = {word.casefold() for word in _WORD.findall(other.span.of(self._text))}
            if wanted and other.speaker is not None and len(wanted & said) >= _MOST * len(wanted):
                return replace(quote, speaker=other.speaker)
        hero = self._names.protagonist
        meant = quote.speaker is not None and hero is not None and self._discourse.may_mean(quote.speaker, hero)
        return replace(quote, speaker=hero) if meant else quote

    def _clause(self, number: int) -> Clause:
        clause = self._clauses.get(number)
        if clause is None:
            clause = self._parsed(self._sentences[number].tokens, headline=number == 0)
            self._clauses[number] = clause
        return clause

    def _parsed(self, tokens: Sequence[Token], *, headline: bool) -> Clause:
        found = acts(tokens, self._verbs, self._grammar, headline=headline, italian=self._italian)
        return Clause(tokens, found, list(self._finder.find(tokens)), self._names, self._grammar)

    def _quote(self, number: int, place: int, quoted: Pair) -> DirectQuote | None:
        inner = quoted.inner.of(self._text)
        said = _WORD.findall(inner)
        if not said:
            return None
        clause = self._clause(number)
        link = attribute(clause, place, self._grammar, expects=_expects(inner, said, opens=not place), words=len(said))
        answer = False
        whole = quoted.dialogue or is_whole(clause, place, inner, link, len(said))
        if not whole and link.link is Link.NONE and self._alone(number, place, inner):
            link = self._neighbours(number, place) or link
            whole = link.link is not Link.NONE
        segments = quoted.pieces
        cut = self._cut(quoted, link)
        if cut is not None:
            within = self._interrupted(cut)
            link = link if within.mention is None and link.mention is not None else within
            whole, segments = True, pieces(self._text, quoted, cut)
        elif whole and link.link is Link.NONE:
            link = self._neighbours(number, place) or link
            answer = link.link is Link.NONE and self._sentences[number].tokens[place].quote in self._answers
            if number == 0 and len(said) < 3 and link.link is Link.NONE:
                return None
        elif not whole and not is_speech(clause, place, inner, said, link, self._grammar, headline=number == 0):
            return None
        speaker = self._names.protagonist if answer else self._speaker(number, place, link)
        mention = link.mention
        if speaker is not None and (mention is None or not mention.aside):
            self._discourse.note(number, speaker)
        carried = self._carrier(number)
        if carried is None and mention is not None and mention.name is not None and is_outlet(mention.name):
            carried = mention.name.span
        return DirectQuote(
            article_id=self._id,
            span=quoted.inner,
            segments=segments,
            partial=not whole,
            speaker=speaker,
            speaker_span=mention.span if mention is not None else None,
            verb_span=link.verb,
            reported_by=carried.of(self._text) if carried is not None else None,
            reported_by_span=carried,
        )

    def _alone(self, number: int, place: int, inner: str) -> bool:
        """Whether a quotation of one word is a sentence by itself: ``«Vergogna».``"""
        rest = self._sentences[number].tokens[place + 1 :]
        return place == 0 and inner[0].isupper() and all(token.low == "." for token in rest)

    def _cut(self, quoted: Pair, link: Attribution) -> Interruption | None:
        """The attribution inside a quotation; between commas only where its own sentence has none."""
        if quoted.inner in self._cuts:
            return self._cuts[quoted.inner]
        if quoted.dialogue:
            return None
        return interruption(self._text, quoted.inner, self._verbs, commas=link.link in (Link.NONE, Link.COLON))

    def _interrupted(self, cut: Interruption) -> Attribution:
        """The attribution that stands inside a quotation."""
        clause = self._parsed(
            list(words(self._text, cut.words.start, cut.words.end, elides=self._italian)), headline=False
        )
        if not clause.acts:
            return Attribution(Link.AFTER)
        act = clause.acts[0]
        return Attribution(
            Link.AFTER, subject(clause, act, self._grammar), verb_span(clause, act), act.sense, near=True
        )

    def _neighbours(self, number: int, place: int) -> Attribution | None:
        """The attribution of an utterance that stands alone, from the sentence after it or before it."""
        if number + 1 < len(self._sentences) and not self._sentences[number + 1].opens_line:
            following = self._clause(number + 1)
            alone = place == 0 and self._sentences[number].opens_line
            found = pointing(following, self._grammar) or (introduced(following) if alone else None)
            if found is not None:
                return found
        if place == 0 and number and self._sentences[number - 1].tokens[-1].low == ":":
            clause = self._clause(number - 1)
            if clause.acts:
                act = clause.acts[-1]
                mention = subject(clause, act, self._grammar)
                return Attribution(Link.COLON, mention, verb_span(clause, act), act.sense, near=True)
        return None

    def _speaker(self, number: int, place: int, link: Attribution) -> str | None:
        mention = link.mention
        if mention is not None and not mention.pronoun:
            return self._discourse.resolved(number, mention)
        if link.nameless or (link.link is Link.NONE and number == 0):
            return None
        clause = self._clause(number)
        if link.link is Link.NOUN:
            lead = clause.introducer(len(clause.tokens))
        elif mention is not None:
            lead = clause.leader(mention)
        else:
            lead = clause.introducer(place) if place and link.link is Link.NONE else None
        if lead is not None and not lead.pronoun:
            return self._discourse.resolved(number, lead)
        if link.link is Link.NOUN:
            return None
        return self._discourse.recent(number, mention.gender if mention is not None else "")

    def _carrier(self, number: int) -> Span | None:
        if number not in self._carriers:
            found = carrier(self._clause(number), self._grammar)
            if found is None and number + 1 < len(self._sentences):
                following = self._clause(number + 1)
                found = carrier(following, self._grammar) if only_carries(following) else None
            self._carriers[number] = found
        return self._carriers[number]
