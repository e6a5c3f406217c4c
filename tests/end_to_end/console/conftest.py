"""A whole system with the demo township for each file of tests, and a browser that forgives nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from gridward.settings import in_ci
from infra.stack import web
from infra.stack.kafka import TEST_BROKER
from infra.stack.postgres import TEST_SETTINGS
from infra.stack.system import System
from tests.end_to_end.console.desk import Desk, Incidents

TOWNSHIP = web.ROOT / "infra" / "demo" / "township.geojson"
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    # Maps are drawn with WebGL, here by the processor alone.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Running and ready, without incidents."""
    root = Path(tempfile.mkdtemp(prefix="gridward-console-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        with System(root, TEST_SETTINGS, TEST_BROKER) as system:
            web.build(system.folder.log("web"))
            system.start_servers()
            for command in (("policy", "load", "--yes"), ("grids", "import", str(TOWNSHIP))):
                done = system.gridward(*command)
                assert done.returncode == 0, f"gridward {' '.join(command)}\n{done.stdout}{done.stderr}"
            system.start_processes()
            yield system
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def incidents(system: System) -> Iterator[Incidents]:
    with httpx.Client(base_url=system.addresses.api_url, timeout=20) as client:
        yield Incidents(client)


@pytest.fixture(scope="module")
def browser(system: System) -> Iterator[Browser]:
    """Debian's Chromium. Without it the test is skipped, and in CI it fails.

    Comes after the system, since its driver keeps an event loop running in this thread.
    """
    executable = shutil.which("chromium")
    if executable is None:
        reason = "no chromium on this machine: ./run test installs it"
        if in_ci():
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, system: System) -> Iterator[Desk]:
    """A dispatcher in front of a fresh browser. Afterwards: no error, no forbidden thing, no foreign address."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = Desk(context.new_page(), system.addresses.api_url)
    yield desk
    faults = desk.faults
    context.close()
    assert not faults, "\n".join(faults)
