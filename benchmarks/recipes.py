"""The same recipe by several peers: passages' vectors and BM25 over the same passages, fused by rank.

Each recipe is made of texts and of what embeds them, as its peer's own guide does it, and then ranks passages for a
question. Nothing of a peer reaches the network: what phones home is switched off before it is imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from index.encoder import Vectors

QUIET = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""Settings under which no peer calls anybody."""
BEST = 20
"""Passages wanted; each of the two searches brings as many as the program's own."""
_POOL = 100
_CONSTANT = 60

Ranker = Callable[[str], Sequence[str]]
"""From a question to passages, best first."""


class Model(Protocol):
    """What embeds for a peer."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""

    def question(self, text: str) -> Vectors:
        """The vector of a question."""


def txtai(texts: Sequence[str], model: Model) -> Ranker:
    """Its hybrid index: FAISS and its own BM25, with the texts in its database."""
    from txtai import Embeddings

    built = False

    def transform(data: Sequence[str]) -> Vectors:
        return model.question(data[0])[None] if built else model.documents(data)

    embeddings = Embeddings({"method": "external", "transform": transform, "hybrid": True, "content": True})
    embeddings.index(texts)
    built = True
    return lambda question: [row["text"] for row in embeddings.search(question, BEST)]


def langchain(texts: Sequence[str], model: Model) -> Ranker:
    """FAISS and BM25 in an ensemble."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Given(Embeddings):  # type: ignore[misc, unused-ignore]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return model.documents(texts).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return model.question(text).tolist()  # type: ignore[no-any-return]

    near = FAISS.from_texts(list(texts), Given()).as_retriever(search_kwargs={"k": _POOL})
    words = BM25Retriever.from_texts(list(texts), k=_POOL)
    both = EnsembleRetriever(retrievers=[near, words], weights=[0.5, 0.5], c=_CONSTANT)
    return lambda question: [document.page_content for document in both.invoke(question)[:BEST]]


def haystack(texts: Sequence[str], model: Model) -> Ranker:
    """Its store in memory, a pipeline of two retrievers and a joiner."""
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(return_embedding=False)
    vectors = model.documents(texts).tolist()
    store.write_documents([Document(content=text, embedding=row) for text, row in zip(texts, vectors, strict=True)])
    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=_POOL))
    pipeline.add_component("near", InMemoryEmbeddingRetriever(store, top_k=_POOL))
    pipeline.add_component("both", DocumentJoiner("reciprocal_rank_fusion", top_k=BEST))
    pipeline.connect("words", "both")
    pipeline.connect("near", "both")

    def rank(question: str) -> list[str]:
        asked = {"words": {"query": question}, "near": {"query_embedding": model.question(question).tolist()}}
        return [document.content for document in pipeline.run(asked)["both"]["documents"]]

    return rank


def bm25s(texts: Sequence[str]) -> Ranker:
    """Its BM25 with Snowball's Italian stems: words alone."""
    import bm25s as engine
    import Stemmer

    stemmer = Stemmer.Stemmer("italian")

    def tokens(some: Sequence[str]) -> Any:
        return engine.tokenize(list(some), stopwords=None, stemmer=stemmer, show_progress=False)

    index = engine.BM25()
    index.index(tokens(texts), show_progress=False)
    return lambda question: index.retrieve(
        tokens([question]), corpus=texts, k=min(_POOL, len(texts)), show_progress=False
    ).documents[0]


def tantivy(texts: Sequence[str]) -> Ranker:
    """Its own analysis of Italian, in memory: words alone."""
    import re

    import tantivy as engine

    builder = engine.SchemaBuilder()
    builder.add_text_field("text", stored=True, tokenizer_name="it_stem")
    index = engine.Index(builder.build())
    writer = index.writer(64_000_000, 1)
    for text in texts:
        writer.add_document(engine.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(question: str) -> list[str]:
        query = index.parse_query(" ".join(re.findall(r"\w+", question)), ["text"])
        return [searcher.doc(address)["text"][0] for _, address in searcher.search(query, _POOL).hits]

    return rank


RECIPES: dict[str, Callable[[Sequence[str], Model], Ranker]] = {
    "txtai": txtai,
    "LangChain + FAISS": langchain,
    "Haystack": haystack,
}
"""Peers with the whole recipe."""
WORDS: dict[str, Callable[[Sequence[str]], Ranker]] = {"bm25s": bm25s, "tantivy": tantivy}
"""Peers for the words alone."""


def be_quiet() -> None:
    """Switch off whatever phones home; before any peer is imported."""
    os.environ.update(QUIET)
