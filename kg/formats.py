"""The versions of the formats that kg writes, in one place; ``docs/reference/formats.md`` is their table."""

__all__ = [
    "BULK",
    "BUNDLE",
    "CHECKPOINT",
    "CLAIMS",
    "COLUMNS",
    "DATASET",
    "DIGEST",
    "EXCHANGE",
    "INDEX",
    "JOURNAL",
    "REGISTERS",
    "SCENES",
    "TEXTS",
    "TOKENS",
    "VIEW",
    "WATCH",
    "is_older",
]

JOURNAL = "kg-journal/5"
"""The journal of a store: its first line says it. Older ones are brought here by `kg migrate`."""

CHECKPOINT = "kg-checkpoint/1"
"""How far a journal has been checked: the file says it. An older one is made again out of the journal."""

CLAIMS = "kg-claims/1"
"""Claims as JSON lines: each line of an export says it."""

EXCHANGE = "kg-exchange/1"
"""Claims as GraphML, Neo4j's CSV, Cypher and Parquet: the file says it."""

INDEX = "kg-index/5"
"""The graph of a store: its bookkeeping says it. An older one is made again out of the journal."""

COLUMNS = "kg-columns/4"
"""The columns of a store: the file's head says it. Older ones are made again out of the journal."""

DATASET = "kg-dataset/1"
"""Claims as tables that several machines read and write: the table of commits says it."""

TEXTS = "kg-texts/1"
"""The index of texts of a store: its list of checksums says it. An older one is made again out of the journal."""

REGISTERS = "kg-registers/3"
"""The index of what registers say: its list of checksums says it. An older one is made again out of the journal."""

TOKENS = "kg-tokens/1"
"""Who may judge over HTTP: the file of `kg token` says it."""

VIEW = "kg-view/1"
"""What the viewer draws: its key ``format`` says it."""

SCENES = "kg-scenes/1"
"""Notes, saved views and places of companies: the key ``format`` says it (`kg.view.scenes`)."""

BULK = "kg-bulk/1"
"""The graph in parts for bulk loaders: the manifest of ``kg export --shards`` says it."""

BUNDLE = "kg-bundle/1"
"""A story that travels: the manifest of ``kg bundle`` says it."""

DIGEST = "kg-digest/1"
"""What kg watch tells: each line of a digest's JSON lines says it."""

WATCH = "kg-watch/1"
"""What kg watch has told: its state says it."""


def is_older(found: str, current: str) -> bool:
    """Whether a format is an earlier version of another one.

    >>> is_older("kg-journal/1", "kg-journal/2"), is_older("kg-journal/3", "kg-journal/2")
    (True, False)
    """
    (name, _, version), (kind, _, now) = found.partition("/"), current.partition("/")
    return name == kind and version.isdecimal() and int(version) < int(now)
