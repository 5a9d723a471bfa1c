"""What clients receive: envelope, formats, feeds, OpenAPI documents and problems.

It may import `requests`, `issues` and `access`. Entry points: `envelope.rows`, `envelope.answer`,
`openapi.rows`, `problems.problem`.
"""
