"""The service as a process: many connections, several workers, stops, and publishers that die."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from support.served import Service, serving, until
from support.small_home import CLOSURE
from support.small_issue import NOW, written

from ewarn.core.settings import Settings
from ewarn.publishing import issue

pytestmark = pytest.mark.slow

PATH = "/v1/risk-scores?location_code=MLI"
LONG = "/v1/forecasts.csv?limit=10000"


def _published(home: Path, number: int):
    """Another issue, newer than those of smaller numbers."""
    return written(Settings(home=home).issues, scale=1.0 + number, now=NOW + timedelta(days=number))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A home with an issue."""
    home = tmp_path_factory.mktemp("home")
    _published(home, 0)
    return home


@pytest.fixture(scope="module")
def service(place):
    with serving(place) as found:
        yield found


@pytest.fixture(scope="module")
def several(place):
    with serving(place, "--workers", "2") as found:
        until(lambda: len(found.said("Application startup complete")) == 2)
        yield found


def memory(service: Service) -> float:
    """Megabytes the process holds."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


# What is logged and counted


def test_every_line_is_json_and_a_request_has_one(service):
    plain = {"Accept-Encoding": "identity"}
    answer = service.get(PATH, **plain, **{"X-Request-ID": "look-for-this"})
    until(lambda: [one for one in service.lines() if one.get("request_id") == "look-for-this"])
    (line,) = (one for one in service.lines() if one.get("request_id") == "look-for-this")
    assert list(line)[:3] == ["time", "level", "event"]
    assert (line["status"], line["bytes"]) == (200, len(answer.content))
    assert all({"time", "level", "event"} <= set(one) for one in service.lines())


def test_numbers_are_those_of_all_workers(several):
    def counted():
        text = several.get("/metrics").text
        found = re.search(r'requests_total\{.*route="/v1/milestones",status="200"\} (\S+)', text)
        return float(found[1]) if found else 0.0

    for _ in range(20):  # each on a connection of its own, and so on either worker
        assert several.get("/v1/milestones").status_code == 200
    assert counted() == 20
    (gauge,) = re.findall(r"^ewarn_data_age_days \S+$", several.get("/metrics").text, re.M)
    assert float(gauge.split()[1]) > 0


# Load


@pytest.mark.slow
def test_256_connections_get_no_error_and_memory_stays_flat(service):
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed (apt-get install wrk)")

    def run(seconds):
        command = ["wrk", "-t1", "-c256", f"-d{seconds}s", "--timeout", "10s", service.url + PATH]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    run(2)
    before = memory(service)
    said = run(8)
    assert int(re.search(r"(\d+) requests in", said)[1]) > 1000
    assert "Socket errors" not in said
    assert "Non-2xx" not in said
    assert memory(service) < before + 10


def test_an_unchanged_issue_is_told_as_304_all_but_once(service):
    with httpx.Client(base_url=service.url) as client:
        tag, statuses = "", []
        for _ in range(1000):
            answer = client.get(PATH, headers={"If-None-Match": tag})
            tag = answer.headers["ETag"]
            statuses.append(answer.status_code)
    assert (statuses.count(200), statuses.count(304)) == (1, 999)


# A new issue


def test_no_worker_answers_from_an_older_issue_after_another_did_from_a_newer(several, place):
    for number in (1, 2):
        newer = _published(place, number).id
        seen = [several.get("/v1/units").headers["X-Ewarn-Issue"] for _ in range(20)]
        assert set(seen) == {newer}
        following = several.get(f"/v1/units?issue={newer}&limit=1").json()["links"]["next"]
        assert all(several.get(following).status_code == 200 for _ in range(10))


# Stopping


def _slowly(service: Service, path: str) -> socket.socket:
    """A connection that has asked, and takes no more than the buffers between hold."""
    host, port = service.url.removeprefix("http://").split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(30)
    client.connect((host, int(port)))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    client.recv(1024, socket.MSG_PEEK)
    return client


def _rest(client: socket.socket) -> bytes:
    parts = []
    while part := client.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_answer_under_way_is_ended_before_the_service_stops(place, workers):
    with serving(place, "--workers", workers) as service:
        whole = service.get(LONG).content
        assert len(whole) > 300_000
        with _slowly(service, LONG) as client:
            service.process.send_signal(signal.SIGTERM)
            until(lambda: service.said("Shutting down"))
            until(lambda: _refuses(service))
            head, _, body = _rest(client).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert body == whole
        assert service.process.wait(30) == 0
        assert not [line for line in service.lines() if line["level"] == "error"]


def _refuses(service: Service) -> bool:
    try:
        service.get("/healthz")
    except httpx.TransportError:
        return True
    return False


def test_a_scenario_under_way_is_answered_and_its_worker_stopped(home):
    with serving(home) as service, ThreadPoolExecutor() as pool:
        url = f"{service.url}/v1/scenarios"
        asked = pool.submit(httpx.post, url, json={"milestones": [CLOSURE]}, timeout=60)
        (line,) = until(lambda: service.said("scenario worker started"))
        worker = int(line.rsplit(" ", 1)[1])
        assert service.stop() == 0
        assert asked.result().status_code == 200
        assert not Path(f"/proc/{worker}").exists()


def test_a_scenario_that_does_not_end_does_not_hold_the_service(home):
    with serving(home, EWARN_STOP_SECONDS="1") as service, ThreadPoolExecutor() as pool:
        url = f"{service.url}/v1/scenarios"
        asked = pool.submit(httpx.post, url, json={"milestones": [CLOSURE]}, timeout=60)
        (line,) = until(lambda: service.said("scenario worker started"))
        worker = int(line.rsplit(" ", 1)[1])
        os.kill(worker, signal.SIGSTOP)
        assert service.stop() == 0
        answer = asked.result()
        assert answer.status_code == 503
        assert answer.json()["detail"] == "the service stops"
        assert not Path(f"/proc/{worker}").exists()


def test_a_worker_that_is_killed_is_replaced(place):
    with serving(place, "--workers", "2") as service:
        until(lambda: len(service.said("Started server process")) == 2)
        pid = int(re.search(r"\[(\d+)\]", service.said("Started server process")[0])[1])
        os.kill(pid, signal.SIGKILL)
        until(lambda: len(service.said("Application startup complete")) == 3)
        assert {service.get("/healthz").status_code for _ in range(10)} == {200}
        assert service.stop() == 0


# A publisher that dies


_PUBLISHER = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from support.faults import STEPS
from support.small_issue import NOW, about, tables
from ewarn.publishing import issue

def steps(kills_at):
    count = 0
    def counted(real, name):
        def step(*args, **kwargs):
            nonlocal count
            count += 1
            if count == kills_at:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return step
    for module, name in STEPS:
        setattr(module, name, counted(getattr(module, name), name))

made = tables(2.0)
for line in sys.stdin:
    number = int(line)
    child = os.fork()
    if child == 0:
        day = str(NOW.date() + timedelta(days=number))
        steps(number)
        issue.write(Path(sys.argv[1]), made, about(as_of=day), {})
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_a_publisher_killed_at_any_step_leaves_the_last_good_issue_served(tmp_path):
    """The publisher dies for good, by SIGKILL, at its first step, at its second, and so on."""
    issues = Settings(home=tmp_path).issues
    good = _published(tmp_path, 0).id
    command = [sys.executable, "-c", _PUBLISHER, str(issues)]
    outside = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    publisher = subprocess.Popen(
        command, env=outside, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    ended, step = -signal.SIGKILL, 0
    with serving(tmp_path) as service, publisher:
        while ended == -signal.SIGKILL:
            step += 1
            publisher.stdin.write(f"{step}\n")
            publisher.stdin.flush()
            ended = int(publisher.stdout.readline())
            answer = service.get(PATH)
            assert answer.status_code == 200
            found = issue.survey(issues)
            assert not found.damaged
            assert answer.json()["issue"] == found.cards[0].issue
            assert answer.json()["totalCount"] == 24
            if answer.json()["issue"] != good:  # it died after the rename: the issue is whole
                good = answer.json()["issue"]
                assert issue.read(issues / good).card == found.cards[0]
        assert ended == 0
        assert step > 3 * 7  # each file is opened, written and synced
        assert service.get("/readyz").json()["damaged"] == {}
        publisher.stdin.close()
    assert not [path for path in issues.iterdir() if path.name.startswith(".2")]


# A full disk


@pytest.fixture
def small_disk(tmp_path):
    """A folder with a file system of its own, that has little room; gives how to change that."""
    folder = Settings(home=tmp_path).issues
    folder.mkdir(parents=True)

    def mount(*options):
        command = ["mount", *options, str(folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    made = mount("-t", "tmpfs", "-o", "size=400k", "tmpfs")
    if made.returncode:
        pytest.skip(f"a small file system needs the right to mount one: {made.stderr.strip()}")
    yield lambda size: mount("-o", f"remount,size={size}")
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path, small_disk):
    issues = Settings(home=tmp_path).issues
    made = [_published(tmp_path, 0)]
    with serving(tmp_path) as service:
        with pytest.raises(OSError, match=r"No space left on device: '.+\.\w+'") as told:
            while len(made) < 100:
                made.append(_published(tmp_path, len(made)))
        assert told.value.errno == errno.ENOSPC
        assert service.get(PATH).json()["issue"] == made[-1].id
        assert {card.issue for card in issue.survey(issues).cards} == {one.id for one in made}
        for one in made:
            issue.read(one.folder)
        small_disk("4m")
        assert service.get(PATH).json()["issue"] == made[-1].id
        newer = _published(tmp_path, len(made))
        assert service.get(PATH).json()["issue"] == newer.id
