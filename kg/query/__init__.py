"""Questions to a store: named SPARQL queries, dossiers of a company, terms in words.

`run` answers SPARQL text, a file or a library query, and `write_answer` writes the answer; `dossier` and
`between` gather what is known of one entity or of two; `relations_table` lists relations;
`kg.wording.terms` words the terms of a claim.
"""

from kg.query.answers import QueryAnswer, questions, resolve, run, write_answer
from kg.query.claims import ClaimFilter, claims_table, find_claims, outcomes_of, reason_counts
from kg.query.dossier_text import write_dossier
from kg.query.dossiers import between, dossier
from kg.query.entity_lookup import find_entity
from kg.query.relations import relations_table
from kg.tables.rendering import render
from kg.tables.table import Table

__all__ = [
    "ClaimFilter",
    "QueryAnswer",
    "Table",
    "between",
    "claims_table",
    "dossier",
    "find_claims",
    "find_entity",
    "outcomes_of",
    "questions",
    "reason_counts",
    "relations_table",
    "render",
    "resolve",
    "run",
    "write_answer",
    "write_dossier",
]
