"""Scored rows of a forecast, made by hand: a unit, its risk and its outcome."""


def row(unit, risk=0.0, came=False, count=0.0, **more):
    """A scored row that says what is given, and for the rest that nothing happens."""
    said = {"p_ge_1": 0.0, "p_ge_25": 0.0, "expected": 0.0, "crps": 0.0, "crps_log1p": 0.0}
    said |= {"q05": 0.0, "q95": 0.0}
    usual = {f"conflictology_{name}": 0.0 for name in ("p_ge_1", "p_ge_25", "crps", "crps_log1p")}
    said |= {"reference_month": "2020-12", "lead": 1, "target_month": "2021-01"}
    said |= {"baseline": 0.0, "is_onset": True, "stratum": "quiet", "conflictology_risk": 0.0}
    return {**said, **usual, "unit": unit, "risk": risk, "is_escalation": came, "count": count,
            **more}  # fmt: skip
