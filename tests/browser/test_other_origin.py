"""A page of another origin reads the API, as far as no key is needed."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

_ASK = """async ([url, headers]) => {
  try {
    const answer = await fetch(url, { headers });
    return [answer.status, answer.headers.get("X-Ewarn-Issue"), (await answer.text()).length];
  } catch (error) {
    return String(error);
  }
}"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>a crisis dashboard</title>")

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere():
    """The address of a page on another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_page_of_another_origin_reads_without_a_key_and_not_with_one(chromium, site, elsewhere):
    page = chromium.new_context().new_page()
    page.goto(elsewhere)
    status, issue, length = page.evaluate(_ASK, [f"{site.url}/v1/risk-scores", {}])
    assert (status, issue) == (200, site.newer)
    assert length > 1000
    part = page.evaluate(_ASK, [f"{site.url}/v1/units.csv", {"Range": "bytes=0-99"}])
    assert part == [206, site.newer, 100]
    keyed = page.evaluate(_ASK, [f"{site.url}/v1/risk-scores", {"X-Api-Key": site.key}])
    assert "Failed to fetch" in keyed
    page.context.close()
