/** Past forecasts at one lead as intervals, and the observed counts as dots inside or outside. */
import { svg } from "../dom.js";
import { levels, line, picture, scale, text } from "./plane.js";

const [LEFT, TOP, BOTTOM] = [44, 10, 190];
const WIDEST = 14; // pixels of an interval

/** `rows` have target_month, kind, q05, q95, expected, count, is_escalation, in the order of months. */
export function outcomes(rows, width, label, tell) {
  const most = Math.max(4, ...rows.flatMap((one) => [one.q95, one.count ?? 0]));
  const x = scale(0, rows.length, LEFT, width - 4);
  const { level, grid } = levels(most, LEFT, width, BOTTOM, TOP);
  const half = Math.min(WIDEST, (x(1) - x(0)) * 0.6) / 2;
  const columns = rows.map((one, i) => column(one, x(i + 0.5), half, level, tell));
  const years = [...rows.keys()].filter((i) => rows[i].target_month.endsWith("-01"));
  const heads = (years.length ? years : [0]).map((i) => text(x(i), BOTTOM + 16, rows[i].target_month));
  return picture(width, BOTTOM + 24, label, grid, columns, heads);
}

/** Whether it has an interval; an old hindcast has none. */
export const has_interval = (one) => one.q95 != null;
export const is_inside = (one) => one.count >= one.q05 && one.count <= one.q95;

function column(one, middle, half, level, tell) {
  const [high, low, mean] = [one.q95, one.q05, one.expected].map(level);
  const box = { x: middle - half, y: high - 1, width: 2 * half, height: low - high + 2 };
  const kind = `came ${!has_interval(one) || is_inside(one) ? "" : "missed"} ${one.is_escalation ? "escalated" : ""}`;
  return svg(
    "g",
    {},
    svg("title", {}, tell(one)),
    has_interval(one) ? svg("rect", { ...box, class: `interval ${one.kind}` }) : null,
    line(middle - half, mean, middle + half, mean, "median"),
    one.count == null ? null : svg("circle", { cx: middle, cy: level(one.count), r: 4, class: kind }),
  );
}
