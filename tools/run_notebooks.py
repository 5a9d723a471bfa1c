"""Execute the notebooks of docs/notebooks in place, on three countries of the simulated world."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
COUNTRIES = ("MLI", "BFA", "NER")


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from its first cell and return it with its outputs; it raises on an error."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day, which differ at each run
    return notebook


@contextmanager
def simulated_service(home: Path) -> Iterator[None]:
    """Issue a forecast in a home folder, serve it, and point the environment at both."""
    command = [str(Path(sys.executable).with_name("ewarn"))]
    port = _free_port()
    os.environ |= {"EWARN_HOME": str(home), "EWARN_URL": f"http://127.0.0.1:{port}"}
    countries = [part for code in COUNTRIES for part in ("--country", code)]
    subprocess.run([*command, "forecast", *countries], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    served = [*command, "serve", "--port", str(port)]
    server = subprocess.Popen(served, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_until_ready()
        yield
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_until_ready(seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            httpx.get(f"{os.environ['EWARN_URL']}/readyz").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError(f"the service was not ready after {seconds:g} s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, simulated_service(Path(folder)):
        for each in NOTEBOOKS:
            print(each.relative_to(ROOT))
            nbformat.write(execute(each), each)
