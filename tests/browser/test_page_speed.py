"""The first view of 860 units: how soon it is drawn, what it weighs, and how fast it is repainted.

`make test` runs these alone, after the others. The machine may be busy with other work for a
while all the same: what counts is the best of a few times.
"""

import statistics

import pytest

from browser.pages import WIDTHS, until

pytestmark = pytest.mark.timing
MOST_SECONDS, MOST_BYTES, MOST_REPAINT_MS = 1.5, 400_000, 50
TRIES, PAUSE_MS = 40, 500
_REPAINTS = """async () => {
  const slider = document.getElementById("lead");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = [];
  for (let lead = 2; lead <= 12; lead += 1) {
    await frame();
    const start = performance.now();
    slider.value = lead;
    slider.dispatchEvent(new Event("input"));
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""


def test_the_first_view_is_drawn_soon_and_is_light(chromium, site):
    drawn = []
    for _ in range(TRIES):
        size = dict(zip(("width", "height"), WIDTHS["wide"], strict=True))
        context = chromium.new_context(viewport=size)  # with a cache of its own, empty
        page, received = context.new_page(), []
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda said, to=received: to.append(said))
        page.goto(site.url)
        until(page, "performance.getEntriesByName('drawn').length")
        drawn.append(page.evaluate("performance.getEntriesByName('drawn')[0].startTime") / 1000)
        page.wait_for_timeout(200)
        size = sum(one["encodedDataLength"] for one in received)
        context.close()
        if drawn[-1] <= MOST_SECONDS:
            break
    print(f"drawn in {[round(seconds, 2) for seconds in drawn]} s, {size:,.0f} bytes")
    assert min(drawn) <= MOST_SECONDS
    assert 100_000 < size <= MOST_BYTES


def test_moving_the_slider_repaints_at_once(opened):
    page, medians = opened(), []
    for _ in range(TRIES):
        medians.append(statistics.median(page.evaluate(_REPAINTS)))
        if medians[-1] <= MOST_REPAINT_MS:
            break
        page.wait_for_timeout(PAUSE_MS)
    print(f"median repaints {[round(ms) for ms in medians]} ms")
    assert min(medians) <= MOST_REPAINT_MS
