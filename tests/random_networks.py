"""Random small networks and gadgets, reproducible from a seed."""

from __future__ import annotations

import random
from typing import Any

from tests.tiny_networks import Draw

Json = dict[str, Any]


def gadget(seed: int) -> Json:
    """A gadget of up to four nodes with random permitted paths."""
    rng = random.Random(seed)
    nodes = [str(n) for n in range(1, rng.randint(2, 4) + 1)]
    permitted = {node: [f"{node} 0"] if rng.random() < 0.9 else [] for node in nodes}
    for _ in range(rng.randint(1, 2 * len(nodes))):
        node = rng.choice(nodes)
        onward = [p for other in nodes if other != node for p in permitted[other] if node not in p.split()]
        if onward:
            path = f"{node} {rng.choice(onward)}"
            if path not in permitted[node]:
                permitted[node].insert(rng.choice((0, 0, len(permitted[node]))), path)
    return {"version": 1, "gadget": permitted}


def network(seed: int) -> Json:
    """A hybrid network of a few tables with many values and readings left open."""
    return _ManyOpen(random.Random(seed), 8).document()


class _ManyOpen(Draw):
    """As a tiny network, but too much of it is open for all its configurations to be looked at."""

    def assumptions(self) -> Json:
        return {name: value for name, value in super().assumptions().items() if self.sometimes(0.4)}
