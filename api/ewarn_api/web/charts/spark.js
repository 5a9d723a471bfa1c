/** The last months into a row of bars, all units on one scale. */
import { svg } from "../dom.js";

const [WIDTH, HEIGHT] = [96, 22];

/** `top` is the highest count of any unit; bars grow with log(1 + count), so that few show, too. */
export function spark(values, top, label) {
  const step = WIDTH / values.length;
  const bar = (height, i) =>
    `M${(i * step).toFixed(1)} ${HEIGHT}v${-height.toFixed(1)}h${step - 1}V${HEIGHT}Z`;
  const height = (value) => Math.max(value ? 2 : 0.6, (Math.log1p(value) / Math.log1p(top)) * HEIGHT);
  const seen = values.map((value, i) => (value == null ? "" : bar(height(value), i))).join("");
  const unseen = values.map((value, i) => (value == null ? bar(1, i) : "")).join("");
  const parts = [svg("path", { d: seen }), unseen ? svg("path", { d: unseen, class: "unseen" }) : null];
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "spark", role: "img", "aria-label": label },
    parts,
  );
}
