/** Where risk is high or rising: the map of all units, and beside it the list of the highest. */
import { asked, link, place_of_lead } from "../address.js";
import { all, key } from "../api.js";
import { details, el } from "../dom.js";
import { ahead, lines } from "../parts/ahead.js";
import { choices, measure } from "../parts/choices.js";
import { passing } from "../parts/filters.js";
import { keys, legend } from "../parts/legend.js";
import { highest, ordered, ranked } from "../parts/list.js";
import { map } from "../parts/map.js";
import { of_screen } from "../parts/screen.js";
import { count, month, say } from "../words.js";

export async function overview(about) {
  const { issue } = about;
  const [borders, { data: stones }, lists] = await Promise.all([
    all("/v1/units.geojson", { issue }),
    all("/v1/milestones", { issue }),
    watched(),
  ]);
  const coming = ahead(stones, about.as_of);
  const top = highest(about.data);
  const place = el("div", { id: "map", role: "application", "aria-label": say("map_label") });
  const [colours, listed] = [el("div"), el("div")];
  const now = () => ({
    measure: measure(),
    lead: place_of_lead(about.leads),
    rows: passing(about, stones, lists),
  });
  let drawn;
  const paint = () => {
    const { rows, ...shown } = now();
    drawn.paint(shown, new Set(rows.map((row) => row.admin1_code)));
    colours.replaceChildren(legend(shown.measure));
    const options = { ...shown, top, caption: caption(about, rows), point: drawn.point };
    listed.replaceChildren(ranked(ordered(rows, shown.measure, shown.lead), options));
  };
  const moved = () => {
    paint();
    drawn.show(now().rows);
  };
  const beside = [
    colours,
    keys("base", "coming"),
    upcoming(coming, about),
    of_screen(about, now, () => drawn),
  ];
  const page = el(
    "div",
    { class: "overview" },
    el("h2", { class: "unseen-title" }, say("overview")),
    choices(about, stones, lists, paint, moved),
    el("section", { class: "map", "aria-label": say("map") }, place, beside),
    el("section", { class: "list", "aria-label": say("list"), tabindex: "0" }, listed),
  );
  const ready = () => {
    const choose = (code) => location.assign(link("unit", code));
    drawn = map(place, borders, about, coming, choose);
    ["country", "mission", "list"].some(asked) ? moved() : paint();
    requestAnimationFrame(() => performance.mark("drawn"));
  };
  return { title: say("overview"), page, ready, leave: () => drawn.remove() };
}

/** The lists of the key that is signed in, if one is. */
const watched = async () => (key.get() ? (await all("/v1/watchlists")).data : []);

const caption = (about, rows) =>
  say("list_caption", {
    n: count(rows.length),
    reference: month(about.reference_month),
    age: count(about.age_days),
  });

function upcoming(coming, about) {
  const names = new Map(about.data.map((row) => [row.admin1_code, row.admin1_name]));
  for (const row of about.data) names.set(row.location_code, row.location_name);
  const told = lines(coming, (code) => names.get(code) ?? code);
  return coming.length ? details(say("coming", { n: count(coming.length) }), told) : told;
}
