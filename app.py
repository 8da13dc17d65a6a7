"""The web page: ``python app.py``. Builds the archive from the seeds on first start."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path

from index.reporting import report_errors
from index.settings import add_archive, place_of
from index.terminal import Parser, printable
from page.door.options import add_door, add_entries, audit_from, entry, limits_from, rules_from
from qa.export_arguments import add_cap

SEEDS = Path(__file__).with_name("seeds")


def main() -> int:
    """Serve the page until interrupted; returns the exit status."""
    parser = Parser(description="A page that answers questions by quoting the archive.")
    add_archive(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; default: this machine only")
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on; default 7860")
    parser.add_argument("--reader", metavar="NAME", help="bundled (the default), none, or a model's name or folder")
    add_cap(parser)
    parser.add_argument("--allow-upload", action="store_true", help="let visitors add articles and remove them")
    parser.add_argument("--mcp", action="store_true", help="offer the archive to assistants over MCP as well")
    add_door(parser)
    add_entries(parser)
    given = parser.parse_args()
    # Ended by a service manager as by a key: what is to go with the process goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return report_errors(lambda: make_entry(given) if given.command else serve(given))


def make_entry(given: argparse.Namespace) -> int:
    """Print a line for a users file; a token, which is shown only now, to standard error."""
    line, token = entry(given)
    print(line)
    if token is not None:
        print(f"token: {token}", file=sys.stderr)
    return 0


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1 to 65535")
    return int(value)


def serve(given: argparse.Namespace) -> int:
    """Build the archive from the seeds where there is none, then serve it."""
    from page.leftovers import held
    from page.uploads import private_folder

    with private_folder(), held(Path(os.environ["GRADIO_TEMP_DIR"])):
        return _serve(given)


def _serve(given: argparse.Namespace) -> int:
    from index.errors import UsageError
    from qa.cap import max_quoted

    place, host, port = place_of(given), given.host, given.port
    if place.engine and given.allow_upload:
        raise UsageError(
            "a page that reads from an engine changes nothing",
            "leave out --allow-upload; python -m index add --engine … changes the archive",
        )
    limit = max_quoted(given.max_quoted)
    # Before the archive is opened: what is wrong with the options is told at once.
    rules, limits, audit = rules_from(given), limits_from(given), audit_from(given)
    # Gradio reads these when it is imported: no telemetry, no look for a newer version.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if place.engine is None:
        _build_where_missing(place.path)
    from page.assistants import ADDRESS
    from page.desk import Desk, Policy
    from page.door.reception import Reception
    from page.server import build_app
    from page.server import serve as listen

    print("opening the archive …", file=sys.stderr)
    desk = Desk(place, given.reader, Policy(limit, given.allow_upload), Reception(limits, audit=audit))
    desk.warm_up()
    # What Gradio has to say is no result.
    with contextlib.redirect_stdout(sys.stderr):
        app = build_app(desk, rules, limits.seconds, mcp=given.mcp)

    # Once it listens, what anybody prints is a line of the log.
    out = sys.stdout

    def tell() -> None:
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        print(f"Virgolettato: {address}", file=out, flush=True)
        if given.mcp:
            print(f"MCP: {address}{ADDRESS}", file=out, flush=True)

    listen(app, host, port, given.behind_proxy, limits.seconds, tell)
    return 0


def _build_where_missing(archive: Path) -> None:
    from index.errors import ArchiveMissingError
    from index.publish import current_generation

    try:
        current_generation(archive)
    except ArchiveMissingError:
        from index.build import build

        print(f"building the archive at {printable(str(archive))} from {SEEDS.name}/ …", file=sys.stderr)
        build(archive, [SEEDS])


if __name__ == "__main__":
    sys.exit(main())
