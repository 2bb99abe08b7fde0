"""Who owns and who controls whom: shares along chains, control, owners, groups.

``shares``, ``control``, ``owners``, ``groups`` and ``issues`` answer on claims, a row at a time. Registers of millions
of holdings are asked as arrays, without claims:

>>> from kg.analysis.ownership.control import control_pairs
>>> from kg.analysis.ownership.holdings import Holdings
>>> from kg.analysis.ownership.integrated_ownership import net_values
>>> graph = Holdings.of_arrays(3, holder=[0, 1, 0], issuer=[1, 2, 2], low=[0.6, 0.3, 0.25])
>>> [list(map(int, side)) for side in control_pairs(graph)]  # 0 controls 1, and 2 together with it
[[0, 0], [1, 2]]
>>> [round(float(value), 2) for value in net_values(graph, [0, 0, 100])]  # of what 2 is worth
[43.0, 30.0, 0.0]
"""
