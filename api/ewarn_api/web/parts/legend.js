/** A measure into the key of its colours, and the marks into theirs. */
import { el, swatch } from "../dom.js";
import { classes, is_dark } from "../scale.js";
import { said, say } from "../words.js";

/** A class by its bounds, in the measure's own unit. */
export function bounds(measure, low, high) {
  if (low == null) return `< ${said(measure, high)}`;
  return high == null ? `≥ ${said(measure, low)}` : `${said(measure, low)} – ${said(measure, high)}`;
}

export const legend = (measure, dark = is_dark()) =>
  el(
    "ul",
    { class: "legend", "aria-label": say(measure) },
    classes(measure, dark).map(([shade, low, high]) =>
      el("li", {}, swatch(shade), bounds(measure, low, high)),
    ),
  );

export const keys = (...names) =>
  el(
    "ul",
    { class: "legend" },
    names.map((name) => el("li", { class: `key ${name}` }, say(`key_${name}`))),
  );
