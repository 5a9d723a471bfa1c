/** Borders and an overview into a map on a canvas, repainted when the lead or measure changes. */
import { colour } from "./scale.js";
import { kindOf } from "./unit.js";

const L = () => window.L;

export function draw(place, borders, overview, milestones, choose) {
  const map = L().map(place, { attributionControl: false, zoomSnap: 0.25, keyboard: true });
  map.setView([0, 0], 2); // layers can be drawn only where there is a view
  const renderer = L().canvas({ padding: 0.3 });
  const layers = new Map();
  const rows = new Map(overview.data.map((row) => [row.admin1_code, row]));
  const all = L().featureGroup();
  for (const one of borders.data) {
    const feature = { type: "Feature", geometry: one.geometry, properties: {} };
    const layer = L().geoJSON(feature, { renderer, style: { weight: 0.5, color: "#55555588", fillOpacity: 1 } });
    layer.on("click", () => choose(one.admin1_code));
    layer.bindTooltip(() => text(rows.get(one.admin1_code)), { sticky: true });
    layers.set(one.admin1_code, layer);
    all.addLayer(layer);
  }
  map.addLayer(all);
  marks(map, renderer, overview, milestones);
  if (borders.data.length) map.fitBounds(all.getBounds(), { padding: [4, 4] });
  return {
    paint(measure, lead, is_shown) {
      for (const [code, layer] of layers) {
        const fill = colour(measure, rows.get(code)[measure][lead]);
        layer.setStyle({ fillColor: fill, fillOpacity: is_shown(code) ? 1 : 0.12 });
      }
    },
    canvas: () => place.querySelector("canvas"),
    remove: () => map.remove(),
  };
}

/** A name is put in as text: Leaflet would read a string as markup. */
function text(row) {
  const label = document.createElement("span");
  label.textContent = `${row.admin1_name}, ${row.location_name}`;
  return label;
}

function marks(map, renderer, overview, milestones) {
  const ring = { renderer, fill: false, weight: 1.5, interactive: false };
  for (const row of overview.data) {
    if (row.bases) L().circleMarker([row.latitude, row.longitude], { ...ring, color: "#1f78b4", radius: 2 + Math.sqrt(row.bases) }).addTo(map);
  }
  const at = new Map(overview.data.map((row) => [row.admin1_code, row]));
  for (const one of milestones) {
    const row = at.get(one.admin1_code);
    if (!row) continue;
    const mark = L().circleMarker([row.latitude, row.longitude], { renderer, radius: 6, color: "#ffffff", weight: 1.5, fillColor: "#6a3d9a", fillOpacity: 1 });
    const label = document.createElement("span");
    label.textContent = `${one.mission}: ${kindOf(one)}, ${one.effective_on ?? "?"}`;
    mark.bindTooltip(label).addTo(map);
  }
}
