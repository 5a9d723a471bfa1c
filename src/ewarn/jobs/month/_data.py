"""The first steps of the monthly cycle: fetch releases, join them, and look for what is wrong."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ewarn.core import months
from ewarn.core.configuration import Configuration, Source
from ewarn.data import connectors, ingest, panel, quality, sources, vintages
from ewarn.data.connectors import Listing, Web
from ewarn.data.ingest import Files, Loaded
from ewarn.data.panel import Panel
from ewarn.data.quality import Finding
from ewarn.jobs.month._step import State
from ewarn.publishing import issue


@dataclass
class Ready:
    """What the steps hand on: the data that were read and the panel, with what is suspicious."""

    loaded: Loaded | None = None
    known: Panel | None = None
    found: tuple[Finding, ...] = ()
    is_new: bool = False


def planned(chosen: Configuration, web: Web, today: date) -> tuple[State, str]:
    """Return which releases would be fetched."""
    source = chosen.source
    lacking = connectors.missing(
        source.connector, source.folder, web, today, _where(source), source.url
    )
    names = ", ".join(map(str, lacking))
    return ("planned", f"fetch {names}") if lacking else ("nothing new", "none to fetch")


def fetched(source: Source, web: Web, today: date) -> tuple[State, str]:
    """Fetch the releases that the folder lacks, and those that the source has changed."""
    where = _where(source)
    listing = connectors.versions(source.connector, web, today, where, source.url)
    kind = connectors.load(source.connector).KIND
    done = connectors.fetch_missing(
        source.connector,
        source.folder,
        web,
        today,
        where,
        source.url,
        check=True,
        listing=listing,
        accept=lambda path: sources.read(path, kind) if kind else None,
    )
    absent = _absent(listing)
    if not done:
        return "nothing new", f"{len(listing.needed)} releases, all of them here{absent}"
    return "done", f"fetched {', '.join(one.path.name for one in done)}{absent}"


def read(ready: Ready, chosen: Configuration, mlruns: Path) -> tuple[State, str]:
    """Read and join the releases, build the panel, and look for what is suspicious."""
    folder = chosen.source.folder
    if not folder.is_dir() or not any(folder.glob("[!.]*")):
        return "nothing new", f"no release in {folder} yet"
    files = Files(events=folder, **dict(chosen.data))
    loaded = ingest.load(files, vintages.Store(mlruns / "vintages"))
    known = panel.build(loaded.as_known, loaded.day)
    ready.loaded, ready.known = loaded, known
    ready.found = tuple(quality.check(loaded, known))
    ready.is_new = not _is_issued(loaded, mlruns)
    units, span = known.shape
    preliminary = f", {known.preliminary} of them preliminary" if known.preliminary else ""
    what = f"{units:,} units x {span} months to {months.label(known.reference_month)}{preliminary}"
    return "done" if ready.is_new else "nothing new", what


def _is_issued(loaded: Loaded, mlruns: Path) -> bool:
    """Return whether there is an issue from just these files."""
    files = {(one["kind"], one["digest"]) for one in loaded.sources}
    return any(
        not card.simulated
        and {(one.kind, one.digest) for one in card.sources} == files
        and card.countries == sorted(loaded.countries)
        for card in issue.survey(mlruns / "issues").cards
    )


def _where(source: Source) -> dict[str, str]:
    if not source.countries:
        return {}
    return connectors.country_filter(source.connector, source.countries)


def _absent(listing: Listing) -> str:
    names = ", ".join(map(str, listing.absent))
    return f"; due and not published: {names}" if names else ""
