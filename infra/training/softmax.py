"""Softmax regression on soft labels: a text may be half of one category and half of another.

scikit-learn's takes one label for each text; the second category that a careful reader would have accepted is the
cheapest thing to know about how categories lie beside each other.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Matrix = NDArray[np.float64]


def fit(seen: Matrix, shares: Matrix, weight: NDArray[np.float64], penalty: float, rounds: int) -> Matrix:
    """Features (n x d) and shares of belief (n x k, rows sum to 1) -> weights (d x k) of the least weighed loss."""
    shape = seen.shape[1], shares.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        scores = seen @ weights
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        missed = (weight[:, None] * shares * (np.log(total) - scores)).sum()
        slope = seen.T @ ((raised / total - shares) * weight[:, None]) + 2 * penalty * weights
        return float(missed + penalty * (weights**2).sum()), slope.ravel()

    options = {"maxiter": rounds, "maxcor": 5}
    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x).reshape(shape)
