"""Files that somebody sent, read as articles under the names they were sent by."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.ingest import UPLOADED, Intake, read_all, read_file
from index.progress import Bars, progress
from index.readers.formats import ENDINGS
from index.readers.source import Refusal
from index.records import Article
from index.sidefile import ENDING as SIDE_FILE
from index.sources import Choice, Walk


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent; `name` is what they call it, and no path."""

    path: Path
    name: str


def read_uploads(uploads: Sequence[Upload], today: datetime.date | None = None, *, bars: Bars = progress) -> Intake:
    """Every article in `uploads`, there being any or not; what is in no format that is read is refused.

    Their names are those they were sent under, the place they were read from is :data:`UPLOADED`. A side file is told
    by its path, beside the file it goes with.
    """
    day = today or datetime.date.today()
    read = {one.path: one.name for one in uploads if one.path.suffix.lower() in ENDINGS}
    walk = Walk(Choice())
    walk.refusals += [
        Refusal(one.name, "is in no format that is read", "leave it out, or save it as text")
        for one in uploads
        if one.path not in read and not one.path.name.endswith(SIDE_FILE)
    ]

    def articles_of(path: Path, notes: list[str]) -> list[Article | Refusal]:
        found = read_file(path, day, notes, read[path])
        return [part if isinstance(part, Refusal) else replace(part, source_path=UPLOADED) for part in found]

    intake = read_all(list(read), articles_of, walk, set(), bars)
    shown = {str(path): name for path, name in read.items()}
    return replace(intake, refusals=tuple(replace(r, path=shown.get(r.path, r.path)) for r in intake.refusals))
