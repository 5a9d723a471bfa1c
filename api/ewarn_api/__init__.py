"""The service: issued forecasts over HTTP. Entry point: `app.create`."""
