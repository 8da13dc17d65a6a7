"""File operations of writers refused, each in turn: ``python -m trials.refusals [--times N]``.

The system says that the disk is full (ENOSPC), the quota used up (EDQUOT), the file system read-only (EROFS) or that
the device fails (EIO): once, or from that operation on. What is not refused are removals, but on a read-only file
system. The writer must then end with an error of one line and a hint, and the generation that answers be, byte for
byte, the one before; or it finds another way and ends well. Where the refusal comes after publication, the error says
that the archive has changed. Nothing is left lying about, and the next writer succeeds.
"""

from __future__ import annotations

import errno
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index.errors import VirgolettatoError
from trials.command import run
from trials.operations import REMOVING, at_operation, chosen, each_operation
from trials.state import damages, state
from trials.writers import answering, done_again, fresh, in_child, lying, prepared, rehearsed

_ALL = 100_000
_ERRORS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO)


def main() -> None:
    """Refuse all operations, or so many of them; see :func:`trials.command.run`."""
    run("Refuse each file operation of writers.", _ALL, refuse)


def refuse(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Refuse operations of writers of an archive in `folder`, up to `times`; how each ended, and what went wrong."""
    sound, archive, _, works = prepared(folder)
    former = answering(sound)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    ways = [(error, lasting) for lasting in (False, True) for error in _ERRORS]
    for name, work, operations, after in rehearsed(sound, archive, works):
        numbers = [n for n in range(len(operations)) if operations[n] not in REMOVING]
        places = chosen([operations[n] for n in numbers], max(1, times // len(works)), chance)
        # Every place has its turn with every way, where there is time: else each has one of them.
        rounds = range(max(1, min(len(ways), times // len(works) // len(places))))
        for turn, number in [(turn, numbers[place]) for turn in rounds for place in places]:
            error, lasting = ways[(turn + number) % len(ways)]
            fresh(sound, archive)
            act = at_operation(number, _refusing(error, lasting=lasting))
            told = in_child(lambda work=work, act=act: _ended(work, act))[1]  # type: ignore[misc]
            published = answering(archive) != former
            problem = _problem(told, published=published)
            if published and not problem and in_child(lambda: [state(archive), damages(archive)])[1] != [after, []]:
                problem = "neither the old archive nor the new one"
            # On a read-only file system nothing can be removed, either: the next writer does that.
            if not published and not (error == errno.EROFS and lasting) and (left := lying(archive)):
                problem = problem or f"it leaves {left}"
            problem = problem or done_again(archive, work, after)
            if problem:
                wrong.append(f"{name}, {errno.errorcode[error]} at {number} ({operations[number]}): {problem}")
            outcomes[
                f"{errno.errorcode[error]}, {'from then on' if lasting else 'once'}, {str(told).partition(':')[0]}"
            ] += 1
    return outcomes, wrong


def _refusing(error: int, *, lasting: bool) -> Callable[[str], None]:
    """What refuses the first operation that it is called for, or all that come."""
    refused = 0

    def refuse(name: str) -> None:
        nonlocal refused
        if (lasting or not refused) and (name not in REMOVING or error == errno.EROFS):
            refused += 1
            raise OSError(error, os.strerror(error))

    return refuse


def _ended(work: Callable[[], object], act: Callable[[str], None]) -> str:
    try:
        with each_operation(act):
            work()
    except VirgolettatoError as error:
        if "\n" in str(error) or "\n" in error.hint or not error.hint:
            return f"not one line and a hint: {error}"
        return f"{'changed' if 'has changed' in str(error) else 'refused'}: {error}"
    return "done"


def _problem(told: object, *, published: bool) -> str:
    """What is wrong with such an end."""
    end = str(told).partition(":")[0]
    if end not in ("done", "refused", "changed"):
        return str(told)[:300]
    if published != (end != "refused"):
        return f"{told}, and the archive has {'' if published else 'not '}changed"
    return ""


if __name__ == "__main__":
    main()
