/** A unit's months into panels over one axis of time: deaths and forecast, milestones, forces, groups. */
import { svg } from "../dom.js";
import { DEATHS, FORCES, LANE, LEFT, deaths, forces, groups, milestones } from "./panels.js";
import { line, picture, scale, text } from "./plane.js";

const [TOP, HEAD, GAP] = [16, 22, 36]; // above the panels; of a panel's name; from one to the next
const NARROW = 5; // pixels a month, under which only every other year is named

/**
 * `past` rows have month, total, parts (by type), troops, bases, actors; `ahead` rows month, q05,
 * q25, q50, q75, q95; `stones` have announced and effective (months) and name; `names` are those of
 * groups. `tell` receives the place of the month under the pointer.
 */
export function timeline({ past, ahead, stones, names, width, words, tell }) {
  const months = [...past, ...ahead].map((one) => one.month);
  const x = scale(0, months.length, LEFT, width - 4);
  const at = new Map(months.map((month, i) => [month, x(i + 0.5)]));
  const axis = { at, step: x(1) - x(0), width, first: months[0], last: months.at(-1) };
  const is_near = (month) => month >= axis.first && month <= axis.last;
  const near = stones.filter((one) => is_near(one.announced) || is_near(one.effective));
  const panels = [
    [words.deaths, DEATHS, (top) => deaths(past, ahead, axis, top)],
    [words.milestones, near.length * LANE - 4, (top) => milestones(near, axis, top)],
    [words.troops, known(past, "troops") && FORCES, (top) => forces(past, "troops", axis, top)],
    [words.bases, known(past, "bases") && FORCES, (top) => forces(past, "bases", axis, top)],
    [words.groups, names.length * LANE - 4, (top) => groups(names, past, axis, top)],
  ];
  let y = TOP;
  const drawn = panels
    .filter(([, height]) => height > 0)
    .map(([name, height, draw]) => {
      const part = [text(LEFT, y + 10, name, "title"), draw(y + HEAD)];
      y += height + GAP;
      return part;
    });
  const parts = [years(months, x, y), ahead.length ? today(x(past.length), y, words) : [], drawn];
  const made = picture(width, y + 12, words.label, parts);
  made.addEventListener("pointermove", (event) => {
    const box = made.getBoundingClientRect();
    const i = Math.floor(
      scale(x(0), x(months.length), 0, months.length)(((event.clientX - box.left) / box.width) * width),
    );
    if (i >= 0 && i < months.length) tell(i);
  });
  return made;
}

const known = (past, name) => past.some((one) => one[name]);

function years(months, x, bottom) {
  const is_wide = x(1) - x(0) > NARROW;
  return months.flatMap((month, i) => {
    if (!month.endsWith("-01")) return [];
    const year = month.slice(0, 4);
    const named = is_wide || year % 2 === 0 ? text(x(i) + 2, bottom + 6, year) : null;
    return [line(x(i), TOP + 18, x(i), bottom - 8, "grid year"), named];
  });
}

/** Where what is known ends, and the forecast begins. */
const today = (x, bottom, words) =>
  svg(
    "g",
    {},
    line(x, TOP, x, bottom - 8, "now"),
    text(x - 4, TOP - 4, words.known, "end"),
    text(x + 4, TOP - 4, words.forecast),
  );
