"""The HTTP interface against its own description: schemathesis makes requests of it that fit, and that do not."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.visits import Server

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page over an archive of the seeds."""
    running = Server(hashing_original)
    yield running
    assert "Traceback" not in running.stop()


def test_the_interface_keeps_to_its_description(server: Server, tmp_path: Path) -> None:
    """Whatever is asked, rightly or wrongly, there is no error of the server's, and status, type and content of every
    answer are those described.
    """
    schema = f"{server.url}/api/openapi.json"
    options = ["--checks", CHECKS, "--max-examples", "10", "--seed", "1", "--generation-database", "none"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", schema, "--url", f"{server.url}/api", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    counted = re.search(r"(\d+) generated", done.stdout)
    assert counted is not None, done.stdout[-2_000:]
    assert int(counted[1]) >= 50
