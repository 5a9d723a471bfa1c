"""`ewarn digest`: what a watch-list team reads on the day of a new issue."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ewarn.core.settings import settings

if TYPE_CHECKING:
    from ewarn.jobs import Digested
    from ewarn.publishing.issue import Issue


def digest(
    issue: Annotated[
        str | None, typer.Argument(help="The id of an issue; without it, the newest one.")
    ] = None,
    watchlist: Annotated[
        str | None, typer.Option(help="A watch list, by its id or name; without it, all units.")
    ] = None,
    language: Annotated[
        Literal["en", "fr"], typer.Option(help="The language of the digest.")
    ] = "en",
    to: Annotated[
        list[str] | None, typer.Option(help="An address to send it to; repeat for more.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it; mlruns/digests/<issue>/ by default.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show it as text; write and send nothing.")
    ] = False,
) -> None:
    """Write the digest of an issue as HTML and Markdown, and send it, once to each address.

    It holds what is new, which risks rose or fell and through what, new alerts of the watch list,
    milestones ahead, how the last forecast did, and the map. Run `ewarn alerts run` before it. What
    could not be sent is sent when the command runs again; the status is 1 until then.

    The mail server is set by EWARN_SMTP_HOST, EWARN_SMTP_PORT, EWARN_SMTP_USER,
    EWARN_SMTP_PASSWORD, EWARN_SMTP_SECURITY and EWARN_MAIL_FROM.

    Examples:
      ewarn digest

      ewarn digest --language fr --watchlist Sahel --to desk@example.org --to lead@example.org

      ewarn digest 2020-12-0f1e2d3c4b --dry-run

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.database import Database  # noqa: PLC0415

    chosen, at = settings(), datetime.now(UTC)
    given = (chosen.mlruns, Database(chosen.database), _issue(issue))
    recipients = [jobs.Recipients(watchlist, language, tuple(to or ()))]
    if dry_run:
        _show(jobs.digest_texts(*given, recipients, at), to or ())
        return
    done = jobs.digest(*given, recipients, at, folder=out)
    _print(done)
    if done.failed:
        raise typer.Exit(1)


def _issue(named: str | None) -> "Issue":
    from ewarn.core.errors import Unknown  # noqa: PLC0415
    from ewarn.publishing import issue as issues  # noqa: PLC0415

    folder = settings().issues
    if named is None:
        return issues.newest(folder)
    known = [card.issue for card in issues.survey(folder).cards]
    if named not in known:
        raise Unknown("issue", named, known)
    return issues.read(folder / named)


def _show(texts: list[str], addresses: "list[str] | tuple[str, ...]") -> None:
    for text in texts:
        typer.echo(text)
    for one in addresses:
        typer.echo(f"would be sent to {one}, unless it was already")


def _print(done: "Digested") -> None:
    for path in done.written:
        typer.echo(f"written      {path}")
    for to in done.sent:
        typer.echo(f"sent         {to}")
    for to in done.already:
        typer.echo(f"sent before  {to}")
    for to, why in done.failed:
        typer.secho(f"not sent     {to}: {why}", fg="red", err=True)
