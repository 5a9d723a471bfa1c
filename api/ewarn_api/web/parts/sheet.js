/** A country of an overview into a page of the brief: its map, its highest risks and why, and what comes. */
import { outline } from "../charts/outline.js";
import { el, list } from "../dom.js";
import { called, count, day, language, month, percent, say } from "../words.js";
import { lines } from "./ahead.js";
import { legend } from "./legend.js";
import { table } from "./list.js";

const UNITS = 10;
const REASONS = 3;

/** On paper, and so on light ground. `rows` are the country's, the highest risk first; `drivers` those of the same lead. */
export function sheet(rows, about, { lead, top, borders, drivers, coming }) {
  const country = rows[0].location_name;
  const risks = new Map(rows.map((row) => [row.admin1_code, row.risk[lead]]));
  const own = borders.features.filter((one) => risks.has(one.properties.admin1_code));
  const shown = rows.slice(0, UNITS);
  const caption = say("brief_list", { n: count(shown.length), all: count(rows.length) });
  const drawn = outline(own, (code) => risks.get(code), say("map_of", { country }));
  return el(
    "section",
    { class: "sheet" },
    about.simulated ? el("p", { class: "simulated" }, say("simulated")) : null,
    el("h3", {}, country),
    el("p", {}, lead_of(about, lead)),
    el(
      "div",
      { class: "halves" },
      el("div", {}, drawn, legend("risk", false)),
      el(
        "div",
        {},
        el("h4", {}, say("why")),
        reasons(shown, drivers, lead),
        el("h4", {}, say("coming_title")),
        lines(coming, () => country),
      ),
    ),
    table(shown, { measure: "risk", lead, top, caption, dark: false }),
    el("p", { class: "note" }, say("brief_foot")),
  );
}

const lead_of = (about, lead) =>
  say("brief_lead", {
    month: month(about.target_months[lead]),
    reference: month(about.reference_month),
    as_of: day(about.as_of),
    issue: about.issue,
  });

/** Of each of the first units, what adds most to its risk. */
function reasons(rows, drivers, lead) {
  const first = new Map(drivers.filter((one) => one.driver_rank === 1).map((one) => [one.admin1_code, one]));
  const why = (one) => `${called("driver", one.driver)} – ${one[`sentence_${language()}`] ?? ""}`;
  return list(
    rows.slice(0, REASONS).map((row) => {
      const [risk, one] = [`, ${percent(row.risk[lead])}`, first.get(row.admin1_code)];
      return [el("b", {}, row.admin1_name), one ? say("pair", { a: risk, b: why(one) }) : risk];
    }),
  );
}
