"""The web page: ``python app.py``. Builds the archive from the seeds on first start."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path

from index.cli import report_errors
from index.settings import add_archive, archive_path
from index.terminal import Parser, printable
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
    given = parser.parse_args()
    # Ended by a service manager as by a key: what is to go with the process goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return report_errors(lambda: serve(given))


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1 to 65535")
    return int(value)


def serve(given: argparse.Namespace) -> int:
    """Build the archive from the seeds where there is none, then serve it."""
    from page.uploads import private_folder

    with private_folder():
        return _serve(given)


def _serve(given: argparse.Namespace) -> int:
    from index.errors import ArchiveMissingError, UsageError
    from index.publish import current_generation
    from qa.cap import max_quoted

    archive, host, port = archive_path(given.archive), given.host, given.port
    limit = max_quoted(given.max_quoted)
    # Gradio reads these when it is imported: no telemetry, no look for a newer version.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        current_generation(archive)
    except ArchiveMissingError:
        from index.build import build

        print(f"building the archive at {printable(str(archive))} from {SEEDS.name}/ …", file=sys.stderr)
        build(archive, [SEEDS])
    from page import assistants
    from page.desk import Desk, Policy
    from page.layout import build_page, launch_options

    print("opening the archive …", file=sys.stderr)
    desk = Desk(archive, given.reader, Policy(limit, given.allow_upload))
    desk.warm_up()
    page = build_page(desk)
    options = launch_options(desk)
    try:
        # What Gradio has to say is no result.
        with contextlib.redirect_stdout(sys.stderr):
            page.launch(server_name=host, server_port=port, mcp_server=given.mcp, prevent_thread_lock=True, **options)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port}", "it is taken, or not an address of this machine: see --port and --host"
        ) from error
    if given.mcp:
        assistants.tell_json(page)
    print(f"Virgolettato: http://{host}:{port}", flush=True)
    if given.mcp:
        print(f"MCP: http://{host}:{port}{assistants.ADDRESS}", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
