"""Why a forecast is what it is: drivers, changes between issues, scenarios, importance.

It may import everything below it except `evaluation.report`. Entry points: `drivers.table`,
`changes.table`, `scenarios.counterfactual.build`, `importance`.
"""
