/** Bases into rings, and milestones ahead into dots; one of a whole country stands in its middle. */
import { el } from "../dom.js";
import { called, day, say } from "../words.js";

const L = window.L;
const BASE = { color: "#1f78b4", weight: 2, fill: false, interactive: false };
const COMING = { color: "#ffffff", weight: 1.5, fillColor: "#8e44ad", fillOpacity: 1 };

export const bases = (overview, renderer) =>
  overview.data
    .filter((row) => row.bases)
    .map((row) => {
      const radius = 2 + 2 * Math.sqrt(row.bases);
      return L.circleMarker([row.latitude, row.longitude], { ...BASE, renderer, radius });
    });

export const milestones = (overview, coming, renderer) =>
  coming.map((one) => dot(overview.data, one, renderer)).filter(Boolean);

function dot(rows, one, renderer) {
  const [own, whole] = ["admin1_code", "location_code"].map((name) =>
    rows.filter((row) => row[name] === one[name]),
  );
  const radius = own.length ? 6 : 8;
  const label = say("pair", { a: one.mission, b: `${called("kind", one.kind)}, ${day(one.effective_on)}` });
  const at = middle(own.length ? own : whole);
  return at && L.circleMarker(at, { ...COMING, renderer, radius }).bindTooltip(el("span", {}, label));
}

/** The mean place of some units; nothing where there is none. */
function middle(rows) {
  const mean = (name) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length;
  return rows.length ? [mean("latitude"), mean("longitude")] : null;
}
