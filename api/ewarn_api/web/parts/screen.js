/** What an overview shows into files: its rows as CSV or GeoJSON, its map as PNG. */
import { asked } from "../address.js";
import { day, month, say } from "../words.js";
import { downloads } from "./downloads.js";
import { png } from "./picture.js";

const MOST_CODES = 500; // of units in an address, which has a greatest length

/** `now` gives the measure, lead and rows on screen, `drawn` the map. */
export function of_screen(about, now, drawn) {
  const target = () => about.target_months[now().lead];
  const name = (suffix) => () => `ewarn-${about.issue}-${target()}.${suffix}`;
  const rows = (suffix) => ({
    path: `/v1/risk-scores.${suffix}`,
    asked: () => query(about, now()),
    name: name(suffix),
  });
  const made_from = { issue: about.issue, as_of: day(about.as_of), reference: month(about.reference_month) };
  const make = () =>
    png(drawn(), {
      measure: now().measure,
      title: `${say(now().measure)}, ${month(target())}`,
      subtitle: say("made_from", made_from),
      simulated: about.simulated,
    });
  return downloads([
    { label: "CSV", ...rows("csv") },
    { label: "GeoJSON", ...rows("geojson") },
    { label: "PNG", make, name: name("png") },
  ]);
}

function query(about, { lead, rows }) {
  if (!rows.length) throw new Error(say("nothing_found")); // no place named would mean all
  const is_part = rows.length < Math.min(about.data.length, MOST_CODES);
  const places = is_part
    ? { admin1_code: rows.map((row) => row.admin1_code) }
    : { location_code: asked("country") };
  return { issue: about.issue, lead: about.leads[lead], limit: 100_000, ...places };
}
