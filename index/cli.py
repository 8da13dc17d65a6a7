"""``python -m index``: build an archive, change it, look at it, check it."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.arguments import add_patterns, add_reading, add_workers, seconds, span
from index.errors import SHARE, SHARE_ANEW, ArchiveError, UsageError, VirgolettatoError
from index.reporting import DONE, FAILED, complain_of, report_errors
from index.settings import Place, add_archive, archive_path, place_of
from index.terminal import Parser, json_line, printable

if TYPE_CHECKING:
    from index.changes import Change
    from index.crew import Crew
    from index.sources import Choice
    from index.verify import Damage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 done, 1 an error, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    return report_errors(lambda: _run(given))


def _run(given: argparse.Namespace) -> int:
    """Run a command; what it changed is published for many machines, where the archive has an engine."""
    place = place_of(given)
    if not given.changes or place.engine is None or getattr(given, "dry_run", False):
        return int(given.run(given))
    from index.shared.publishing import reach

    reach(place)
    status = int(given.run(given))
    try:
        _publish(place)
    except ArchiveError as error:
        # What was changed here stays.
        error.hint = error.hint if error.hint in (SHARE, SHARE_ANEW) else f"{error.hint}; then {SHARE}"
        raise
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m index", description="Build and keep an archive of articles.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], summary: str, *, changes: bool = True
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        add_archive(sub)
        sub.set_defaults(run=run, changes=changes)
        return sub

    sub = command("build", _build, "make the archive hold exactly these sources")
    sub.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help="files or folders; default: seeds/")
    sub.add_argument("--model", default="bundled", help="bundled, or a name or folder sentence-transformers opens")
    sub.add_argument(
        "--precision",
        choices=("auto", "fp32", "bf16", "int8"),
        default="auto",
        help="of vectors; default: the fastest; int8 takes openvino and nncf",
    )
    add_reading(sub)
    add_workers(sub)
    sub = command("add", _add, "add sources to the archive")
    sub.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="files or folders; - reads JSONL")
    sub.add_argument("--model", help="refuse if the archive was made with another one")
    add_reading(sub)
    add_workers(sub)
    sub = command("remove", _remove, "remove articles from the archive")
    sub.add_argument("articles", nargs="+", metavar="ARTICLE_ID", help="as `info --articles` lists them")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub = command("include", _include, "make excluded spans of an article quotable again")
    sub.add_argument("article", metavar="ARTICLE_ID", help="as `info --articles` lists them")
    sub.add_argument("spans", nargs="+", type=span, metavar="START:END", help="as `info --excluded` lists them")
    sub.add_argument("--undo", action="store_true", help="exclude them as before")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub = command("watch", _watch, "add what appears in folders and files, until interrupted", changes=False)
    sub.add_argument(
        "sources", nargs="+", type=Path, metavar="SOURCE", help="folders, or files that change, as feeds do"
    )
    sub.add_argument("--every", type=seconds, default=5.0, metavar="SECONDS", help="between two looks; default: 5")
    add_patterns(sub)
    sub = command("info", _info, "what the archive holds", changes=False)
    listing = sub.add_mutually_exclusive_group()
    listing.add_argument("--articles", action="store_true", help="list the articles, one a line")
    listing.add_argument("--known", metavar="ARTICLE_ID", help="what is said of an article, where, and how sure it is")
    listing.add_argument("--excluded", metavar="ARTICLE_ID", help="what of an article is never quoted, and why")
    listing.add_argument("--dates", metavar="ARTICLE_ID", help="the dates an article tells of, and the days they mean")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    command("compact", _compact, "write the archive's segments into one, without what was removed")
    command("rebuild", _rebuild, "derive the archive's indexes again from its texts and vectors, without embedding")
    command("verify", _verify, "check every file, text and vector of the archive", changes=False)
    sub = command("share", _share, "publish the archive in its engine and database", changes=False)
    sub.add_argument("--anew", action="store_true", help="all of it, not only what changed")
    return parser


@contextlib.contextmanager
def _crew(given: argparse.Namespace) -> Iterator[Crew | None]:
    """Those who are to help; what they made is kept where the command fails, and removed where it is done."""
    if given.workers is None:
        if given.shards is not None:
            raise UsageError("--shards says where workers write", "name them as well: --workers")
        yield None
        return
    from index.crew import hired

    archive = archive_path(given.archive).absolute()
    with hired(given.workers, given.shards or archive.with_name(f"{archive.name}.shards")) as crew:
        yield crew
        if not given.dry_run:
            crew.shards.clear()


def _choice(given: argparse.Namespace) -> Choice:
    from index.sources import Choice

    return Choice(tuple(given.include), tuple(given.exclude))


def _build(given: argparse.Namespace) -> int:
    from index.build import build
    from index.encoder import Precision

    precision = None if given.precision == "auto" else Precision(given.precision)
    sources = given.sources or [Path("seeds")]
    archive, choice = archive_path(given.archive), _choice(given)
    with _crew(given) as crew:
        change = build(
            archive, sources, given.model, precision=precision, choice=choice, dry_run=given.dry_run, crew=crew
        )
    return _report(change, given.json)


def _add(given: argparse.Namespace) -> int:
    from index.build import add

    archive, choice = archive_path(given.archive), _choice(given)
    with _crew(given) as crew:
        change = add(archive, given.sources, given.model, choice=choice, dry_run=given.dry_run, crew=crew)
    return _report(change, given.json)


def _watch(given: argparse.Namespace) -> int:
    from index.report import report_text
    from index.watch import watch

    print("watching; interrupt to end", file=sys.stderr)
    publisher = _Publisher(place_of(given))

    def pause(seconds: float) -> None:
        publisher.publish()
        time.sleep(seconds)

    for found in watch(publisher.place.path, given.sources, choice=_choice(given), every=given.every, pause=pause):
        if isinstance(found, VirgolettatoError):
            complain_of(found)
            continue
        print(report_text(found), flush=True)
        publisher.behind = True
    return DONE


class _Publisher:
    """Publishes what is new in the archive at `place`, and tries again what failed; a complaint is made once.

    Attributes:
        behind: whether something may not have been published yet, as what was there before the watch.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.behind = True
        self._complaint = ""

    def publish(self) -> None:
        """Publish what has not been."""
        if not self.behind:
            return
        try:
            _publish(self.place)
        except VirgolettatoError as error:
            if str(error) != self._complaint:
                complain_of(error)
            self._complaint = str(error)
        else:
            self.behind, self._complaint = False, ""


def _share(given: argparse.Namespace) -> int:
    place = place_of(given)
    if place.engine is None:
        raise UsageError("no engine is named", "add --engine and --database, or see docs/scale.md")
    _publish(place, anew=given.anew)
    return DONE


def _publish(place: Place, *, anew: bool = False) -> None:
    """Publish the archive in its engine and database, if it has them."""
    if place.engine is not None:
        from index.shared.publishing import share

        print(f"shared: {share(place, anew=anew)}", file=sys.stderr)


def _remove(given: argparse.Namespace) -> int:
    from index.build import remove

    return _report(remove(archive_path(given.archive), given.articles), given.json)


def _include(given: argparse.Namespace) -> int:
    from index.build import change_exclusions

    change = change_exclusions(archive_path(given.archive), given.article, given.spans, undo=given.undo)
    return _report(change, given.json)


def _report(change: Change, as_json: bool) -> int:
    from index.report import report_json, report_text

    print(json_line(report_json(change)) if as_json else report_text(change))
    return FAILED if change.intake is not None and change.intake.failed else DONE


def _info(given: argparse.Namespace) -> int:
    from index.contents import article_lines, contents, dates, excluded, known, summary, summary_lines
    from index.opening import open_archive

    archive = open_archive(place_of(given))
    of_one = ((known, given.known), (excluded, given.excluded), (dates, given.dates))
    asked = next(((tell, article) for tell, article in of_one if article is not None), None)
    if asked is not None:
        tell, article = asked
        rows = tell(archive, article)
        lines = [json_line(row) for row in rows] if given.json else article_lines(rows)
    elif given.json:
        listed = {"contents": contents(archive)} if given.articles else {}
        lines = [json_line(summary(archive) | listed)]
    else:
        names = ("id", "published", "outlet", "language", "file", "title")
        lines = article_lines(contents(archive), names) if given.articles else summary_lines(archive)
    for line in lines:
        print(line)
    return DONE


def _rebuild(given: argparse.Namespace) -> int:
    from index.mending import rebuild

    manifest = rebuild(archive_path(given.archive))
    print(f"rebuilt: {manifest.articles} articles, {manifest.passages} passages, {manifest.sentences} sentences")
    return DONE


def _compact(given: argparse.Namespace) -> int:
    from index.build import compact
    from index.report import counts

    manifest = compact(archive_path(given.archive))
    print(f"one segment: {counts(manifest.articles, manifest.passages, manifest.sentences)}")
    return DONE


def _verify(given: argparse.Namespace) -> int:
    from index.publish import CURRENT
    from index.verify import changed_sources, verify

    place = place_of(given)
    # Whoever writes a shared archive has it as files as well.
    local = place.engine is None or (place.path / CURRENT).exists()
    damaged = local and _told(verify(place.path))
    if place.engine is not None:
        from index.shared.checking import problems

        damaged = _told(problems(place)) or damaged
    if not damaged:
        print("sound")
        for change in changed_sources(place.path) if local else ():
            print(printable(f"note: {change.what} — {change.mend}"))
    return FAILED if damaged else DONE


def _told(damages: Iterable[Damage]) -> bool:
    """Whether there are any; they are printed."""
    told = False
    for damage in damages:
        print(printable(f"{damage.what} — {damage.mend}"))
        told = True
    return told
