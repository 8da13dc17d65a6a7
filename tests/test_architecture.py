"""The shape of the program, read from its own source: who imports whom, and what is loaded when."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

HEAVY = {"faiss", "tantivy", "torch", "sentence_transformers", "transformers", "gradio", "langchain_text_splitters"}
HEAVY |= {
    "pymilvus",
    "sqlalchemy",
    "psycopg",
    "trafilatura",
    "lxml",
    "feedparser",
    "pypdfium2",
    "docx",
    "rensa",
    "openvino",
    "nncf",
}


SEED_DIGESTS = {
    "000_fb7d37f7b78ab80b.txt": "f6fee90499832b30f77b415a9b2e652c8b2de0afabafe775c829ba76c04646f2",
    "001_4d098707a87e4cf2.txt": "62d1630186fbe19540b52c03599d2ed6250a4097b4ed95a1d38b7be6dd29005b",
    "002_00d69b56985467b6.txt": "630824ecadad092507500d553bcf61867d4e423aeb62708c68b39e5a9044f6a0",
    "003_1ef017ea2025330c.txt": "215e78d6233f5f9748db3cd3992236f181110cd108587d2f4221ecc15fa038ee",
    "004_6cc3362cfc1a244f.txt": "de72dbea6fb91c4982dbf282ba5de602a2f10f1a7ef382e3c7d09120022fae69",
}


def imports(path: Path, *, top_level: bool = False) -> set[str]:
    """The first names of the modules that `path` imports, anywhere or only when it is itself imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def sources(*folders: str) -> list[Path]:
    """The Python files of `folders`."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_imports_go_one_way() -> None:
    """The archive knows nothing of questions, and neither knows of the page."""
    assert not [path for path in sources("index") if imports(path) & {"qa", "page", "app"}]
    assert not [path for path in sources("qa") if imports(path) & {"page", "app"}]


@pytest.mark.parametrize(
    ("library", "modules"),
    [
        ("faiss", ["index/vectors.py"]),
        ("tantivy", ["index/terms.py"]),
        ("sentence_transformers", ["index/encoder.py", "qa/reading/reranker.py"]),
        ("langchain_text_splitters", ["index/passages.py"]),
        ("sqlite3", ["index/segment.py", "index/segmented.py"]),
        ("pymilvus", ["index/shared/engine.py"]),
        ("sqlalchemy", ["index/shared/database.py"]),
        ("openvino", ["index/network.py"]),
        ("nncf", ["index/conversion.py"]),
        ("mcp", ["page/assistants.py"]),
        ("distributed", ["index/crew.py"]),
        (
            "fastapi",
            [
                "page/api.py",
                "page/door/admission.py",
                "page/door/health.py",
                "page/door/login.py",
                "page/door/refusals.py",
                "page/problems.py",
                "page/server.py",
            ],
        ),
        ("uvicorn", ["page/server.py"]),
        ("structlog", ["page/door/log.py", "page/door/record.py"]),
        ("prometheus_client", ["page/door/metrics.py"]),
        ("trafilatura", ["index/readers/web.py"]),
        ("pypdfium2", ["index/readers/pdf.py"]),
        ("docx", ["index/readers/word.py", "qa/document.py"]),
        ("feedparser", ["index/readers/feed.py"]),
        ("zipfile", ["index/readers/packed.py", "index/readers/word.py"]),
        ("rensa", ["index/sketches.py"]),
    ],
)
def test_one_module_for_each_foreign_engine(library: str, modules: list[str]) -> None:
    """Each engine is spoken to in one place for each thing it does, so that it can be replaced there."""
    users = [path for path in [*sources("index", "qa", "page"), ROOT / "app.py"] if library in imports(path)]

    assert [path.relative_to(ROOT).as_posix() for path in users] == modules


def test_only_the_page_speaks_to_gradio() -> None:
    """Gradio serves parts of the page; what makes their HTML, and everything else, does without it."""
    users = [path for path in sources("index", "qa", "page") if "gradio" in imports(path)]
    html = {
        "api",
        "api_contents",
        "cards",
        "changing",
        "conversation",
        "filtering",
        "inventory",
        "markup",
        "quotations",
        "reader",
        "timeline",
        "verdicts",
    }

    assert {path.parent.name for path in users} == {"page"}
    assert not html & {path.stem for path in users}


@pytest.mark.parametrize("arguments", [("-m", "index", "--help"), ("-m", "qa", "--help"), ("-c", "import index, qa")])
def test_help_and_import_load_nothing_heavy(run: Run, arguments: tuple[str, ...]) -> None:
    """Printing the help or importing the packages loads no model library, index engine or web framework."""
    script = (
        "import runpy, sys\n"
        f"arguments = {list(arguments)!r}\n"
        "try:\n"
        "    if arguments[0] == '-m':\n"
        "        sys.argv = arguments[1:]\n"
        "        runpy.run_module(arguments[1], run_name='__main__')\n"
        "    else:\n"
        "        exec(arguments[1])\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print('loaded:', sorted({HEAVY!r} & sys.modules.keys()))\n"
    )

    done = run("-c", script)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_no_quote_is_found_by_search() -> None:
    """No code of the archive or the answers looks for a quote's words in a text: offsets are carried, not found."""
    searching = {"find", "index", "rindex"}
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("index", "qa", "page")
        if path.parent.name != "speech"  # it looks for quotation marks and newlines, from which spans begin
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in searching
    ]

    assert calls == []


def test_every_direct_dependency_is_pinned_exactly() -> None:
    """One exact version is named for each package, and each one the program imports is there."""
    files = ("requirements.txt", "requirements-scale.txt")
    lines = [line for name in files for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    pins = [line for line in lines if line and not line.startswith("#")]

    assert [
        line for line in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+(?:\[[a-z]+\])?==[0-9][0-9A-Za-z.]*", line)
    ] == []
    assert "torch==2.13.0" in pins
    named = {re.split(r"==|\[", line)[0].lower().replace("-", "_") for line in pins}
    imported = set().union(*map(imports, [*sources("index", "qa", "page"), ROOT / "app.py"]))
    packages = {"faiss": "faiss_cpu", "Stemmer": "pystemmer", "docx": "python_docx"}
    standard = set(sys.stdlib_module_names) | {"index", "qa", "page", ""}
    assert {packages.get(name, name) for name in imported - standard} - named == set()


def test_the_seeds_are_the_five_articles_alone() -> None:
    """seeds/ holds the five articles as they came, to the byte, and nothing else."""
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").iterdir()}

    assert digests == SEED_DIGESTS
