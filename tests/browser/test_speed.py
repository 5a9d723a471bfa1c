"""The first view of 860 units: how soon it is drawn, what it weighs, and how fast it is repainted.

Both cores may be busy with other tests: the best of a few times is what the page can do.
"""

from pages import WIDTHS, until

MOST_SECONDS, MOST_BYTES, MOST_REPAINT_MS = 1.5, 400_000, 50
TIMES = 5
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
    drawn, sizes = [], []
    for _ in range(TIMES):
        context = chromium.new_context(
            viewport=dict(zip(("width", "height"), WIDTHS["wide"], strict=True))
        )
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        received = []
        session.on(
            "Network.loadingFinished",
            lambda said, into=received: into.append(said["encodedDataLength"]),
        )
        page.goto(site.url)
        until(page, "performance.getEntriesByName('drawn').length")
        drawn.append(page.evaluate("performance.getEntriesByName('drawn')[0].startTime") / 1000)
        page.wait_for_timeout(100)
        sizes.append(sum(received))
        context.close()
    print(
        f"drawn in {min(drawn):.2f} s (of {[round(s, 2) for s in drawn]}), {max(sizes):,.0f} bytes"
    )
    assert min(drawn) <= MOST_SECONDS
    assert 100_000 < max(sizes) <= MOST_BYTES


def test_moving_the_slider_repaints_at_once(opened):
    page = opened()
    runs = [sorted(page.evaluate(_REPAINTS)) for _ in range(3)]
    medians = [run[len(run) // 2] for run in runs]
    print(
        f"median repaints {[round(ms) for ms in medians]} ms, slowest {max(map(max, runs)):.0f} ms"
    )
    assert min(medians) <= MOST_REPAINT_MS
