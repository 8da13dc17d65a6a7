"""Milvus, spoken to through pymilvus: one door that waits, tries again, and says in one line what is wrong."""

from __future__ import annotations

import logging
import os
import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import (
    SHARE,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveUnreachableError,
    UsageError,
)
from index.settings import ENGINE_VARIABLE, without_secrets
from index.shared.settings import Reach
from index.shared.waiting import patiently

INSTALL = "install what it takes: pip install -r requirements-scale.txt"
_OLDEST = (2, 3, 5)
OLDEST = f"Milvus {'.'.join(map(str, _OLDEST))} or newer is needed"
ROWS = 1_000
"""Rows written, or asked for by their ids, at a time."""
_MOST = 16_384
"""Rows that Milvus finds or lists at once, at most."""
_MISSING, _NOT_LOADED = (4, 100), (101, 106)
"""Its codes for a collection that is not there, and for one that is not in memory."""
_REFUSED = ("auth check", "authenticat", "authoriz", "permission", "privilege", "credential")
_UNTRUSTED = ("certificate_verify_failed", "hostname verification check failed")
_PLAIN = "wrong_version_number"
"""What TLS says to a server that does not speak it."""
_BROKEN = ("dimension", "mismatch", "field", "invalid", "not support", "parse", "schema", "unknown tokenizer")
_EFFORT = 1_000
"""Candidates that a search in the graph keeps: at 128, recall of random vectors was .61 to .79, at 1,000 it was 1."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a collection beside id and vector: whole numbers, lists of them, or terms to be ranked by BM25."""

    name: str
    kind: str = "number"


class Milvus:
    """A connection.

    Args:
        uri: as ``http://host:19530``; https speaks TLS.
        reach: how to get there.
        patience: seconds that what does not answer is waited for.

    Attributes:
        pymilvus: the package, for what collections are made of.
        version: the server's.

    Every method raises ArchiveError, ArchiveUnreachableError where asking later may help.
    """

    def __init__(self, uri: str, reach: Reach, patience: float) -> None:
        self.uri = uri
        self.reach = reach
        self.patience = patience
        self.pymilvus = _pymilvus()
        if reach.authority is not None and not _speaks_tls(uri):
            raise UsageError(
                f"${ENGINE_VARIABLE}_CA is set for an engine that is spoken to without TLS: {without_secrets(uri)}",
                "name it with https://, or leave the certificates out",
            )
        self._client: Any = None
        self.version: str = patiently(self._connected, patience)

    def _connected(self, left: float) -> str:
        options: dict[str, Any] = {"token": self.reach.token or "", "timeout": left}
        if self.reach.authority is not None:
            options["server_pem_path"] = str(self.reach.authority)
        if _speaks_tls(self.uri):
            options["secure"] = True
        version = str(self._told(lambda: self._opened(options, left), "it"))
        numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
        if numbers is not None and tuple(map(int, numbers.groups())) < _OLDEST:
            raise ArchiveMismatchError(f"the engine at {without_secrets(self.uri)} is Milvus {version}", OLDEST)
        return version

    def _opened(self, options: dict[str, Any], left: float) -> str:
        client = self.pymilvus.MilvusClient(self.uri, dedicated=True, **options)
        try:
            version = str(client.get_server_version(timeout=left))
        except BaseException:
            client.close()
            raise
        self._client = client
        # pymilvus keeps a connection until it is told: whoever opened an archive need not close it.
        weakref.finalize(self, client.close)
        return version

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def collections(self) -> list[str]:
        """The names of all collections."""
        return list(self.ask("list_collections"))

    def load(self, name: str) -> None:
        """Have the collection `name` in memory, with as many replicas as are asked for."""
        state = str(self.ask("get_load_state", name)["state"])
        if state.endswith("Loaded"):
            return
        if not state.endswith("Loading"):
            self.ask("release_collection", name)
        self.ask("load_collection", name, replica_number=self.reach.replicas)

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        """Write `rows` into the collection `name`, in place of those with the same ids."""
        for at in range(0, len(rows), ROWS):
            self.ask("upsert", name, list(rows[at : at + ROWS]))

    def delete(self, name: str, ids: Sequence[int]) -> None:
        """Remove the rows `ids` from the collection `name`."""
        for at in range(0, len(ids), ROWS):
            self.ask("delete", name, ids=list(ids[at : at + ROWS]))

    def count(self, name: str, condition: str) -> int:
        """How many rows of the collection `name` meet `condition`, whatever was written a moment ago."""
        found = self.ask("query", name, filter=condition, output_fields=["count(*)"], consistency_level="Strong")
        return int(found[0]["count(*)"])

    def matching(self, name: str, condition: str, fields: Sequence[str]) -> list[Row]:
        """Some rows that meet `condition`, at most :data:`ROWS`, whatever was written a moment ago."""
        return list(
            self.ask(
                "query", name, filter=condition, output_fields=list(fields), limit=ROWS, consistency_level="Strong"
            )
        )

    def rows(self, name: str, ids: Sequence[int], fields: Sequence[str], *, strong: bool = False) -> dict[int, Row]:
        """The rows `ids` of the collection `name` that are there, by id."""
        found: dict[int, Row] = {}
        level = "Strong" if strong else "Bounded"
        for at in range(0, len(ids), ROWS):
            condition = f"id in {list(ids[at : at + ROWS])}"
            options = {"filter": condition, "output_fields": ["id", *fields], "consistency_level": level}
            found |= {int(row["id"]): row for row in self.ask("query", name, **options)}
        return found

    def nearest(
        self, name: str, vector: Any, k: int, condition: str, fields: Sequence[str], *, field: str = "vector"
    ) -> list[Row]:
        """Some `k` rows of the collection `name` near to `vector`, or to a text, that meet `condition`."""
        params = (
            {"metric_type": "IP", "params": {"ef": max(_EFFORT, k)}} if field == "vector" else {"metric_type": "BM25"}
        )
        found = self.ask(
            "search",
            name,
            [vector],
            anns_field=field,
            limit=min(k, _MOST),
            filter=condition,
            output_fields=list(fields),
            search_params=params,
            consistency_level="Bounded",
        )
        return [{**hit["entity"], "id": int(hit["id"])} for hit in found[0]]

    def ask(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call pymilvus; a collection that the server lost from memory is loaded, once."""
        what = f"collection {arguments[0]}" if arguments else "it"

        def ask(left: float) -> Any:
            return self._told(lambda: getattr(self._client, method)(*arguments, timeout=left, **options), what)

        try:
            return patiently(ask, self.patience)
        except _NotLoadedError:
            self.load(str(arguments[0]))
            return patiently(ask, self.patience)

    def _told(self, call: Callable[[], Any], what: str) -> Any:
        """What `call` returns; its errors as ours.

        Raises:
            ArchiveError: whatever it says.
        """
        try:
            return call()
        except (self.pymilvus.exceptions.MilvusException, ValueError, OSError) as error:
            raise self._error(error, what) from error
        except Exception as error:
            if not _is_of_grpc(error):
                raise
            raise self._error(error, what) from error

    def _error(self, error: Exception, what: str) -> ArchiveError:
        where, code = without_secrets(self.uri), getattr(error, "code", None)
        # Of a connection that was not made, what went wrong is told by the error under pymilvus's own.
        call: Any = next((one for one in (error, error.__cause__) if _is_of_grpc(one)), None)
        whole = " ".join(str((call and call.details()) or getattr(error, "message", "") or error).split())
        line, lower = whole[:200], whole[:200].lower()
        if code in _NOT_LOADED and "collection" in what:
            return _NotLoadedError(f"the engine at {where} has {what} not in memory", SHARE)
        if code in _MISSING or "collection not found" in lower or "can't find collection" in lower:
            return ArchiveDamagedError(f"the engine at {where} has no {what}", SHARE)
        # What follows is not to be tried again: it will not be otherwise later.
        if any(words in whole.lower() for words in _UNTRUSTED):
            return ArchiveError(
                f"the certificate of the engine at {where} is not trusted here",
                f"name a file with its authority's in ${ENGINE_VARIABLE}_CA, and the engine as it is named there",
            )
        if _PLAIN in whole.lower():
            return ArchiveError(f"the engine at {where} does not speak TLS", "name it with http:// in front")
        if any(word in lower for word in _REFUSED):
            return ArchiveError(
                f"the engine at {where} refuses the credentials", f"set ${ENGINE_VARIABLE}_TOKEN or …_TOKEN_FILE"
            )
        # What gRPC says of a connection that failed has words of its own for everything, «field» among them.
        if call is None:
            old = isinstance(error, ValueError) or any(word in lower for word in _BROKEN)
        else:
            old = call.code().name in ("UNIMPLEMENTED", "INVALID_ARGUMENT")
        if old:
            return ArchiveMismatchError(f"the engine at {where} cannot do what is asked of {what} ({line})", OLDEST)
        other = "" if _speaks_tls(self.uri) else " (https:// where it speaks TLS)"
        return ArchiveUnreachableError(
            f"the engine at {where} does not answer ({line})", f"start it, or name another with --engine{other}"
        )


class _NotLoadedError(ArchiveError):
    """A collection is on disk, and not in memory."""


def _is_of_grpc(error: BaseException | None) -> bool:
    """Whether `error` is gRPC's own, whose package is pymilvus's business."""
    return type(error).__module__.partition(".")[0] == "grpc"


def _speaks_tls(uri: str) -> bool:
    return uri.lower().startswith("https://")


def _pymilvus() -> Any:
    # What goes wrong is told once, by us; gRPC reads this when it is loaded.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        import pymilvus
    except ImportError as error:
        raise ArchiveError("reading from an engine takes pymilvus, which is not installed", INSTALL) from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)
    return pymilvus
