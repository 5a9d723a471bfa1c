/** What all pictures are made of: scales, paths, axes, and a frame with a text alternative. */
import { svg } from "../dom.js";

export const scale = (low, high, from, to) => (x) =>
  high === low ? (from + to) / 2 : from + ((x - low) / (high - low)) * (to - from);

export const path = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** The area between two lines over the same places. */
export const band = (x, low, high) =>
  `${path([...high.map((y, i) => [x[i], y]), ...low.map((y, i) => [x[i], y]).reverse()])}Z`;

export const picture = (width, height, label, ...children) =>
  svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label },
    ...children,
  );

export const text = (x, y, said, kind = "") => svg("text", { x, y, class: `tick ${kind}` }, said);
export const line = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });

/** Round numbers from 0 to the top, few of them: 1, 2 or 5 times a power of ten apart. */
export function ticks(top, most = 4) {
  const step = [1, 2, 5, 10]
    .map((n) => n * 10 ** Math.floor(Math.log10(top / most)))
    .find((size) => top / size <= most);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Counts into heights by their roots, so that few show, too, with lines at round ones. */
export function levels(most, left, width, bottom, top) {
  const y = scale(0, Math.sqrt(most), bottom, top);
  const level = (value) => y(Math.sqrt(value));
  const marks = [...new Set([...ticks(most, 3), ...ticks(most / 9, 2)])].filter(Number.isInteger);
  const grid = marks.map((value) => [
    line(left, level(value), width, level(value), "grid"),
    text(left - 6, level(value) + 4, String(value), "end"),
  ]);
  return { level, grid };
}

/** How wide a picture may be: what it is put into is not there yet when it is drawn. */
export const room = (most) => Math.min(most, document.getElementById("main").clientWidth - 32);
