"""A store or its claims in the formats that other programs read.

`export` writes a store in a named format; `to_networkx` and `frame` hand claims to networkx and
pandas in the same process.
"""
