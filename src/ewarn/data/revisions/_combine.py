"""Combine two revision models: one of the user's own vintages, and the shipped one."""

import numpy as np

from ewarn.data.revisions._figures import Branch, Figures, Revisions


def combined(own: Revisions, prior: Revisions) -> Revisions:
    """Return the model in which each figure is the mean of both, weighted by how many
    country-months it was fitted on; what one lacks is the other's, and the correlation is the
    prior's.

    Quantiles are averaged level by level, weighted by the country-months that do not end at 0.
    """
    by_age = {
        age: _figures(own.by_age[age], figures) if age in own.by_age else figures
        for age, figures in prior.by_age.items()
    }
    return Revisions(by_age, prior.correlation)


def _figures(own: Figures, prior: Figures) -> Figures:
    classes = (_branch(*both) for both in zip(own.classes, prior.classes, strict=True))
    countries = dict(prior.countries) | dict(own.countries)
    for code in own.countries.keys() & prior.countries.keys():
        countries[code] = _branch(own.countries[code], prior.countries[code])
    return Figures(tuple(classes), dict(sorted(countries.items())), prior.kappa)


def _branch(own: Branch, prior: Branch) -> Branch:
    n = own.n + prior.n
    if not own.n:
        return prior
    some, others = own.n * (1 - own.gone), prior.n * (1 - prior.gone)
    shifts = np.array(prior.shifts)
    if some:
        shifts = (some * np.array(own.shifts) + others * shifts) / (some + others)
    gone = (own.n * own.gone + prior.n * prior.gone) / n
    return Branch(n, float(gone), tuple(float(one) for one in shifts))
