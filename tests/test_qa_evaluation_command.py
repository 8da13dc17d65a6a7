"""``python -m qa evaluate`` as a process: what it measures, prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from index.publish import current_generation
from qa.cli import main
from qa.evaluation.records import DEFAULT_MEASURES
from tests.conftest import ROOT, SEEDS, Run

DOCUMENTS = {
    "d1": "Il museo di Torino apre alle nove. Il biglietto costa dieci euro.",
    "d2": "Il ponte sullo stretto costa molto. I lavori iniziano a maggio.",
    "d3": "Il treno per Roma parte alle sei. Il viaggio dura tre ore.",
    "d4": "Il mercato del pesce vende alici e sarde. I banchi sono venti.",
}
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "Quando apre il museo di Torino?", "metadata": {"answers": [[29, 33, "nove"]]}},
    {"_id": "q2", "text": "Quanto dura il viaggio per Roma?", "metadata": {"answers": [[50, 57, "tre ore"]]}},
    {"_id": "q3", "text": "Quando iniziano i lavori del ponte?"},
    {"_id": "q4", "text": "Dove si vende il pesce?"},
    {"_id": "q5", "text": "Quanto costa il biglietto del museo?"},
]
QRELS = {"q1": "d1", "q2": "d3", "q3": "d2", "q4": "d2"}
"""q4 is judged wrongly on purpose, so that not everything is 1; q5 has no gold."""

Finished = subprocess.CompletedProcess[str]


def lines(*entries: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def corpus(documents: dict[str, str]) -> str:
    """``corpus.jsonl`` of `documents`."""
    return lines(*({"_id": name, "title": "", "text": text} for name, text in documents.items()))


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A BEIR folder of four documents and five Italian questions."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(corpus(DOCUMENTS), encoding="utf-8")
    (folder / "queries.it.jsonl").write_text(lines(*QUERIES), encoding="utf-8")
    qrels = "".join(f"{query}\t{document}\t1\n" for query, document in QRELS.items())
    (folder / "qrels.it.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels, encoding="utf-8")
    return folder


@pytest.fixture
def trec(tmp_path: Path) -> tuple[Path, Path]:
    """TREC qrels of three questions, one of them without a relevant document, and a run of two and a strange one."""
    qrels, run = tmp_path / "small.qrels", tmp_path / "small.run"
    qrels.write_text("q1 0 d1 1\nq2 0 d3 1\nq2 0 d1 0\nq3 0 d1 0\n", encoding="utf-8")
    run.write_text("q1 Q0 d2 1 9.5 x\nq1 Q0 d1 2 8.5 x\nq3 Q0 d1 1 1 x\nq9 Q0 d1 1 1 x\n", encoding="utf-8")
    return qrels, run


def evaluate(run: Run, dataset: Path, *arguments: str) -> Finished:
    """``python -m qa evaluate`` with the hashing model."""
    return run("-m", "qa", "evaluate", str(dataset), "--model", "hashing", *arguments)


def here(capsys: pytest.CaptureFixture[str], *arguments: str) -> Finished:
    """``python -m qa evaluate`` in this process, for mistakes that are told before anything is loaded."""
    given = ["evaluate", *arguments]
    status = main(given)
    return Finished(given, status, *capsys.readouterr())


def check_error(finished: Finished, *words: str, status: int = 1) -> None:
    """`finished` ended with `status`, nothing on stdout, and one line on stderr with a hint and these `words`."""
    assert (finished.returncode, finished.stdout) == (status, "")
    assert finished.stderr.startswith("error: ")
    assert " — " in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert [word for word in words if word not in finished.stderr] == []


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table(run: Run, beir: Path) -> None:
    """Standard output tells settings and a row by language pair; nothing stands on standard error."""
    done = evaluate(run, beir)

    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert "data set: small" in told
    assert "model: hashing" in told
    assert "questions: 5" in told
    assert [line.split(":")[0] for line in told if line.startswith(("archive:", "python:", "torch:"))] == [
        "archive",
        "python",
        "torch",
    ]
    start = told.index("Means with 95 % bootstrap intervals") + 1
    assert told[start].split() == [
        *("system", "pair", "n"),
        *DEFAULT_MEASURES.split(),
        *("quote@1", "quote@3", "token-F1", "verbatim"),
    ]
    pairs = [line.split()[:4] for line in told[start + 1 :]]
    assert pairs == [["default", pair, "4/2", "0.750"] for pair in ("it→it", "all")]
    assert all(line.endswith(" 100%") for line in told[start + 1 :])


def test_json(run: Run, beir: Path) -> None:
    """``--json`` prints one object: settings, rows with means and intervals, comparisons."""
    done = evaluate(run, beir, "--json", "--measures", "P@1 R@20")

    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    told = json.loads(done.stdout)
    assert list(told) == ["settings", "rows", "comparisons"]
    assert told["comparisons"] == []
    wanted = {"data set", "data set fingerprint", "archive", "model", "reader", "python", "ir-measures", "passage size"}
    assert wanted <= set(told["settings"])
    assert (told["settings"]["model"], told["settings"]["reader"]) == ("hashing", "none")
    assert [(row["system"], row["pair"]) for row in told["rows"]] == [("default", "it→it"), ("default", "all")]
    row = told["rows"][1]
    assert list(row) == ["system", "pair", "measures", "verbatim", "abstention"]
    assert list(row["measures"]) == ["P@1", "R@20", "quote@1", "quote@3", "token-F1"]
    # q1, q2, q3 of the four judged questions are right; q4 is judged wrongly.
    assert row["measures"]["P@1"] == {"n": 4, "value": 0.75, "low": 0.25, "high": 1.0}
    assert row["measures"]["quote@1"]["n"] == 2
    assert (row["verbatim"], row["abstention"]) == (1.0, None)


def test_the_shipped_gold(run: Run, hashing_path: Path) -> None:
    """The gold questions are measured on an archive of the seeds, with abstention, in both languages."""
    gold = ROOT / "tests" / "data" / "seeds_gold.jsonl"

    done = evaluate(run, gold, "--json", "--reader", "none", "--archive", str(hashing_path), "--sources", str(SEEDS))

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [row["pair"] for row in told["rows"]] == ["en→it", "it→it", "all"]
    assert [row["measures"]["quote@1"]["n"] for row in told["rows"]] == [40, 40, 80]
    assert [row["abstention"]["n"] for row in told["rows"]] == [60, 60, 120]
    assert {row["verbatim"] for row in told["rows"]} == {1.0}
    assert len(told["rows"][2]["abstention"]["risks"]) == 120


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--measures", "P@1 XX@3"], ["unknown measure 'XX@3'", "P@1 R@20 RR@10 nDCG@10 AP"]),
        (["--measures", "P@0"], ["unknown measure 'P@0'"]),
        (
            ["--system", "dense,best"],
            ["'best' is not a valid System", "dense, sentence, bm25, rrf, retrieval, default"],
        ),
    ],
)
def test_unknown_names(capsys: pytest.CaptureFixture[str], beir: Path, arguments: list[str], words: list[str]) -> None:
    """An unknown measure or system is wrong usage, told in one line that lists the known ones."""
    check_error(here(capsys, str(beir), *arguments), *words, status=2)


def test_an_unknown_reader_is_one_line(run: Run, beir: Path) -> None:
    """``--reader`` takes a model that is on this machine."""
    check_error(evaluate(run, beir, "--reader", "oracle"), "the model oracle cannot be opened", "not on this machine")


def test_several_systems(run: Run, beir: Path) -> None:
    """Systems are measured in the order given, each once, and compared in pairs by every measure."""
    done = evaluate(run, beir, "--json", "--measures", "P@1", "--system", "dense,bm25,dense,rrf,sentence,default")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    systems = ["dense", "bm25", "rrf", "sentence", "default"]
    assert [row["system"] for row in told["rows"] if row["pair"] == "all"] == systems
    pairs = [(one, other) for place, one in enumerate(systems) for other in systems[place + 1 :]]
    assert [(c["one"], c["other"]) for c in told["comparisons"] if c["measure"] == "P@1"] == pairs
    assert {c["measure"] for c in told["comparisons"]} == {"P@1", "quote@1", "quote@3", "token-F1"}
    assert all(c["p"] <= c["p_holm"] <= 1 for c in told["comparisons"])


def test_run_files_say_what_was_printed(run: Run, beir: Path, tmp_path: Path) -> None:
    """Each system's run is read back by ir-measures and gives the printed P@1 and nDCG@10, ties included."""
    names = ["default", "dense", "bm25", "rrf", "sentence"]
    measures = [ir_measures.P @ 1, ir_measures.nDCG @ 10]
    # Three documents that terms and hashed words tell apart from nothing: rrf has ties to keep.
    more = {f"t{n}": f"Il museo numero {word} di Milano." for n, word in enumerate(("uno", "due", "tre"))}
    (beir / "corpus.jsonl").write_text(corpus(DOCUMENTS | more), encoding="utf-8")
    qrels = [ir_measures.Qrel(query, document, 1) for query, document in QRELS.items()]

    done = evaluate(
        run,
        beir,
        *("--json", "--measures", "P@1 nDCG@10", "--system", ",".join(names), "--run", str(tmp_path / "r.trec")),
    )

    assert done.returncode == 0, done.stderr
    printed = {row["system"]: row["measures"] for row in json.loads(done.stdout)["rows"] if row["pair"] == "all"}
    assert sorted(path.name for path in tmp_path.glob("r*")) == sorted(f"r.{name}.trec" for name in names)
    for name in names:
        path = tmp_path / f"r.{name}.trec"
        ranked = list(ir_measures.read_trec_run(str(path)))
        assert {document.doc_id for document in ranked} <= set(DOCUMENTS) | set(more)
        found = ir_measures.calc_aggregate(measures, qrels, ranked)
        assert found == {m: pytest.approx(printed[name][str(m)]["value"]) for m in measures}
        for line in path.read_text(encoding="utf-8").splitlines():
            assert len(line.split(" ")) == 6
            assert line.endswith(f" virgolettato-{name}")
        assert path.stat().st_mode & 0o777 == 0o644
        for query in QRELS:
            scores = [document.score for document in ranked if document.query_id == query]
            assert scores == sorted(set(scores), reverse=True)


def test_one_system_writes_the_run_where_it_was_told(run: Run, beir: Path, tmp_path: Path) -> None:
    """A single system's run has the name given, takes a former file's place, and scores the same with its qrels."""
    path, qrels = tmp_path / "r.trec", tmp_path / "trec.qrels"
    path.write_text("former", encoding="utf-8")
    qrels.write_text("".join(f"{query} 0 {document} 1\n" for query, document in QRELS.items()), encoding="utf-8")

    made = evaluate(run, beir, "--run", str(path))
    with_more = path.read_text(encoding="utf-8")
    path.write_text("".join(f"{line}\n" for line in with_more.splitlines() if not line.startswith("q5 ")))
    scored = run("-m", "qa", "evaluate", str(qrels), "--run", str(path), "--json")

    assert (made.returncode, scored.returncode) == (0, 0), scored.stderr
    assert json.loads(scored.stdout)["measures"]["P@1"]["value"] == 0.75


def test_ids_that_two_languages_share_are_told_apart_in_runs(run: Run, beir: Path, tmp_path: Path) -> None:
    """In a run, questions of two languages with one id have their language behind it."""
    (beir / "queries.en.jsonl").write_text(lines({"_id": "q1", "text": "When does the museum open?"}))
    (beir / "qrels.en.tsv").write_text("q1\td1\t1\n", encoding="utf-8")

    done = evaluate(run, beir, "--run", str(tmp_path / "r.trec"))

    assert done.returncode == 0, done.stderr
    found = {document.query_id for document in ir_measures.read_trec_run(str(tmp_path / "r.trec"))}
    assert {"q1.en", "q1.it"} <= found


def test_per_question_values(run: Run, beir: Path, tmp_path: Path) -> None:
    """``--per-question`` writes a row for each question and system, empty where there is no gold."""
    path = tmp_path / "questions.csv"

    done = evaluate(run, beir, "--per-question", str(path), "--measures", "P@1", "--system", "default,bm25")

    assert done.returncode == 0, done.stderr
    found = rows(path)
    assert list(found[0]) == [
        *("system", "id", "language", "pair", "answerable", "answered", "confidence", "rank"),
        *("P@1", "quote@1", "quote@3", "token-F1"),
    ]
    assert [(row["system"], row["id"]) for row in found] == [
        (system, query["_id"]) for system in ("default", "bm25") for query in QUERIES
    ]
    assert [row["P@1"] for row in found[:5]] == ["1", "1", "1", "0", ""]
    assert [row["rank"] for row in found[:3]] == ["1", "1", "1"]
    assert (found[4]["rank"], found[2]["quote@1"]) == ("", "")


def test_the_archive_is_used_again(run: Run, beir: Path, tmp_path: Path) -> None:
    """A second evaluation publishes nothing; a changed corpus does, and keeps the archive's model unasked."""
    archive = tmp_path / "archive"
    first = evaluate(run, beir, "--archive", str(archive))
    generation = current_generation(archive)

    second = run("-m", "qa", "evaluate", str(beir), "--archive", str(archive))

    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert current_generation(archive) == generation
    assert first.stdout == second.stdout

    (beir / "corpus.jsonl").write_text(corpus(DOCUMENTS | {"d5": "Una quinta notizia."}), encoding="utf-8")
    third = run("-m", "qa", "evaluate", str(beir), "--archive", str(archive))
    assert third.returncode == 0, third.stderr
    assert "articles: 5" in third.stdout.splitlines()
    assert current_generation(archive) != generation


def test_an_archive_of_other_articles_is_refused(run: Run, beir: Path, hashing_path: Path) -> None:
    """An archive that holds anything else than the data set's documents is refused and stays as it is."""
    generation = current_generation(hashing_path)

    done = evaluate(run, beir, "--archive", str(hashing_path))

    check_error(done, str(hashing_path), "does not hold the documents of small and nothing else", "--archive")
    assert current_generation(hashing_path) == generation


def test_one_text_under_two_ids(run: Run, beir: Path, tmp_path: Path) -> None:
    """A text that two documents share is indexed once and ranked under both ids; gold in either of them counts."""
    (beir / "corpus.jsonl").write_text(corpus(DOCUMENTS | {"twin": DOCUMENTS["d3"]}), encoding="utf-8")
    path = tmp_path / "r.trec"

    done = evaluate(run, beir, "--json", "--run", str(path))

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["settings"]["articles"] == 4
    assert told["rows"][1]["measures"]["quote@1"]["value"] == 1.0
    ranked = [d.doc_id for d in ir_measures.read_trec_run(str(path)) if d.query_id == "q2"]
    assert ranked[:2] == ["d3", "twin"]
    assert sorted(ranked) == ["d1", "d2", "d3", "d4", "twin"]


def test_a_mistake_in_the_data_set_is_one_line(run: Run, beir: Path, tmp_path: Path) -> None:
    """A malformed data set is told before anything is indexed or written."""
    with (beir / "qrels.it.tsv").open("a", encoding="utf-8") as file:
        file.write("q1\td9\t1\n")

    done = evaluate(run, beir, "--archive", str(tmp_path / "archive"), "--run", str(tmp_path / "r.trec"))

    check_error(done, "line 6 of", "qrels.it.tsv", "'d9'", "docs/evaluation.md")
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "r.trec").exists()


def test_no_data_set(run: Run, tmp_path: Path) -> None:
    """A path without a data set is one line."""
    check_error(evaluate(run, tmp_path / "none"), "there is no data set at")


def test_ids_with_spaces_cannot_be_in_a_run(run: Run, beir: Path, tmp_path: Path) -> None:
    """A run whose columns would shift is refused, not written."""
    texts = (beir / "corpus.jsonl").read_text(encoding="utf-8")
    (beir / "corpus.jsonl").write_text(texts.replace('"d4"', '"d 4"'), encoding="utf-8")

    done = evaluate(run, beir, "--run", str(tmp_path / "r.trec"))

    check_error(done, "the id 'd 4' has a space")
    assert not (tmp_path / "r.trec").exists()


@pytest.mark.parametrize("option", ["--run", "--per-question"])
@pytest.mark.parametrize(("name", "why"), [("none/r.x", "its folder is missing"), ("taken", "it is a folder")])
def test_files_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], beir: Path, tmp_path: Path, option: str, name: str, why: str
) -> None:
    """A place that is a folder, or in no folder, is told at once; nothing else is written either."""
    path, archive = tmp_path / name, tmp_path / "archive"
    (tmp_path / "taken").mkdir()

    given = [str(beir), option, str(path), "--report", str(tmp_path / "report"), "--archive", str(archive)]
    done = here(capsys, *given)

    check_error(done, f"cannot write {path}: {why}")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["small", "taken"]
    assert sorted(entry.name for entry in beir.iterdir()) == ["corpus.jsonl", "qrels.it.tsv", "queries.it.jsonl"]


def test_several_runs_appear_all_or_none(run: Run, beir: Path, tmp_path: Path) -> None:
    """Where one of several runs cannot be written, none is."""
    (tmp_path / "r.bm25.trec").mkdir()

    done = evaluate(run, beir, "--system", "default,bm25", "--run", str(tmp_path / "r.trec"))

    check_error(done, f"cannot write {tmp_path / 'r.bm25.trec'}: it is a folder")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["r.bm25.trec", "small"]


def test_a_trec_run_is_scored_without_an_archive(run: Run, trec: tuple[Path, Path], tmp_path: Path) -> None:
    """A question that the run leaves out counts 0; one without a relevant document, or without qrels, has no score."""
    qrels, path = trec
    values = tmp_path / "values.csv"

    done = run(
        *("-m", "qa", "evaluate", str(qrels), "--run", str(path), "--measures", "P@1 RR R@2"),
        *("--per-question", str(values)),
    )
    as_json = run("-m", "qa", "evaluate", str(qrels), "--run", str(path), "--measures", "RR", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    # q1 has its document at rank 2: RR = 1/2; q2 is not in the run: 0; q3 has nothing relevant.
    assert done.stdout == (
        "P@1\t2\t0.0000 (0.0000–0.0000)\nRR\t2\t0.2500 (0.0000–0.5000)\nR@2\t2\t0.5000 (0.0000–1.0000)\n"
    )
    assert values.read_text(encoding="utf-8") == "id,P@1,RR,R@2\nq1,0,0.5,1\nq2,0,0,0\n"
    told = {"questions": 2, "measures": {"RR": {"n": 2, "value": 0.25, "low": 0.0, "high": 0.5}}}
    assert json.loads(as_json.stdout) == told


@pytest.mark.parametrize(
    ("bad_qrels", "bad_run", "words"),
    [
        ("q1 0 d1\n", None, ["line 1 of", "small.qrels is not in TREC's format"]),
        ("q1 0 d1 1\nq1 0 d2 much\n", None, ["line 2 of", "small.qrels is not in TREC's format"]),
        (None, "q1 Q0 d1 1 1 x\n\nq1 Q0 d2 2 high x\n", ["line 3 of", "small.run is not in TREC's format"]),
        (None, "q1 Q0 d 1 1 1 x\n", ["line 1 of", "small.run is not in TREC's format"]),
        (None, "q9 Q0 d1 1 1 x\n", ["the run answers none of the questions, but q9"]),
        (None, "q1 Q0 d1 1 2 x\nq1 Q0 d1 2 1 x\n", ["small.run names a document twice"]),
        ("q1 0 d1 0\nq3 0 d1 0\n", None, ["nothing is relevant"]),
        ("q1 0 d1 1\nq1 0 d1 0\nq3 0 d1 0\n", None, ["grades d1 twice for q1"]),
        ("q1 0 d1 99999\nq3 0 d1 0\n", None, ["has the grade 99999"]),
        (None, "q1 Q0 d1 1 nan x\n", ["has a score that is no number"]),
        ("", "", ["nothing is relevant"]),
    ],
)
def test_mistakes_in_trec_files(
    capsys: pytest.CaptureFixture[str],
    trec: tuple[Path, Path],
    bad_qrels: str | None,
    bad_run: str | None,
    words: list[str],
) -> None:
    """Malformed qrels and runs are one line that names the file."""
    for path, text in zip(trec, (bad_qrels, bad_run), strict=True):
        if text is not None:
            path.write_text(text, encoding="utf-8")

    check_error(here(capsys, str(trec[0]), "--run", str(trec[1])), *words)


def test_trec_qrels_need_a_run(capsys: pytest.CaptureFixture[str], trec: tuple[Path, Path], tmp_path: Path) -> None:
    """Without a run there is nothing to score, and a missing one is named."""
    qrels, _ = trec

    check_error(here(capsys, str(qrels)), "--run FILE", status=2)
    check_error(here(capsys, str(qrels), "--run", str(tmp_path / "none")), "none cannot be read")


@pytest.mark.parametrize("option", ["--archive", "--sources", "--model", "--system", "--report"])
def test_options_a_run_file_has_no_use_for(
    capsys: pytest.CaptureFixture[str], trec: tuple[Path, Path], tmp_path: Path, option: str
) -> None:
    """An option that would change nothing is refused, not passed over."""
    qrels, path = trec

    done = here(capsys, str(qrels), "--run", str(path), option, "dense")

    check_error(done, f"a run file is scored without {option}", status=2)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["small.qrels", "small.run"]


def test_sources_are_for_gold_alone(capsys: pytest.CaptureFixture[str], beir: Path) -> None:
    """A BEIR folder brings its own texts."""
    check_error(here(capsys, str(beir), "--sources", str(SEEDS)), "brings its own texts", "--sources", status=2)


def test_an_archive_of_another_model_is_not_made_anew(run: Run, beir: Path, tmp_path: Path) -> None:
    """Naming another model than the evaluation archive's is refused before anything is embedded again."""
    archive = tmp_path / "archive"
    assert evaluate(run, beir, "--archive", str(archive)).returncode == 0
    generation = current_generation(archive)

    done = run("-m", "qa", "evaluate", str(beir), "--archive", str(archive), "--model", "bundled")

    check_error(done, "was made with the model hashing, not bundled", "leave out --model")
    assert current_generation(archive) == generation


@pytest.mark.parametrize("kind", ["beir", "trec"])
def test_one_file_named_twice(
    capsys: pytest.CaptureFixture[str], beir: Path, trec: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    """A run and its values cannot be one file, least of all the run that is being scored."""
    file, before = (trec[1], trec[1].read_bytes()) if kind == "trec" else (tmp_path / "r.trec", None)
    dataset = trec[0] if kind == "trec" else beir

    check_error(here(capsys, str(dataset), "--run", str(file), "--per-question", str(file)), "named twice", status=2)
    assert (file.read_bytes() if file.exists() else None) == before


@pytest.mark.parametrize("option", ["--report", "--archive"])
def test_an_output_inside_a_folder_written_as_a_whole(
    capsys: pytest.CaptureFixture[str], beir: Path, tmp_path: Path, option: str
) -> None:
    """A run inside the report's or the archive's folder is refused before anything is measured."""
    folder = tmp_path / "whole"

    done = here(capsys, str(beir), option, str(folder), "--run", str(folder / "r.trec"))

    check_error(done, "r.trec lies in whole, which is written as a whole", "name another folder", status=2)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("option", "name"), [("--run", "corpus.jsonl"), ("--per-question", "x.csv"), ("--report", "r")]
)
@pytest.mark.parametrize("kind", ["beir", "gold"])
def test_an_output_among_what_is_read(
    capsys: pytest.CaptureFixture[str], beir: Path, tmp_path: Path, option: str, name: str, kind: str
) -> None:
    """A run over the corpus, or anything else inside the data set or the sources, is refused; both stay as they are."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text(lines({"id": "1", "question": "Dove?", "answerable": False, "gold": []}), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in beir.iterdir()}

    given = [str(beir)] if kind == "beir" else [str(gold), "--sources", str(beir)]
    done = here(capsys, *given, option, str(beir / name))

    check_error(done, f"{name} would be written into", "small, which is read", "name a place outside it", status=2)
    assert {path.name: path.read_bytes() for path in beir.iterdir()} == before


@pytest.mark.parametrize("arguments", [["--reader", "bundled"], ["--reader", "none", "--reranker", "oracle"]])
def test_reading_is_for_the_default_alone(capsys: pytest.CaptureFixture[str], beir: Path, arguments: list[str]) -> None:
    """A reader or reranker that no system would use is wrong usage, told before it is opened."""
    done = here(capsys, str(beir), "--system", "dense,bm25", *arguments)

    check_error(done, "only the system default reads", "add default to --system", status=2)
