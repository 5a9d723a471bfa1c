"""The pictures of the page in docs/, made of the real data beside the project.

Example: make screenshots
         make screenshots ARGS="--home FOLDER"   (with what an earlier run made there)
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from support import served

from browser.pages import CHROMIUM, FLAGS, WIDTHS, settled

ROOT = Path(__file__).parents[2]
DAYS = ("2020-10-31", "2020-11-30", "2020-12-31")  # one issue as known on each
FILES = {
    "events": "ged/ged211_africa.csv.gz",
    "deployments": "geopko/geopko_v2.1_full.csv.gz",
    "milestones": "milestones/withdrawal_milestones.csv",
}
# Name, view, height in pixels, width, language and ground: of the newest issue as it was said then.
PICTURES = (
    ("overview", "", 860, "wide", "en", "light"),
    ("unit", "unit/SDN-SOUTHERN-DARFUR", 1240, "wide", "en", "light"),
    ("verification", "verification", 1100, "wide", "en", "light"),
    ("brief", "brief", 1100, "wide", "fr", "light"),
    ("telephone", "", 800, "narrow", "fr", "dark"),
)


def made(home: Path, data: Path) -> None:
    """Issues, a hindcast and the ledger there, unless they are."""
    if list(home.glob("mlruns/hindcasts/*.json")):
        return
    files = [part for name, path in FILES.items() for part in (f"--{name}", str(data / path))]
    for day in DAYS:
        _ewarn(home, "forecast", *files, "--as-of", day)
    _ewarn(home, "hindcast", *files, "--as-of", DAYS[-1])
    _ewarn(home, "verify", *files)


def _ewarn(home: Path, *arguments: str) -> None:
    command = [sys.executable, "-c", "from ewarn.cli import main; main()", *arguments]
    subprocess.run(command, check=True, env=served.environment(home))


def shoot(browser: Browser, url: str, picture: tuple[str, str, int, str, str, str]) -> Path:
    name, view, height, width, language, ground = picture
    size = {"width": WIDTHS[width][0], "height": height}
    page = browser.new_page(viewport=size, color_scheme=ground)
    newest = page.request.get(f"{url}/v1/issues?limit=1").json()["data"][0]["issue"]
    issue = "" if view == "verification" else f"&issue={newest}"  # the hindcast was made later
    page.goto(f"{url}/?lang={language}{issue}#/{view}")
    settled(page)
    page.wait_for_timeout(500)
    path = ROOT / f"docs/page-{name}.png"
    page.screenshot(path=path)
    page.close()
    return path


@contextmanager
def folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.absolute()
    else:
        with TemporaryDirectory() as made_here:
            yield Path(made_here)


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--home", type=Path, help="a folder to keep the issues in; else they go")
    asked.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared/data", help="the real data"
    )
    given = asked.parse_args()
    if not CHROMIUM.exists() or not given.data.is_dir():
        asked.error(f"found no {CHROMIUM if not CHROMIUM.exists() else given.data}")
    with folder(given.home) as home, sync_playwright() as playwright:
        made(home, given.data)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served.serving(home) as service:
            for picture in PICTURES:
                print(shoot(browser, service.url, picture))
        browser.close()


if __name__ == "__main__":
    main()
