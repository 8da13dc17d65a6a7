"""``python -m supply.licences``: the licence of every package in the lock, as ``docs/licences.md`` lists them."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, metadata

from supply.lock import LOCK, ROOT, Locked, locked

LIST = ROOT / "docs" / "licences.md"
_HEAD = (
    "# Licences\n\nOf every package in `requirements.lock`, as the package itself states it; made by `make licences`.\n"
    "\n"
    "| package | version | licence |\n|---|---|---|\n"
)
_GENERAL = "License :: "
_LONGEST = 100
"""Characters of a licence's name; what is longer is its text."""


def main() -> None:
    """Write the list; exit status 1 where a package does not say under what licence it is, or is not installed."""
    packages = locked(LOCK.read_text(encoding="utf-8"))
    told = {package.name: licence(package.name) for package in packages}
    LIST.write_text(listed(packages, told), encoding="utf-8")
    missing = [name for name, words in told.items() if not words]
    sys.exit(f"no licence is known of: {', '.join(missing)}" if missing else 0)


def listed(packages: list[Locked], told: dict[str, str]) -> str:
    """The list as Markdown."""
    rows = (f"| {package.name} | {package.version} | {told[package.name]} |\n" for package in packages)
    return _HEAD + "".join(rows)


def licence(name: str) -> str:
    """What the installed package `name` says of its licence; empty where it says nothing or is not installed.

    Its SPDX expression goes before its classifiers, and these before a free text of one line.
    """
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return ""
    if "License-Expression" in known:
        return known["License-Expression"]
    classified = [value.split(" :: ")[-1] for value in known.get_all("Classifier", []) if value.startswith(_GENERAL)]
    words = "; ".join(dict.fromkeys(one for one in classified if one != "OSI Approved"))
    free = known.get_all("License", [""])[0].strip().split("\n")[0]
    return words or (free if len(free) <= _LONGEST else "")


if __name__ == "__main__":
    main()
