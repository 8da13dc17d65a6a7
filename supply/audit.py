"""``python -m supply.audit``: known weaknesses of the locked packages, as far as pip-audit has data about them here."""

from __future__ import annotations

import json
import subprocess
import sys

from supply.lock import LOCK

_COMMAND = ("pip_audit", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r", str(LOCK))


def main() -> None:
    """Print each weakness on a line, or why nothing could be looked up; exit status 1 where there is one."""
    done = subprocess.run([sys.executable, "-m", *_COMMAND], capture_output=True, text=True, check=False)  # noqa: S603
    lines, found = told(done.stdout, done.stderr)
    print("\n".join(lines))
    sys.exit(int(found))


def told(output: str, errors: str) -> tuple[list[str], bool]:
    """What pip-audit's JSON and errors say, in lines, and whether any package has a known weakness."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = next(iter(reversed(errors.strip().splitlines())), "it said nothing")
        return [f"pip-audit cannot run here, nothing was audited: {last}"], False
    known = [package for package in packages if "vulns" in package]
    if not known:
        return [f"pip-audit finds no data here about any of {len(packages)} packages: nothing was audited"], False
    weak = [f"{one['name']} {one['version']}: {v['id']}" for one in known for v in one["vulns"]]
    return [*weak, f"{len(known)} of {len(packages)} packages audited, {len(weak)} weaknesses known"], bool(weak)


if __name__ == "__main__":
    main()
