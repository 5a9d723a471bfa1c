/** A unit's months into panels over one axis of time: deaths and forecast, milestones, forces, groups. */
import { svg } from "../dom.js";
import { band, line, path, picture, scale, text, ticks } from "./plane.js";

const LEFT = 44;
const TOP = 16;
const DEATHS = 210; // heights of the panels, in pixels
const LANE = 26;
const FORCES = 44;
const TYPES = 3;

/**
 * `past` rows have month, total, parts (by type), troops, bases, actors; `ahead` rows month, q05,
 * q25, q50, q75, q95; `stones` have announced and effective (months) and name; `groups` are names.
 */
export function timeline({ past, ahead, stones, groups, width, words, tell }) {
  const months = [...past, ...ahead].map((one) => one.month);
  const x = scale(0, months.length, LEFT, width - 4);
  const at = new Map(months.map((month, i) => [month, x(i + 0.5)]));
  const parts = [];
  let y = TOP;
  const panel = (name, height, draw) => {
    parts.push(text(LEFT, y + 10, name, "title"), draw(y + 22));
    y += height + 36;
  };
  panel(words.deaths, DEATHS, (top) => deaths(past, ahead, at, x(1) - x(0), top, width));
  const [first, last] = [months[0], months.at(-1)];
  const shown = stones.filter((one) => [one.announced, one.effective].some((month) => month >= first && month <= last));
  if (shown.length) panel(words.milestones, shown.length * LANE - 4, (top) => lanes_of_stones(shown, at, top, first, last, width));
  if (past.some((one) => one.troops || one.bases)) panel(words.troops, FORCES, (top) => forces(past, "troops", at, top, width));
  if (past.some((one) => one.bases)) panel(words.bases, FORCES, (top) => forces(past, "bases", at, top, width));
  if (groups.length) panel(words.groups, groups.length * LANE - 4, (top) => lanes_of_groups(groups, past, at, x(1) - x(0), top));
  const years = months.flatMap((month, i) => (month.endsWith("-01")
    ? [line(x(i), TOP + 18, x(i), y - 8, "grid year"), width / months.length > 5 || month.slice(2, 4) % 2 === 0 ? text(x(i) + 2, y + 6, month.slice(0, 4)) : null] : []));
  const now = x(past.length);
  const divide = ahead.length ? [line(now, TOP, now, y - 8, "now"), text(now - 4, TOP - 4, words.known, "end"), text(now + 4, TOP - 4, words.forecast)] : [];
  const drawn = picture(width, y + 12, words.label, years.filter(Boolean), divide, parts);
  drawn.addEventListener("pointermove", (event) => {
    const box = drawn.getBoundingClientRect();
    const i = Math.floor(scale(LEFT, width - 4, 0, months.length)(((event.clientX - box.left) / box.width) * width));
    if (i >= 0 && i < months.length) tell(i);
  });
  return drawn;
}

/** Bars as high as the root of all deaths, so that few show, too; within a bar, shares by type. */
function deaths(past, ahead, at, step, top, width) {
  const most = Math.max(4, ...past.map((one) => one.total ?? 0), ...ahead.map((one) => one.q95));
  const y = scale(0, Math.sqrt(most), top + DEATHS, top);
  const level = (value) => y(Math.sqrt(value));
  const marks = [...new Set([...ticks(most, 3), ...ticks(most / 9, 2)])];
  const grid = marks.map((value) => svg("g", {}, line(LEFT, level(value), width, level(value), "grid"), text(LEFT - 6, level(value) + 4, String(value), "end")));
  const bars = past.flatMap((one) => {
    if (one.total == null) return [svg("rect", { x: at.get(one.month) - step / 2, y: top, width: step, height: DEATHS, class: "unseen" })];
    let below = 0;
    return Array.from({ length: TYPES }, (_, kind) => {
      if (!one.parts[kind]) return null;
      const size = (one.parts[kind] / one.total) * (level(0) - level(one.total));
      below += size;
      return svg("rect", { x: at.get(one.month) - step / 2 + 0.4, y: level(0) - below, width: Math.max(1, step - 0.8), height: size, class: `type${kind}` });
    });
  });
  const x = ahead.map((one) => at.get(one.month));
  const area = (low, high, kind) => svg("path", { d: band(x, ahead.map((one) => level(one[low])), ahead.map((one) => level(one[high]))), class: kind });
  const fan = ahead.length ? [area("q05", "q95", "fan90"), area("q25", "q75", "fan50"), svg("path", { d: path(ahead.map((one, i) => [x[i], level(one.q50)])), class: "median" })] : [];
  return svg("g", {}, grid, bars.filter(Boolean), fan);
}

/** A lane a milestone: from the ring, when it was announced, to the diamond, when it takes effect. */
function lanes_of_stones(stones, at, top, first, last, width) {
  const place = (month) => (month < first ? LEFT : month > last ? width - 4 : at.get(month));
  return svg("g", {}, stones.map((one, i) => {
    const y = top + i * LANE + 16;
    const [from, to] = [one.announced, one.effective].map((month) => (month ? place(month) : null));
    const ends = [from, to].filter((end) => end != null);
    return svg("g", {}, text(LEFT, y - 8, one.name),
      ends.length > 1 ? line(from, y, to, y, "span") : null,
      one.announced >= first ? svg("circle", { cx: from, cy: y, r: 4, class: "announced" }) : null,
      to != null && one.effective <= last ? svg("path", { d: `M${to - 5.5} ${y}l5.5 -5.5l5.5 5.5l-5.5 5.5Z`, class: "effective" }) : null);
  }));
}

function forces(past, name, at, top, width) {
  const most = Math.max(1, ...past.map((one) => one[name] ?? 0));
  const y = scale(0, most, top + FORCES, top);
  const steps = past.filter((one) => one[name] != null);
  const x = steps.map((one) => at.get(one.month));
  return svg("g", {}, line(LEFT, y(0), width, y(0), "grid"), text(LEFT - 6, y(most) + 4, String(most), "end"), text(LEFT - 6, y(0) + 4, "0", "end"),
    svg("path", { d: band(x, steps.map(() => y(0)), steps.map((one) => y(one[name]))), class: name }));
}

function lanes_of_groups(groups, past, at, step, top) {
  return svg("g", {}, groups.map((name, i) => svg("g", {}, text(LEFT, top + i * LANE + 8, name),
    past.filter((one) => one.actors.includes(name)).map((one) =>
      svg("rect", { x: at.get(one.month) - step / 2, y: top + i * LANE + 12, width: step, height: 8, class: "group" })))));
}
