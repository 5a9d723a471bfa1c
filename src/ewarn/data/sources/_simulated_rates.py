"""How violent the simulated world is where: rough numbers, INVENTED for it, estimates of nothing.

They follow the broad picture of the 2010s only so that the simulated world's maps and lists look
like the ones a user will make from real events.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_ELSEWHERE = 0.05  # events a month in a country that is not listed

# Events a month that no earlier event set off, in each country.
_COUNTRIES = {
    "BDI": 0.5, "BFA": 8.0, "CAF": 3.5, "CMR": 2.5, "COD": 9.0, "DZA": 0.3, "EGY": 1.2,
    "ETH": 2.5, "KEN": 0.8, "LBY": 1.5, "MLI": 11.0, "MOZ": 1.5, "NER": 4.5, "NGA": 9.0,
    "SDN": 7.0, "SOM": 7.0, "SSD": 2.5, "TCD": 0.8, "UGA": 0.3,
}  # fmt: skip

# Share of them in single units; the country's other units share the rest equally.
_UNITS = {
    "BFA-GM": 0.05, "BFA-KJ": 0.06, "BFA-LO": 0.08, "BFA-OD": 0.15, "BFA-SE": 0.12, "BFA-SM": 0.22,
    "BFA-ST": 0.08, "BFA-TA": 0.06, "BFA-YG": 0.08, "BFA-YT": 0.06,
    "CAF-AC": 0.10, "CAF-BB": 0.10, "CAF-BG": 0.10, "CAF-HK": 0.12, "CAF-HM": 0.08,
    "CAF-OP": 0.12, "CAF-UK": 0.25,
    "CMR-EN": 0.60, "CMR-NW": 0.18, "CMR-SW": 0.16,
    "COD-HC": 0.32, "COD-KV": 0.14, "COD-NORD-KIVU": 0.46,
    "EGY-SS": 0.85,
    "ETH-AM": 0.25, "ETH-OROMIYA": 0.30, "ETH-TI": 0.30,
    "KEN-CO": 0.15, "KEN-NE": 0.50, "KEN-RIFT-VALLEY": 0.20,
    "LBY-BA": 0.45, "LBY-SR": 0.12, "LBY-TN": 0.20,
    "MLI-GA": 0.28, "MLI-KD": 0.12, "MLI-MO": 0.34, "MLI-SG": 0.08, "MLI-TB": 0.15,
    "MOZ-CD": 0.92,
    "NER-DF": 0.28, "NER-TH": 0.12, "NER-TL": 0.54,
    "NGA-AD": 0.06, "NGA-BE": 0.05, "NGA-BO": 0.48, "NGA-KD": 0.08, "NGA-KT": 0.07,
    "NGA-PL": 0.05, "NGA-YO": 0.08, "NGA-ZA": 0.09,
    "SDN-CENTRAL-DARFUR": 0.12, "SDN-KH": 0.14, "SDN-KS": 0.18, "SDN-ND": 0.22,
    "SDN-SOUTHERN-DARFUR": 0.14, "SDN-WESTERN-DARFUR": 0.12,
    "SOM-BN": 0.22, "SOM-BY": 0.12, "SOM-HI": 0.08, "SOM-JH": 0.12, "SOM-SD": 0.08, "SOM-SH": 0.30,
    "SSD-CENTRAL-EQUATORIA": 0.15, "SSD-JG": 0.22, "SSD-UN": 0.16, "SSD-WH": 0.22,
    "TCD-LC": 0.60,
}  # fmt: skip


def base_rates(
    units: pd.DataFrame, spread: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return events a month that no earlier event sets off, (units,); they add up to each
    country's.

    `spread` is the standard deviation of the log of the chance factor of each unit.
    """
    share = units["code"].map(_UNITS).astype(float)
    listed = share.groupby(units["country"]).transform("sum")
    others = share.isna().groupby(units["country"]).transform("sum")
    weight = share.fillna((1 - listed).clip(lower=0) / others.clip(lower=1))
    weight *= random.lognormal(0, spread, len(units))
    total = weight.groupby(units["country"]).transform("sum")
    rate = units["country"].map(_COUNTRIES).fillna(_ELSEWHERE)
    return np.asarray(rate * weight / total, np.float64)
