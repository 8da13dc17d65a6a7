"""Finding the files to read: those named, and those in the folders named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from index.readers.formats import ENDINGS
from index.readers.source import Refusal
from index.sidefile import ENDING as SIDE_FILE

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files of a folder are read: patterns as of a shell, against the path from the folder or the name alone.

    Attributes:
        include: where there are any, one of them must match.
        exclude: none of them may match.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, path: Path) -> bool:
        """Whether the file at `path`, from its folder, is to be read."""

        def matches(patterns: Sequence[str]) -> bool:
            return any(fnmatchcase(path.as_posix(), one) or fnmatchcase(path.name, one) for one in patterns)

        return (not self.include or matches(self.include)) and not matches(self.exclude)


@dataclass(slots=True)
class Walk:
    """A walk through the sources, and what it met besides files to read.

    Attributes:
        missing: sources that are named and not there, or cannot be entered: what was asked for cannot be done.
        refusals: files in folders that are not to be read.
        passed_over: how many files of folders are in no format that is read.
    """

    choice: Choice
    missing: list[Refusal] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    passed_over: int = 0

    def files(self, sources: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
        """Each file once, those of a folder sorted, and whether it was named itself. ``-`` is standard input."""
        seen: set[str] = set()
        for source in sources:
            named = source == STANDARD_INPUT or not source.is_dir()
            for path in self._named(source) if named else self._in_folder(source):
                real = os.path.realpath(path)  # Path.resolve() raises on a link to itself
                if real not in seen:
                    seen.add(real)
                    yield path, named

    def _named(self, source: Path) -> Iterator[Path]:
        if source == STANDARD_INPUT or source.is_file() or source.is_symlink():
            yield source
        elif source.exists():
            self.missing.append(Refusal(str(source), "is neither a file nor a folder", "name a file or a folder"))
        else:
            self.missing.append(Refusal(str(source), "does not exist", "check the path"))

    def _in_folder(self, source: Path) -> Iterator[Path]:
        top = os.path.realpath(source)

        def failed(error: OSError) -> None:
            refusal = Refusal(
                str(error.filename), f"cannot be read ({error.strerror})", "check the folder's permissions"
            )
            (self.missing if os.path.realpath(error.filename) == top else self.refusals).append(refusal)

        found = []
        for folder, folders, names in os.walk(source, onerror=failed):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            self.refusals += [_led_out(Path(folder, name)) for name in folders if _leads_out(Path(folder, name), top)]
            found += [Path(folder, name) for name in names if not name.startswith(".")]
        for path in sorted(found):
            if path.name.endswith(SIDE_FILE) or not self.choice.takes(path.relative_to(source)):
                continue
            if path.suffix.lower() not in ENDINGS:
                self.passed_over += 1
            elif _leads_out(path, top):
                self.refusals.append(_led_out(path))
            else:
                yield path


def _leads_out(path: Path, top: str) -> bool:
    return path.is_symlink() and not f"{os.path.realpath(path)}{os.sep}".startswith(top.rstrip(os.sep) + os.sep)


def _led_out(path: Path) -> Refusal:
    return Refusal(str(path), "is a link that leads out of the folder", "name what it leads to")
