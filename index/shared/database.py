"""PostgreSQL, spoken to through SQLAlchemy and psycopg: one door that waits, tries again, and says what is wrong."""

from __future__ import annotations

import contextlib
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from index.errors import (
    SHARE,
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveUnreachableError,
    UsageError,
)
from index.settings import DATABASE_VARIABLE, ENGINE_VARIABLE, without_secrets
from index.shared.tables import SETTING, schema_of
from index.shared.waiting import patiently

_LOCK = 7_310_402
"""The number of the lock that a writer holds."""
_GRACE = 1.0
"""Seconds."""
_MOMENT = 5.0
"""Seconds: a page asks several things."""
_START = "start it, or name another with --database"
_ADDRESS = "write postgresql://user@host:port/name, or see docs/scale.md"
_CREATE = "make one with: createdb --encoding=UTF8 --template=template0"
_REFUSED = ("28000", "28P01")
_REFUSALS = ("authentication failed", "no password supplied", "not permitted to log in", "no pg_hba.conf entry")
"""What is said without a code while a connection is made."""
_LOST = ("08", "57P", "53", "25006")
"""How the codes of errors begin that pass: of connections, shutting down, running short, following another server."""

Rows = list[tuple[Any, ...]]


class _SlowError(ArchiveUnreachableError):
    """A statement took too long; others may not."""


class Silence:
    """For a moment after somebody waited for a database in vain, nobody waits who has no more patience."""

    def __init__(self) -> None:
        self._kept: tuple[float, float, ArchiveUnreachableError] | None = None

    def begin(self, patience: float, error: ArchiveUnreachableError) -> None:
        """Somebody had `patience`, and got `error`."""
        kept, now = self._kept, time.monotonic()
        if kept is None or now >= kept[0] or patience >= kept[1]:
            self._kept = (now + _MOMENT, patience, error)

    def heed(self, patience: float) -> None:
        """Nothing, or the error again.

        Raises:
            ArchiveUnreachableError: somebody with as much patience got it a moment ago.
        """
        kept = self._kept
        if kept is not None and time.monotonic() < kept[0] and patience <= kept[1]:
            raise ArchiveUnreachableError(str(kept[2]), kept[2].hint)


class Database:
    """A PostgreSQL database.

    Args:
        url: as ``postgresql://user@host/name``; what it leaves out libpq takes from its environment and password file.
        patience: seconds that what does not answer is waited for; also those a single statement may take.
        reading: what was built, and in which generation it is read; None for what is one for all.
        silence: shared with others of the same database; None for its own.

    Every method raises ArchiveError, ArchiveUnreachableError where asking later may help.
    """

    def __init__(
        self, url: str, patience: float, reading: tuple[int, int] | None = None, silence: Silence | None = None
    ) -> None:
        self._where = without_secrets(url)
        self._patience = patience
        self._silence = silence or Silence()
        self._sqlalchemy = _sqlalchemy()
        options = f"-c statement_timeout={round(1000 * patience)}"
        if reading is not None:
            options += f" -c search_path={schema_of(reading[0])} -c {SETTING}={reading[1]}"
        try:
            address = self._sqlalchemy.make_url(url)
        except (self._sqlalchemy.exc.ArgumentError, ValueError):
            address = None
        if address is None or address.get_backend_name() != "postgresql":
            raise UsageError(f"{self._where} is no PostgreSQL database", _ADDRESS)
        # Part of a password would be taken for a name, and told with it.
        if any("@" in name for name in (address.host or "", address.database or "", *address.query)):
            raise UsageError(f"{self._where} has @ in a password", "write it as %40, and / and ? as %2F and %3F")
        try:
            self._engine = self._sqlalchemy.create_engine(
                address.set(drivername="postgresql+psycopg"),
                connect_args={"options": options, "client_encoding": "utf8"},
                isolation_level="AUTOCOMMIT",
                pool_pre_ping=True,
                skip_autocommit_rollback=True,
            )
            from index.shared.connection import Connection, within
        except ImportError as error:
            raise ArchiveError("reading from a database takes psycopg, which is not installed", _INSTALL) from error
        self._within = within
        opened = Connection.opened
        self._sqlalchemy.event.listen(
            self._engine, "do_connect", lambda _dialect, _record, given, named: opened(*given, **named)
        )
        # Whoever opened an archive need not close it: its connections go with it.
        weakref.finalize(self, self._engine.dispose)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    def rows(self, query: str, values: Sequence[Any] = ()) -> Rows:
        """The rows of `query`, whose places for `values` are question marks.

        For a moment after somebody waited in vain, nobody waits.
        """
        self._silence.heed(self._patience)
        try:
            return patiently(lambda left: self._told(lambda: self._rows(query, values, left)), self._patience)
        except _SlowError:
            raise
        except ArchiveUnreachableError as error:
            self._silence.begin(self._patience, error)
            raise

    def _rows(self, query: str, values: Sequence[Any], left: float) -> Rows:
        with contextlib.closing(self._connected(left)) as connection:
            # The server ends a statement that takes too long, and is given the time to say so.
            with self._within(left + _GRACE):
                found = connection.exec_driver_sql(query.replace("?", "%s"), tuple(values))
            return [tuple(row) for row in found]

    @contextlib.contextmanager
    def writer(self) -> Iterator[Writer]:
        """Be the only writer; the database lets go when the connection ends, however it ends.

        Raises:
            ArchiveBusyError: another one is writing.
        """
        connection = patiently(lambda left: self._told(lambda: self._connected(left)), self._patience)
        try:
            # What is written may take long, but not while the server is silent to everybody.
            connection.connection.dbapi_connection.look = lambda: self.rows("SELECT 1")
            writer = Writer(connection, self._told)
            ((encoding,),) = writer.rows("SHOW server_encoding")
            if encoding != "UTF8":
                raise ArchiveError(f"the database {self._where} keeps texts as {encoding}, not as UTF8", _CREATE)
            writer.rows("SET statement_timeout = 0")
            if not writer.rows("SELECT pg_try_advisory_lock(?)", [_LOCK])[0][0]:
                raise ArchiveBusyError(
                    f"another writer is publishing in {self._where}", "wait until it is done, then try again"
                )
            yield writer
        finally:
            # Not given back to be used again: the lock goes with it.
            with contextlib.suppress(self._sqlalchemy.exc.SQLAlchemyError):
                connection.invalidate()
                connection.close()

    def _connected(self, left: float) -> Any:
        with self._within(left + _GRACE):
            return self._engine.connect()

    def _told(self, call: Callable[[], Any]) -> Any:
        """What `call` returns; its errors as ours."""
        try:
            return call()
        except self._sqlalchemy.exc.SQLAlchemyError as error:
            raise self._error(error) from error
        except Exception as error:
            # Outside of SQLAlchemy's own calls, as while rows are copied, they are the driver's.
            if type(error).__module__.partition(".")[0] != "psycopg":
                raise
            raise self._error(error) from error

    def _error(self, error: Exception) -> ArchiveError:
        cause = getattr(error, "orig", None) or error
        code, line = str(getattr(cause, "sqlstate", None) or ""), " ".join(str(cause).split())[:200]
        if code in _REFUSED or any(words in line for words in _REFUSALS):
            return ArchiveError(
                f"the database {self._where} refuses the credentials", f"see ${DATABASE_VARIABLE} in docs/scale.md"
            )
        if code == "3D000" or (not code and "does not exist" in line):
            return ArchiveError(f"there is no database {self._where} ({line})", _CREATE)
        if code == "42501" or "permission denied" in line:
            return ArchiveError(
                f"the database {self._where} does not let this user do that ({line})",
                "grant the user what docs/scale.md names",
            )
        if not code and ("invalid connection option" in line or "invalid port" in line):
            return ArchiveError(f"{self._where} is no address of a database ({line})", _ADDRESS)
        if code in ("3F000", "42P01", "42704"):
            return ArchiveDamagedError(f"the database {self._where} holds no such archive ({line})", SHARE)
        if code == "57014":
            return _SlowError(
                f"the database {self._where} has no answer in {self._patience:g} seconds",
                f"ask again later, or have ${ENGINE_VARIABLE}_PATIENCE greater",
            )
        if code and not code.startswith(_LOST):
            return ArchiveDamagedError(f"the database {self._where} cannot be read ({line})", SHARE)
        return ArchiveUnreachableError(f"the database {self._where} does not answer ({line})", _START)


class Writer:
    """A connection that holds the lock; what is written outside of :meth:`whole` stands at once."""

    def __init__(self, connection: Any, told: Callable[[Callable[[], Any]], Any]) -> None:
        self._connection = connection
        self._told = told

    def rows(self, query: str, values: Sequence[Any] = ()) -> Rows:
        """The rows of `query`, if it has any, whose places for `values` are question marks."""

        def run() -> Rows:
            found = self._connection.exec_driver_sql(query.replace("?", "%s"), tuple(values) or None)
            return [tuple(row) for row in found] if found.returns_rows else []

        found: Rows = self._told(run)
        return found

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """What is written meanwhile stands at the end, all of it, or not at all."""
        self.rows("BEGIN")
        try:
            yield
        except BaseException:
            with contextlib.suppress(ArchiveError):
                self.rows("ROLLBACK")
            raise
        self.rows("COMMIT")

    def copy(self, table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write `rows` into the `columns` of `table`."""
        query = f"COPY {table} ({', '.join(columns)}) FROM STDIN"

        def run() -> None:
            with self._connection.connection.cursor() as cursor, cursor.copy(query) as copy:
                for row in rows:
                    copy.write_row(row)

        self._told(run)


_INSTALL = "install what it takes: pip install -r requirements-scale.txt"


def _sqlalchemy() -> Any:
    try:
        import sqlalchemy
        import sqlalchemy.event
        import sqlalchemy.exc
    except ImportError as error:
        raise ArchiveError("reading from a database takes SQLAlchemy, which is not installed", _INSTALL) from error
    return sqlalchemy
