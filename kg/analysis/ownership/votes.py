"""The votes in a company, and the ways by which they are held together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.analysis.ownership.holdings import Holdings, positions
from kg.facts import Interval

__all__ = ["Votes", "chain", "together"]

_NONE = Interval.exactly(0.0)


@dataclass(frozen=True, slots=True)
class Votes:
    """A graph whose votes are asked for company by company, many times: its holders and their shares as lists."""

    graph: Holdings
    start: Sequence[int]
    holder: Sequence[int]
    low: Sequence[float]
    high: Sequence[float]

    @classmethod
    def of(cls, graph: Holdings) -> "Votes":
        """Return the votes of a graph."""
        rows = graph.holders
        shares = (graph.weights(rows, high=high).tolist() for high in (False, True))
        return cls(graph, rows.start.tolist(), rows.to.tolist(), *shares)

    def held(self, who: int, whom: int, group: Collection[int]) -> tuple[Interval, list[int]]:
        """Return what one holds of another itself, and who of a group holds some of it."""
        direct, via = _NONE, list[int]()
        for slot in range(self.start[whom], self.start[whom + 1]):
            holder = self.holder[slot]
            if holder == who:
                direct = Interval(self.low[slot], self.high[slot])
            elif holder in group:
                via.append(holder)
        return direct, via

    def together(self, who: int, whom: int, surely: Collection[int], perhaps: Collection[int]) -> Interval:
        """Return what one holds of another together with those it surely controls, and with those it may."""
        low = high = rest = 0.0
        for slot in range(self.start[whom], self.start[whom + 1]):
            holder = self.holder[slot]
            if holder == who or holder in surely:
                low += self.low[slot]
            if holder == who or holder in perhaps:
                high += self.high[slot]
            else:
                rest += self.low[slot]
        return _bounded(low, high, rest)


def together(graph: Holdings, node: int, surely: Collection[int], perhaps: Collection[int]) -> Interval:
    """Return what some hold of a node together, those who surely do so and those who may, as a fraction."""
    held = [(holder, graph.share(edge)) for holder, edge in positions(graph.holders, node)]
    low = sum(share.low for holder, share in held if holder in surely)
    high = sum(share.high for holder, share in held if holder in perhaps)
    rest = sum(share.low for holder, share in held if holder not in perhaps)
    return _bounded(low, high, rest)


def _bounded(low: float, high: float, rest: float) -> Interval:
    """Return what lies between the sum of the least shares and that of the greatest, as far as others leave room."""
    return Interval(min(low, 1.0), max(min(low, 1.0), min(high, 1 - rest)))


def chain(graph: Holdings, who: int, whom: int, group: Collection[int]) -> list[int]:
    """Return the edges by which a node controls another: those into it, and into what holds it, within the group."""
    edges: list[int] = []
    seen, front = {who, whom}, [whom]
    while front:
        behind: list[int] = []
        for node in front:
            for holder, edge in positions(graph.holders, node):
                if holder != who and holder not in group:
                    continue
                edges.append(edge)
                if holder not in seen:
                    seen.add(holder)
                    behind.append(holder)
        front = behind
    return edges
