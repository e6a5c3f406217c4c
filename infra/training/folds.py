"""Folds for cross-validation that keep near-duplicates together: what was learnt by heart must not look understood."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
from numpy.typing import NDArray

from gridward.policy.ngrams import count

Numbers = NDArray[np.intp]

BITS = 20
ALIKE = 0.5  # share of common n-grams from which two texts are near-duplicates
_AT_ONCE = 500


def folds_of(texts: Sequence[str], parts: int, seed: int = 0) -> Numbers:
    """The fold (0 to parts - 1) of each text; near-duplicates have the same one."""
    groups = near_duplicates(texts)
    names, group = np.unique(groups, return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(names))[group] % parts)


def near_duplicates(texts: Sequence[str]) -> Numbers:
    """The number of each text's group: the first text that it, or one like it, is like."""
    counts = count(texts, BITS)
    shape = (len(texts), 1 << BITS)
    has = scipy.sparse.csr_matrix(
        (np.ones(len(counts.bucket), np.float32), counts.bucket, counts.start), shape
    )
    # What stands in very many texts links nothing, and costs the most.
    spread = np.asarray(has.sum(axis=0)).ravel()
    has = has[:, (spread > 1) & (spread < max(20, len(texts) // 20))]
    sizes = np.asarray(has.sum(axis=1)).ravel()
    turned = has.T.tocsr()
    links = [np.zeros((2, 0), dtype=np.intp)]
    for first in range(0, len(texts), _AT_ONCE):
        common = (has[first : first + _AT_ONCE] @ turned).tocoo()
        one, other = common.row + first, common.col
        union = sizes[one] + sizes[other] - common.data
        alike = (one < other) & (common.data > ALIKE * union)
        links.append(np.stack([one[alike], other[alike]]))
    ends = np.concatenate(links, axis=1)
    graph = scipy.sparse.coo_matrix((np.ones(ends.shape[1]), (ends[0], ends[1])), (len(texts), len(texts)))
    _, group = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(group)
