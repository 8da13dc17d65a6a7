"""Making, naming and dropping the engine's collections."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from index.errors import ArchiveDamagedError, ArchiveMismatchError
from index.shared.engine import Field, Milvus

_GRAPH = {"M": 32, "efConstruction": 360}


def create(milvus: Milvus, name: str, dimension: int, fields: Sequence[Field], graph: bool) -> None:
    """Make the collection `name` of unit vectors, searched through a graph or, exactly, one by one; and load it.

    Raises:
        ArchiveMismatchError: the server cannot do what is asked for.
    """
    kinds, client = milvus.pymilvus.DataType, milvus.pymilvus.MilvusClient
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", kinds.INT64, is_primary=True)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    index = client.prepare_index_params()
    kind, params = ("HNSW", _GRAPH) if graph else ("FLAT", {})
    index.add_index("vector", index_type=kind, metric_type="IP", params=dict(params))
    for field in fields:
        if field.kind == "numbers":
            schema.add_field(field.name, kinds.ARRAY, element_type=kinds.INT64, max_capacity=4096)
        elif field.kind == "terms":
            _rank(milvus, schema, index, field.name)
        else:
            schema.add_field(field.name, kinds.INT64)
    options = {"schema": schema, "num_shards": milvus.reach.shards, "consistency_level": "Bounded"}
    milvus.ask("create_collection", name, **options)
    milvus.ask("create_index", name, index_params=index)
    milvus.load(name)


def _rank(milvus: Milvus, schema: Any, index: Any, name: str) -> None:
    kinds, function = milvus.pymilvus.DataType, milvus.pymilvus.FunctionType
    analyser = {"tokenizer": "standard"}
    schema.add_field(name, kinds.VARCHAR, max_length=65_535, enable_analyzer=True, analyzer_params=analyser)
    schema.add_field(f"{name}_ranked", kinds.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        milvus.pymilvus.Function(
            name="bm25",
            function_type=function.BM25,
            input_field_names=[name],
            output_field_names=[f"{name}_ranked"],
        )
    )
    index.add_index(f"{name}_ranked", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")


def ranks(milvus: Milvus, name: str) -> bool:
    """Whether the server can rank texts by BM25 itself; asked by having it do so, for the archive `name`."""
    probe = f"{name}_probe"
    try:
        if probe in milvus.collections():
            drop(milvus, probe)
        create(milvus, probe, 2, [Field("terms", "terms")], graph=False)
        return bool(milvus.ask("describe_collection", probe).get("functions"))
    except ArchiveMismatchError:
        return False
    finally:
        if probe in milvus.collections():
            drop(milvus, probe)


def dimension_of(milvus: Milvus, name: str) -> int:
    """The dimension of the vectors of the collection `name`.

    Raises:
        ArchiveDamagedError: there is none.
    """
    (dimension,) = (
        int(field["params"]["dim"])
        for field in milvus.ask("describe_collection", name)["fields"]
        if field["name"] == "vector"
    )
    return dimension


def drop(milvus: Milvus, name: str) -> None:
    """Remove the collection `name`."""
    milvus.ask("drop_collection", name)


def point(milvus: Milvus, alias: str, name: str) -> None:
    """Have `alias` name the collection `name`."""
    held = pointed(milvus, alias)
    if held is None:
        milvus.ask("create_alias", name, alias)
    elif held != name:
        milvus.ask("alter_alias", name, alias)


def pointed(milvus: Milvus, alias: str) -> str | None:
    """The collection that `alias` names; None where it names none."""
    for name in milvus.collections():
        # Another archive's may be dropped in the meantime.
        with contextlib.suppress(ArchiveDamagedError):
            if alias in milvus.ask("list_aliases", name)["aliases"]:
                return name
    return None


def flush(milvus: Milvus, name: str) -> None:
    """Have what was written into the collection `name` stored; the server indexes it when it likes."""
    milvus.ask("flush", name)
