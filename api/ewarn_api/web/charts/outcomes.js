/** Past forecasts at one lead into intervals, and what came into dots that lie in them or not. */
import { svg } from "../dom.js";
import { line, picture, scale, text, ticks } from "./plane.js";

const [LEFT, TOP, BOTTOM] = [44, 10, 190];

/** `rows` have target_month, q05, q95, expected, count, is_escalation, in the order of months. */
export function outcomes(rows, width, label, tell) {
  const most = Math.max(4, ...rows.flatMap((one) => [one.q95, one.count ?? 0]));
  const x = scale(0, rows.length, LEFT, width - 4);
  const y = scale(0, Math.sqrt(most), BOTTOM, TOP);
  const level = (value) => y(Math.sqrt(value));
  const marks = [...new Set([...ticks(most, 3), ...ticks(most / 9, 2)])];
  const grid = marks.map((value) => svg("g", {}, line(LEFT, level(value), width, level(value), "grid"), text(LEFT - 6, level(value) + 4, String(value), "end")));
  const columns = rows.map((one, i) => {
    const middle = x(i + 0.5);
    const size = Math.min(14, (x(1) - x(0)) * 0.6);
    const is_in = one.count >= one.q05 && one.count <= one.q95;
    return svg("g", {}, svg("title", {}, tell(one)),
      svg("rect", { x: middle - size / 2, y: level(one.q95) - 1, width: size, height: level(one.q05) - level(one.q95) + 2, class: `interval ${one.kind}` }),
      line(middle - size / 2, level(one.expected), middle + size / 2, level(one.expected), "median"),
      one.count == null ? null : svg("circle", { cx: middle, cy: level(one.count), r: 4, class: `came ${is_in ? "" : "missed"} ${one.is_escalation ? "escalated" : ""}` }));
  });
  const heads = rows.map((one, i) => (one.target_month.endsWith("-01") || i === 0
    ? text(x(i), BOTTOM + 16, one.target_month) : null)).filter(Boolean);
  return picture(width, BOTTOM + 24, label, grid, columns, heads);
}
