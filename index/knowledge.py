"""What is known of an article: the claims of its format, its side file, its own words and its file's name, together."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.claims import Claim, Field, Origin, best, claim, settled
from index.furniture import find_furniture
from index.language import detect_language
from index.masthead import read_masthead
from index.readers.source import Reading
from index.records import Article, Exclusion

_NAMED_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](\d\d)[-_.](\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class File:
    """Where readings come from.

    Attributes:
        path: as given; ``-`` for standard input.
        digest: SHA-256 of its bytes; empty for standard input, which nobody can look at again.
        said: what its side file says.
    """

    path: str
    name: str
    digest: str
    said: Sequence[Claim] = ()


def article_of(reading: Reading, file: File, today: datetime.date) -> tuple[Article, tuple[str, ...]]:
    """The article, and which claims were refused, one line each."""
    text = reading.text
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    own, exclusions = _text_claims(text)
    claims, refused = settled([*file.said, *reading.claims, *own, *_name_claims(file.name)], today)
    article = Article(
        id=sha256[:16],
        text=text,
        title=best(claims, Field.TITLE),
        outlet=best(claims, Field.OUTLET),
        author=best(claims, Field.AUTHOR),
        published=best(claims, Field.PUBLISHED),
        language=best(claims, Field.LANGUAGE),
        url=best(claims, Field.URL),
        source_file=file.name + reading.part,
        source_path=os.path.realpath(file.path) if file.digest else file.path,
        sha256=sha256,
        source_sha256=file.digest or sha256,
        exclusions=_merged([*reading.excluded, *exclusions]),
        claims=claims,
        pages=reading.pages,
    )
    return article, refused


def _text_claims(text: str) -> tuple[Iterator[Claim], list[Exclusion]]:
    """What the words of the text say of it, and which of them are no news."""
    furniture = find_furniture(text)
    head = read_masthead(text, furniture.exclusions)

    def claims() -> Iterator[Claim]:
        for field, span in (
            (Field.TITLE, head.title),
            (Field.KICKER, head.kicker),
            (Field.STANDFIRST, head.standfirst),
            (Field.OUTLET, furniture.outlet),
            (Field.AUTHOR, head.author),
            (Field.PLACE, head.place),
            (Field.AGENCY, head.outlet),
        ):
            yield from claim(field, span and span.of(text), Origin.TEXT)
        # Who carries an agency's words may be somebody else: any other claim goes before this one.
        yield from claim(Field.OUTLET, head.outlet and head.outlet.of(text), Origin.TEXT, 0.3)
        yield from claim(Field.PUBLISHED, head.published, Origin.TEXT)
        yield from claim(Field.UPDATED, head.updated, Origin.TEXT)
        yield from claim(Field.LANGUAGE, detect_language(text), Origin.TEXT)

    return claims(), [*furniture.exclusions, *head.exclusions]


def _name_claims(name: str) -> Iterator[Claim]:
    """A file's name may hold its article's day: ``2025-10-24-museo.html``."""
    day = _NAMED_DATE.search(name)
    if day is not None:
        yield from claim(Field.PUBLISHED, "-".join(day.groups()), Origin.FILE_NAME)


def _merged(exclusions: list[Exclusion]) -> tuple[Exclusion, ...]:
    """Sorted and disjoint: of two that overlap, the one that begins first and reaches further stays."""
    kept: list[Exclusion] = []
    for exclusion in sorted(exclusions, key=lambda item: (item.span.start, -item.span.end)):
        if not kept or exclusion.span.start >= kept[-1].span.end:
            kept.append(exclusion)
    return tuple(kept)
