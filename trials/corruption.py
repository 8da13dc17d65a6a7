"""Bytes flipped, files cut, lengthened, emptied and removed: ``python -m trials.corruption [--times N]``.

After each the archive answers word for word as before, or opening it is an error; the command named with the error is
then run, and must make it answer as one built at once does: with the same quotes in the same order. What a removed
article held counts in BM25's statistics until then, so ranks by words alone may differ from those before.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.build import build
from index.encoder import HASHING
from index.errors import VirgolettatoError
from index.mending import rebuild
from index.publish import current_generation
from trials.command import run
from trials.state import damages, state
from trials.writers import grown


def main() -> None:
    """Damage an archive as often as asked; see :func:`trials.command.run`."""
    run("Damage an archive and see that it is noticed and mended.", 300, corrupt)


def corrupt(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Damage a new archive in `folder` in `times` ways; how each came out, and what went wrong."""
    sound, archive = folder / "sound", folder / "archive"
    sources = grown(sound, folder / "old")
    expected = state(sound)
    build(folder / "at once", sources, HASHING)
    renewed = state(folder / "at once")
    if _quotes(expected) != _quotes(renewed):
        raise RuntimeError("built at once the archive does not answer as the one that grew")
    # Nothing reads the generation before this one.
    answering = current_generation(sound)
    read = [*(path for path in sound.iterdir() if path.is_file()), *answering.rglob("*")]
    names = sorted(path.relative_to(sound) for path in read if path.is_file())
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(times):
        shutil.rmtree(archive, ignore_errors=True)
        shutil.copytree(sound, archive)
        # Every file has its turn with every damage before one comes again.
        name = names[number % len(names)]
        how = _DAMAGES[number // len(names) % len(_DAMAGES)]
        path = archive / name
        how(path, chance)
        try:
            outcome = _outcome(archive, sources, expected, renewed)
        except Exception as error:  # not an error of ours: what this looks for
            outcome = f"{type(error).__name__}: {error}"
            wrong.append(f"{how.__name__[1:]} {name}: {outcome}")
        outcomes[outcome.split(":")[0]] += 1
    return outcomes, wrong


def _outcome(archive: Path, sources: list[Path], expected: list[Any], renewed: list[Any]) -> str:
    try:
        if state(archive) != expected:
            raise AssertionError("another answer, and no error")
        return "answers as before"
    except VirgolettatoError as error:
        hint = error.hint
    if "index rebuild" in hint:
        rebuild(archive)
        mended = "noticed, mended by index rebuild"
    elif "index build" in hint:
        build(archive, sources, HASHING)
        mended = "noticed, mended by index build"
    else:
        raise AssertionError(f"no command mends it: {hint}")
    if state(archive) != renewed or damages(archive):
        raise AssertionError(f"mended by the command, and still not as it should be: {damages(archive)}")
    return mended


def _quotes(told: list[Any]) -> list[Any]:
    """What is quoted, in order, beside the archive's id and texts."""
    index_id, texts, answers = told
    parts = [[*answer["citations"], *answer["nearest"]] for answer in answers]
    return [
        index_id,
        sorted(texts),
        [[(one["article"]["id"], one["start"], one["end"]) for one in part] for part in parts],
    ]


def _flips_a_byte_of(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _cuts(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data)) if data else 0])


def _lengthens(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(chance.randint(1, 5_000)))


def _empties(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def _removes(path: Path, chance: random.Random) -> None:
    path.unlink()


def _overwrites_a_page_of(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data)) if data else 0
    data[at : at + 4096] = chance.randbytes(min(4096, len(data) - at))
    path.write_bytes(data)


_DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    _flips_a_byte_of, _cuts, _lengthens, _empties, _removes, _overwrites_a_page_of,
)  # fmt: skip


if __name__ == "__main__":
    main()
