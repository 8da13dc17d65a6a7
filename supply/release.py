"""``python -m supply.release FOLDER``: the sources as one file, the lock, the licences and the list of what is in it.

The list is a CycloneDX software bill of materials (ECMA-424, version 1.6) in JSON.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from supply.licences import LIST, licence
from supply.lock import LOCK, ROOT, Locked, locked

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

SBOM = "virgolettato.cdx.json"


def main() -> None:
    """Write a release of the last commit into the folder named."""
    parser = argparse.ArgumentParser(description="Write a release.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    version = _version()
    name = f"virgolettato-{version}"
    archive = ["git", "archive", f"--prefix={name}/", "-o", str((folder / f"{name}.tar.gz").resolve()), "HEAD"]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        sys.exit(f"git archive: {done.stderr.strip()}")
    for path in (LOCK, LIST, ROOT / "LICENSE"):
        shutil.copy(path, folder / path.name)
    (folder / SBOM).write_text(sbom(locked(LOCK.read_text(encoding="utf-8")), version), encoding="utf-8")


def sbom(packages: list[Locked], version: str) -> str:
    """The bill of materials of the program at `version`, made of `packages`."""
    from cyclonedx.output.json import JsonV1Dot6

    return JsonV1Dot6(_bill(packages, version)).output_as_string(indent=1) + "\n"


def _bill(packages: list[Locked], version: str) -> Bom:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense

    bill = Bom()
    program = Component(
        name="virgolettato",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="virgolettato",
        licenses=[DisjunctiveLicense(id="Apache-2.0")],
    )
    bill.metadata.component = program
    components = [_component(package) for package in packages]
    bill.components.update(components)
    bill.register_dependency(program, components)
    return bill


def _component(package: Locked) -> Component:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense
    from packageurl import PackageURL

    words = licence(package.name)
    url = PackageURL("pypi", name=package.name, version=package.version)
    # Of several files, for several machines, each has its hash: any of them may be the one that is installed.
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(url),
        purl=url,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in package.hashes],
        licenses=[DisjunctiveLicense(name=words)] if words else [],
    )


def _version() -> str:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(content["project"]["version"])


if __name__ == "__main__":
    main()
