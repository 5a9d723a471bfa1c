/** A table of phrases a language into the phrase a key names; numbers and months as read there. */
export const LANGUAGES = { en: "English", fr: "Français" };
let phrases = {};
let lang = "en";

export async function speak(asked) {
  const wanted = asked || navigator.language.slice(0, 2);
  lang = wanted in LANGUAGES ? wanted : "en";
  phrases = await (await fetch(`web/words/${lang}.json`)).json();
  document.documentElement.lang = lang;
}

export const language = () => lang;
export const has = (key) => key in phrases;

/** The phrase, with {names} replaced; an unknown key is an error, never a blank. */
export function say(key, given = {}) {
  if (!has(key)) throw new Error(`no phrase ${key}`);
  return phrases[key].replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
}

/** The phrase of a code of the data, else the code itself. */
export const called = (kind, code) =>
  has(`${kind}_${code}`) ? say(`${kind}_${code}`) : code.replaceAll("_", " ");

const made = new Map(); // number formats by their options: making one takes longer than using it a hundred times
function format(n, options) {
  if (n == null) return "–";
  const asked = lang + JSON.stringify(options);
  if (!made.has(asked)) made.set(asked, new Intl.NumberFormat(lang, options));
  return made.get(asked).format(n);
}
export const percent = (p) =>
  p > 0 && p < 0.01 ? `< ${percent(0.01)}` : format(p, { style: "percent", maximumFractionDigits: 0 });
export const count = (n) => format(n, { maximumFractionDigits: Math.abs(n) < 10 ? 1 : 0 });
export const decimal = (n, digits = 2) =>
  format(n, { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const range = (low, high) => `${count(low)}–${count(high)}`;
/** A share that is above or below 0, in percent. */
export const share = (part) =>
  format(part, {
    style: "percent",
    signDisplay: "exceptZero",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
/** A difference of probabilities, in points of a hundred. */
export const points = (d) =>
  format(d == null ? null : Math.round(100 * d) || 0, { signDisplay: "exceptZero" });

/** A value of a measure, in its unit. */
export const said = (measure, value) =>
  (({ expected: count, risk_change: points })[measure] ?? percent)(value);

export function month(label, style = "long") {
  const [year, number] = label.split("-").map(Number);
  const names = new Intl.DateTimeFormat(lang, { year: "numeric", month: style, timeZone: "UTC" });
  return names.format(new Date(Date.UTC(year, number - 1, 1)));
}

export const day = (text) =>
  text?.length === 10
    ? new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(text))
    : (text ?? "–");
