/** What one may choose to see of an overview: month, measure, places by name, country, mission, list. */
import { asked, place_of_lead, set_asked } from "../address.js";
import { el, labelled } from "../dom.js";
import { MEASURES } from "../scale.js";
import { month, say } from "../words.js";
import { select } from "./controls.js";

export const measure = () => (MEASURES.includes(asked("measure")) ? asked("measure") : "risk");

/** `paint` is called when colours or order change, `moved` when the places shown change. */
export function choices(about, stones, lists, paint, moved) {
  const by_name = (a, b) => a[1].localeCompare(b[1]);
  const countries = new Map(about.data.map((row) => [row.location_code, row.location_name]));
  const missions = [...new Set(stones.map((one) => one.mission))].map((name) => [name, name]);
  const some = (name, options) =>
    select(name, say(`choose_${name}`), [["", say("every")], ...options], moved);
  return el(
    "form",
    { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    of_month(about, paint),
    select(
      "measure",
      say("choose_measure"),
      MEASURES.map((name) => [name, say(name)]),
      paint,
    ),
    of_name(paint),
    some("country", [...countries].sort(by_name)),
    some("mission", missions.sort(by_name)),
    lists.length
      ? some(
          "list",
          lists.map((one) => [one.watchlist, one.name]),
        )
      : null,
  );
}

function of_month(about, paint) {
  const told = el("output", { for: "lead" });
  const tell = () => {
    told.textContent = month(about.target_months[slider.value - 1]);
    slider.setAttribute("aria-valuetext", told.textContent);
  };
  const oninput = () => {
    set_asked({ lead: about.leads[slider.value - 1] }, { quietly: true });
    tell();
    paint();
  };
  const range = { type: "range", min: 1, max: about.leads.length, value: place_of_lead(about.leads) + 1 };
  const slider = el("input", { id: "lead", ...range, oninput });
  tell();
  const label = labelled(say("lead_label"), slider, told);
  label.className = "long";
  return label;
}

function of_name(paint) {
  const oninput = () => paint(set_asked({ search: box.value }, { quietly: true }));
  const box = el("input", {
    type: "search",
    id: "search",
    value: asked("search"),
    placeholder: say("search_hint"),
    oninput,
  });
  return labelled(say("search"), box);
}
