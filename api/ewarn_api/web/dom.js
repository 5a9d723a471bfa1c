/** Names, attributes and children into elements: all text is text, never markup. */
const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  // one at a time: an engine has a limit on arguments, and a map may have more units than that
  for (const child of children.flat(Infinity)) if (child != null && child !== false) element.append(child);
  return element;
}

export const el = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

export const button = (label, onclick, more = {}) =>
  el("button", { type: "button", onclick, ...more }, label);

/** A label over what it names. */
export const labelled = (label, ...parts) => el("label", {}, el("span", {}, label), parts);

export const list = (lines) =>
  el(
    "ul",
    {},
    lines.map((line) => el("li", {}, line)),
  );

/** Content that is folded until opened. */
export const details = (label, ...children) => el("details", {}, el("summary", {}, label), children);

/** A part of a view: a heading, and what is under it. */
export const section = (id, heading, ...parts) => el("section", { id }, el("h3", {}, heading), parts);

/** A few key numbers: {name, value, note, kind}. */
export const facts = (some) =>
  el(
    "dl",
    { class: "facts" },
    some.map(({ name, value, note, kind }) =>
      el("div", { class: kind }, el("dt", {}, name), el("dd", {}, value, el("small", {}, note))),
    ),
  );

/** A table of rows of cells; a cell is text, an element, or {class, of}. The first heads its row. */
export function table(caption, heads, rows, attributes = {}) {
  const cell = (one, i) => {
    const { class: kind, of } = one?.of === undefined ? { of: one } : one;
    return i ? el("td", { class: kind }, of) : el("th", { scope: "row", class: kind }, of);
  };
  const head = (name, i) => el("th", { scope: "col", class: rows[0]?.[i]?.class }, name);
  return el(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      attributes,
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map(head))),
      el(
        "tbody",
        {},
        rows.map((row) => el("tr", {}, row.map(cell))),
      ),
    ),
  );
}

export const number = (text) => ({ class: "number", of: text });

/** A box of a colour; through the DOM, which the page's policy allows where it forbids markup. */
export function swatch(shade) {
  const box = el("span", { class: "swatch", "aria-hidden": "true" });
  box.style.backgroundColor = shade;
  return box;
}
