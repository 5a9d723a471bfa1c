"""What every package shares: errors, months, settings, files, the column dictionary, specs.

It may import nothing else of ewarn. Entry points: `errors.BadInput` and `Unknown`, `months`,
`settings.settings`, `columns.of`, `specs.model`, and `files` for writes that survive a crash.
"""
