"""The door's parts by themselves: users' files, sessions, slowdown, rates, turns, and the audit log."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import ArchiveDamagedError, UsageError
from page.door.audit import Audit
from page.door.caller import Caller
from page.door.places import AT_ONCE
from page.door.rates import Rate, client_of
from page.door.reception import Reception
from page.door.refusals import RefusedError
from page.door.rules import Limits
from page.door.sessions import LASTING, PAUSE, Sessions, Slowdown
from page.door.users import SHORTEST, Users, password_entry, token_entry
from tests.conftest import Run

PASSWORD = "corretto cavallo {1} “è”"
ENTRY = password_entry("anna", PASSWORD)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def users_file(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    """A users file with `text`."""
    path = folder / "users"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def test_a_password_is_known_and_no_other(tmp_path: Path) -> None:
    """Only the right password of a name opens; neither another one's, nor that of a name that is not there."""
    users = Users.read(users_file(tmp_path, f"# redazione\n\n{ENTRY}\n{password_entry('bruno', 'un’altra parola')}\n"))

    assert users.knows("anna", PASSWORD)
    assert not users.knows("anna", PASSWORD + " ")
    assert not users.knows("anna", "un’altra parola")
    assert not users.knows("carla", PASSWORD)
    assert not users.knows("anna", "")
    assert not users.knows("anna", "\ud800" * 5)


def test_hashes_are_salted_and_say_nothing() -> None:
    """The same password gives another line each time, and none holds it."""
    again = password_entry("anna", PASSWORD)

    assert again != ENTRY
    assert PASSWORD not in ENTRY + again


def test_a_token_names_its_owner(tmp_path: Path) -> None:
    """Each token opens under its own name; one of another file, an altered one, and a password open nothing."""
    line, token = token_entry("robot")
    other, second = token_entry("archivio")
    _, stranger = token_entry("robot")
    users = Users.read(users_file(tmp_path, f"{line}\n{other}\n{ENTRY}\n"))

    assert (users.bearer(token), users.bearer(second)) == ("robot", "archivio")
    assert [users.bearer(given) for given in (stranger, token[:-1], token.upper(), "", PASSWORD)] == [None] * 5
    assert token not in line
    assert not users.knows("robot", token)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no entry"),
        ("# nessuno\n", "has no entry"),
        (b"\xff\xfe\x00", "is no text"),
        ("anna\n", "line 1 "),
        ("\nanna:password\n", "line 2 "),
        (f"an na:{ENTRY.partition(':')[2]}\n", "line 1 "),
        (f"{ENTRY[:-4]}\n", "line 1 "),
        (ENTRY.replace("$32768$", "$32767$"), "line 1 "),
        (ENTRY.replace("$32768$", "$4194304$"), "line 1 "),
        (ENTRY.replace("$32768$", "$-1$"), "line 1 "),
        ("robot:token$abc\n", "line 1 "),
        (f"{ENTRY}\n{ENTRY}\n", "gives anna a second password"),
    ],
    ids=range(12),
)
def test_a_users_file_of_another_form_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    """Whatever is no entry is told in one line that names the file and the line."""
    path = users_file(tmp_path, text)

    with pytest.raises(UsageError, match=said) as told:
        Users.read(path)

    assert str(path) in str(told.value)
    assert "\n" not in str(told.value) + told.value.hint


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_users_file_is_for_its_owner_alone(tmp_path: Path, mode: int) -> None:
    """A file that others may open is refused with the command that mends it."""
    path = users_file(tmp_path, ENTRY, mode)

    with pytest.raises(UsageError) as told:
        Users.read(path)

    assert told.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize("name", ["", "a b", "a:b", "-a", "è", "a" * 65, "a\nb"])
def test_names_and_passwords_that_will_not_do(name: str) -> None:
    """A name with anything but letters, digits and a few marks is refused, and so are short passwords."""
    with pytest.raises(UsageError):
        password_entry(name, PASSWORD)
    with pytest.raises(UsageError):
        token_entry(name)
    for password in ("x" * (SHORTEST - 1), "x" * 1001, "tab\tulazione"):
        with pytest.raises(UsageError):
            password_entry("anna", password)


def test_the_command_makes_lines_that_open(run: Run, tmp_path: Path) -> None:
    """``hash-password`` and ``make-token`` print lines of a users file, and what is secret only to standard error."""
    hashed = run("app.py", "hash-password", "anna", stdin=f"{PASSWORD}\n")
    made = run("app.py", "make-token", "robot")
    users = Users.read(users_file(tmp_path, hashed.stdout + made.stdout))
    token = made.stderr.removeprefix("token: ").strip()

    assert (hashed.returncode, hashed.stderr, made.returncode) == (0, "", 0)
    assert users.knows("anna", PASSWORD)
    assert users.bearer(token) == "robot"
    assert token not in made.stdout
    short = run("app.py", "hash-password", "anna", stdin="breve\n")
    assert (short.returncode, short.stdout, short.stderr.count("\n")) == (2, "", 1)


def test_a_session_ends(tmp_path: Path) -> None:
    """A session has its name until it is ended or its time is over; a forged cookie has none."""
    clock = Clock()
    sessions = Sessions(clock)
    left, stayed = sessions.begin("anna"), sessions.begin("anna")

    assert sessions.name(left) == sessions.name(stayed) == "anna"
    assert sessions.name(stayed[:-1] + "x") is None
    assert sessions.name("") is None
    sessions.end(left)
    assert (sessions.name(left), sessions.name(stayed)) == (None, "anna")
    clock.now += LASTING - 1
    assert sessions.name(stayed) == "anna"
    clock.now += 1
    assert sessions.name(stayed) is None


def test_guessing_slows_down() -> None:
    """After four wrong guesses each costs twice the wait, at one name from an address and at any from it, to five
    minutes at most however many there were; the right one ends it.
    """
    clock = Clock()
    slowdown = Slowdown(clock)

    assert [slowdown.wait("anna", "1") for _ in range(5)] == [0.0] * 5
    assert slowdown.wait("anna", "1") == 2
    assert slowdown.wait("bruno", "1") == 2
    clock.now += 2
    assert slowdown.wait("anna", "1") == 0
    assert slowdown.wait("anna", "1") == 4
    for _ in range(1100):
        clock.now += 301
        assert slowdown.wait("anna", "1") == 0
    assert slowdown.wait("anna", "1") == 300
    slowdown.right("anna", "1")
    assert slowdown.wait("anna", "1") == 0


def test_guesses_from_elsewhere_shut_nobody_out() -> None:
    """Whoever guesses at a name from one address, or from many, leaves its owner at another no wait, but for an answer
    that is held back for two seconds; nobody else's is.
    """
    clock = Clock()
    slowdown = Slowdown(clock)
    for number in range(100):
        slowdown.wait("anna", "1")
        slowdown.wait("anna", f"of many {number}")

    assert slowdown.wait("anna", "2") == 0
    assert (slowdown.pause("anna"), slowdown.pause("bruno")) == (PAUSE, 0.0)
    slowdown.right("anna", "2")
    assert slowdown.wait("anna", "2") == 0
    assert slowdown.wait("anna", "1") > 0


def test_ones_own_password_is_no_licence_to_guess() -> None:
    """Whoever logs in between his guesses at others' passwords waits for those all the same."""
    clock = Clock()
    slowdown = Slowdown(clock)
    for _ in range(5):
        assert slowdown.wait("anna", "1") == 0
        if slowdown.wait("zoe", "1") == 0:
            slowdown.right("zoe", "1")

    assert slowdown.wait("anna", "1") > 0


def test_a_rate_is_a_bucket_for_each_client() -> None:
    """So many at once, then as they come back evenly; one client's do not count for another, and 0 is any number."""
    clock = Clock()
    rate = Rate(30, clock)

    assert [rate.wait("a") for _ in range(30)] == [0.0] * 30
    assert rate.wait("a") == pytest.approx(2.0)
    assert rate.wait("b") == 0
    clock.now += 1.5
    assert rate.wait("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert rate.wait("a") == 0
    assert rate.wait("a") > 0
    assert [Rate(0).wait("a") for _ in range(1000)] == [0.0] * 1000


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("here", "here"),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, client: str) -> None:
    """Whoever has one IPv6 address has a network of them, so they count as one."""
    assert client_of(address) == client


def full(reception: Reception, count: int) -> Callable[[], None]:
    """Take `count` places; returns what lets them go."""
    go, inside = threading.Event(), threading.Semaphore(0)

    def hold(number: int) -> None:
        with reception.turn(Caller(client=str(number)), "ask", "?"):
            inside.release()
            go.wait()

    threads = [threading.Thread(target=hold, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for _ in range(min(count, AT_ONCE)):
        inside.acquire()

    def release() -> None:
        go.set()
        for thread in threads:
            thread.join()

    return release


def test_beyond_what_may_wait_one_is_refused_at_once() -> None:
    """With all places taken the next question is refused without waiting, and is answered once one is free."""
    reception = Reception(Limits(waiting=3))
    release = full(reception, AT_ONCE + 3)
    try:
        while f"virgolettato_questions_working {AT_ONCE + 3}.0" not in reception.metrics.text().decode():
            time.sleep(0.01)
        with pytest.raises(RefusedError) as told, reception.turn(Caller(), "ask", "?"):
            pass
    finally:
        release()
    with reception.turn(Caller("api"), "ask", "?"):
        pass

    assert (told.value.status, told.value.name) == (503, "too_busy")
    text = reception.metrics.text().decode()
    assert 'virgolettato_questions_total{interface="page",outcome="answered"} 5.0' in text
    assert 'virgolettato_questions_total{interface="page",outcome="refused"} 1.0' in text
    assert 'virgolettato_questions_total{interface="api",outcome="answered"} 1.0' in text
    assert 'virgolettato_question_seconds_count{interface="page"} 5.0' in text
    assert "virgolettato_questions_working 0.0" in text


def test_who_waits_is_refused_before_the_request_ends() -> None:
    """Where no place is free one is refused once three quarters of a short limit are over; not only at its end."""
    reception = Reception(Limits(seconds=1.0))
    release = full(reception, AT_ONCE)
    begun = time.monotonic()
    try:
        with pytest.raises(RefusedError) as told, reception.turn(Caller(), "ask", "?") as turn:
            assert turn is None
    finally:
        release()

    assert (told.value.status, told.value.name) == (503, "too_busy")
    assert time.monotonic() - begun >= 0.75


@pytest.mark.parametrize(
    ("caller", "party"),
    [
        (Caller("page", "192.0.2.1", session="a"), "192.0.2.1 a"),
        (Caller("api", "192.0.2.1"), "192.0.2.1"),
        (Caller("page", "anna", "anna", session="a"), "anna"),
    ],
)
def test_a_party_is_a_user_or_a_page_or_an_address(caller: Caller, party: str) -> None:
    """Pages open behind one address are told apart, programs there are not, and a user is one wherever he asks."""
    assert caller.party == party


def test_who_asks_too_much_is_told_when_to_come_again() -> None:
    """A client beyond its rate is refused with the seconds; others are not."""
    reception = Reception(Limits(per_minute=2))
    for _ in range(2):
        with reception.turn(Caller(client="a"), "ask", "?"):
            pass
    with pytest.raises(RefusedError) as told, reception.turn(Caller(client="a"), "ask", "?"):
        pass
    with reception.turn(Caller(client="b"), "ask", "?"):
        pass

    assert told.value.status == 429
    assert 0 < told.value.seconds <= 30


def test_the_audit_log_has_who_when_and_what_came_of_it(tmp_path: Path) -> None:
    """One line a question, of ASCII alone, without its words; the same question has the same hash, another another."""
    path = tmp_path / "audit.jsonl"
    reception = Reception(audit=Audit(path))
    caller = Caller("api", "anna", "anna", "abc")
    asked = ["Chi ha vinto?\x1b[31m\u202e", "Chi ha vinto?\x1b[31m\u202e", "Altro"]
    for text in asked:
        with reception.turn(caller, "ask", text) as turn:
            turn.index_id, turn.outcome = "0123", "not_found"
    with pytest.raises(ArchiveDamagedError), reception.turn(caller, "check", "bozza"):
        raise ArchiveDamagedError("a", "b")
    raw = path.read_bytes()
    lines = [json.loads(line) for line in raw.splitlines()]

    assert {(line["name"], line["client"], line["interface"], line["request_id"]) for line in lines} == {
        ("anna", "anna", "api", "abc")
    }
    assert [(line["kind"], line["archive"], line["outcome"]) for line in lines] == [
        *[("ask", "0123", "not_found")] * 3,
        ("check", "", "unreadable"),
    ]
    assert lines[0]["hmac_sha256"] == lines[1]["hmac_sha256"] != lines[2]["hmac_sha256"]
    assert all(line["at"].endswith("+00:00") and "question" not in line for line in lines)
    assert raw.isascii()
    assert b"vinto" not in raw
    assert b"bozza" not in raw
    assert (path.stat().st_mode & 0o777, (tmp_path / "audit.jsonl.key").stat().st_mode & 0o777) == (0o600, 0o600)


def test_the_audit_log_is_only_added_to(tmp_path: Path) -> None:
    """Opened again it goes on under the same key; questions are written where that is asked for, drafts never."""
    path = tmp_path / "audit.jsonl"
    for questions in (False, True):
        audit = Audit(path, questions=questions)
        audit.write(Caller(), "ask", "answered", index_id="1", text="perché?")
        audit.write(Caller(), "check", "checked", index_id="1", text="la bozza")
    lines = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]

    assert [line.get("question") for line in lines] == [None, None, "perché?", None]
    assert lines[0]["hmac_sha256"] == lines[2]["hmac_sha256"]
    assert "la bozza" not in path.read_text(encoding="ascii")


def test_an_audit_line_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system takes a few bytes at a time all of them come to stand there; a line that a full disk cut short
    spoils none after it.
    """
    audit = Audit(tmp_path / "log")
    write, room = os.write, [10_000]

    def sparing(file: int, data: Any) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(file, bytes(data)[: min(7, room[0])])
        room[0] -= done
        return done

    monkeypatch.setattr(os, "write", sparing)
    audit.write(Caller(), "article", "done", articles=["a", "b", "a"])
    room[0] = 30
    with pytest.raises(OSError, match="No space"):
        audit.write(Caller(), "article", "done")
    room[0] = 10_000
    audit.write(Caller(), "quotes", "done")
    whole, torn, after = (tmp_path / "log").read_text(encoding="ascii").splitlines()

    assert json.loads(whole)["articles"] == ["a", "b"]
    assert len(torn) == 30
    assert json.loads(after)["kind"] == "quotes"


def test_an_audit_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    """A log, or a key, that others may open is refused with the command that mends it."""
    Audit(tmp_path / "log")
    for name in ("log", "log.key"):
        (tmp_path / name).chmod(0o640)
        with pytest.raises(UsageError) as told:
            Audit(tmp_path / "log")
        assert told.value.hint == f"chmod 600 {tmp_path / name}"
        assert str(told.value) == f"others than its owner may open {tmp_path / name}"
        (tmp_path / name).chmod(0o600)
    Audit(tmp_path / "log")


def test_an_audit_log_that_is_moved_away_begins_anew(tmp_path: Path) -> None:
    """After the log was renamed, or replaced by a new file, lines go to what has its name; none is lost."""
    path = tmp_path / "log"
    audit = Audit(path)
    for number in range(3):
        audit.write(Caller(), "article", "done", articles=[str(number)])
        path.rename(tmp_path / f"log.{number}")
        if number:
            path.touch(0o600)
    audit.write(Caller(), "article", "done", articles=["3"])
    files = [*(tmp_path / f"log.{number}" for number in range(3)), path]

    assert [[json.loads(line)["articles"] for line in file.read_text().splitlines()] for file in files] == [
        [["0"]],
        [["1"]],
        [["2"]],
        [["3"]],
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_audit_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder that is not there, a folder in its place, a link, and a key that is none are one clear line each."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "log.key").write_bytes(b"short")
    for path in (tmp_path / "no" / "log", tmp_path, tmp_path / "link", tmp_path / "log"):
        with pytest.raises(UsageError):
            Audit(path)

    assert not (tmp_path / "elsewhere").exists()
