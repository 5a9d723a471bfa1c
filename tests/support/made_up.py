"""Rows and files as the sources publish them, and answers that serve them."""

import zipfile
from io import BytesIO

import openpyxl

from support.local_server import Answer, Asked, as_json

TOKEN, USER, PASSWORD = "token-5f2c", "me@example.org", 'pa"ss/wörd&'
SIZE = 10  # rows a page


def ged(count: int, best: int = 2) -> list[dict]:
    """Rows as the API of UCDP has them."""
    place = {"country": "Mali", "adm_1": "Gao", "latitude": 16.2, "longitude": 0.1}
    return [
        {"id": number, "date_start": "2021-03-04T00:00:00", "date_end": "2021-03-04T00:00:00",
         "type_of_violence": 1, "side_a": "Army", "side_b": "Rebels", "best": best, **place}
        for number in range(1, count + 1)
    ]  # fmt: skip


def page_of(rows: list[dict], number: int, size: int, total: int | None = None) -> dict:
    """A page as the API of UCDP has it."""
    total = len(rows) if total is None else total
    served = rows[number * size : (number + 1) * size]
    return {"TotalCount": total, "TotalPages": -(-total // size), "Result": served}


def pages(rows, total=None):
    """Answers with the pages of those rows."""
    return lambda asked: as_json(page_of(rows, asked.page, int(asked.query["pagesize"]), total))


CSV = "date,latitude,longitude,fatalities\n" + "2021-03-04,16.2,0.1,2\n" * 4000


def file(body, **headers):
    """Answers with a file, or the part of it that was asked for."""

    def answer(asked: Asked) -> Answer:
        start = int(asked.headers.get("range", "bytes=0-")[6:-1])
        if not start or asked.headers.get("if-range") != headers.get("ETag"):
            return Answer(body, headers=headers)
        span = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        return Answer(body[start:], 206, headers | span)

    return answer


def cut_once(answer, at):
    """The first answer is cut after so many bytes."""
    cuts = iter([at])

    def cut(asked: Asked) -> Answer:
        whole = answer(asked)
        return Answer(whole.body, whole.status, whole.headers, next(cuts, None))

    return cut


def zipped(**files: str) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("_csv", ".csv"), text)
    return archive.getvalue()


GED = (
    "id,date_end,type_of_violence,side_a,side_b,best,country,adm_1,latitude,longitude\n"
    + "".join(f"{number},2021-03-04,1,Army,Rebels,2,Mali,Gao,16.2,0.1\n" for number in range(50))
)


def workbook(*rows) -> bytes:
    book, made = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


COUNTS = [["ISO3", "Admin1", "Month", "Year", "Events", "Fatalities"],
          ["MLI", "Gao", "March", 2021, 3, 4]]  # fmt: skip


def acled(count: int) -> list[dict]:
    return [
        {"event_id_cnty": f"MLI{number}", "event_date": "2021-03-04", "event_type": "Battles",
         "actor1": "Army", "actor2": "Rebels", "country": "Mali", "admin1": "Gao",
         "latitude": "16.2", "longitude": "0.1", "fatalities": "2"}
        for number in range(1, count + 1)
    ]  # fmt: skip


GONE = [{"event_id_cnty": "MLI7", "deleted_timestamp": "1700000000"}]


class Acled:
    """A source as ACLED is; tokens are valid for `lasting` requests."""

    def __init__(self, rows, gone=GONE, lasting=1000, **more):
        self.tables = {"/api/acled/read": rows, "/api/deleted/read": gone}
        self.lasting, self.more, self.logins, self.left = lasting, more, 0, 0

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/oauth/token":
            return self.log_in(asked.query)
        self.left -= 1
        if asked.headers["authorization"] != f"Bearer bearer-{self.logins}" or self.left < 0:
            return as_json({"message": "token expired: " + asked.headers["authorization"]}, 401)
        return self.table(self.tables[asked.path], asked)

    def log_in(self, form) -> Answer:
        expected = {"username": USER, "password": PASSWORD, "grant_type": "password",
                    "client_id": "acled"}  # fmt: skip
        if form != expected:
            return as_json({"error_description": f"wrong: {form['password']}"}, 400)
        self.logins, self.left = self.logins + 1, self.lasting
        return as_json({"access_token": f"bearer-{self.logins}", "expires_in": 86400})

    def table(self, rows, asked: Asked) -> Answer:
        size = int(asked.query["limit"])
        served = rows[(asked.page - 1) * size : asked.page * size]
        whole = {"status": 200, "success": True, "count": len(served), "data": served}
        return as_json(whole | (self.more if asked.path == "/api/acled/read" else {}))


class Ucdp:
    """A source as the API of UCDP is: rows by version; any other version answers with 404.

    `country` filters; what `instead` has for a version is answered in place of its rows.
    """

    def __init__(self, **versions: int):
        self.rows = {name.replace("_", ".")[1:]: ged(count) for name, count in versions.items()}
        self.instead: dict[str, Answer] = {}

    def __call__(self, asked: Asked) -> Answer:
        version = asked.path.rpartition("/")[2]
        if version in self.instead:
            return self.instead[version]
        if version not in self.rows:
            return Answer(b"no such version", 404)
        numbers = {name.lower(): value for name, value in asked.query.items()}.get("country")
        rows = [
            row
            for row in self.rows[version]
            if numbers is None or str(row.get("country_id", 432)) in numbers.split(",")
        ]
        return as_json(page_of(rows, asked.page, int(asked.query["pagesize"])))
