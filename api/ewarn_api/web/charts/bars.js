/** Shares of one number into a bar: parts that add or take away, and classes that make up 1. */
import { svg } from "../dom.js";
import { CLASSES } from "../scale.js";
import { called, percent } from "../words.js";
import { picture, scale, text } from "./plane.js";

/** To the right where it adds, to the left where it takes away. */
export function part(value, most) {
  const size = (Math.abs(value) / (most || 1)) * 50;
  return svg(
    "svg",
    { viewBox: "0 0 100 12", class: "bar", "aria-hidden": "true" },
    svg("line", { x1: 50, x2: 50, y1: 0, y2: 12, class: "grid" }),
    svg("rect", {
      x: value < 0 ? 50 - size : 50,
      y: 2,
      width: size,
      height: 8,
      class: value < 0 ? "less" : "more",
    }),
  );
}

/** One column a lead, of the chances of the classes of change; the rises stand at the bottom. */
export function class_columns(risks, width, label, name_of_month) {
  const [left, top, bottom] = [40, 8, 190];
  const step = (width - left) / risks.length;
  const y = scale(0, 1, bottom, top);
  const columns = risks.map((one, i) => {
    let below = 0;
    const parts = Object.keys(CLASSES)
      .reverse()
      .map((name) => {
        const [from, to] = [below, (below += one[`p_${name}`])];
        const rect = svg(
          "rect",
          { x: left + i * step + 2, y: y(to), width: step - 4, height: y(from) - y(to) },
          svg("title", {}, `${called("class", name)}: ${percent(one[`p_${name}`])}`),
        );
        rect.style.fill = CLASSES[name];
        return rect;
      });
    const head = text(
      left + (i + 0.5) * step,
      bottom + 16,
      step > 50 ? name_of_month(one.target_month) : String(one.lead),
      "middle",
    );
    return svg("g", {}, parts, head);
  });
  const axis = [0, 0.5, 1].map((share) => text(left - 6, y(share) + 4, percent(share), "end"));
  return picture(width, bottom + 24, label, columns, axis);
}
