"""Who controls whom, as a fixpoint."""

import numpy as np

from kg.analysis.kernels.compiling import Ints, grown

__all__ = ["controlled"]


def controlled(  # noqa: PLR0913, PLR0917 - arrays of one graph
    sources: Ints, start: Ints, to: Ints, low: Ints, high: Ints, spare: Ints, threshold: int, only_tops: int
) -> tuple[Ints, Ints]:
    """Return who controls whom, as two arrays: the least fixpoint for each of `sources`.

    A node controls another when it holds more than `threshold` of it together with all that it controls. Shares are
    whole units. Together they hold the sum of `high`, but no more than `spare`, which others leave, and the sum of
    `low`. With `only_tops` (1, else 0) sources that an earlier one controls are passed over: it
    controls what they do.
    """
    n, count = len(start) - 1, 0
    member, stamp, has_top = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.zeros(n, np.bool_)
    least, most, queue = np.zeros(n, np.int64), np.zeros(n, np.int64), np.empty(n + 1, np.int64)
    who, whom = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in sources:
        if only_tops and has_top[source]:
            continue
        member[source] = queue[0] = source
        head, tail = 0, 1
        while head < tail:
            for slot in range(start[queue[head]], start[queue[head] + 1]):
                held = to[slot]
                if member[held] == source:
                    continue
                if stamp[held] != source:
                    stamp[held], least[held], most[held] = source, 0, 0
                least[held] += low[slot]
                most[held] += high[slot]
                if min(most[held], spare[held] + least[held]) <= threshold:
                    continue
                member[held], has_top[held], queue[tail] = source, True, held
                tail += 1
                if count == len(who):
                    who, whom = grown(who, 2 * count), grown(whom, 2 * count)
                who[count], whom[count] = source, held
                count += 1
            head += 1
    return who[:count], whom[:count]
