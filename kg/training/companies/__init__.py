"""Builds ``ontology/registry-listed.tsv``, the companies on exchanges, out of open lists: ``make registry``.

`sources` reads the lists, `naming` makes of a legal name the one that texts use, `distinctness` says how safely a name
stands for its company, `build` brings all of it together. None of it is in the package that users install.
"""
