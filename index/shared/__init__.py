"""An archive that many machines read: texts in PostgreSQL, vectors in Milvus. See ``docs/scale.md``."""
