"""The bundled policy, compiled once."""

import pytest

from gridward.policy.load import bundled_policy, load_bundle
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle


@pytest.fixture(scope="session")
def policy() -> Policy:
    return bundled_policy()


@pytest.fixture(scope="session")
def bundle() -> PolicyBundle:
    return load_bundle()
