/** The rows of an overview that pass the filters in the address. */
import { asked } from "../address.js";

export const fold = (name) =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** The rows that pass all filters in the address; a place is found by any of its names. */
export function passing(overview, stones, lists) {
  const search = fold(asked("search"));
  const country = asked("country");
  const mission = asked("mission") && concerned(stones, asked("mission"));
  const watched = lists.find((one) => one.watchlist === asked("list")); // none once signed out
  const list = watched && new Set(watched.units);
  return overview.data.filter(
    (row) =>
      (!country || row.location_code === country) &&
      (!mission || mission.has(row.admin1_code) || mission.has(row.location_code)) &&
      (!list || list.has(row.admin1_code)) &&
      (!search || names(row).some((name) => name.includes(search))),
  );
}

/** Units, and countries as a whole, that milestones of a mission are about. */
const concerned = (stones, mission) =>
  new Set(stones.filter((one) => one.mission === mission).map((one) => one.admin1_code ?? one.location_code));

const folded = new WeakMap();
function names(row) {
  if (!folded.has(row))
    folded.set(row, [row.admin1_name, row.location_name, row.admin1_code, ...row.aliases].map(fold));
  return folded.get(row);
}
