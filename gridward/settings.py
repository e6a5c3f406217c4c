"""Every setting, read from the environment once, with its default and its meaning."""

import os
from dataclasses import dataclass, field
from pathlib import Path


def _env(name: str, default: str) -> str:
    return os.environ.get(f"GRIDWARD_{name}", default)


def is_set(name: str) -> bool:
    """Whether `GRIDWARD_<NAME>` was given, not left to its default."""
    return bool(os.environ.get(f"GRIDWARD_{name}"))


def in_ci() -> bool:
    """Whether this runs where a missing part is a failure, not a reason to skip (`CI=true`)."""
    return os.environ.get("CI", "").lower() == "true"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the parts are and how large their steps may be. `GRIDWARD_` + the upper-case name sets a field."""

    # PostgreSQL, as postgresql://user@host:port/name
    database_url: str = field(
        default_factory=lambda: _env("DATABASE_URL", "postgresql://gridward@127.0.0.1:54329/gridward")
    )
    # Kafka bootstrap servers, comma separated host:port
    kafka: str = field(default_factory=lambda: _env("KAFKA", "127.0.0.1:9292"))
    # Prefix of every topic and consumer group, so that tests can share one broker
    topic_prefix: str = field(default_factory=lambda: _env("TOPIC_PREFIX", ""))
    host: str = field(default_factory=lambda: _env("HOST", "127.0.0.1"))
    port: int = field(default_factory=lambda: int(_env("PORT", "8320")))
    # Host names that the API answers to, comma separated: keeps other sites' pages out (DNS rebinding)
    allowed_hosts: tuple[str, ...] = field(
        default_factory=lambda: tuple(_env("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(","))
    )
    # The worker's own small web server: /metrics, /healthz, /readyz
    worker_port: int = field(default_factory=lambda: int(_env("WORKER_PORT", "8321")))
    # Folder of the dated keys that personal fields travel under
    key_dir: Path = field(default_factory=lambda: Path(_env("KEY_DIR", ".gridward/keys")))
    # Built web application that the API serves
    web_dir: Path = field(default_factory=lambda: Path(_env("WEB_DIR", "dashboards/web/dist")))
    # Data of others that tests and benchmarks read, outside the repository
    shared_data: Path = field(default_factory=lambda: Path(_env("SHARED_DATA", "../shared/data")))
    # An OpenAI-compatible endpoint that the centre runs itself, asked where triage is unsure; empty: nobody is asked
    llm_url: str = field(default_factory=lambda: _env("LLM_URL", ""))
    llm_model: str = field(default_factory=lambda: _env("LLM_MODEL", "default"))
    llm_key: str = field(default_factory=lambda: _env("LLM_KEY", ""))
    # Seconds that a batch waits for it at most
    llm_timeout: float = field(default_factory=lambda: float(_env("LLM_TIMEOUT", "2")))
    # What its own confidence must be to decide
    llm_confidence: float = field(default_factory=lambda: float(_env("LLM_CONFIDENCE", "0.9")))
    # "1": it may be sent names, numbers and sensitive matters as they are
    llm_personal: bool = field(default_factory=lambda: _env("LLM_PERSONAL", "") == "1")
    log_level: str = field(default_factory=lambda: _env("LOG_LEVEL", "info"))
    # "json" for collectors, "console" for people
    log_format: str = field(default_factory=lambda: _env("LOG_FORMAT", "json"))
