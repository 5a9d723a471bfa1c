/** Measures into colours, in classes with stated breaks. */
// ColorBrewer's YlOrBr, which colour-blind readers can distinguish, with a paler lowest class; on
// dark ground the same hues from dark to light, so that in both the highest risk stands out.
const LIGHT = ["#f4f1e4", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#b64008", "#662506"];
const DARK = ["#2a2d31", "#543a22", "#84501b", "#b86a14", "#e58a1f", "#fdb95e", "#fff0c0"];
// Blue to orange, for what falls and what rises.
const FALL_TO_RISE = ["#2166ac", "#67a9cf", "#c6dcea", "#f2f0e8", "#fcd9a5", "#f08a32", "#a63a06"];
const DARK_FALL_TO_RISE = ["#6cb4f0", "#3a7cb5", "#26455f", "#2a2d31", "#66431f", "#c46c17", "#ffb25c"];
const CHANCES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5];
const BREAKS = {
  risk: CHANCES,
  risk_change: [-0.1, -0.05, -0.01, 0.01, 0.05, 0.1],
  p_ge_1: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9],
  p_ge_25: CHANCES,
  expected: [0.5, 1, 5, 10, 25, 100],
};
export const MEASURES = Object.keys(BREAKS);
export const CLASSES = {
  large_decrease: "#2166ac",
  decrease: "#92c5de",
  stable: "#c8ccd0",
  increase: "#f4a259",
  large_increase: "#b2400b",
};

/** Whether the ground is dark: as the reader chose here, else as on all of the reader's machine. */
export const is_dark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "")) === "dark";

function shades(measure, dark) {
  if (measure === "risk_change") return dark ? DARK_FALL_TO_RISE : FALL_TO_RISE;
  return dark ? DARK : LIGHT;
}

/** The colour of a value; grey where there is none. */
export function colour(measure, value, dark = is_dark()) {
  if (value == null) return "#8a8a8a";
  return shades(measure, dark).at(BREAKS[measure].findIndex((top) => value < top));
}

/** [colour, lowest or null, highest or null] of each class. */
export const classes = (measure, dark = is_dark()) =>
  shades(measure, dark).map((shade, i) => [
    shade,
    BREAKS[measure][i - 1] ?? null,
    BREAKS[measure][i] ?? null,
  ]);
