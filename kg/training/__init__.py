"""Weights refitted on a user's own marked documents: ``kg train``.

`marks` reads what is marked, `teacher` has a language model mark it, `samples` makes pairs of names with labels of it,
`refit` and `calibration` fit, `measures` tells how well a reader does, `trainer` puts it together.
"""
