"""The service: issued forecasts over HTTP."""
