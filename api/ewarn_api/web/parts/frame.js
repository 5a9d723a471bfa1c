/** What stands round every view: the banner, the ways on, the controls, and the state of the data. */
import { again, asked, link, set_asked, view } from "../address.js";
import { button, el } from "../dom.js";
import { count, day, month, say } from "../words.js";
import { of_ground, of_issue, of_key, of_language } from "./controls.js";

const PAGES = [
  ["", "overview"],
  ["verification", "how_good"],
  ["brief", "brief"],
];
const at = (id) => document.getElementById(id);

/** Labels and controls; `changed` is called when the screen must be drawn again. */
export function frame(issues, changed) {
  const [name] = view();
  const here = name === "unit" ? "" : name;
  at("skip").textContent = say("skip");
  at("nav").setAttribute("aria-label", say("pages"));
  const way = ([to, label]) =>
    el("a", { href: link(to), "aria-current": to === here ? "page" : null }, say(label));
  at("nav").replaceChildren(...PAGES.map(way));
  const controls = [of_language(changed), of_ground(changed), of_key(changed)];
  if (issues.length) controls.unshift(of_issue(issues, changed));
  at("controls").replaceChildren(...controls);
}

/** Shows the issue that the screen was made from, and whether it is old or simulated. */
export function told(about) {
  at("simulated").hidden = !about.simulated;
  at("simulated").textContent = about.simulated ? say("simulated") : "";
  const kind = kind_of(about);
  const said = { as_of: day(about.as_of), reference: month(about.reference_month) };
  said.age = count(about.age_days);
  said.behind = count(about.months_behind);
  said.overdue = count(about.overdue_days);
  said.months = count(about.preliminary_months);
  const preliminary = about.preliminary_months > 0 ? ` ${say("state_preliminary", said)}` : "";
  state(kind, say(`state_${kind}`, said) + preliminary);
  if (kind === "past") {
    at("state").append(
      " ",
      button(say("to_newest"), () => again(set_asked({ issue: "" }))),
    );
  }
}

function kind_of(about) {
  if (asked("issue")) return "past";
  if (about.months_behind > 0) return "behind";
  return about.overdue_days > 0 ? "old" : "fresh";
}

export function state(kind, text) {
  at("state").className = `state ${kind}`;
  at("state").textContent = text;
}
