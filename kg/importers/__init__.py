"""Importers: lists and registers as claims, a row or a record a claim, its evidence the row itself.

``contract`` says what every importer promises; ``edges`` is the first, for lists of holder, issuer and share. An
importer gives documents and claims and knows no store: `kg.pipeline.imports` commits them, ``kg import`` calls it.
"""
