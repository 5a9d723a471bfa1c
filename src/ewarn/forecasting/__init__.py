"""From a panel to a forecast: features, families of models, distributions, escalation classes.

It may import `core` and `data`. Entry points: `model.fit` and `model.forecast`; `outputs` reads
risks, quantiles and draws from a forecast.
"""
