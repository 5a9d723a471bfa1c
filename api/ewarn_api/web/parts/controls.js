/** What one may choose on every view: the issue, the language, the ground, and the key. */
import { asked, set_asked } from "../address.js";
import { key } from "../api.js";
import { button, el, labelled } from "../dom.js";
import { is_dark } from "../scale.js";
import { LANGUAGES, day, language, month, say } from "../words.js";

/** A choice that stands in the address under its name. */
export function select(name, label, options, changed) {
  const box = el(
    "select",
    { id: name, onchange: () => changed(set_asked({ [name]: box.value })) },
    options.map(([value, text]) => el("option", { value, selected: value === asked(name) }, text)),
  );
  return labelled(label, box);
}

/** The months forecast, by lead. */
export const of_month = (about, changed) =>
  select(
    "lead",
    say("lead_label"),
    about.leads.map((lead, i) => [String(lead), month(about.target_months[i])]),
    changed,
  );

/** The issues there are, by the day whose knowledge they rest on. */
export function of_issue(issues, changed) {
  const named = (one) => `${day(one.as_of)}${one.simulated ? ` (${say("made_up")})` : ""}`;
  const options = issues.map((one) => [one.issue, named(one)]);
  return select("issue", say("choose_issue"), [["", say("newest")], ...options], changed);
}

export function of_language(changed) {
  const choices = Object.entries(LANGUAGES).map(([code, name]) =>
    button(code.toUpperCase(), () => changed(set_asked({ lang: code })), {
      lang: code,
      title: name,
      "aria-pressed": String(code === language()),
    }),
  );
  return el("span", { class: "languages", role: "group", "aria-label": say("language") }, choices);
}

export function of_ground(changed) {
  const turn = () => {
    document.documentElement.dataset.theme = is_dark() ? "light" : "dark";
    changed();
  };
  return button("◐", turn, { title: say("ground"), "aria-label": say("ground") });
}

export function of_key(changed) {
  const sign = (secret) => changed(key.set(secret));
  if (key.get()) return button(say("sign_out"), () => sign(""));
  const attributes = { type: "password", autocomplete: "off", required: true, placeholder: say("key") };
  const box = el("input", { ...attributes, "aria-label": say("key") });
  const onsubmit = (event) => {
    event.preventDefault();
    sign(box.value.trim());
  };
  return el("form", { class: "signing", onsubmit }, box, el("button", {}, say("sign_in")));
}
