/** Where risk is high or rising: the map of all units, and beside it the list of the highest. */
import { asked, ask_for, link, place_of_lead } from "../address.js";
import { all, ask, key } from "../api.js";
import { el } from "../dom.js";
import { downloads } from "../parts/downloads.js";
import { passing } from "../parts/filters.js";
import { select } from "../parts/frame.js";
import { keys, legend } from "../parts/legend.js";
import { highest, list, ordered } from "../parts/list.js";
import { map } from "../parts/map.js";
import { png } from "../parts/picture.js";
import { MEASURES } from "../scale.js";
import { count, day, month, say } from "../words.js";

const SHOWN = 50; // rows of the list, until more are asked for
const MOST_CODES = 500; // of units in the address of a download: it has a greatest length

export async function overview(about, issue) {
  const [borders, stones, lists] = await Promise.all([all("/v1/units.geojson", { issue }), all("/v1/milestones", { issue }), watched()]);
  const coming = stones.data.filter((one) => (one.effective_on ?? "") > about.as_of);
  const place = el("div", { id: "map", role: "application", "aria-label": say("map_label") });
  const [listed, key_of_map, month_shown] = [el("div", {}), el("div", {}), el("output", { for: "lead" })];
  const top = highest(about.data);
  let drawn, most = SHOWN;
  const now = () => ({ measure: MEASURES.includes(asked("measure")) ? asked("measure") : "risk", lead: place_of_lead(about.leads) });
  const rows = () => passing(about, stones.data, lists);
  const paint = () => {
    const { measure, lead } = now();
    const some = rows();
    const codes = new Set(some.map((row) => row.admin1_code));
    drawn.paint(measure, lead, (code) => codes.has(code));
    month_shown.textContent = month(about.target_months[lead]);
    slider.setAttribute("aria-valuetext", month_shown.textContent);
    const caption = say("list_caption", { n: count(some.length), reference: month(about.reference_month), age: count(about.age_days) });
    const shown = ordered(some, measure, lead).slice(0, most);
    listed.replaceChildren(some.length ? list(shown, { measure, lead, top, caption, point: drawn.point }) : el("p", { class: "empty" }, say("nothing_found")),
    some.length > most ? el("button", { type: "button", onclick: () => { most += 100; paint(); } }, say("more")) : "");
    key_of_map.replaceChildren(legend(measure));
  };
  const chosen = () => { most = SHOWN; paint(); drawn.show(rows()); };
  const slider = el("input", { type: "range", id: "lead", min: 1, max: about.leads.length, value: now().lead + 1,
    oninput: () => { ask_for({ lead: about.leads[slider.value - 1] }, { quietly: true }); paint(); } });
  const search = el("input", { type: "search", id: "search", value: asked("search"), placeholder: say("search_hint"),
    oninput: () => { ask_for({ search: search.value }, { quietly: true }); most = SHOWN; paint(); } });
  const filters = el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    el("label", { class: "wide-label" }, el("span", {}, say("lead_label")), slider, month_shown),
    select("measure", say("choose_measure"), MEASURES.map((name) => [name, say(name)]), paint),
    el("label", {}, el("span", {}, say("search")), search),
    select("country", say("choose_country"), [["", say("every")], ...countries(about)], chosen),
    select("mission", say("choose_mission"), [["", say("every")], ...missions(stones.data)], chosen),
    lists.length ? select("list", say("choose_list"), [["", say("every")], ...lists.map((one) => [one.watchlist, one.name])], chosen) : null);
  const page = el("div", { class: "overview" }, el("h2", { class: "unseen-title" }, say("overview")), filters,
    el("section", { class: "map", "aria-label": say("map") }, place, key_of_map, keys("base", "coming"), ahead(coming, about), of_screen(about, rows, now, () => drawn)),
    el("section", { class: "list", "aria-label": say("list"), tabindex: "0" }, listed));
  return { title: say("overview"), page, ready() {
    drawn = map(place, borders, about, coming, (code) => { location.hash = link("unit", code); });
    paint();
    if (["country", "mission", "list"].some(asked)) drawn.show(rows());
    requestAnimationFrame(() => performance.mark("drawn"));
  }, leave: () => drawn.remove() };
}

/** The lists of the key that is signed in, if one is. */
const watched = async () => (key.get() ? (await ask("/v1/watchlists", { limit: 1000 })).data : []);

const countries = (about) => [...new Map(about.data.map((row) => [row.location_code, row.location_name]))].sort((a, b) => a[1].localeCompare(b[1]));
const missions = (stones) => [...new Set(stones.map((one) => one.mission))].sort().map((name) => [name, name]);

/** Milestones still to come, the next first. */
function ahead(coming, about) {
  const names = new Map(about.data.flatMap((row) => [[row.admin1_code, row.admin1_name], [row.location_code, row.location_name]]));
  const lines = [...coming].sort((a, b) => a.effective_on.localeCompare(b.effective_on)).map((one) =>
    el("li", {}, el("b", {}, day(one.effective_on)), ` ${one.mission}, ${names.get(one.admin1_code ?? one.location_code) ?? one.location_code}`));
  return lines.length ? el("details", {}, el("summary", {}, say("coming", { n: count(lines.length) })), el("ul", {}, lines)) : el("p", { class: "note" }, say("coming_none"));
}

function of_screen(about, rows, now, drawn) {
  const query = () => {
    const some = rows();
    const codes = some.length < Math.min(about.data.length, MOST_CODES) ? some.map((row) => row.admin1_code) : [];
    return { issue: about.issue, lead: about.leads[now().lead], limit: 100_000, admin1_code: codes, location_code: codes.length ? "" : asked("country") };
  };
  const name = (suffix) => () => `ewarn-${about.issue}-${about.target_months[now().lead]}.${suffix}`;
  const make = () => png(drawn(), { measure: now().measure, simulated: about.simulated, title: `${say(now().measure)}, ${month(about.target_months[now().lead])}`,
    subtitle: say("made_from", { issue: about.issue, as_of: day(about.as_of), reference: month(about.reference_month) }) });
  return downloads([{ label: "CSV", path: "/v1/risk-scores.csv", asked: query, name: name("csv") },
    { label: "GeoJSON", path: "/v1/risk-scores.geojson", asked: query, name: name("geojson") }, { label: "PNG", make, name: name("png") }]);
}
