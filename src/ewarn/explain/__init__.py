"""Why a forecast is what it is: drivers, changes between issues, scenarios, importance.

It may import the packages below it, `evaluation` included. Entry points: `drivers.table`,
`changes.table`, `scenarios.counterfactual.build`, `importance`.
"""
