"""What clients send: query parameters, request bodies, and the context of the current request.

It may import `issues`. Entry points: `parameters`, `risk_score_body`, `watchlist_body`, `context`.
"""
