/** Borders and an overview into a map on a canvas, painted again when the month or measure changes. */
import { el } from "../dom.js";
import { colour, is_dark } from "../scale.js";
import { said, say } from "../words.js";
import { bases, milestones } from "./marks.js";

const L = window.L;
const BORDER = { smoothFactor: 1.5, fill: false, interactive: false };
const EDGE = { light: "#8b8f94", dark: "#0d1115" };
const POINTED = { light: "#111111", dark: "#ffffff" };
const [THIN, THICK] = [0.6, 3];
const FADED = 0.15; // opacity of units outside the filters

/** `coming` are milestones still ahead; `choose` receives the code of the unit that is clicked. */
export function map(place, borders, overview, coming, choose) {
  const drawn = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: 2 });
  drawn.setView([0, 0], 2); // layers can be drawn only where there is a view
  L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(drawn);
  drawn.createPane("borders"); // above the units; the pointer goes through it
  const [renderer, line] = ["overlayPane", "borders"].map((pane) => L.canvas({ padding: 0.1, pane }));
  const rows = new Map(overview.data.map((row) => [row.admin1_code, row]));
  const shapes = new Map(
    borders.features.map((one) => [one.properties.admin1_code, shape(one.geometry, renderer)]),
  );
  const group = L.featureGroup([...shapes.values()]).addTo(drawn);
  L.featureGroup(milestones(overview, coming, renderer)).addTo(drawn);
  // Borders and bases have a canvas of their own, which is not drawn again with the colours.
  const outlined = (rings, weight) => L.polygon(rings, { ...BORDER, weight, renderer: line }).addTo(drawn);
  const edges = outlined(borders.features.flatMap((one) => lines(one.geometry)), THIN);
  L.featureGroup(bases(overview, line)).addTo(drawn);
  const pointed = outlined([], THICK);
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
  show(overview.data);
  return {
    /** Colours the units; those of other codes fade. */
    paint({ measure, lead }, codes) {
      shown = { measure, lead };
      const dark = is_dark();
      restyle(edges, { color: dark ? EDGE.dark : EDGE.light });
      restyle(pointed, { color: dark ? POINTED.dark : POINTED.light });
      for (const [code, one] of shapes) {
        const fillColor = colour(measure, rows.get(code)?.[measure][lead], dark);
        restyle(one, { fillColor, fillOpacity: codes.has(code) ? 1 : FADED });
      }
    },
    /** Points at one unit, from the list; at none without a code. */
    point: (code) => pointed.setLatLngs(shapes.get(code)?.getLatLngs() ?? []),
    show, // the places of these rows
    canvases: () => place.querySelectorAll("canvas"), // the lower first
    size: () => drawn.getSize(),
    remove: () => drawn.stop().remove(), // else it would go on with a zoom that has no map
  };
}

const depth = ({ type }) => (type === "Polygon" ? 1 : 2);

function shape(geometry, renderer) {
  const rings = L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth(geometry));
  return L.polygon(rings, { renderer, smoothFactor: BORDER.smoothFactor, stroke: false });
}

/** All rings of a geometry, as lines. */
const lines = (geometry) =>
  L.GeoJSON.coordsToLatLngs(depth(geometry) === 1 ? geometry.coordinates : geometry.coordinates.flat(), 1);

/** Sets what differs, and nothing if nothing does: Leaflet would draw the layer again. */
function restyle(layer, style) {
  const differs = ([name, value]) => layer.options[name] !== value;
  if (Object.entries(style).some(differs)) layer.setStyle(style);
}

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
