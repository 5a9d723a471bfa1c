/** Scores into pictures: reliability, and skill by lead. */
import { svg } from "../dom.js";
import { count, percent, share } from "../words.js";
import { line, path, picture, scale, text } from "./plane.js";

const [LEFT, TOP, BOTTOM] = [46, 10, 240];

/** `bins` are [n, sum of probabilities, how often it came]; larger dots are of more forecasts. */
export function reliability(bins, width, label, axes) {
  const x = scale(0, 1, LEFT, width - 24),
    y = scale(0, 1, BOTTOM, TOP);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    line(x(0), y(part), x(1), y(part), "grid"),
    text(LEFT - 6, y(part) + 4, percent(part), "end"),
    text(x(part), BOTTOM + 16, percent(part), "middle"),
  ]);
  const seen = bins.filter(([n]) => n).map(([n, sum, came]) => ({ n, said: sum / n, came: came / n }));
  const dots = seen.map(({ n, said, came }) =>
    svg(
      "circle",
      { cx: x(said), cy: y(came), r: 2 + 1.5 * Math.log10(n), class: "dot" },
      svg("title", {}, `${percent(said)} → ${percent(came)} (n = ${count(n)})`),
    ),
  );
  return picture(
    width,
    BOTTOM + 40,
    label,
    grid,
    line(x(0), y(0), x(1), y(1), "diagonal"),
    svg("path", { d: path(seen.map((one) => [x(one.said), y(one.came)])), class: "curve" }),
    dots,
    text((x(0) + x(1)) / 2, BOTTOM + 34, axes, "middle"),
  );
}

/** A line a stratum of the skill at each lead; above 0 is better than the baseline. */
export function skill(lines, leads, width, label) {
  const values = lines.flatMap((one) => one.values).filter((value) => value != null);
  const [low, high] = [Math.min(-0.05, ...values), Math.max(0.05, ...values)];
  const x = scale(leads[0], leads.at(-1), LEFT, width - 90),
    y = scale(low, high, BOTTOM, TOP);
  const grid = [low, 0, high].map((value) =>
    svg(
      "g",
      {},
      line(LEFT, y(value), width - 90, y(value), value ? "grid" : "now"),
      text(LEFT - 6, y(value) + 4, share(value), "end"),
    ),
  );
  const ends = lines.map((one) => y(one.values.at(-1) ?? 0));
  const order = [...ends.keys()].sort((a, b) => ends[a] - ends[b]);
  order.forEach((at, i) => {
    if (i) ends[at] = Math.max(ends[at], ends[order[i - 1]] + 14);
  });
  return picture(
    width,
    BOTTOM + 24,
    label,
    grid,
    leads.map((lead) => text(x(lead), BOTTOM + 18, String(lead), "middle")),
    lines.map((one, i) =>
      svg(
        "g",
        { class: `line${i}` },
        svg("path", {
          d: path(one.values.map((value, j) => [x(leads[j]), y(value ?? 0)])),
          class: "curve",
        }),
        text(width - 84, ends[i] + 4, one.name),
      ),
    ),
  );
}
