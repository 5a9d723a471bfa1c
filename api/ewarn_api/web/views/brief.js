/** A brief to print, a page a country: those of the highest risk, or the one that is chosen. */
import { again, asked, place_of_lead } from "../address.js";
import { all } from "../api.js";
import { button, el } from "../dom.js";
import { ahead } from "../parts/ahead.js";
import { of_month, select } from "../parts/controls.js";
import { highest, ordered } from "../parts/list.js";
import { sheet } from "../parts/sheet.js";
import { say } from "../words.js";

const COUNTRIES = 10; // unless one is chosen

export async function brief(about) {
  const { issue } = about;
  const lead = place_of_lead(about.leads);
  const countries = Map.groupBy(ordered(about.data, "risk", lead), (row) => row.location_code);
  const codes = countries.has(asked("country"))
    ? [asked("country")]
    : [...countries.keys()].slice(0, COUNTRIES);
  const of = { issue, location_code: codes };
  const [borders, stones, drivers] = await Promise.all([
    all("/v1/units.geojson", of),
    all("/v1/milestones", { issue }),
    all("/v1/drivers", { ...of, lead: about.leads[lead] }),
  ]);
  const coming = ahead(stones.data, about.as_of);
  const shared = { lead, top: highest(about.data), borders, drivers: drivers.data };
  const sheets = codes.map((code) => {
    const own = coming.filter((one) => one.location_code === code);
    return sheet(countries.get(code), about, { ...shared, coming: own });
  });
  const page = el(
    "article",
    { class: "brief" },
    el("h2", { class: "screen" }, say("brief")),
    choices(about, countries),
    sheets,
  );
  return { title: say("brief"), page };
}

function choices(about, countries) {
  const names = [...countries].map(([code, rows]) => [code, rows[0].location_name]);
  const sorted = names.sort((a, b) => a[1].localeCompare(b[1]));
  const highest_risk = ["", say("highest_countries", { n: COUNTRIES })];
  return el(
    "form",
    { class: "filters screen", onsubmit: (event) => event.preventDefault() },
    of_month(about, again),
    select("country", say("choose_country"), [highest_risk, ...sorted], again),
    button(say("print"), () => print()),
  );
}
