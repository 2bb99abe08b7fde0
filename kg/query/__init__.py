"""Questions to a store: named SPARQL queries, dossiers of a company, terms in words.

`run` answers SPARQL text, a file or a library query; `dossier` and `between` gather what is known
of one entity or of two; `terms` words the terms of a claim.
"""
