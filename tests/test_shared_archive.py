"""An archive that many machines read says what the writer's own says, before and after each change."""

from __future__ import annotations

import gc
import json
import secrets
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.archive import Archive
from index.build import add, build, compact, remove
from index.encoder import HASHING, Encoder
from index.errors import ArchiveDamagedError, ArchiveMissingError
from index.opening import open_archive
from index.settings import Place
from index.shared import publishing
from index.shared.archive import SharedArchive
from index.shared.checking import problems
from index.shared.collections import drop
from index.shared.engine import Milvus
from index.shared.generations import Generation
from index.shared.publishing import Shared, share
from index.shared.settings import Reach
from index.shared.tables import OPEN
from index.shared.tidying import written
from qa.answer import Engine
from qa.check.checker import Checker
from qa.check.report import check_json
from qa.facets import facets
from qa.quotations import find_quotations, voices
from qa.reading.opening import open_engine
from qa.records import Filters
from qa.render import answer_json, quotation_json
from tests.conftest import ROOT, SEEDS, Run
from tests.servers import Postgres
from tests.test_engine_contract import connections

QUESTIONS = (
    "In quale distretto sorgerà il museo?",
    "How many soldiers did North Korea send?",
    "Putin Kursk",
    "Che cosa ha detto Kim Jong Un?",
    "Qual è la capitale del Perù?",
)
FILTERS = (
    Filters(),
    Filters(speaker="Kim"),
    Filters(since="2025-05-01"),
    Filters(until="2025-05-01", language="it"),
    Filters(outlet="askanews"),
    Filters(outlet="nessuna testata"),
)


def answers(engine: Engine, questions: Sequence[str] = QUESTIONS) -> list[dict[str, Any]]:
    """The answers to all questions under all filters, as JSON without what depends on the machine's hurry."""
    found = []
    for question in questions:
        for filters in FILTERS:
            answer = answer_json(engine.ask(question, filters=filters))
            del answer["timings_ms"]
            found.append(json.loads(json.dumps(answer)))
    return found


def texts(archive: Archive) -> list[str]:
    """The ids of the articles that an archive holds."""
    return [article.id for article in archive.store.articles()]


def dated(folder: Path, *names: str) -> list[Path]:
    """A file for each of `names`, with a text of its own."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name in names:
        path = folder / f"{name}.txt"
        path.write_text(
            f"Il sindaco di {name} ha aperto il ponte di {name}.\n«Il ponte è aperto», ha detto Anna {name}.\n"
        )
        paths.append(path)
    return paths


def test_the_same_answers_from_both(seeds_path: Path, bundled_encoder: Encoder, place: Place) -> None:
    """With the real model and reader: equal answers from files and from engine and database, to the last digit."""
    place = replace(place, path=seeds_path)
    share(place)
    here = Archive.open(seeds_path, lambda _: bundled_encoder)
    there = open_archive(replace(place, path=Path("nowhere")), lambda _: bundled_encoder)

    assert isinstance(there, SharedArchive)
    assert answers(open_engine(there), QUESTIONS[:2]) == answers(open_engine(here), QUESTIONS[:2])


@pytest.mark.parametrize("ranked", [True, False])
def test_the_same_answers_whoever_ranks_the_words(place: Place, ranked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine, or a copy of the writer's own index that each reader fetches."""
    if not ranked:
        monkeypatch.setattr(publishing, "ranks", lambda *_: False)
    if share(place).generation.ranked != ranked:
        pytest.skip("this server does not rank by words")
    here, there = Archive.open(place.path), open_archive(replace(place, path=Path("nowhere")))

    assert there.terms.engine == ("milvus" if ranked else "tantivy")
    assert answers(Engine(there)) == answers(Engine(here))


def test_every_reader_reads_the_same(place: Place) -> None:
    """Direct speech, speakers, what there is to filter by, and what a checked draft says are alike, too."""
    share(place)
    here, there = Archive.open(place.path), open_archive(replace(place, path=Path("nowhere")))
    draft = (
        "Kim ha detto: «I soldati hanno combattuto con onore e coraggio». E poi: «una frase che nessuno ha detto mai»."
    )

    for filters in FILTERS:
        assert [quotation_json(q) for q in find_quotations(there, None, filters)] == [
            quotation_json(q) for q in find_quotations(here, None, filters)
        ]
        assert voices(there, filters) == voices(here, filters)
        assert facets(there, filters) == facets(here, filters)
    assert check_json(Checker(there).check(draft)) == check_json(Checker(here).check(draft))
    assert there.manifest == here.manifest
    assert list(problems(place)) == []


def test_a_change_sends_what_changed(place: Place, tmp_path: Path) -> None:
    """What comes and goes is published as such, compacting changes nothing, and each generation says what it should."""
    first = share(place)
    assert (first.generation.number, first.new, first.gone, first.built) == (1, 5, 0, True)
    assert share(place) == Shared(first.generation)
    rows = _count(place, "id > 0")

    add(place.path, dated(tmp_path / "more", "Quarnasco", "Ombrigno"))
    second = share(place)
    assert (second.generation.number, second.new, second.gone, second.built) == (2, 2, 0, False)
    remove(place.path, texts(open_archive(place))[:1])
    third = share(place)
    assert (third.generation.number, third.new, third.gone, third.built) == (3, 0, 1, False)
    compact(place.path)
    assert share(place) == Shared(third.generation)

    here, there = Archive.open(place.path), open_archive(place)
    assert texts(there) == texts(here)
    assert answers(Engine(there)) == answers(Engine(here))
    assert there.terms.frequency("it:pont") == here.terms.frequency("it:pont")
    assert list(problems(place)) == []
    assert _count(place, "id > 0") > rows


def _count(place: Place, condition: str) -> int:
    """Rows of the collection of sentences that answers."""
    archive = open_archive(place)
    assert isinstance(archive, SharedArchive)
    return archive.milvus.count(archive.published.collection("sentences"), condition)


def test_a_reader_of_the_former_generation_goes_on(place: Place, tmp_path: Path) -> None:
    """Whoever opened a generation sees it whole while the next one is published; the one after that takes its rows."""
    share(place)
    reader = open_archive(place)
    before = answers(Engine(reader))

    remove(place.path, texts(reader)[:2])
    share(place)

    assert not reader.is_current()
    assert answers(Engine(reader)) == before
    assert len(texts(reader)) == 5
    assert len(texts(open_archive(place))) == 3
    add(place.path, dated(tmp_path / "more", "Quarnasco"))
    share(place)
    assert len(texts(reader)) == 3
    assert _count(place, f"until < {OPEN}") == 0


def test_another_build_takes_collections_of_its_own(place: Place) -> None:
    """What is written anew has collections of its own; those of the former one go with the generation after."""
    first = share(place).generation
    reader = open_archive(place)
    before = answers(Engine(reader))
    manifest = Archive.open(place.path).manifest
    again = share(place, anew=True)

    assert again.built
    assert again.generation.collection("passages") != first.collection("passages")
    assert answers(Engine(reader)) == before
    assert Archive.open(place.path).manifest == manifest
    milvus = Milvus(place.engine or "", Reach.from_environment(), 10)
    assert first.collection("passages") in milvus.collections()
    share(place, anew=True)
    assert first.collection("passages") not in milvus.collections()
    milvus.close()


def test_an_archive_with_another_past_is_written_anew(place: Place, tmp_path: Path) -> None:
    """Where numbers were given again, as after a restored backup, nothing published is taken for the same."""
    share(place)
    add(place.path, dated(tmp_path / "more", "Quarnasco"))
    share(place)
    other = replace(place, path=tmp_path / "other")
    build(other.path, [SEEDS], "hashing")
    add(other.path, dated(tmp_path / "others", "Ombrigno"))

    done = share(other)

    assert done.built
    here, there = Archive.open(other.path), open_archive(place)
    assert texts(there) == texts(here)
    assert answers(Engine(there)) == answers(Engine(here))
    assert list(problems(place)) == []


def told_to(place: Place, *statements: str) -> None:
    """Have the database of `place` do as somebody does who should not."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(str(place.database).replace("://", "+psycopg://"))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _unranked(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same answers, without the places that their quotes had in each search."""
    for answer in found:
        for quote in (*answer["citations"], *answer["nearest"]):
            del quote["found_by"]
    return found


def test_what_a_lagging_engine_still_finds_is_left_out(place: Place) -> None:
    """Passages and sentences that the database does not know change no answer; where none is left, there is none."""
    share(place)
    archive = open_archive(place)
    assert isinstance(archive, SharedArchive)
    expected = answers(Engine(archive))
    for table in ("passages", "sentences"):
        name = archive.published.collection(table)
        rows = [dict(written(row)) for row in archive.milvus.matching(name, "id > 0", ["*"])]
        twins = [{**row, "id": int(row["id"]) + 10**9, "owner": int(row["owner"]) + 10**9} for row in rows]
        archive.milvus.upsert(name, twins)
        assert archive.milvus.count(name, "owner > 1000000000") == len(rows)

    reader = open_archive(place)
    vector = reader.encoder.encode_questions([QUESTIONS[0]])[0]
    assert any(i > 10**9 for i, _ in reader.passages.search(vector, 10))
    assert _unranked(answers(Engine(reader))) == _unranked(expected)
    assert Checker(reader).check("«Il museo ricorda i soldati caduti a Kursk», ha detto Kim.").quotations
    told_to(place, "DELETE FROM virgolettato_1.all_passages")
    assert not any(answer["citations"] for answer in answers(Engine(open_archive(place))))


def test_a_reader_leaves_nothing_open(place: Place) -> None:
    """A generation that is replaced, and one that could not be opened, take their connections with them."""
    share(place)
    gc.collect()
    gc.disable()
    try:
        archive = open_archive(place)
        assert isinstance(archive, SharedArchive)
        answers(Engine(archive), QUESTIONS[:1])
        name, milvus = archive.published.collection("sentences"), weakref.ref(archive.milvus)
        del archive
        assert milvus() is None
    finally:
        gc.enable()
    before = connections()
    other = Milvus(place.engine or "", Reach.from_environment(), 10)
    drop(other, name)
    other.close()
    with pytest.raises(ArchiveDamagedError):
        open_archive(place)
    assert connections() == before


@pytest.mark.parametrize("ranked", [True, False])
@pytest.mark.parametrize("anew", [True, False])
def test_local_changes_meanwhile_do_not_disturb_publishing(
    place: Place, tmp_path: Path, ranked: bool, anew: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being published is removed from the disk by two changes; it is published all the same, as it was."""
    if not ranked:
        monkeypatch.setattr(publishing, "ranks", lambda *_: False)
    if not anew:
        share(place)
        add(place.path, dated(tmp_path / "first", "Quarnasco"))
    archive = Archive.open(place.path)
    expected, held, see = answers(Engine(archive)), texts(archive), publishing._see

    def changing(milvus: Milvus, generation: Generation) -> None:
        see(milvus, generation)
        add(place.path, dated(tmp_path / "more", "Ombrigno"))
        remove(place.path, held[:1])
        assert not archive.folder.exists()

    with monkeypatch.context() as own:
        own.setattr(publishing, "_see", changing)
        assert share(place).built == anew

    reader = open_archive(place)
    assert texts(reader) == held
    assert answers(Engine(reader)) == expected
    assert share(place).new == 1
    assert texts(open_archive(place)) == texts(Archive.open(place.path))
    assert list(problems(place)) == []


def test_two_archives_are_published_at_once(
    place: Place, postgres: Postgres, run: Run, tmp_path: Path, engine_token: None
) -> None:
    """Two writers in processes of their own, into one engine: each reader has its own archive, and no other's."""
    build(tmp_path / "other", dated(tmp_path / "texts", "Quarnasco", "Vallebuia"), HASHING)
    other = replace(place, path=tmp_path / "other", database=postgres.database(f"archive_{secrets.token_hex(6)}"))

    def publish(one: Place) -> list[str]:
        settings = {"VIRGOLETTATO_ENGINE": str(one.engine), "VIRGOLETTATO_DATABASE": str(one.database)}
        told = [run("-m", "index", "share", "--anew", "--archive", str(one.path), **settings) for _ in range(3)]
        return [done.stderr for done in told if done.returncode]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(publish, (place, other))) == [[], []]

    for one in (place, other):
        here, there = Archive.open(one.path), open_archive(one)
        assert texts(there) == texts(here)
        assert answers(Engine(there)) == answers(Engine(here))
        assert list(problems(one)) == []


def test_vectors_are_those_of_the_archive(place: Place) -> None:
    """Every vector is there to the last bit, and belongs to what it belongs to."""
    share(place)
    here, there = Archive.open(place.path), open_archive(place)
    assert isinstance(there, SharedArchive)

    for own, shared in ((here.passages, there.passages), (here.sentences, there.sentences)):
        ids = own.ids.tolist()
        np.testing.assert_array_equal(shared.vectors_of(ids), own.vectors_of(ids))
        assert shared.owners_of(ids) == own.owners_of(ids)


def test_nothing_published_is_no_archive(place: Place) -> None:
    """A database without an archive says so, and how one gets there."""
    with pytest.raises(ArchiveMissingError, match="there is no archive in") as caught:
        open_archive(place)

    assert "index share" in caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_published_archive_is_measured(place: Place, run: Run) -> None:
    """The gold questions put to the published archive of the seeds give what the archive itself gives."""
    gold = ROOT / "tests" / "data" / "seeds_gold.jsonl"
    share(place)
    words = ("-m", "qa", "evaluate", str(gold), "--json", "--reader", "none", "--system")
    shared = ("--engine", str(place.engine))

    here = run(*words, "default", "--archive", str(place.path))
    there = run(*words, "default", *shared, VIRGOLETTATO_DATABASE=str(place.database))

    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    assert json.loads(there.stdout)["rows"] == json.loads(here.stdout)["rows"]
