"""``python -m index``: build an archive, change it, look at it, check it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError, VirgolettatoError
from index.settings import archive_path
from index.terminal import printable

if TYPE_CHECKING:
    from index.build import Change

DONE, FAILED, MISUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 done, 1 an error, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    return report_errors(lambda: int(given.run(given)))


def report_errors(command: Callable[[], int]) -> int:
    """Run `command`; an error of ours becomes one line and a hint on standard error, and exit status 1.

    Options that do not go together end with status 2, as those that argparse refuses.
    """
    from index.ingest import SourcesRefusedError

    # JSON and articles are UTF-8, whatever the terminal's locale says.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = command()
        # Here and not at exit, so that a reader who has gone is noticed in time.
        sys.stdout.flush()
        return status
    except SourcesRefusedError as error:
        for refusal in error.refusals:
            _complain(str(refusal))
        return FAILED
    except VirgolettatoError as error:
        _complain(f"{error} — {error.hint}")
        return MISUSED if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        _complain("interrupted; what was there before still answers")
        return FAILED
    except BrokenPipeError:
        # The reader of our output has gone, as in `| head`. What is still buffered would be written at exit, and fail
        # again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _complain(line: str) -> None:
    print(f"error: {printable(line)}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Build and keep an archive of articles.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.add_argument("--archive", type=Path, metavar="DIR", help="default: $VIRGOLETTATO_ARCHIVE, or .virgolettato")
        sub.set_defaults(run=run)
        return sub

    sub = command("build", _build, "make the archive hold exactly these sources")
    sub.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help="files or folders; default: seeds/")
    sub.add_argument("--model", default="bundled", help="bundled, or a name or folder sentence-transformers opens")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub = command("add", _add, "add sources to the archive")
    sub.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="files or folders")
    sub.add_argument("--model", help="refuse if the archive was made with another one")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub = command("remove", _remove, "remove articles from the archive")
    sub.add_argument("articles", nargs="+", metavar="ARTICLE_ID", help="as `info --articles` lists them")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub = command("info", _info, "what the archive holds")
    sub.add_argument("--articles", action="store_true", help="list the articles, one a line")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    command("verify", _verify, "check every file, text and vector of the archive")
    return parser


def _build(given: argparse.Namespace) -> int:
    from index.build import build

    return _report(build(archive_path(given.archive), given.sources or [Path("seeds")], given.model), given.json)


def _add(given: argparse.Namespace) -> int:
    from index.build import add

    return _report(add(archive_path(given.archive), given.sources, given.model), given.json)


def _remove(given: argparse.Namespace) -> int:
    from index.build import remove

    return _report(remove(archive_path(given.archive), given.articles), given.json)


def _report(change: Change, as_json: bool) -> int:
    manifest = change.manifest
    if as_json:
        content = {
            "index_id": manifest.index_id,
            "added": change.added,
            "updated": change.updated,
            "removed": change.removed,
            "unchanged": change.unchanged,
            "published": change.published,
            "articles": manifest.articles,
            "passages": manifest.passages,
            "sentences": manifest.sentences,
        }
        print(json.dumps(content, ensure_ascii=False))
        return DONE
    done = f"{len(change.added)} added, {len(change.updated)} updated, {len(change.removed)} removed"
    print(f"{done}, {change.unchanged} unchanged")
    print(f"archive {manifest.index_id}: {_counts(manifest.articles, manifest.passages, manifest.sentences)}")
    return DONE


def _counts(articles: int, passages: int, sentences: int) -> str:
    return f"{articles} articles, {passages} passages, {sentences} sentences"


def _info(given: argparse.Namespace) -> int:
    from index.archive import Archive

    archive = Archive.open(archive_path(given.archive))
    manifest = archive.manifest
    listing = [
        {
            "id": article.id,
            "file": article.source_file,
            "published": article.published,
            "outlet": article.outlet,
            "language": article.language,
            "author": article.author,
            "title": article.title,
        }
        for article in (archive.store.articles() if given.articles else ())
    ]
    if given.json:
        content = {
            "archive": str(archive.path),
            "index_id": manifest.index_id,
            "created": manifest.created,
            "articles": manifest.articles,
            "passages": manifest.passages,
            "sentences": manifest.sentences,
            "direct_quotes": manifest.direct_quotes,
            "model": manifest.model.name,
            "dimension": manifest.model.dimension,
            "bytes": sum(size for size, _ in manifest.files.values()),
        }
        print(json.dumps(content | ({"contents": listing} if given.articles else {}), ensure_ascii=False))
        return DONE
    if given.articles:
        for entry in listing:
            fields = (entry[name] for name in ("id", "published", "outlet", "language", "file", "title"))
            print("\t".join(printable(field or "-") for field in fields))
        return DONE
    print(f"archive   {manifest.index_id} at {archive.path}, made {manifest.created}")
    print(f"contents  {_counts(manifest.articles, manifest.passages, manifest.sentences)}")
    print(f"model     {manifest.model.name}, {manifest.model.dimension} dimensions")
    return DONE


def _verify(given: argparse.Namespace) -> int:
    from index.verify import changed_sources, verify

    damages = verify(archive_path(given.archive))
    for damage in damages:
        print(printable(f"{damage.what} — {damage.mend}"))
    if not damages:
        print("sound")
        for change in changed_sources(archive_path(given.archive)):
            print(printable(f"note: {change.what} — {change.mend}"))
    return FAILED if damages else DONE
