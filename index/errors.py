"""Errors a user can mend: each says in one line what is wrong and, in `hint`, what to do.

::

    VirgolettatoError
    ├── SourceError      a file or folder of articles, or of questions, cannot be read
    ├── ArchiveError     the archive on disk cannot be used or written
    │   ├── ArchiveMissingError
    │   ├── ArchiveBusyError
    │   ├── ArchiveDamagedError
    │   ├── ArchiveMismatchError   another model, schema or settings
    │   └── ArchiveUnreachableError   its engine or database does not answer
    ├── ModelError       an embedding model cannot be opened
    ├── ClusterError     workers that a build was to be divided among cannot do it
    ├── QuestionError    a question cannot be asked
    └── UsageError       options or arguments do not make a command
"""

from __future__ import annotations

from enum import StrEnum

REBUILD = "build the archive again: python -m index build"
"""The mend for whatever is wrong with an archive that its sources can make anew."""


REDERIVE = "derive it again from the archive's texts and vectors: python -m index rebuild"
"""The mend for what follows from these."""


SHARE = "send it there again from the machine that writes it: python -m index share"
"""The mend for what an engine or database lacks of an archive that is whole on the machine that writes it."""
SHARE_ANEW = "send all of it there again from the machine that writes it: python -m index share --anew"
"""The mend for what is not there as it should be."""
SHARE_REBUILT = (
    "have the same program and model here and on the machine that writes it; "
    "there: python -m index rebuild, then python -m index share"
)
"""The mend for what was sent by another version of the program, or made by another model."""


class VirgolettatoError(Exception):
    """Root of all errors that are told to the user as one line and a hint.

    Args:
        message: what is wrong, one line.
        hint: the command or option that mends it, one line.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(VirgolettatoError):
    """A file or folder of articles, or of questions, cannot be read."""


class ArchiveError(VirgolettatoError):
    """The archive on disk cannot be used or written."""


class ArchiveMissingError(ArchiveError):
    """There is no archive where one was expected."""


class ArchiveBusyError(ArchiveError):
    """Another process is writing the archive."""


class ArchiveDamagedError(ArchiveError):
    """A file of the archive is missing, cut short or altered."""


class ArchiveMismatchError(ArchiveError):
    """The archive was made by another model, schema or setting than the one asked for."""


class ArchiveUnreachableError(ArchiveError):
    """The engine or the database of an archive does not answer; it may later."""


class ModelError(VirgolettatoError):
    """An embedding model cannot be opened."""


class ClusterError(VirgolettatoError):
    """Workers that a build was to be divided among are not there, or cannot do it."""


class ServingError(VirgolettatoError):
    """The archive cannot be served to other processes, or whoever served it has ended."""


class QuestionProblem(StrEnum):
    """Why a question cannot be asked; names a message of :mod:`qa.messages`."""

    EMPTY = "question_empty"
    TOO_LONG = "question_too_long"
    NOT_TEXT = "question_not_text"


class QuestionError(VirgolettatoError):
    """A question is empty, too long or no text.

    Args:
        problem: which of these; for interfaces that say it in the user's language.
        message: what is wrong, one line.
        hint: what to ask instead.
    """

    def __init__(self, problem: QuestionProblem, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.problem = problem


class UsageError(VirgolettatoError):
    """Options or arguments do not make a command; as a process, exit status 2."""


def reason_of(error: BaseException) -> str:
    """The first line of what a library says, or what kind of error it is."""
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
