/** The last months into a row of bars, all units on one scale. */
import { svg } from "../dom.js";

const [WIDTH, HEIGHT] = [96, 22];

/** `top` is the highest count of any unit; bars grow with log(1 + count), so that few show, too. */
export function spark(values, top, label) {
  const step = WIDTH / values.length;
  const bars = values.map((value, i) => {
    if (value == null)
      return svg("rect", { x: i * step, y: HEIGHT - 1, width: step - 1, height: 1, class: "unseen" });
    const size = Math.max(value ? 2 : 0.6, (Math.log1p(value) / Math.log1p(top)) * HEIGHT);
    return svg("rect", {
      x: (i * step).toFixed(1),
      y: (HEIGHT - size).toFixed(1),
      width: (step - 1).toFixed(1),
      height: size.toFixed(1),
    });
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "spark", role: "img", "aria-label": label },
    bars,
  );
}
