/** Milestones known into those still to come, the next first, and those into lines to read. */
import { el, list } from "../dom.js";
import { called, day, say } from "../words.js";

export const ahead = (stones, as_of) =>
  stones
    .filter((one) => (one.effective_on ?? "") > as_of)
    .sort((a, b) => a.effective_on.localeCompare(b.effective_on));

/** `name_of` gives the name of a unit or country by its code. */
export function lines(coming, name_of) {
  if (!coming.length) return el("p", { class: "note" }, say("coming_none"));
  const where = (one) => (one.admin1_code && one.place) || name_of(one.admin1_code ?? one.location_code);
  return list(
    coming.map((one) => [
      el("b", {}, day(one.effective_on)),
      " ",
      say("pair", { a: `${one.mission}, ${where(one)}`, b: called("kind", one.kind) }),
    ]),
  );
}
