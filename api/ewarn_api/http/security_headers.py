"""Security headers of every response, and the content policies of pages."""

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = f"{_POLICY}; style-src 'unsafe-inline'; img-src data:"  # of pages to read
APP_POLICY = (  # of the page that runs: its own scripts and the API, and no other host
    f"{_POLICY}; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " connect-src 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": _POLICY,
}
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def headers(is_https: bool) -> dict[str, str]:
    """Return the headers of every answer, those of a service that clients come to by https among
    them.
    """
    return HEADERS | (_HTTPS_ONLY if is_https else {})
