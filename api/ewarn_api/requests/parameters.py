"""Query parameters, shared by the routes, and their filters on names of the issue."""

from typing import Annotated, Any, Literal, get_origin

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from ewarn.core import columns
from ewarn.core.errors import BadInput
from ewarn_api.issues.snapshot import Snapshot

MOST, USUAL = 2_000_000, 100  # rows of an answer
FormatName = Literal["json", "csv", "geojson", "parquet"]
# Documented as a pattern, read by `months.parse`, whose error shows what a month looks like.
_MONTH = {"type": "string", "pattern": "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"}
Label = Annotated[str, WithJsonSchema(_MONTH)]


def several(name: str, note: str = "", table: str = "") -> Any:
    """Return a filter on a field of a table, that may have several values."""
    field = columns.of(name, table)
    sentence = f"{field.sentence} Exact; repeat the key for several values.{note}"
    return Field([], description=sentence, examples=[[field.example]])


def described(table: str, name: str, default: Any = ..., note: str = "", **limits: Any) -> Any:
    """Return a field of a request body that a table declares; required without a default."""
    field = columns.of(name, table)
    sentence = f"{field.sentence} {note}".strip()
    return Field(default, description=sentence, examples=[field.example], **limits)


class Nothing(BaseModel):
    """No parameter at all; any is refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Whole(Nothing):
    """Parameters of a route that answers about one thing, whatever the issue."""

    format: FormatName | None = Field(
        None,
        description="Format of the answer; a suffix (.json, .csv, .geojson, .parquet) or Accept"
        " does as well.",
    )

    bom: bool = Field(
        False, description="Begin CSV with a byte order mark, so that Excel reads it as UTF-8."
    )

    def page(self, is_table: bool = False) -> slice:  # noqa: ARG002
        """Return the slice of the matching rows to answer with, in a table's format or another."""
        return slice(0, MOST)


class One(Whole):
    """Parameters of a route that answers about one thing of an issue."""

    issue: str | None = Field(
        None,
        description="Answer from this issue, not from the newest. `links.next` carries it, so"
        " that paging stays within one issue while a newer one comes out.",
    )


class Paged(Whole):
    """Parameters of a route that answers rows, a page at a time, whatever the issue."""

    limit: int | None = Field(
        None,
        ge=1,
        le=MOST,
        description="How many rows to answer at most; without it 100 in JSON and GeoJSON, and all"
        " in CSV and Parquet, which cannot show that there are more.",
    )
    offset: int = Field(0, ge=0, le=10**9, description="How many rows to pass over first.")

    def page(self, is_table: bool = False) -> slice:
        """Return the slice of the matching rows to answer with, in a table's format or another."""
        return slice(self.offset, self.offset + (self.limit or (MOST if is_table else USUAL)))


class Listed(Paged, One):
    """Parameters of a route that answers rows of an issue, a page at a time."""

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:  # noqa: ARG002
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        return {}


class Places(Listed):
    """Parameters of a route that answers rows by place."""

    location_code: list[str] = several("location_code")
    iso: list[str] = several("location_code", " The same as location_code.")
    admin1_code: list[str] = several("admin1_code")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        countries = known.known_countries(self.location_code + self.iso)
        units = known.known_units(self.admin1_code)
        found = super().filters(known) | {"location_code": countries, "admin1_code": units}
        return {name: values for name, values in found.items() if values}


class PlacesAndMonths(Places):
    """Parameters of a route that answers rows by place and month forecast."""

    target_month: list[Label] = several("target_month")
    month_id: list[int] = several("month_id")
    lead: list[int] = several("lead")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        labels = known.known_months(self.target_month, self.month_id)
        found = super().filters(known) | {
            "target_month": labels,
            "lead": known.known_leads(self.lead),
        }
        return {name: values for name, values in found.items() if values}


def check_single(request: Request, query: Nothing) -> None:
    """Raise BadInput where a parameter that has one value was given several."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name, info in type(query).model_fields.items():
        if names.count(name) > 1 and get_origin(info.annotation) is not list:
            raise BadInput(f"query parameter {name}", f"{names.count(name)} values", "one")
