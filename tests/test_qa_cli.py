"""``python -m qa`` as a process: what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.publish import current_generation
from index.schema import DATABASE
from tests.conftest import ROOT, SEEDS, Run

IT = "In quale distretto di Pyongyang sorgerà il museo?"
EN = "In which district of Pyongyang will the museum be built?"
PUTIN = "Che cosa ha detto Putin dei soldati nordcoreani?"
NONSENSE = "zxqv wkjh"
HWASONG = "Il museo sorgerà nel distretto di Hwasong, nella capitale nordcoreana, e comprenderà"

Finished = subprocess.CompletedProcess[str]


def ask(run: Run, archive: Path, *arguments: str, stdin: str = "") -> Finished:
    """``python -m qa ask`` over `archive`."""
    return run("-m", "qa", "ask", "--archive", str(archive), *arguments, stdin=stdin)


def batch(run: Run, archive: Path, *arguments: str, stdin: str = "") -> Finished:
    """``python -m qa batch`` over `archive`."""
    return run("-m", "qa", "batch", "--archive", str(archive), *arguments, stdin=stdin)


def as_lines(*entries: dict[str, Any]) -> str:
    """JSON lines, letters as they are."""
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)


def check_error(finished: Finished, *words: str) -> None:
    """`finished` ended with status 1, nothing on stdout, and one line on stderr with a hint and these `words`."""
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("error: ")
    assert " — " in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert finished.stderr.endswith("\n")
    for word in words:
        assert word in finished.stderr


def check_usage(finished: Finished, command: str, *words: str) -> None:
    """`finished` ended with status 2, nothing on stdout, and the usage and what is wrong with it on stderr."""
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith(f"usage: python -m {command}")
    last = finished.stderr.splitlines()[-1]
    assert last.startswith(f"python -m {command}: error: ")
    for word in words:
        assert word in last


def check_slices(content: dict[str, Any]) -> None:
    """Every text in the JSON answer `content` is the slice of the seed's file that its offsets name."""
    for citation in content["citations"] + content["nearest"]:
        text = (SEEDS / citation["article"]["file"]).read_bytes().decode("utf-8")
        for part in (citation, citation["context"]):
            assert part["text"] == text[part["start"] : part["end"]] != ""


@pytest.mark.parametrize(("question", "language"), [(IT, "it"), (EN, "en")])
def test_the_real_model_answers_in_both_languages(run: Run, seeds_path: Path, question: str, language: str) -> None:
    """With the real model the Hwasong sentence is the first quote; status 0, JSON on stdout, nothing on stderr."""
    finished = ask(run, seeds_path, question, "--json")

    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.count("\n") == 1
    content = json.loads(finished.stdout)
    check_slices(content)
    assert (content["status"], content["language"]) == ("answered", language)
    assert content["citations"][0]["article"]["file"] == "003_1ef017ea2025330c.txt"
    assert content["citations"][0]["text"].startswith(HWASONG)


def test_an_answer_is_printed_with_status_0(run: Run, hashing_path: Path) -> None:
    """Quotes with file and offsets on stdout, numbered, in the question's language; nothing on stderr."""
    finished = ask(run, hashing_path, PUTIN)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.startswith("[1] «")
    assert "\n[5] «" in finished.stdout
    assert "\n[6]" not in finished.stdout


def test_not_found_is_printed_with_status_3(run: Run, hashing_path: Path) -> None:
    """Not found is a result, on stdout, with the nearest passages named as such."""
    finished = ask(run, hashing_path, NONSENSE, "--lang", "en")

    assert (finished.returncode, finished.stderr) == (3, "")
    assert finished.stdout.startswith("Not found in the archive. No passage is near enough to the question.\n")
    assert "\nThe nearest passages, which do not answer it:\n\n[1] “" in finished.stdout


def test_json_of_what_was_not_found(run: Run, hashing_path: Path) -> None:
    """The object says so, with the nearest passages, no citation, and status 3."""
    finished = ask(run, hashing_path, NONSENSE, "--json", "--lang", "it")

    content = json.loads(finished.stdout)
    check_slices(content)
    assert (finished.returncode, finished.stderr) == (3, "")
    assert (content["status"], content["citations"], len(content["nearest"])) == ("not_found", [], 3)
    assert content["language"] == "it"


def test_the_same_question_prints_the_same(run: Run, hashing_path: Path) -> None:
    """Two processes print the same JSON byte for byte, timings apart, and the contract's keys."""
    first, second = (json.loads(ask(run, hashing_path, PUTIN, "--json", "-k", "2").stdout) for _ in range(2))

    first.pop("timings_ms")
    second.pop("timings_ms")
    assert json.dumps(first) == json.dumps(second)
    assert list(first) == [
        "question",
        "searched",
        "language",
        "status",
        "confidence",
        "reason",
        "citations",
        "nearest",
        "disagreements",
        "withheld",
        "index_id",
    ]
    assert [citation["number"] for citation in first["citations"]] == [1, 2]
    check_slices(first)


def test_the_question_on_standard_input(run: Run, hashing_path: Path) -> None:
    """``-`` reads the question, in UTF-8, from standard input, without the line's end."""
    finished = ask(run, hashing_path, "-", "--json", stdin=f"{IT}\n")

    assert finished.stderr == ""
    assert json.loads(finished.stdout)["question"] == IT


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (("--since", "2025-10-01"), {"003_1ef017ea2025330c.txt"}),
        (("--until", "2025-04-28"), {"001_4d098707a87e4cf2.txt"}),
        (("--outlet", "FRANCE"), {"004_6cc3362cfc1a244f.txt"}),
        (("--since", "2025-04-28", "--until", "2025-12-31", "--outlet", "aska"), {"003_1ef017ea2025330c.txt"}),
    ],
)
def test_filters(run: Run, hashing_path: Path, arguments: tuple[str, ...], files: set[str]) -> None:
    """Whatever is quoted comes from the articles the filters let through."""
    content = json.loads(ask(run, hashing_path, PUTIN, "--json", *arguments).stdout)

    shown = content["citations"] + content["nearest"]
    assert {citation["article"]["file"] for citation in shown} == files


def test_filters_that_let_nothing_through(run: Run, hashing_path: Path) -> None:
    """Not found, status 3, and the reason is said; no traceback and nothing on stderr."""
    finished = ask(run, hashing_path, PUTIN, "--outlet", "' OR 1=1 --")

    assert (finished.returncode, finished.stderr) == (3, "")
    assert finished.stdout == "Non trovato nell’archivio. Nessun articolo corrisponde ai filtri scelti.\n"


def test_a_third_language_is_noted_on_stderr(run: Run, hashing_path: Path) -> None:
    """A French question is answered, and one line of stderr says that results may be less precise."""
    finished = ask(run, hashing_path, "Combien de soldats nord-coréens sont morts ?", "--json")

    assert finished.returncode in (0, 3)
    assert json.loads(finished.stdout)["question"] == "Combien de soldats nord-coréens sont morts ?"
    assert finished.stderr.startswith("note: ")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("",), "", "the question is empty"),
        (("  \t",), "", "the question is empty"),
        (("🇰🇵🔥",), "", "the question is empty"),
        (("-",), "", "the question is empty"),
        (("-",), "\x00\x1b\n", "the question is empty"),
        (("-",), "a " * 50_000, "the question has 99999 characters"),
        (("Dove \udcff?",), "", "not valid UTF-8 text"),
    ],
)
def test_what_is_no_question_is_one_line(
    run: Run, hashing_path: Path, arguments: tuple[str, ...], stdin: str, words: str
) -> None:
    """Empty, blank, emoji only, too long or not UTF-8: one line with a hint on stderr, status 1."""
    check_error(ask(run, hashing_path, *arguments, stdin=stdin), words)


def raw(arguments: list[str], stdin: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m qa`` with bytes on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "qa", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).with_name("offline")), **environment},
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "words"), [("ask", b"the question is not valid UTF-8"), ("batch", b"the questions in - cannot be read")]
)
def test_standard_input_that_is_not_utf8(hashing_path: Path, command: str, words: bytes) -> None:
    """Bytes of another encoding are one line of error in any locale, not a traceback."""
    finished = raw(
        [command, "-", "--archive", str(hashing_path)], "Perché?".encode("latin-1"), PYTHONIOENCODING="utf-8:strict"
    )

    assert (finished.returncode, finished.stdout) == (1, b"")
    assert words in finished.stderr
    assert finished.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("arguments", "command", "words"),
    [
        ((), "qa", ("required", "COMMAND")),
        (("ask",), "qa ask", ("QUESTION",)),
        (("ask", "Chi?", "-k", "0"), "qa ask", ("-k", "1 to 50")),
        (("ask", "Chi?", "-k", "51"), "qa ask", ("-k", "1 to 50")),
        (("ask", "Chi?", "-k", "due"), "qa ask", ("-k", "due")),
        (("ask", "Chi?", "--lang", "fr"), "qa ask", ("--lang", "fr")),
        (("ask", "Chi?", "--since", "2025-13-01"), "qa ask", ("--since", "2025-13-01")),
        (("ask", "Chi?", "--until", "ieri"), "qa ask", ("--until", "ieri")),
        (("ask", "Chi?", "--outlet", "\udcff"), "qa ask", ("--outlet", "UTF-8")),
        (("batch",), "qa batch", ("QUESTIONS.jsonl",)),
    ],
)
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...], command: str, words: tuple[str, ...]) -> None:
    """A missing or senseless argument is told with the usage, before any archive is opened."""
    check_usage(run("-m", "qa", *arguments), command, *words)


@pytest.mark.parametrize("command", ["ask", "batch"])
def test_a_missing_archive(run: Run, tmp_path: Path, command: str) -> None:
    """Where there is no archive, one line names the place and the command that makes one."""
    check_error(
        run("-m", "qa", command, "-", "--archive", str(tmp_path / "none"), stdin='{"id": 1, "question": "Chi?"}'),
        f"there is no archive at {tmp_path}/none",
        "python -m index build",
    )


def test_an_archives_name_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """Escape sequences and line breaks in a path are printed as escapes, on the one line."""
    check_error(ask(run, tmp_path / "a\x1b[31m\nb", "Chi?"), "a\\x1b[31m\\nb")


def test_the_archive_may_be_named_by_the_environment(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """``$VIRGOLETTATO_ARCHIVE`` names the archive, and ``--archive`` goes before it."""
    named = run("-m", "qa", "ask", PUTIN, VIRGOLETTATO_ARCHIVE=str(hashing_path))
    overruled = run(
        "-m", "qa", "ask", PUTIN, "--archive", str(tmp_path / "none"), VIRGOLETTATO_ARCHIVE=str(hashing_path)
    )

    assert named.returncode == 0
    check_error(overruled, "there is no archive at")


@pytest.mark.parametrize("damage", ["cut", "altered", "removed"])
def test_a_damaged_archive(run: Run, hashing_path: Path, damage: str) -> None:
    """A database that was cut short, altered or removed is one line that names file and mend."""
    path = current_generation(hashing_path) / "000001" / DATABASE
    if damage == "removed":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes(data[:-4096] if damage == "cut" else data.replace(b"Hwasong", b"Hwasung"))

    check_error(ask(run, hashing_path, IT), DATABASE, "python -m index build")


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--json", "-k", "50")])
def test_a_reader_who_has_gone(hashing_path: Path, arguments: tuple[str, ...]) -> None:
    """Where nobody reads the output any more, the program ends with status 1 and without a word."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        finished = subprocess.run(
            [sys.executable, "-m", "qa", "ask", PUTIN, "--archive", str(hashing_path), *arguments],
            cwd=ROOT,
            env={**environment, "PYTHONUTF8": "1"},
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writing)

    assert (finished.returncode, finished.stderr) == (1, b"")


QUESTIONS = as_lines(
    {"id": "uno", "question": IT, "lang": "it"},
    {"id": 2, "question": EN},
    {"id": "3", "question": NONSENSE, "lang": "auto"},
)


def test_a_batch_is_answered_in_order(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """Each line's answer, under its id and in its place, is what ``ask`` prints for it; not found is no failure."""
    file = tmp_path / "questions.jsonl"
    file.write_text("\ufeff\n" + QUESTIONS.replace("\n", "\r\n"), encoding="utf-8")

    finished = batch(run, hashing_path, str(file), "-k", "2")

    assert (finished.returncode, finished.stderr) == (0, "")
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["uno", 2, "3"]
    assert [line["answer"]["question"] for line in lines] == [IT, EN, NONSENSE]
    assert [line["answer"]["language"] for line in lines][:2] == ["it", "en"]
    assert lines[2]["answer"]["status"] == "not_found"
    alone = json.loads(ask(run, hashing_path, IT, "--json", "-k", "2").stdout)
    assert {**lines[0]["answer"], "timings_ms": {}} == {**alone, "timings_ms": {}}
    for line in lines:
        check_slices(line["answer"])


def test_a_batch_from_stdin_into_a_file(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """``-`` reads the questions, ``-o`` writes the answers to a file others may read, and stdout stays empty."""
    output = tmp_path / "answers.jsonl"
    output.write_text("former", encoding="utf-8")

    finished = batch(run, hashing_path, "-", "-o", str(output), stdin=QUESTIONS)

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    answers = output.read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in answers.splitlines()] == ["uno", 2, "3"]
    assert output.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "archive"]


def test_a_question_that_cannot_be_asked_spoils_only_itself(run: Run, hashing_path: Path) -> None:
    """A blank or too long question gets an error under its id, the others their answers, and the status is 1."""
    stdin = as_lines(
        {"id": "a", "question": " "}, {"id": "b", "question": PUTIN}, {"id": "c", "question": "x" * 100_000}
    )

    finished = batch(run, hashing_path, "-", stdin=stdin + '{"id": "d", "question": "\\ud800"}\n')

    assert (finished.returncode, finished.stderr) == (1, "")
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert lines[0] == {"id": "a", "error": "the question is empty"}
    assert lines[1]["answer"]["status"] == "answered"
    assert lines[2] == {"id": "c", "error": "the question has 100000 characters"}
    assert lines[3] == {"id": "d", "error": "the question is not valid UTF-8 text"}


def test_line_separators_inside_a_question_end_no_line(run: Run, hashing_path: Path) -> None:
    """Only the newline ends a line: U+2028, U+0085 and the form feed's kin may stand in a question unescaped."""
    finished = batch(run, hashing_path, "-", stdin=as_lines({"id": "\u2028", "question": "Chi\u2028 è\u0085 Putin?"}))

    assert (finished.returncode, finished.stderr) == (0, "")
    (line,) = finished.stdout.rstrip("\n").split("\n")
    assert json.loads(line)["id"] == "\u2028"


def test_no_questions_are_no_answers(run: Run, hashing_path: Path) -> None:
    """An empty file gives an empty result and status 0."""
    finished = batch(run, hashing_path, "-", stdin="\n \n")

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("{", ("line 2 of ", "is not JSON")),
        ("[" * 100_000, ("line 2 of ", "is not JSON")),
        ('["a", "b"]', ("line 2 of ", "is not an object")),
        ('{"question": "Chi?"}', ("line 2 of ", "«id»")),
        ('{"id": "2"}', ("line 2 of ", "«question»")),
        ('{"id": "2", "question": 7}', ("line 2 of ", "«question»")),
        ('{"id": "uno", "question": "Chi?"}', ("line 2 of ", "repeats the id 'uno'")),
        ('{"id": "\\ud800", "question": "Chi?"}', ("line 2 of ", "«id»", "not valid text")),
        ('{"id": "2", "question": "Chi?", "lang": "fr"}', ("line 2 of ", "unknown «lang» 'fr'")),
    ],
)
def test_a_malformed_line_refuses_the_batch(
    run: Run, hashing_path: Path, tmp_path: Path, second: str, words: tuple[str, ...]
) -> None:
    """One line names the place and the fault; nothing was answered, and a former result stays as it was."""
    output = tmp_path / "answers.jsonl"
    output.write_text("former", encoding="utf-8")
    stdin = as_lines({"id": "uno", "question": PUTIN}) + second + "\n"

    check_error(batch(run, hashing_path, "-", "-o", str(output), stdin=stdin), *words)

    assert output.read_text(encoding="utf-8") == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "archive"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe{"])
def test_questions_that_cannot_be_read(run: Run, hashing_path: Path, tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or not UTF-8 is one line that names it."""
    file = tmp_path / "questions.jsonl"
    if content is not None:
        file.write_bytes(content)

    check_error(batch(run, hashing_path, str(file)), f"the questions in {file} cannot be read")


@pytest.mark.parametrize("name", ["no/such/folder/answers.jsonl", "."])
def test_an_output_that_cannot_be_written(run: Run, hashing_path: Path, tmp_path: Path, name: str) -> None:
    """A place where no file can be is one line that names it, and nothing is left behind."""
    check_error(batch(run, hashing_path, "-", "-o", str(tmp_path / name), stdin=QUESTIONS), "cannot write")

    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_a_batch_that_fails_half_way_leaves_the_former_file(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """Where the archive turns out damaged while answering, the former output stays and nothing lies beside it."""
    output = tmp_path / "answers.jsonl"
    output.write_text("former", encoding="utf-8")
    code = (
        "import sys, qa.answer, qa.cli\n"
        "from index.errors import ArchiveDamagedError\n"
        "ask, asked = qa.answer.Engine.ask, []\n"
        "def failing(self, *given, **known):\n"
        "    asked.append(1)\n"
        "    if len(asked) == 3:\n"
        "        raise ArchiveDamagedError('damaged', 'mend it')\n"
        "    return ask(self, *given, **known)\n"
        "qa.answer.Engine.ask = failing\n"
        "sys.exit(qa.cli.main(sys.argv[1:]))\n"
    )

    finished = run("-c", code, "batch", "-", "-o", str(output), "--archive", str(hashing_path), stdin=QUESTIONS)

    check_error(finished, "damaged — mend it")
    assert output.read_text(encoding="utf-8") == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "archive"]


@pytest.mark.parametrize(
    ("package", "arguments"),
    [("qa", ["--help"]), ("qa", ["ask", "--help"]), ("qa", ["batch", "--help"]), ("index", ["--help"])],
)
def test_help_loads_nothing_heavy(run: Run, package: str, arguments: list[str]) -> None:
    """Help is on stdout with status 0, and neither model, index nor page library is loaded for it."""
    code = (
        f"import sys\nfrom {package}.cli import main\n"
        f"try:\n    main({arguments!r})\n"
        "except SystemExit as end:\n"
        "    heavy = {'torch', 'faiss', 'gradio', 'tantivy', 'sentence_transformers', 'transformers', 'numpy'}\n"
        "    print(sorted(heavy & set(sys.modules)), end.code, file=sys.stderr)\n"
    )

    finished = run("-c", code)

    assert finished.stdout.startswith(f"usage: python -m {package}")
    assert finished.stderr == "[] 0\n"
