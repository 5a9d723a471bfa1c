/** Rows of months into the panels of a timeline; each is drawn from `top` down, over `at`, the middle
 * of each month, `step` wide. */
import { svg } from "../dom.js";
import { band, levels, line, path, scale, text } from "./plane.js";

export const LEFT = 44;
export const DEATHS = 210; // heights, in pixels
export const FORCES = 44;
export const LANE = 26;

/** Bars as high as the root of all deaths, so that few show, too; within a bar, shares by type. */
export function deaths(past, ahead, { at, step, width }, top) {
  const most = Math.max(4, ...past.map((one) => one.total ?? 0), ...ahead.map((one) => one.q95));
  const { level, grid } = levels(most, LEFT, width, top + DEATHS, top);
  const bars = past.map((one) => {
    const x = at.get(one.month) - step / 2;
    if (one.total == null) return svg("rect", { x, y: top, width: step, height: DEATHS, class: "unseen" });
    return one.total ? stack(one, x + 0.4, Math.max(1, step - 0.8), level(0), level(one.total)) : null;
  });
  return svg("g", {}, grid, bars, ahead.length ? fan(ahead, at, level) : null);
}

function stack({ parts, total }, x, width, bottom, top) {
  let below = bottom;
  return parts.map((part, kind) => {
    const height = (part / total) * (bottom - top);
    below -= height;
    return height ? svg("rect", { x, y: below, width, height, class: `type${kind}` }) : null;
  });
}

function fan(ahead, at, level) {
  const x = ahead.map((one) => at.get(one.month));
  const y = (name) => ahead.map((one) => level(one[name]));
  const area = (low, high, kind) => svg("path", { d: band(x, y(low), y(high)), class: kind });
  const median = y("q50").map((value, i) => [x[i], value]);
  return [
    area("q05", "q95", "fan90"),
    area("q25", "q75", "fan50"),
    svg("path", { d: path(median), class: "median" }),
  ];
}

/** A lane a milestone: from the ring, when it was announced, to the diamond, when it takes effect. */
export function milestones(stones, { at, first, last, width }, top) {
  const place = (month) => (month < first ? LEFT : month > last ? width - 4 : at.get(month));
  return stones.map(({ announced, effective, name }, i) => {
    const y = top + i * LANE + 16;
    const is_seen = (month) => month >= first && month <= last;
    return svg(
      "g",
      {},
      text(LEFT, y - 8, name),
      announced && effective ? line(place(announced), y, place(effective), y, "span") : null,
      is_seen(announced) ? svg("circle", { cx: place(announced), cy: y, r: 4, class: "announced" }) : null,
      is_seen(effective) ? diamond(place(effective), y) : null,
    );
  });
}

const diamond = (x, y) =>
  svg("path", { d: `M${x - 5.5} ${y}l5.5 -5.5l5.5 5.5l-5.5 5.5Z`, class: "effective" });

/** Troops or bases, as far as they are known. */
export function forces(past, name, { at, width }, top) {
  const known = past.filter((one) => one[name] != null);
  const most = Math.max(1, ...known.map((one) => one[name]));
  const y = scale(0, most, top + FORCES, top);
  const x = known.map((one) => at.get(one.month));
  const low = known.map(() => y(0));
  const area = band(
    x,
    low,
    known.map((one) => y(one[name])),
  );
  return [
    line(LEFT, y(0), width, y(0), "grid"),
    text(LEFT - 6, y(most) + 4, String(most), "end"),
    svg("path", { d: area, class: name }),
  ];
}

/** A lane a group, with the months in which it took part in violence. */
export function groups(names, past, { at, step }, top) {
  return names.map((name, i) => {
    const y = top + i * LANE;
    const seen = past.filter((one) => one.actors.includes(name));
    const months = seen.map((one) =>
      svg("rect", { x: at.get(one.month) - step / 2, y: y + 12, width: step, height: 8, class: "group" }),
    );
    return svg("g", {}, text(LEFT, y + 8, name), months);
  });
}
