"""Ports, system packages and downloaded jars: what is wrong with the machine is said in one line."""

import hashlib
import socket
from pathlib import Path
from uuid import UUID

import pytest

from infra.stack import debian
from infra.stack.kafka import cluster_id
from infra.stack.kafka_jars import pins, verify
from infra.stack.ports import answers, free_port, require_free
from infra.stack.trouble import Trouble


def test_a_taken_port_is_named_with_what_it_was_for() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert answers(port)
        with pytest.raises(Trouble, match=f"端口 {port}（API）已被其他程序占用"):
            require_free(port, "API")


def test_a_free_port_is_no_trouble() -> None:
    port = free_port()
    require_free(port, "API")
    assert not answers(port)


def test_a_missing_package_that_we_may_not_install_is_one_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        debian.require(["no-such-package-of-debian"], tmp_path / "log", may=lambda: None)
    assert "sudo sh -c 'apt-get update && apt-get install -y no-such-package-of-debian'" in str(trouble.value)
    assert "\n" not in str(trouble.value)


def test_a_jar_that_differs_from_its_pin_is_refused(tmp_path: Path) -> None:
    jar = tmp_path / "kafka.jar"
    jar.write_bytes(b"genuine")
    expected = {"kafka.jar": hashlib.sha256(b"genuine").hexdigest()}
    verify([jar], expected)
    jar.write_bytes(b"tampered")
    with pytest.raises(Trouble, match=r"kafka\.jar does not match"):
        verify([jar], expected)


def test_a_jar_that_nobody_pinned_is_refused(tmp_path: Path) -> None:
    jar = tmp_path / "extra.jar"
    jar.write_bytes(b"who am I")
    with pytest.raises(Trouble, match=r"extra\.jar"):
        verify([jar], {})


def test_a_pinned_jar_that_is_absent_is_named() -> None:
    with pytest.raises(Trouble, match=r"lack kafka\.jar"):
        verify([], {"kafka.jar": "0" * 64})


def test_the_pins_name_the_broker_itself() -> None:
    assert "kafka_2.13-4.3.1.jar" in pins()
    assert all(len(digest) == 64 for digest in pins().values())


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    """Its first six bits are 62 in one of 64 first starts, which is a dash."""
    dash, plain = UUID(int=62 << 122), UUID(int=0)
    ids = iter((dash, dash, plain))
    assert cluster_id(lambda: next(ids)) == "A" * 22
