/** A unit's risks into how each month may change: a picture, its key, and the numbers. */
import { class_columns } from "../charts/bars.js";
import { room } from "../charts/plane.js";
import { details, el, number, swatch, table } from "../dom.js";
import { CLASSES } from "../scale.js";
import { called, count, month, percent, range, say } from "../words.js";

const NAMES = Object.keys(CLASSES);

export function months(risks) {
  const short = (label) => month(label, "short");
  const shades = Object.entries(CLASSES).map(([name, shade]) =>
    el("li", {}, swatch(shade), called("class", name)),
  );
  return [
    class_columns(risks, room(1000), say("classes_label"), short),
    el("ul", { class: "legend" }, shades),
    details(say("numbers"), numbers(risks, short)),
  ];
}

function numbers(risks, short) {
  const chances = ["risk", ...NAMES.map((name) => `p_${name}`), "p_ge_1", "p_ge_25"];
  const heads = [say("month"), say("risk"), ...NAMES.map((name) => called("class", name))];
  heads.push(...["p_ge_1", "p_ge_25", "expected", "interval"].map((name) => say(name)));
  const line = (one) => [
    short(one.target_month),
    ...chances.map((name) => number(percent(one[name]))),
    number(count(one.expected)),
    number(range(one.q05, one.q95)),
  ];
  return table(say("by_month"), heads, risks.map(line));
}
