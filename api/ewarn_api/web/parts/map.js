/** Borders and an overview into a map on a canvas, painted again when the lead or measure changes. */
import { el } from "../dom.js";
import { colour, is_dark } from "../scale.js";
import { called, day, said, say } from "../words.js";

const L = window.L;
const BASE = "#1f78b4";
const COMING = "#8e44ad";

/** `coming` are milestones still ahead; `choose` is told the code of the unit that is clicked. */
export function map(place, borders, overview, coming, choose) {
  const drawn = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: 2 });
  drawn.setView([0, 0], 2); // layers can be drawn only where there is a view
  L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(drawn);
  const renderer = L.canvas({ padding: 0.2 });
  const rows = new Map(overview.data.map((row) => [row.admin1_code, row]));
  const group = L.featureGroup().addTo(drawn);
  const shapes = new Map();
  let shown = { measure: "risk", lead: 0 };
  for (const { geometry, properties: { admin1_code: code } } of borders.features) {
    const rings = L.GeoJSON.coordsToLatLngs(geometry.coordinates, geometry.type === "Polygon" ? 1 : 2);
    const shape = L.polygon(rings, { renderer, weight: 0.6, fillOpacity: 1, smoothFactor: 1.5 });
    shape.on("click", () => choose(code));
    shape.code = code;
    shapes.set(code, shape.addTo(group));
  }
  group.bindTooltip((shape) => told(rows.get(shape.code), shown), { sticky: true });
  marks(drawn, overview, coming);
  const fit = (some) => some.length && drawn.fitBounds(some.map((row) => [row.latitude, row.longitude]), { padding: [24, 24], maxZoom: 7 });
  fit(overview.data);
  return {
    paint(measure, lead, is_shown) {
      shown = { measure, lead };
      const dark = is_dark();
      for (const [code, shape] of shapes) {
        const value = rows.get(code)?.[measure][lead];
        shape.setStyle({ color: dark ? "#0d1115" : "#8b8f94", fillColor: colour(measure, value, dark), fillOpacity: is_shown(code) ? 1 : 0.15 });
      }
    },
    point(code) { // at one unit, from the list; at none without a code
      for (const [other, shape] of shapes) if (other === code || shape.is_pointed) {
        shape.is_pointed = other === code;
        shape.setStyle({ weight: shape.is_pointed ? 3 : 0.6, color: shape.is_pointed ? (is_dark() ? "#fff" : "#111") : (is_dark() ? "#0d1115" : "#8b8f94") });
        if (shape.is_pointed) shape.bringToFront();
      }
    },
    show: fit, // the rows that are asked for
    canvases: () => [...place.querySelectorAll("canvas")],
    size: () => drawn.getSize(),
    remove: () => drawn.remove(),
  };
}

/** What a unit is called and how it stands; as text, since Leaflet would read a string as markup. */
function told(row, { measure, lead }) {
  if (!row) return el("span", {}, "?");
  return el("span", {}, el("b", {}, row.admin1_name), `, ${row.location_name}`, el("br"),
    `${say(measure)}: ${said(measure, row[measure][lead])} · ${say("rank")} ${row.rank[lead]}`);
}

/** Bases as rings, and milestones ahead as dots; one of a whole country stands in its middle. */
function marks(drawn, overview, coming) {
  const pane = { renderer: L.canvas({ pane: "markerPane", padding: 0.2 }) };
  const put = (at, options, label) => L.circleMarker(at, { ...pane, ...options }).bindTooltip(label).addTo(drawn);
  const of_country = Map.groupBy(overview.data, (row) => row.location_code);
  for (const row of overview.data) {
    if (!row.bases) continue;
    put([row.latitude, row.longitude], { color: BASE, weight: 2, fill: false, radius: 2 + 2 * Math.sqrt(row.bases), interactive: false },
      el("span", {}, row.admin1_name));
  }
  const mean = (rows, name) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length;
  for (const one of coming) {
    const rows = overview.data.filter((row) => row.admin1_code === one.admin1_code);
    const where = rows.length ? rows : of_country.get(one.location_code);
    if (!where) continue;
    put([mean(where, "latitude"), mean(where, "longitude")], { color: "#fff", weight: 1.5, fillColor: COMING, fillOpacity: 1, radius: rows.length ? 6 : 8 },
      el("span", {}, `${one.mission}: ${called("kind", one.kind)}, ${day(one.effective_on)}`));
  }
}
