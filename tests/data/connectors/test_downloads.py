"""Files by their URL: taken whole, taken up where they were cut, or refused."""

import gzip

import pytest
from support.local_server import Answer, Asked
from support.made_up import COUNTS, CSV, GED, cut_once, file, workbook, zipped

from ewarn.core.errors import BadInput
from ewarn.data import sources


def test_a_csv_is_taken_as_it_is(fetch):
    path, manifest = fetch("csv", file(CSV.encode(), ETag='"v1"'), path="/e.csv")
    assert path.read_text() == CSV
    assert (manifest["rows"], manifest["promised"]) == (4000, {"bytes": len(CSV)})
    assert (manifest["version"], manifest["pages"]) == ('"v1"', None)


def test_a_download_that_was_cut_goes_on_at_the_byte(fetch, waits, server):
    path, _ = fetch("csv", cut_once(file(CSV.encode(), ETag='"v1"'), 30_000), path="/e.csv")
    assert path.read_text() == CSV
    again = server.asked[1].headers
    assert (again["range"], again["if-range"]) == ("bytes=30000-", '"v1"')
    assert len(waits) == 1


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"v1"'}])
def test_a_download_that_was_cut_starts_anew_where_the_server_cannot_go_on(fetch, server, headers):
    path, _ = fetch("csv", cut_once(file(CSV.encode(), **headers), 30_000), path="/e.csv")
    assert path.read_text() == CSV
    assert "range" not in server.asked[1].headers


def cut_then(other):
    """A file that is cut, and for all later requests the answers of another."""
    first = iter([cut_once(file(CSV.encode(), ETag='"v1"'), 30_000)])
    return lambda asked: next(first, other)(asked)  # noqa: PLW0108  another one each time


def test_a_file_that_changed_while_it_was_cut_starts_anew(fetch):
    other = CSV.replace(",2\n", ",3\n").encode()
    answer = cut_then(file(other, ETag='"v2"'))
    path, manifest = fetch("csv", answer, path="/e.csv")
    assert (path.read_bytes(), manifest["version"]) == (other, '"v2"')


def test_a_rest_of_another_file_is_not_put_to_the_first_part(fetch):
    """A server that sends the rest though the file is another one, against If-Range."""
    other = CSV.replace(",2\n", ",3\n").encode()
    span = f"bytes 30000-{len(other) - 1}/{len(other)}"
    rest = Answer(other[30_000:], 206, {"ETag": '"v2"', "Content-Range": span})

    def careless(asked: Asked) -> Answer:
        return rest if "range" in asked.headers else file(other, ETag='"v2"')(asked)

    path, _ = fetch("csv", cut_then(careless), path="/e.csv")
    assert path.read_bytes() == other


def test_a_rest_that_comes_in_parts_is_put_together(fetch, server, waits):
    def parts(asked: Asked) -> Answer:
        start = int(asked.headers["range"][6:-1])
        span = f"bytes {start}-{start + 9999}/{len(CSV)}"
        body = CSV[start : start + 10_000].encode()
        return Answer(body, 206, {"ETag": '"v1"', "Content-Range": span})

    path, _ = fetch("csv", cut_then(parts))
    assert path.read_text() == CSV
    assert len(waits) == len(server.asked) - 1 == 6


def test_a_file_of_unknown_length_is_refused_for_a_cut_would_pass(fetch, nothing):
    with pytest.raises(BadInput, match="found no word of its length; expected one: a cut would"):
        fetch("csv", lambda _: Answer(CSV.encode(), headers={"Content-Length": None}))
    nothing()


def test_a_file_in_chunks_ends_where_it_says(fetch, waits):
    chunk = f"{len(CSV):x}\r\n{CSV}\r\n".encode()
    headers = {"Content-Length": None, "Transfer-Encoding": "chunked"}
    answers = iter([Answer(chunk, headers=headers)])  # cut: the chunk that ends it is missing
    whole = Answer(chunk + b"0\r\n\r\n", headers=headers)
    path, manifest = fetch("csv", lambda _: next(answers, whole))
    assert (path.read_text(), manifest["promised"]) == (CSV, {"bytes": None})
    assert len(waits) == 1


def test_a_part_that_was_not_asked_for_is_not_the_file(fetch):
    span = {"Content-Range": f"bytes 0-9/{len(CSV)}"}
    with pytest.raises(BadInput, match="found the rest of another file, from byte 0"):
        fetch("csv", lambda _: Answer(CSV[:10].encode(), 206, span))


def test_a_download_that_is_always_cut_is_an_error_and_keeps_what_came(tmp_path, fetch, nothing):
    def cut(asked: Asked) -> Answer:
        whole = file(CSV.encode(), ETag='"v1"')(asked)
        return Answer(whole.body, whole.status, whole.headers, 1000)

    with pytest.raises(BadInput, match=r"e\.csv: found peer closed connection"):
        fetch("csv", cut, path="/e.csv")
    nothing(kept=True)
    assert (tmp_path / ".ged.csv.partial/body").stat().st_size == 7000
    path, _ = fetch("csv", file(CSV.encode(), ETag='"v1"'), path="/e.csv")
    assert path.read_text() == CSV


def test_the_csv_of_an_archive_is_taken_out(fetch):
    body = zipped(GEDEvent_csv=GED, codebook="text")
    path, manifest = fetch("ucdp_ged", file(body), path="/ged261-csv.zip")
    assert len(sources.read(path, "events").table) == manifest["rows"] == 50
    assert manifest["promised"] == {"bytes": len(body)}


BROKEN = [
    ("ucdp_ged", zipped(a_csv=GED)[:-30], "ged.csv: found a broken archive"),
    (
        "ucdp_ged",
        zipped(a_csv=GED, b_csv=GED),
        "ged.csv: found 2 CSV files: a.csv, b.csv",
    ),
    ("ucdp_ged", b"<!DOCTYPE html>,", "ged.csv: found '<!DOCTYPE html>,'; expected a CSV header"),
    ("csv", b"", "e: found an empty file; expected data"),
    ("csv", b"a,b\n", "ged.csv: found a header and no rows; expected at least one row of data"),
    ("csv", b"a,b\n1,2\n3\n", "ged.csv: found 1 cells in data row 2; expected 2, as in the header"),
    (
        "csv",
        b'{"error": 1, "x": 2}',
        "ged.csv: found .*error.*; expected a CSV header",
    ),
    ("csv", b'a,b\n1,"2\n', "ged.csv: found no CSV"),
    ("csv", b"a,b\n1,\xf4\n", "ged.csv: found no CSV"),
    ("csv", gzip.compress(CSV.encode())[:-9], "ged.csv: found a broken gzip file"),
    (
        "csv",
        gzip.compress(CSV.encode()),
        "--out: found ged.csv; expected an --out",
    ),
]


@pytest.mark.parametrize(("name", "body", "said"), BROKEN)
def test_a_file_that_cannot_be_right_is_refused(fetch, nothing, name, body, said):
    with pytest.raises(BadInput, match=said):
        fetch(name, file(body), path="/e")
    nothing()


def test_an_html_page_instead_of_a_file(fetch, nothing):
    page = Answer(b"<title>Log in</title>", headers={"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(BadInput, match=r"found an HTML page \(Log in\); expected a file of data"):
        fetch("csv", lambda _: page, path="/e.csv")
    nothing()


def test_a_redirect_to_a_file_is_followed(fetch):
    moved = Answer(b"", 302, {"Location": "/there"})
    path, _ = fetch("csv", lambda a: file(CSV.encode())(a) if a.path == "/there" else moved)
    assert path.read_text() == CSV


def test_gzip_is_kept_as_it_is(fetch):
    body = gzip.compress(CSV.encode())
    path, manifest = fetch("csv", file(body), out="e.csv.gz")
    assert (path.read_bytes(), manifest["rows"]) == (body, 4000)


def test_a_workbook_of_hdx(fetch):
    path, manifest = fetch("hdx", file(workbook(*COUNTS)), out="counts.xlsx")
    assert sources.read(path, "events").source == "monthly_counts"
    assert manifest["rows"] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [(workbook(*COUNTS)[:-99], "found no workbook"), (workbook(), "found a workbook without rows"),
     (workbook(COUNTS[0]), "found a workbook without rows"), (b"<html>", "found no workbook")],
)  # fmt: skip
def test_a_broken_workbook(fetch, tmp_path, body, said):
    with pytest.raises(BadInput, match=f"c.xlsx: {said}"):
        fetch("hdx", file(body), out="c.xlsx")
    assert not list(tmp_path.iterdir())
