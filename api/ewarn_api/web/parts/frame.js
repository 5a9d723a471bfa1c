/** What stands round every view: the banner, the ways on, the issue, language, ground and key. */
import { again, asked, ask_for, link, view } from "../address.js";
import { forget, key } from "../api.js";
import { el } from "../dom.js";
import { is_dark } from "../scale.js";
import { LANGUAGES, count, day, language, month, say } from "../words.js";

const OLD = 62; // days: data of two months ago are late
const at = (id) => document.getElementById(id);

/** Labels and controls; `changed` is told when anything on screen must be made again. */
export function frame(issues, changed) {
  at("skip").textContent = say("skip");
  const [name] = view();
  const here = name === "unit" ? "" : name;
  at("nav").setAttribute("aria-label", say("pages"));
  at("nav").replaceChildren(...[["", "overview"], ["verification", "how_good"], ["brief", "brief"]].map(([to, label]) =>
    el("a", { href: link(to), "aria-current": to === here ? "page" : null }, say(label))));
  at("controls").replaceChildren(issues.length ? of_issue(issues, changed) : "", of_language(changed), of_ground(changed), of_key(changed));
}

export function select(name, label, options, changed) {
  const box = el("select", { id: name, onchange: () => { ask_for({ [name]: box.value }); changed(); } },
    options.map(([value, text]) => el("option", { value, selected: value === asked(name) }, text)));
  return el("label", {}, el("span", {}, label), box);
}

const of_issue = (issues, changed) => select("issue", say("choose_issue"),
  [["", say("newest")], ...issues.map((one) => [one.issue, `${day(one.as_of)}${one.simulated ? ` (${say("made_up")})` : ""}`])], changed);

const of_language = (changed) => el("span", { class: "languages", role: "group", "aria-label": say("language") }, Object.entries(LANGUAGES).map(([code, name]) =>
  el("button", { type: "button", lang: code, title: name, "aria-pressed": String(code === language()), onclick: () => { ask_for({ lang: code }); changed(); } }, code.toUpperCase())));

const of_ground = (changed) => el("button", { type: "button", class: "ground", title: say("ground"), "aria-label": say("ground"), onclick: () => {
  document.documentElement.dataset.theme = is_dark() ? "light" : "dark";
  changed();
} }, "◐");

export function of_key(changed) {
  if (key.get()) return el("button", { type: "button", onclick: () => { key.set(""); changed(); } }, say("sign_out"));
  const box = el("input", { type: "password", autocomplete: "off", required: true, "aria-label": say("key"), placeholder: say("key") });
  return el("form", { class: "signing", onsubmit: (event) => {
    event.preventDefault();
    key.set(box.value.trim());
    changed();
  } }, box, el("button", {}, say("sign_in")));
}

/** Tells what all on screen was made from, and whether it is old or made up. */
export function told(about) {
  const banner = at("simulated");
  banner.hidden = !about.simulated;
  banner.textContent = about.simulated ? say("simulated") : "";
  const given = { as_of: day(about.as_of), reference: month(about.reference_month), age: count(about.age_days), behind: count(about.months_behind) };
  const [chosen, behind, old] = [asked("issue"), about.months_behind > 0, about.age_days > OLD];
  const kind = chosen ? "past" : behind || old ? "stale" : "fresh";
  state(kind, say(chosen ? "state_past" : behind ? "state_behind" : old ? "state_old" : "state_fresh", given));
  if (chosen) at("state").append(" ", el("button", { type: "button", onclick: () => { ask_for({ issue: "" }); forget(); again(); } }, say("to_newest")));
}

export function state(kind, text) {
  at("state").className = `state ${kind}`;
  at("state").textContent = text;
}
