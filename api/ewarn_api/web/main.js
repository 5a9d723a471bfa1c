/** The address into a view: what is asked stands in the address, so that links and Back work. */
import { address, ask, key } from "./api.js";
import { brief } from "./brief.js";
import { el } from "./dom.js";
import { passes, swatch, table } from "./list.js";
import { draw } from "./map.js";
import { MEASURES, classes } from "./scale.js";
import { unit } from "./unit.js";
import { verification } from "./verification.js";
import { count, language, month, percent, say, speak } from "./words.js";

const main = document.getElementById("main");
const state = document.getElementById("state");
let drawn = null; // the map on screen
let turn = 0; // of two views asked for one after the other, the last one is shown

const asked = () => new URLSearchParams(location.search);
const get = (name) => asked().get(name) ?? "";
const lead = () => Math.max(0, (Number(get("lead")) || 1) - 1);
const measure = () => (MEASURES.includes(get("measure")) ? get("measure") : "risk");

function set(changed, { quietly = false } = {}) {
  const query = asked();
  for (const [name, value] of Object.entries(changed)) value ? query.set(name, value) : query.delete(name);
  history[quietly ? "replaceState" : "pushState"](null, "", `?${query}${location.hash || "#/"}`);
}

const link = (code) => `#/unit/${encodeURIComponent(code)}`;

async function show() {
  const mine = (turn += 1);
  drawn?.remove();
  drawn = null;
  main.setAttribute("aria-busy", "true");
  state.textContent = say("loading");
  state.className = "state loading";
  try {
    const issue = get("issue");
    const overview = await ask("/v1/overview", { issue, limit: 10000 });
    if (mine !== turn) return;
    say_state(overview);
    await controls(overview);
    const [, view, name] = location.hash.split("/");
    const made = await views[view in views ? view : ""](overview, issue, decodeURIComponent(name ?? ""));
    if (mine !== turn) return;
    main.replaceChildren(made.page ?? made);
    made.ready?.();
  } catch (error) {
    if (mine === turn) failed(error);
  }
  main.removeAttribute("aria-busy");
}

function failed(error) {
  state.textContent = "";
  main.replaceChildren(el("div", { class: "error", role: "alert" },
    el("h2", {}, say(error.status === 401 || error.status === 403 ? "needs_key" : "failed")),
    el("p", {}, error.message), el("button", { type: "button", onclick: show }, say("again"))));
  if (error.status === 401 || error.status === 403) main.firstChild.append(signing());
}

function say_state(overview) {
  const banner = document.getElementById("simulated");
  banner.hidden = !overview.simulated;
  banner.textContent = overview.simulated ? say("simulated") : "";
  const is_stale = overview.months_behind > 0 || overview.age_days > 62;
  state.className = `state ${is_stale ? "stale" : ""}`;
  state.textContent = say(is_stale ? "stale" : "fresh", { issue: overview.issue, as_of: overview.as_of,
    reference: month(overview.reference_month), age: count(overview.age_days), behind: count(overview.months_behind) });
}

async function controls(overview) {
  const { data } = await ask("/v1/issues", { limit: 1000 });
  const nav = [["", "overview"], ["verification", "how_good"], ["brief", "brief"]].map(([path, name]) =>
    el("a", { href: `#/${path}`, "aria-current": location.hash.split("/")[1] === path ? "page" : null }, say(name)));
  document.getElementById("nav").replaceChildren(...nav);
  const issues = select("issue", get("issue"), [["", say("newest")], ...data.map((one) => [one.issue, `${one.as_of} (${one.issue})`])], show);
  const other = language() === "fr" ? "en" : "fr";
  const turn_language = el("button", { type: "button", lang: other, onclick: async () => {
    set({ lang: other });
    await start();
  } }, other === "fr" ? "Français" : "English");
  const theme = el("button", { type: "button", onclick: () => {
    const is_dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    document.documentElement.dataset.theme = is_dark ? "light" : "dark";
  } }, say("theme"));
  document.getElementById("controls").replaceChildren(issues, turn_language, theme, signing());
  document.getElementById("skip").textContent = say("skip");
}

function select(name, value, options, changed) {
  const box = el("select", { id: name, onchange: () => { set({ [name]: box.value }); changed(); } },
    options.map(([one, label]) => el("option", { value: one, selected: one === value }, label)));
  return el("label", {}, el("span", {}, say(`choose_${name}`)), box);
}

function signing() {
  if (key.get()) return el("button", { type: "button", onclick: () => { key.set(""); show(); } }, say("sign_out"));
  const box = el("input", { type: "password", autocomplete: "off", "aria-label": say("key"), placeholder: say("key") });
  return el("form", { class: "signing", onsubmit: (event) => { event.preventDefault(); key.set(box.value.trim()); show(); } },
    box, el("button", {}, say("sign_in")));
}

async function lists() {
  if (!key.get()) return [];
  const found = await ask("/v1/watchlists").catch(() => ({ data: [] }));
  return found.data;
}

async function overview_page(overview, issue) {
  const [borders, stones, watched] = await Promise.all([ask("/v1/borders", { issue, limit: 10000 }),
    ask("/v1/milestones", { issue, limit: 10000 }), lists()]);
  const coming = stones.data.filter((one) => one.effective_on > overview.as_of);
  const countries = [...new Map(overview.data.map((row) => [row.location_code, row.location_name]))].sort((a, b) => a[1].localeCompare(b[1]));
  const missions = [...new Set(stones.data.map((one) => one.mission))].sort();
  const places = () => {
    const list = watched.find((one) => String(one.id ?? one.name) === get("list"));
    if (list) return new Set([...(list.admin1_code ?? list.units ?? []), ...(list.location_code ?? list.countries ?? [])]);
    if (!get("mission")) return null;
    return new Set(stones.data.filter((one) => one.mission === get("mission")).map((one) => one.admin1_code ?? one.location_code));
  };
  const asks = () => ({ search: get("search"), country: get("country"), places: places() });
  const listed = el("div", {}), legend = el("ul", { class: "legend" }), downloads = el("p", { class: "downloads" });
  const place = el("div", { id: "map", role: "application", "aria-label": say("map_label") });
  const paint = () => {
    const chosen = asks();
    const codes = new Set(overview.data.filter((row) => passes(row, chosen)).map((row) => row.admin1_code));
    drawn?.paint(measure(), lead(), (code) => codes.has(code));
    slider_text.textContent = month(overview.target_months[lead()]);
    slider.setAttribute("aria-valuetext", slider_text.textContent);
    listed.replaceChildren(table(overview, { measure: measure(), lead: lead(), link, asks: chosen }));
    legend.replaceChildren(...classes(measure()).map(([shade, low, high]) => {
      const told = measure() === "expected" ? count : percent;
      return el("li", {}, swatch(shade), high == null ? `≥ ${told(low)}` : `${told(low)}–${told(high)}`);
    }));
    downloads.replaceChildren(...download(overview, issue));
  };
  const slider = el("input", { type: "range", id: "lead", min: 1, max: overview.leads.length, value: lead() + 1,
    oninput: () => { set({ lead: slider.value }, { quietly: true }); paint(); } });
  const slider_text = el("output", { for: "lead" });
  const search = el("input", { type: "search", id: "search", value: get("search"), placeholder: say("search"),
    oninput: () => { set({ search: search.value }, { quietly: true }); paint(); } });
  const page = el("div", { class: "overview" },
    el("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
      el("label", {}, el("span", {}, say("lead_label")), slider, slider_text),
      select("measure", measure(), MEASURES.map((name) => [name, say(name)]), paint),
      el("label", {}, el("span", {}, say("search")), search),
      select("country", get("country"), [["", say("all")], ...countries], paint),
      select("mission", get("mission"), [["", say("all")], ...missions.map((one) => [one, one])], paint),
      watched.length ? select("list", get("list"), [["", say("all")], ...watched.map((one) => [String(one.id ?? one.name), one.name])], paint) : null),
    el("section", { class: "map", "aria-label": say("map") }, place, legend,
      el("p", { class: "legend" }, el("span", { class: "key base" }, say("key_base")), el("span", { class: "key coming" }, say("key_coming"))), downloads),
    el("section", { class: "list", "aria-label": say("list") }, listed));
  return { page, ready() {
    drawn = draw(place, borders, overview, coming, (code) => { location.hash = link(code); });
    paint();
    performance.mark("drawn");
  } };
}

function download(overview, issue) {
  const query = { issue: issue || overview.issue, lead: overview.leads[lead()], limit: 10000, location_code: get("country") };
  const png = el("button", { type: "button", onclick: () => {
    el("a", { href: drawn.canvas().toDataURL("image/png"), download: `ewarn-${overview.issue}.png` }).click();
  } }, "PNG");
  return [say("download"), " ", el("a", { href: address("/v1/risk-scores.csv", query), download: true }, "CSV"), " ",
    el("a", { href: address("/v1/risk-scores.geojson", query), download: true }, "GeoJSON"), " ", png];
}

const views = {
  "": overview_page,
  unit(overview, issue, code) {
    const row = overview.data.find((one) => one.admin1_code === code);
    if (!row) throw new Error(say("no_unit", { code }));
    return unit(code, issue, row, { lead: lead() });
  },
  verification,
  brief: (overview) => brief(overview, { country: get("country") }, measure(), lead(), link),
};

async function start() {
  await speak(get("lang") || (navigator.language.startsWith("fr") ? "fr" : "en"));
  await show();
}

addEventListener("popstate", show);
await start();
