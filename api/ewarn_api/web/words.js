/** A table of phrases a language into the phrase a key names; numbers and months as read there. */
let table = {};
let lang = "en";

export async function speak(asked) {
  lang = asked === "fr" ? "fr" : "en";
  table = await (await fetch(`web/words.${lang}.json`)).json();
  document.documentElement.lang = lang;
}

export const language = () => lang;

/** The phrase, with {names} replaced; an unknown key is an error, never a blank. */
export function say(key, given = {}) {
  if (!(key in table)) throw new Error(`no phrase ${key}`);
  return table[key].replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
}

const format = (options) => new Intl.NumberFormat(lang, options);
export const percent = (p) =>
  p == null ? "–" : format({ style: "percent", maximumFractionDigits: 0 }).format(p);
export const count = (n) =>
  n == null ? "–" : format({ maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
export const points = (d) =>
  d == null ? "–" : format({ signDisplay: "exceptZero", maximumFractionDigits: 0 }).format(100 * d);

export function month(label, style = "long") {
  const [year, number] = label.split("-").map(Number);
  return new Intl.DateTimeFormat(lang, { year: "numeric", month: style, timeZone: "UTC" }).format(
    new Date(Date.UTC(year, number - 1, 1)));
}

export const has = (key) => key in table;
