/** Borders and an overview into a map on a canvas, painted again when the month or measure changes. */
import { el } from "../dom.js";
import { colour, is_dark } from "../scale.js";
import { said, say } from "../words.js";
import { marks } from "./marks.js";

const L = window.L;
const BORDER = { weight: 0.6, light: "#8b8f94", dark: "#0d1115" };
const POINTED = { weight: 3, light: "#111111", dark: "#ffffff" };
const FADED = 0.15; // opacity of units outside the filters

/** `coming` are milestones still ahead; `choose` receives the code of the unit that is clicked. */
export function map(place, borders, overview, coming, choose) {
  const drawn = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: 2 });
  drawn.setView([0, 0], 2); // layers can be drawn only where there is a view
  L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(drawn);
  const renderer = L.canvas({ padding: 0.1 }); // one for all: a second would take the pointer
  const rows = new Map(overview.data.map((row) => [row.admin1_code, row]));
  const shapes = new Map(
    borders.features.map((one) => [one.properties.admin1_code, shape(one.geometry, renderer)]),
  );
  const group = L.featureGroup([...shapes.values()]).addTo(drawn);
  const above = L.featureGroup(marks(overview, coming, renderer)).addTo(drawn);
  let shown = { measure: "risk", lead: 0 };
  for (const [code, one] of shapes) {
    one.code = code;
    one.on("click", () => choose(code));
  }
  group.bindTooltip((one) => told(rows.get(one.code), shown), { sticky: true });
  const show = (some) => {
    const is_all = some.length === overview.data.length; // with islands far out, which may be cut off
    const own = some.map((row) => shapes.get(row.admin1_code)).filter(Boolean);
    const bounds = is_all
      ? some.map((row) => [row.latitude, row.longitude])
      : L.featureGroup(own).getBounds();
    if (some.length) drawn.fitBounds(bounds, { padding: [20, 20], maxZoom: 7, animate: false });
  };
  let pointed;
  show(overview.data);
  return {
    /** Colours the units; those of other codes fade. */
    paint({ measure, lead }, codes) {
      shown = { measure, lead };
      const dark = is_dark();
      for (const [code, one] of shapes) {
        const fillColor = colour(measure, rows.get(code)?.[measure][lead], dark);
        const style = { ...line(BORDER, dark), fillColor, fillOpacity: codes.has(code) ? 1 : FADED };
        if (!has(one.options, style)) one.setStyle(style); // only what changes is drawn again
      }
    },
    /** Points at one unit, from the list; at none without a code. */
    point(code) {
      pointed?.setStyle(line(BORDER));
      pointed = shapes.get(code);
      pointed?.setStyle(line(POINTED)).bringToFront();
      above.bringToFront();
    },
    show, // the places of these rows
    canvas: () => place.querySelector("canvas"),
    size: () => drawn.getSize(),
    remove: () => drawn.stop().remove(), // else it would go on with a zoom that has no map
  };
}

function shape(geometry, renderer) {
  const depth = geometry.type === "Polygon" ? 1 : 2;
  const rings = L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth);
  return L.polygon(rings, { renderer, smoothFactor: 1.5 });
}

const has = (options, style) => Object.keys(style).every((name) => options[name] === style[name]);

const line = (kind, dark = is_dark()) => ({ weight: kind.weight, color: dark ? kind.dark : kind.light });

/** What a unit is called and how it stands; as text, since Leaflet would read a string as markup. */
function told(row, { measure, lead }) {
  if (!row) return el("span", {}, "?");
  const value = say("pair", { a: say(measure), b: said(measure, row[measure][lead]) });
  return el(
    "span",
    {},
    el("b", {}, row.admin1_name),
    `, ${row.location_name}`,
    el("br"),
    `${value} · ${say("rank")} ${row.rank[lead]}`,
  );
}
