"""The bundled policy, compiled once."""

import pytest

from gridward.policy.load import bundled_policy, compile_policy, load_bundle
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle


@pytest.fixture(scope="session")
def policy() -> Policy:
    return bundled_policy()


@pytest.fixture(scope="session")
def words_only() -> Policy:
    """As versions published before there was a model decide."""
    bundle = load_bundle()
    return compile_policy(
        bundle.model_copy(update={"words": bundle.words.model_copy(update={"model": None})}), 1
    )


@pytest.fixture(scope="session")
def bundle() -> PolicyBundle:
    return load_bundle()
