"""What every answer tells browsers: to guess, frame, run and pass on nothing."""

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = f"{_POLICY}; style-src 'unsafe-inline'; img-src data:"  # of pages to read
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": _POLICY,
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
