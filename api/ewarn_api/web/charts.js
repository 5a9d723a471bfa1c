/** Numbers into small SVG pictures, each with a text that says the same. */
import { svg } from "./dom.js";

const scale = (low, high, from, to) => (x) =>
  high === low ? (from + to) / 2 : from + ((x - low) / (high - low)) * (to - from);
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const root = (width, height, label, ...children) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children);

export function sparkline(values, label) {
  const top = Math.max(1, ...values.filter((v) => v != null));
  const x = scale(0, Math.max(1, values.length - 1), 1, 79);
  const y = scale(0, top, 19, 1);
  const points = values.map((v, i) => [x(i), v]).filter(([, v]) => v != null).map(([at, v]) => [at, y(v)]);
  const line = root(80, 20, label, svg("path", { d: path(points), class: "line" }));
  line.setAttribute("class", "spark");
  return line;
}

/** History as stacked bars, then the fan; marks are {at, name, kind}. Axes in months and counts. */
export function timeline({ months, stacks, fan, marks, label, monthName }) {
  const [width, height, left, bottom] = [860, 300, 46, 270];
  const every = [...months, ...fan.map((one) => one.month)];
  const most = Math.max(5, ...stacks.map((s) => s.reduce((a, b) => a + (b ?? 0), 0)), ...fan.map((one) => one.q95));
  const x = scale(0, every.length, left, width - 8);
  const y = scale(0, Math.sqrt(most), bottom, 34);
  const level = (value) => y(Math.sqrt(Math.max(0, value)));
  const step = x(1) - x(0);
  const parts = ticks(most).map((v) => svg("g", {},
    svg("line", { x1: left, x2: width, y1: level(v), y2: level(v), class: "grid" }),
    svg("text", { x: left - 6, y: level(v) + 4, class: "tick end" }, String(v))));
  stacks.forEach((stack, i) => {
    let below = 0;
    stack.forEach((value, kind) => {
      if (!value) return;
      const [base, top] = [level(below), level(below + value)];
      parts.push(svg("rect", { x: x(i) + 0.5, y: top, width: Math.max(1, step - 1), height: base - top, class: `type${kind}` }));
      below += value;
    });
  });
  every.forEach((one, i) => {
    if (one.endsWith("-01")) parts.push(svg("text", { x: x(i), y: bottom + 18, class: "tick" }, one.slice(0, 4)));
  });
  const middle = (i) => x(months.length + i + 0.5);
  const band = (low, high) => path([...fan.map((one, i) => [middle(i), level(one[high])]),
    ...fan.map((one, i) => [middle(i), level(one[low])]).reverse()]) + "Z";
  if (fan.length) {
    parts.push(svg("path", { d: band("q05", "q95"), class: "fan90" }));
    if (fan[0].q25 != null) parts.push(svg("path", { d: band("q25", "q75"), class: "fan50" }));
    parts.push(svg("path", { d: path(fan.map((one, i) => [middle(i), level(one.q50)])), class: "median" }));
  }
  for (const one of marks) {
    const i = every.indexOf(one.at);
    if (i < 0) continue;
    parts.push(svg("line", { x1: x(i + 0.5), x2: x(i + 0.5), y1: 30, y2: bottom, class: `mark ${one.kind}` },
      svg("title", {}, one.name)));
  }
  return root(width, height, label, ...parts);
}

function ticks(most) {
  return [1, 5, 25, 100, 400, 1600, 6400].filter((v) => v <= most);
}

/** Bars of contributions, to the right where they add and to the left where they take away. */
export function contribution(value, most) {
  const size = (Math.abs(value) / (most || 1)) * 50;
  return svg("svg", { viewBox: "0 0 100 12", class: "bar", "aria-hidden": "true" },
    svg("line", { x1: 50, x2: 50, y1: 0, y2: 12, class: "grid" }),
    svg("rect", { x: value < 0 ? 50 - size : 50, y: 2, width: size, height: 8, class: value < 0 ? "less" : "more" }));
}

export function reliability(bins, label) {
  const x = scale(0, 1, 40, 290), y = scale(0, 1, 260, 10);
  const dots = bins.filter(([n]) => n).map(([n, sum, came]) => svg("circle",
    { cx: x(sum / n), cy: y(came / n), r: 2 + Math.log10(n) * 1.6, class: "dot" },
    svg("title", {}, `${(sum / n).toFixed(2)} → ${(came / n).toFixed(2)} (${n})`)));
  const axis = [0, 0.5, 1].flatMap((v) => [
    svg("text", { x: x(v), y: 278, class: "tick middle" }, String(v)),
    svg("text", { x: 34, y: y(v) + 4, class: "tick end" }, String(v))]);
  return root(300, 290, label, svg("path", { d: path([[x(0), y(0)], [x(1), y(1)]]), class: "grid" }), ...axis, ...dots);
}
