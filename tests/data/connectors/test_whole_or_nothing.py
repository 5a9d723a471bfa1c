"""What holds of every connector: nothing half-written, no secret told, one clear error."""

import errno
import json
import logging
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

import pytest
from support.local_server import Answer, serving
from support.made_up import (
    CSV,
    PASSWORD,
    TOKEN,
    USER,
    Acled,
    acled,
    file,
    ged,
    pages,
)

from ewarn.core.errors import BadInput, Unknown
from ewarn.data import connectors, sources
from ewarn.data.connectors import FetchRequest, Web, _partial


@dataclass(frozen=True)
class Full:
    """A file on a disk that is full halfway through the first write."""

    file: IO

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, data) -> None:
        self.file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device", self.file.name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["page 1.json", "ged.csv", "ged.csv.manifest.json"])
def test_a_full_disk_leaves_the_earlier_file_and_its_manifest(ucdp, tmp_path, monkeypatch, name):
    path, manifest = ucdp(pages(ged(25)))
    before, opened = path.read_bytes(), Path.open

    def full(self, mode="r", **more):
        file = opened(self, mode, **more)
        return Full(file) if self.name.removesuffix(".unfinished").endswith(name) else file

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(Path, "open", full)
        ucdp(pages(ged(30)))
    assert path.read_bytes() == before
    assert json.loads((tmp_path / "ged.csv.manifest.json").read_text()) == manifest
    ucdp(pages(ged(30)))
    assert len(path.read_text().splitlines()) == 31


def test_a_manifest_that_cannot_be_put_in_place_leaves_none(ucdp, tmp_path, monkeypatch):
    path, _ = ucdp(pages(ged(25)))
    replace = Path.replace

    def cut_off(self, target):
        if target == path.with_name("ged.csv.manifest.json"):
            raise OSError("cut off")
        return replace(self, target)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="cut off"):
        patch.setattr(Path, "replace", cut_off)
        ucdp(pages(ged(30)))
    assert [one.name for one in tmp_path.iterdir() if one.name[0] != "."] == ["ged.csv"]


def test_a_disk_that_is_full_halfway_through_a_file(fetch, monkeypatch, nothing):
    opened = Path.open
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(Path, "open", lambda path, *how, **more: Full(opened(path, *how, **more)))
        fetch("csv", file(CSV.encode()), path="/e.csv")
    nothing(kept=True)
    path, _ = fetch("csv", file(CSV.encode()), path="/e.csv")
    assert path.read_text() == CSV


def test_a_file_that_is_not_accepted_is_not_put_in_place(tmp_path, nothing, server):
    def refuse(path: Path) -> None:
        raise BadInput(path.name, "nonsense", "sense")

    with serving(file(CSV.encode())) as server, Web() as web:
        ask = FetchRequest(tmp_path / "ged.csv", url=server.url)
        with pytest.raises(BadInput, match=r"ged\.csv: found nonsense; expected sense"):
            connectors.fetch("csv", ask, web, refuse)
    nothing()


@pytest.mark.slow
def test_secrets_are_in_no_message_manifest_or_log(fetch, ucdp, events, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    signed = "/e.csv?signature=abcdef123456"
    fetch("csv", file(CSV.encode()), path=signed)
    ucdp(pages(ged(25)))
    events(Acled(acled(25), lasting=3))
    told = caplog.text + "".join(path.read_text() for path in tmp_path.glob("*.json"))
    with pytest.raises(BadInput) as refused:
        ucdp(lambda asked: Answer(asked.headers["x-ucdp-access-token"].encode(), 403))
    with pytest.raises(BadInput) as lost:
        fetch("csv", lambda _: Answer(b"signature abcdef123456 is wrong", 403), path=signed)
    told += str(refused.value) + str(lost.value)
    assert "***" in str(refused.value)
    for secret in (TOKEN, USER, PASSWORD, "abcdef123456", "bearer-1", "bearer-2"):
        assert secret not in told


def test_a_signed_link_that_was_redirected_to_is_in_no_log(fetch, caplog):
    caplog.set_level(logging.INFO, logger="httpx")
    moved = Answer(b"", 302, {"Location": "/there?key=fedcba+65/%2B4321"})
    fetch("csv", lambda a: file(CSV.encode())(a) if a.path == "/there" else moved)
    assert "/there?key=***" in caplog.text


@pytest.mark.parametrize("name", connectors.names())
def test_a_connector_declares_itself(name):
    connector = connectors.load(name)
    assert connector.KIND in (None, *sources.KINDS)
    assert {*connector.TAKES} <= {field.name for field in fields(FetchRequest)} - {"out"}
    assert connector.ENDINGS
    assert connector.__doc__
    assert f"`{name}`" in Path("docs/connectors.md").read_text()


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("csv", {"version": "1"}, "csv: found --version; expected only --url, and --out"),
        ("hdx", {}, "--out: found .*; expected a file that ends in .xlsx"),
        ("csv", {}, "--url: found none; expected the address of the file"),
        ("ucdp_ged", {}, "ucdp_ged: found neither; expected --version for the API, or --url of an"),
        (
            "ucdp_ged",
            {"url": "https://ucdp.uu.se/ged261-csv.zip", "where": {"Country": "432"}},
            "--where: found Country=432; expected --version with it: an archive is not filtered",
        ),
        ("ucdp_ged", {"version": "../26"}, "--version: found '../26'; expected a version such as"),
        ("acled", {}, "acled: found no --first; expected the first day"),
    ],
)
def test_asking_for_the_wrong_thing(tmp_path, nothing, name, asked, said):
    with Web() as web, pytest.raises(BadInput, match=said):
        connectors.fetch(name, FetchRequest(tmp_path / "ged.csv", **asked), web)
    nothing()


@pytest.mark.parametrize("url", ["ftp://host/x", "https://", "http://[", "file:///etc/passwd"])
def test_an_address_that_is_none(tmp_path, url):
    with pytest.raises(BadInput, match="--url: found no such address"):
        FetchRequest(tmp_path / "e.csv", url=url)


def test_a_server_that_is_not_there(tmp_path, nothing, waits):
    with Web(sleep=waits.append) as web, pytest.raises(BadInput, match=r"found .*refused"):
        connectors.fetch(
            "csv", FetchRequest(tmp_path / "ged.csv", url="http://127.0.0.1:9/e.csv"), web
        )
    assert len(waits) == 6
    nothing()


def test_an_unknown_connector(tmp_path):
    with pytest.raises(Unknown, match="unknown connector 'ucdp'; known: ucdp_ged"), Web() as web:
        connectors.fetch("ucdp", FetchRequest(tmp_path / "e.csv"), web)


def test_writing_leaves_nothing_half_written(tmp_path, monkeypatch):
    path = tmp_path / "piece.json"
    _partial.write(path, b"whole")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        _partial.write(path, b"half")
    assert path.read_bytes() == b"whole"
