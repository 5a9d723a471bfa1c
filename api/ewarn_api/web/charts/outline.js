/** Borders of a country's units into a small map that prints: no tiles, one fill a unit. */
import { svg } from "../dom.js";
import { colour } from "../scale.js";
import { picture } from "./plane.js";

const [WIDTH, HEIGHT] = [320, 260];

/** Longitude is narrowed by the cosine of the middle latitude (equirectangular projection). */
export function outline(features, value_of, label) {
  const rings = features.map(({ geometry }) =>
    (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flat(),
  );
  const points = rings.flat(2);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const extent = (all) => [
    all.reduce((a, b) => Math.min(a, b), Infinity),
    all.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const [[west, east], [south, north]] = [extent(lons), extent(lats)];
  const narrow = Math.cos(((south + north) / 360) * Math.PI);
  const size = Math.min(WIDTH / ((east - west) * narrow), HEIGHT / (north - south));
  const at = ([lon, lat]) =>
    `${((lon - west) * narrow * size).toFixed(1)} ${((north - lat) * size).toFixed(1)}`;
  return picture(
    Math.ceil((east - west) * narrow * size),
    Math.ceil((north - south) * size),
    label,
    features.map((one, i) => {
      const shape = svg(
        "path",
        { d: rings[i].map((ring) => `M${ring.map(at).join("L")}Z`).join(""), class: "border" },
        svg("title", {}, one.properties.admin1_name),
      );
      shape.style.fill = colour("risk", value_of(one.properties.admin1_code), false);
      return shape;
    }),
  );
}
