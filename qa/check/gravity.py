"""What a changed word is to the sense of what was said: a number, a unit, a name, a negation, or only a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from index.records import Span
from qa.check.folding import FUNCTION_WORDS, Kind, Token, is_common, opens, tokens
from qa.nations import nation_of


class Change(StrEnum):
    """What was changed; all but words are serious."""

    WORD = "word"
    NUMBER = "number"
    UNIT = "unit"
    NAME = "name"
    NEGATION = "negation"
    SPEAKER = "speaker"


_SAME_NEGATION = {"t": "not", "cannot": "not"}
"""*Can't*, *can not* and *cannot* deny alike: another word, but no other sense."""
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
"""English ones, which have capitals where they are no other words; Italian ones are numbers already."""
_ORDINALS = frozenset(
    "primo prima primi prime secondo seconda secondi seconde terzo terza terzi terze quarto quarta quinto quinta sesto "
    "sesta settimo settima ottavo ottava nono nona decimo decima undicesimo undicesima dodicesimo dodicesima ventesimo "
    "ventesima centesimo centesima millesimo first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
    "twelfth thirteenth fourteenth fifteenth twentieth thirtieth hundredth thousandth".split()
)
_ALSO_OTHER = frozenset("prima primi prime secondo secondi first second".split())
"""Ordinals that are other words as well (*prima*, *secondo*): ordinals where one stands on the other side too."""
_UNITS = frozenset(
    "km chilometro chilometri metro metri centimetro centimetri cm millimetro millimetri miglio miglia ettaro "
    "ettari litro litri barile barili tonnellata tonnellate chilo chili kg chilogrammo chilogrammi grammo "
    "grammi quintale quintali grado gradi watt kilowatt megawatt gigawatt nodi giorno giorni settimana "
    "settimane mese mesi anno anni ora ore minuto minuti secondo secondi decennio decenni secolo secoli "
    "kilometre kilometres kilometer kilometers metre metres meter meters centimetre centimetres mile miles foot "
    "feet inch inches yard yards acre acres hectare hectares litre litres liter liters gallon gallons barrel "
    "barrels ton tons tonne tonnes kilo kilos kilogram kilograms gram grams ounce ounces degree degrees "
    "megawatts kilowatts knots day days week weeks month months year years hour hours minute minutes second "
    "seconds decade decades century centuries celsius fahrenheit euro euros dollaro dollari dollar dollars "
    "sterlina sterline pound pounds yen rublo rubli rouble roubles ruble rubles franco franchi franc francs "
    "yuan rupia rupie rupee rupees corona corone krona kronor lira lire zloty peso pesos cent cents centesimi "
    "punti points percent".split()
)
_NEAR = 25
"""Characters before a unit in which its number is looked for."""


def gravest(given: Sequence[Token], text: str, source: Sequence[Token], other: str, names: frozenset[str]) -> Change:
    """The gravest thing that was changed between words of `text` and of `other`; words only moved do not count.

    `names` are the forms that the source's article writes as names.
    """
    if _negations(given) != _negations(source):
        return Change.NEGATION
    ours, theirs = Counter(token.spelled for token in given), Counter(token.spelled for token in source)
    changed = [(token, text) for token in given if ours[token.spelled] > theirs[token.spelled]]
    changed += [(token, other) for token in source if theirs[token.spelled] > ours[token.spelled]]
    if any(token.kind is Kind.NUMBER or _is_calendar(token) for token, _ in changed) or _counts(given, source, changed):
        return Change.NUMBER
    if _measures(given, source, changed):
        return Change.UNIT
    named = any(_is_name(token, where, names) for token, where in changed)
    return Change.NAME if named else Change.WORD


def _negations(words: Iterable[Token]) -> Counter[str]:
    return Counter(_SAME_NEGATION.get(word.form, word.spelled) for word in words if word.kind is Kind.NEGATION)


def _is_calendar(token: Token) -> bool:
    return token.capital and token.form in _CALENDAR


def _counts(given: Sequence[Token], source: Sequence[Token], changed: Iterable[tuple[Token, str]]) -> bool:
    """Whether an ordinal was changed."""
    both = all(any(word.form in _ORDINALS for word in side) for side in (given, source))
    return any(token.form in _ORDINALS and (both or token.form not in _ALSO_OTHER) for token, _ in changed)


def _measures(given: Sequence[Token], source: Sequence[Token], changed: Iterable[tuple[Token, str]]) -> bool:
    """Whether a unit or currency was changed: one for another, or that of a number."""
    both = all(any(word.form in _UNITS for word in side) for side in (given, source))
    return any(token.form in _UNITS and (both or _numbered(where, token.start)) for token, where in changed)


def _numbered(text: str, at: int) -> bool:
    before = [word for word in tokens(text, Span(max(0, at - _NEAR), at)) if word.form not in ("di", "of")]
    return bool(before) and before[-1].kind is Kind.NUMBER


def _is_name(token: Token, text: str, names: frozenset[str]) -> bool:
    """Whether a word names a nation or its people, or is written as a name: with a capital that no beginning explains,
    or that is no common word.
    """
    if token.form in FUNCTION_WORDS:
        return False
    if nation_of(token.form) is not None:
        return True
    return token.capital and (token.form in names or not opens(text, token.start) or not is_common(token.form))
