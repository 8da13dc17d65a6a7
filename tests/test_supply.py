"""What the program is made of: all of it locked and licensed, and nothing in it that loading could run."""

from __future__ import annotations

import ast
import json
import pickletools
import re
import struct
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from index.bundled import model_folder
from index.encoder import SentenceTransformerEncoder
from index.errors import ModelError
from supply.audit import told
from supply.licences import LIST, licence
from supply.lock import LOCK, Locked, locked, normalised
from supply.release import SBOM, sbom
from tests.conftest import ROOT
from tests.made_up import write_bench, write_encoder

PACKAGES = locked(LOCK.read_text(encoding="utf-8"))
BY_NAME = {package.name: package for package in PACKAGES}
_COMPARED = 0.9
"""Share of the locked packages that must be installed at their version, or the lock is compared with nothing."""
_RUNNING = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def required() -> list[tuple[str, str]]:
    """Names and versions of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [(normalised(line.split("==")[0]), line.split("==")[1]) for line in lines if re.match(r"\w", line)]


def sources() -> list[Path]:
    """Every Python file of the project."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split()]


def test_the_lock_agrees_with_the_requirements() -> None:
    """Each package that is asked for is locked at that version; torch may be a build of it for the processor alone."""
    wrong = [f"{name} {asked}" for name, asked in required() if BY_NAME[name].version.split("+")[0] != asked]

    assert wrong == []
    assert len(BY_NAME) == len(PACKAGES)


def test_the_lock_is_whole_and_names_no_place() -> None:
    """Every package has the hash of a file, what it needs in turn is locked too, and no index, address or path is in
    it.
    """
    text = LOCK.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    missing = []
    compared = 0
    for package in PACKAGES:
        try:
            if version(package.name) != package.version:
                continue  # a newer one was installed, and may need other things
        except PackageNotFoundError:
            continue
        compared += 1
        for words in requires(package.name) or []:
            need = Requirement(words)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                one = BY_NAME.get(normalised(need.name))
                if one is None or not need.specifier.contains(one.version, prereleases=True):
                    missing.append(f"{package.name} needs {words}")

    assert missing == []
    assert compared >= _COMPARED * len(PACKAGES)
    assert [package.name for package in PACKAGES if not package.hashes] == []
    assert [
        line for line in lines if not re.fullmatch(r"(\S+==\S+( ;.*)?|    --hash=sha256:[0-9a-f]{64})( \\)?", line)
    ] == []
    assert not re.search(r"https?:|file:/|index-url|find-links|(?<![\w.])/\w", text)


def test_every_licence_is_listed() -> None:
    """The list has each locked package at its version with a licence, the one that the package itself states."""
    rows = [line.strip("| ").split(" | ") for line in LIST.read_text(encoding="utf-8").splitlines() if "|" in line][2:]

    assert [(name, number) for name, number, _ in rows] == [(one.name, one.version) for one in PACKAGES]
    assert [name for name, _, words in rows if not words.strip()] == []
    stated = [(name, words, licence(name)) for name, number, words in rows if _installed(name) == number]
    assert [(name, words, now) for name, words, now in stated if words != now] == []


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_the_bill_of_materials_names_every_package() -> None:
    """A release's CycloneDX list is valid by the standard's own schema in its main parts, and has each package with
    its version, hashes and licence.
    """
    content = json.loads(sbom(PACKAGES, "0.1.0"))
    listed = {one["name"]: one for one in content["components"]}

    assert (content["bomFormat"], content["specVersion"]) == ("CycloneDX", "1.6")
    assert content["metadata"]["component"]["name"] == "virgolettato"
    assert {name: one["version"] for name, one in listed.items()} == {one.name: one.version for one in PACKAGES}
    assert {name: {h["content"] for h in one["hashes"]} for name, one in listed.items()} == {
        one.name: set(one.hashes) for one in PACKAGES
    }
    assert all(one["purl"].startswith("pkg:pypi/") for one in listed.values())
    assert SBOM.endswith(".cdx.json")


def test_a_lock_is_read_as_pip_does() -> None:
    """Names are normalised, hashes belong to the package above them, and comments and markers are passed over."""
    text = (
        f"A_b==1.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n    # via x\n"
        f'c.d==2+cpu ; python_version < "4" \\\n    --hash=sha256:{"2" * 64}\n'
    )

    assert locked(text) == [Locked("a-b", "1.0", ("0" * 64, "1" * 64)), Locked("c-d", "2+cpu", ("2" * 64,))]


@pytest.mark.parametrize(
    ("output", "errors", "lines", "found"),
    [
        ("", "a\nno network", ["pip-audit cannot run here, nothing was audited: no network"], False),
        (
            '{"dependencies": [{"name": "a", "skip_reason": "not found"}]}',
            "",
            ["pip-audit finds no data here about any of 1 packages: nothing was audited"],
            False,
        ),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]},'
            ' {"name": "b", "version": "2", "vulns": []}]}',
            "",
            ["a 1: CVE-1", "2 of 2 packages audited, 1 weaknesses known"],
            True,
        ),
    ],
)
def test_an_audit_says_what_it_could_not_do(output: str, errors: str, lines: list[str], found: bool) -> None:
    """Each weakness is a line; where nothing was looked up that is said, and never that all is well."""
    assert told(output, errors) == (lines, found)


def test_an_audit_prints_a_line() -> None:
    """The command says in a line what came of it, here that there is no pip-audit beside the tests."""
    command = [sys.executable, "-m", "supply.audit"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "nothing was audited" in done.stdout


def test_no_code_loads_what_could_run() -> None:
    """Nowhere in the project is there a pickle, an evaluated string, a shell or a loader that would unpickle."""
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name.split(".")[0] for alias in node.names]
                if isinstance(node, ast.Import)
                else [(node.module or "").split(".")[0]]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if set(names) & _RUNNING or (isinstance(node, ast.Call) and _would_run(node)):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert wrong == []


def _would_run(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}

    def says(name: str) -> object:
        value = given.get(name)
        return value.value if isinstance(value, ast.Constant) else None

    called = ast.unparse(call.func)
    return (
        called in ("eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "torch.hub.load")
        or (called == "torch.load" and says("weights_only") is not True)
        or (called in ("np.load", "numpy.load") and says("allow_pickle") not in (None, False))
        or says("shell") is True
        or says("trust_remote_code") is True
    )


@pytest.mark.parametrize(
    ("code", "runs"),
    [
        ("torch.load(p)", True),
        ("torch.load(p, weights_only=False)", True),
        ("torch.load(p, weights_only=True)", False),
        ("np.load(p, allow_pickle=True)", True),
        ("np.load(p)", False),
        ("eval(x)", True),
        ("model.eval()", False),
        ("subprocess.run(x, shell=True)", True),
    ],
)
def test_the_check_of_code_finds_what_it_looks_for(code: str, runs: bool) -> None:
    """Loaders that unpickle, evaluation and shells are told from their harmless namesakes."""
    call = ast.parse(code, mode="eval").body

    assert isinstance(call, ast.Call)
    assert _would_run(call) is runs


def is_pickle(data: bytes) -> bool:
    """Whether `data` is one, or a zipped one as torch writes, or an array of objects of numpy's."""
    if data[:2] == b"PK" or b"data.pkl" in data[:4096] or (data[:6] == b"\x93NUMPY" and b"'|O'" in data[:256]):
        return True
    try:
        return bool(data) and data[:1] in (b"\x80", b"(", b"c", b"]", b"}") and bool(list(pickletools.genops(data)))
    except Exception:
        return data[:1] == b"\x80" and data[1:2] <= b"\x05"


def test_nothing_in_an_archive_or_a_model_is_a_pickle(hashing_original: Path) -> None:
    """No file of an archive, of the shipped models or of the unpacked encoder is a pickle, by its bytes; weights are
    safetensors.
    """
    files = [p for folder in (hashing_original, ROOT / "models", model_folder()) for p in folder.rglob("*")]
    files = [path for path in files if path.is_file()]

    assert len(files) > 10
    assert [path.name for path in files if is_pickle(path.read_bytes()[:20_000_000])] == []
    weights = [path for path in files if path.suffix == ".safetensors"]
    for path in weights:
        with path.open("rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            tensors = {name: one for name, one in json.loads(file.read(size)).items() if name != "__metadata__"}
            assert all(set(one) == {"dtype", "shape", "data_offsets"} for one in tensors.values())
    assert {path.name for path in weights} == {"reader.safetensors", "model.safetensors"}
    assert not [path.name for path in files if path.suffix in (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".npz")]


def test_a_pickle_is_known_by_its_bytes() -> None:
    """What the test above looks for it would find: each protocol, torch's files and numpy's objects."""
    assert is_pickle(b"\x80\x04K\x01.")
    assert is_pickle(b"(lp0\n.")
    assert is_pickle(b"PK\x03\x04 archive/data.pkl")
    assert is_pickle(b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order'")
    assert not is_pickle(b"SQLite format 3\x00")
    assert not is_pickle(b'{"a": 1}')


def test_a_model_that_is_a_pickle_is_not_opened(tmp_path: Path) -> None:
    """A folder whose weights are a pickle is refused in one line, and the pickle is not read."""
    import torch
    from safetensors.torch import load_file

    write_bench(tmp_path / "bench")
    write_encoder(tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    torch.save(load_file(weights), tmp_path / "model" / "pytorch_model.bin")
    weights.unlink()

    with pytest.raises(ModelError, match="cannot be opened"):
        SentenceTransformerEncoder(str(tmp_path / "model"))
