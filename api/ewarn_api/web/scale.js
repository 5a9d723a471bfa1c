/** Measures into colours: ColorBrewer's YlOrBr, safe for the colour-blind, with stated breaks. */
const COLOURS = ["#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404", "#662506"];
const CHANCES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5];
export const BREAKS = {
  risk: CHANCES,
  p_ge_1: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9],
  p_ge_25: CHANCES,
  expected: [0.5, 1, 5, 10, 25, 100],
};
export const MEASURES = Object.keys(BREAKS);

export function colour(measure, value) {
  if (value == null) return "#888888";
  const place = BREAKS[measure].findIndex((top) => value < top);
  return COLOURS[place < 0 ? COLOURS.length - 1 : place];
}

/** [colour, lowest, highest or null] of each class. */
export const classes = (measure) =>
  COLOURS.map((shade, i) => [shade, BREAKS[measure][i - 1] ?? 0, BREAKS[measure][i] ?? null]);
