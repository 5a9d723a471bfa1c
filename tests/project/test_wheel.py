"""The wheel, built through the sdist and installed alone, forecasts and serves from anywhere."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = [sys.executable, "-m", "uv", "--quiet"]
pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The `ewarn` command of a clean environment, and an empty folder to run it in."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*UV, "build", "--out-dir", folder / "dist", ROOT, cwd=folder)
    locked = run(*UV, "export", "--frozen", "--no-dev", "--no-emit-project", cwd=ROOT)
    (folder / "locked.txt").write_text(locked)
    run(*UV, "venv", "--python", sys.executable, folder / "env", cwd=folder)
    python = folder / "env/bin/python"
    wheel = next((folder / "dist").glob("*.whl"))
    install = ["pip", "install", "--python", python, "-r", folder / "locked.txt", wheel]
    run(*UV, *install, cwd=folder)
    (folder / "empty").mkdir()
    return folder / "env/bin/ewarn", folder / "empty"


def test_it_forecasts_and_serves_from_another_folder(installed):
    ewarn, folder = installed
    said = run(ewarn, "forecast", cwd=folder)
    assert "SIMULATED EVENTS" in said
    assert len(list((folder / "mlruns/issues").glob("2023-10-*"))) == 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [ewarn, "serve", "--port", str(port)],
        cwd=folder,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            body = json.loads(_answer(f"{url}/v1/risk-scores?location_code=MLI&lead=1"))
            assert b"web/main.js" in _answer(url)
            assert b"Leaflet 1.9.4" in _answer(f"{url}/web/vendor/leaflet/leaflet.js")
        finally:
            server.terminate()
    assert body["totalCount"] == 9
    assert body["simulated"] is True


def _answer(url: str, patience: float = 30) -> bytes:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310
                return answer.read()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
