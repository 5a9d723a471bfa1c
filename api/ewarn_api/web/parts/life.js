/** A unit's history, forecast, milestones, forces and groups into one picture, and its numbers. */
import { timeline } from "../charts/timeline.js";
import { room } from "../charts/plane.js";
import { details, el, number, table } from "../dom.js";
import { called, count, month, range, say } from "../words.js";
import { keys } from "./legend.js";

const TYPES = ["state_based", "non_state", "one_sided"];
const SPANS = [36, 72, 144]; // months of history one may choose to see
const GROUPS = 8; // that were seen most in these months

export function life(history, risks, quarters, stones) {
  const at = new Map(quarters.map((one) => [`${one.lead} ${one.output_type_id}`, one.value]));
  const ahead = risks.map((one) => ({ ...one, month: one.target_month, q25: at.get(`${one.lead} 0.25`), q75: at.get(`${one.lead} 0.75`) }));
  const every = history.map((one) => ({ ...one, total: one.fatalities, parts: TYPES.map((name) => one[`fatalities_${name}`]), actors: one.actors?.split("; ") ?? [] }));
  const place = el("div", { class: "picture" });
  const said = el("output", { class: "readout" }, say("readout_hint"));
  const draw = (span) => {
    const past = every.slice(-span);
    place.replaceChildren(timeline({ past, ahead, stones: marks(stones), groups: groups(past), width: room(1000), words: words(),
      tell: (i) => { said.textContent = i < past.length ? of_past(past[i]) : of_ahead(ahead[i - past.length]); } }));
  };
  const spans = el("p", { class: "spans", role: "group", "aria-label": say("span") }, SPANS.map((span, i) => el("button", { type: "button", "aria-pressed": String(i === 1),
    onclick: (event) => {
      for (const one of event.target.parentNode.children) one.setAttribute("aria-pressed", String(one === event.target));
      draw(span);
    } }, say("years", { n: span / 12 }))));
  draw(SPANS[1]);
  return [spans, keys("type0", "type1", "type2", "fan50", "fan90", "announced", "effective"), el("p", { class: "note" }, say("scale_note")), place, said, details(say("numbers"), numbers(every))];
}

const words = () => ({ label: say("picture_label"), deaths: say("panel_deaths"), milestones: say("milestones"), troops: say("panel_troops"), bases: say("panel_bases"),
  groups: say("panel_groups"), known: say("observed"), forecast: say("forecast") });

const marks = (stones) => stones.filter((one) => one.announced_on || one.effective_on).map((one) => ({ announced: one.announced_on?.slice(0, 7), effective: one.effective_on?.slice(0, 7),
  name: `${one.mission}: ${called("kind", one.kind)}${one.place ? `, ${one.place}` : ""}` }));

function groups(past) {
  const times = new Map();
  for (const one of past) for (const name of one.actors) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, GROUPS).map(([name]) => name);
}

function of_past(one) {
  if (one.total == null) return say("readout_unseen", { month: month(one.month) });
  const parts = TYPES.filter((_, i) => one.parts[i]).map((name) => `${say(`type_${name}`)} ${count(one[`fatalities_${name}`])}`);
  return [say("readout_past", { month: month(one.month), n: count(one.total), parts: parts.length ? ` (${parts.join(", ")})` : "" }), one.actors.join(", ")].filter(Boolean).join(" · ");
}

const of_ahead = (one) => say("readout_ahead", { month: month(one.month), median: count(one.q50), half: range(one.q25, one.q75), most: range(one.q05, one.q95) });

const numbers = (every) => table(say("history"), [say("month"), say("fatalities"), ...TYPES.map((name) => say(`type_${name}`)), say("events"), say("panel_troops"), say("panel_bases"), say("panel_groups")],
  every.slice(-SPANS[2]).reverse().map((one) => [month(one.month, "short"), number(count(one.total)), ...one.parts.map((n) => number(count(n))), number(count(one.events)),
    number(count(one.troops)), number(count(one.bases)), one.actors.join(", ")]));

