"""Who controls whom, as a fixpoint."""

import numpy as np

from kg.analysis.kernels.compilation import Ints, grown

__all__ = ["controlled"]


def controlled(  # noqa: PLR0913, PLR0917 - arrays of one graph
    sources: Ints, start: Ints, to: Ints, low: Ints, high: Ints, spare: Ints, threshold: int, only_tops: int
) -> tuple[Ints, Ints]:
    """Return who controls whom, as two arrays: the least fixpoint for each of `sources`.

    A node controls another when it holds more than `threshold` of it together with all that it controls. Shares are
    whole units. Together they hold the sum of `high`, but no more than `spare`, which others leave, and the sum of
    `low`. With `only_tops` (1, else 0) sources that an earlier one controls are passed over: it controls what they do.
    """
    n, count = len(start) - 1, 0
    # What is known of a node stands together, since nodes are met in no order: the last source that came by it (odd
    # where that controls it), the least and the most that the source's group holds, what others leave.
    state = np.zeros((n, 4), np.int64)
    state[:, 0], state[:, 3] = -1, spare
    has_top, queue = np.zeros(n, np.bool_), np.empty(n + 1, np.int64)
    who, whom = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in sources:
        # Whoever has the control of nobody alone has it of nobody: most are let go at a glance.
        if (only_tops and has_top[source]) or not _over(high, start[source], start[source + 1], threshold):
            continue
        state[source, 0], queue[0], head, tail = 2 * source + 1, source, 0, 1
        while head < tail:
            for slot in range(start[queue[head]], start[queue[head] + 1]):
                held = to[slot]
                if state[held, 0] == 2 * source + 1:
                    continue
                if state[held, 0] != 2 * source:
                    state[held, 0], state[held, 1], state[held, 2] = 2 * source, 0, 0
                state[held, 1] += low[slot]
                state[held, 2] += high[slot]
                if min(state[held, 2], state[held, 3] + state[held, 1]) <= threshold:
                    continue
                state[held, 0], has_top[held], queue[tail] = 2 * source + 1, True, held
                tail += 1
                if count == len(who):
                    who, whom = grown(who, 2 * count), grown(whom, 2 * count)
                who[count], whom[count] = source, held
                count += 1
            head += 1
    return who[:count], whom[:count]


def _over(shares: Ints, begin: int, end: int, threshold: int) -> bool:
    for slot in range(begin, end):  # noqa: SIM110 - a generator would not be compiled
        if shares[slot] > threshold:
            return True
    return False
