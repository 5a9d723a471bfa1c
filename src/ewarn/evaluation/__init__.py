"""How good forecasts are: scores, backtests, leakage tests, the gate, verification, reports.

It may import `core`, `data`, `forecasting` and `publishing`, since verification scores issues.
Entry points: `backtest.run`, `scores`, `gate.judge`, `leakage`, `verification`, `report`.
"""
