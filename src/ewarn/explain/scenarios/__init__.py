"""Counterfactual input to a model: `request` checks it, `counterfactual` builds the panel.

The service imports `request` alone, which needs no modelling library.
"""
