// What the page and the player share: the map that lies under the ground, its names, its furniture,
// and the making of elements. Text from the project reaches the document only through textContent
// and text nodes, never as markup.
"use strict";

/** Run `act` as soon as the map has room; in a frame that is still hidden nothing can be measured. */
function frontmapWhenShown(act) {
  const stage = document.getElementById("stage");
  if (stage.clientWidth && stage.clientHeight) return act();
  const watch = new ResizeObserver(() => {
    if (!stage.clientWidth || !stage.clientHeight) return;
    watch.disconnect();
    act();
  });
  watch.observe(stage);
}

/** Make the base map that `spec` describes on a Leaflet map; `start` draws it. */
function frontmapBase(spec, map) {
  const { words, strokes } = spec;
  const SVG = "http://www.w3.org/2000/svg";
  const [WEST, SOUTH, EAST, NORTH] = spec.bounds;
  const HOME = [[SOUTH, WEST], [NORTH, EAST]];
  const stacked = matchMedia("(max-width: 480px), (max-width: 720px) and (max-aspect-ratio: 1/1)").matches;
  // Room for the buttons, beside the map or on a phone above it, and for the credits below it.
  const ROOM = { paddingTopLeft: [8, stacked ? 50 : 8], paddingBottomRight: [stacked ? 8 : 48, 26] };
  // Leaflet's sphere measures half a per cent off; distances here are on the WGS84 ellipsoid.
  const SEMI_MAJOR_M = 6378137;
  const ECCENTRICITY_SQUARED = 0.0066943799901413165;

  // --- documents -----------------------------------------------------------------------------

  /** Make an HTML element; `props` are properties, or attributes where there is no such property. */
  function el(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (name in node) node[name] = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child));
    return node;
  }

  function svg(tag, attributes = {}, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

  /** Fill in a sentence, keeping the direction of values that run the other way to themselves. */
  function say(key, values = {}) {
    const isolate = (value) => (spec.direction === "rtl" || RIGHT_TO_LEFT.test(value)
      ? `\u2068${value}\u2069` : value);
    return words[key].replace(/\{(\w+)\}/g, (_, name) => isolate(values[name]));
  }

  /** Link to the web, and to nowhere else: other schemes become plain text. */
  function link(text, url) {
    if (!/^https?:\/\//i.test(url)) return el("span", {}, text);
    return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
  }

  /** Write a number to three figures. */
  function figures(value) {
    return new Intl.NumberFormat(spec.direction === "rtl" ? "en" : spec.lang, { maximumSignificantDigits: 3 }).format(value);
  }

  /** Cite a source: who published, whom it quotes, what, and when. */
  function citation({ publisher, title, url, published }, who = "") {
    return el("li", {}, el("b", {}, publisher), who && `, ${say("said_by", { who })}`,
      (title || url) && ", ", (title || url) && link(title || url, url),
      published && `, ${say("published", { day: published })}`);
  }

  // --- geometry ------------------------------------------------------------------------------

  /** Turn [x, y, dx, dy, …] into [[lat, lon], …]. */
  function decode(steps) {
    const points = [];
    for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push([y / spec.quantum_per_degree, x / spec.quantum_per_degree]);
    }
    return points;
  }

  const shape = (geometry) => geometry.map(decode);

  /** Say whether a point is within rings, holes among them, by the even-odd rule. */
  function within(rings, lat, lon) {
    let inside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[latI, lonI], [latJ, lonJ]] = [ring[i], ring[j]];
        if (latI > lat !== latJ > lat && lon < ((lonJ - lonI) * (lat - latI)) / (latJ - latI) + lonI)
          inside = !inside;
      }
    }
    return inside;
  }

  /** Metres that a CSS pixel spans along the parallel at the map's centre. */
  function metresPerPixel() {
    const lat = (map.getCenter().lat * Math.PI) / 180;
    const radius = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY_SQUARED * Math.sin(lat) ** 2);
    return (2 * Math.PI * radius * Math.cos(lat)) / (256 * 2 ** map.getZoom());
  }

  const theatre = shape(spec.theatre);
  for (const country of spec.neighbours) country.shape = shape(country.land);

  // --- land, water and hatches ---------------------------------------------------------------

  const PANES = ["land", "ground", "gain", "water", "outline", "records", "front", "selection", "names"];
  PANES.forEach((name, rank) => (map.createPane(name).style.zIndex = 210 + 10 * rank));
  const renderers = Object.fromEntries(PANES.map((pane) => [pane, L.svg({ pane, padding: 0.5 })]));
  const layers = { rivers: L.layerGroup() };

  const options = (pane, className, more) => ({
    pane, className, renderer: renderers[pane], interactive: false, smoothFactor: 0, ...more });
  const polygon = (rings, pane, className, more = {}) =>
    L.polygon(rings, options(pane, className, { stroke: false, ...more }));
  const polyline = (lines, pane, className, more = {}) =>
    L.polyline(lines, options(pane, className, { ...more }));

  const stage = document.getElementById("stage");
  const patterns = svg("svg", { class: "patterns", "aria-hidden": "true", width: 0, height: 0 });
  document.body.append(patterns);

  /** Return the paint of a hatch: a reference to its pattern, made when first asked for. */
  function hatchPaint(hatch) {
    const id = "hatch-" + [hatch.mark.codePointAt(0), hatch.colour.slice(1), hatch.opacity,
      hatch.spacing_px, hatch.width_px].join("-").replaceAll(".", "_");
    if (!document.getElementById(id)) patterns.append(hatchPattern(id, hatch));
    return `url(#${id})`;
  }

  function hatchPattern(id, { mark, colour, opacity, spacing_px: size, width_px: width }) {
    const line = (x1, y1, x2, y2) => svg("line", {
      x1, y1, x2, y2, stroke: colour, "stroke-opacity": opacity, "stroke-width": width });
    const marks = mark === "."
      ? [svg("circle", { cx: size / 2, cy: size / 2, r: width / 2, fill: colour, "fill-opacity": opacity })]
      : [line(size / 2, 0, size / 2, size)];
    if (mark === "x") marks.push(line(0, size / 2, size, size / 2));
    const turn = mark === "\\" ? -45 : mark === "." ? 0 : 45;
    return svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse",
      patternTransform: `rotate(${turn})` }, ...marks);
  }

  /** Draw a fill: its colour, then its hatch as a layer of its own, so that no seam shows. */
  function paint(part, pane, className, target) {
    const { colour, opacity, hatch } = part.fill;
    polygon(part.shape, pane, className, { fillColor: colour, fillOpacity: opacity }).addTo(target);
    if (hatch) {
      const fillColor = hatchPaint(hatch);
      polygon(part.shape, pane, `${className} hatch`, { fillColor, fillOpacity: 1 }).addTo(target);
    }
  }

  function drawLand() {
    map.getPane("land").classList.toggle("beneath-tiles", Boolean(spec.tiles));
    for (const country of spec.neighbours)
      polygon(country.shape, "land", "neighbour", { stroke: true, weight: strokes.border.weight }).addTo(map);
    polygon(theatre, "land", "theatre").addTo(map);
  }

  function drawWater() {
    for (const river of spec.rivers)
      polyline(shape(river), "water", "river", strokes.river).addTo(layers.rivers);
    for (const lake of spec.lakes) polygon(shape(lake), "water", "lake").addTo(layers.rivers);
  }

  function drawOutline() {
    polygon(theatre, "outline", "outline", { stroke: true, fill: false, ...strokes.outline }).addTo(map);
  }

  /** A thinner line at small scales leaves enclaves their colour. */
  const lineScale = () => Math.min(1.15, Math.max(0.6, 0.8 + 0.2 * (map.getZoom() - 7)));

  // --- names ---------------------------------------------------------------------------------

  const pills = svg("g");
  const places = svg("g");
  const names = svg("svg", { class: "names", "aria-hidden": "true" }, places, pills);
  const pen = document.createElement("canvas").getContext("2d");
  const STYLES = { 3: [14, 700], 2: [12.5, 600], 1: [11.5, 400], pill: [12, 700], country: [12, 500] };
  const showing = { names: true, both: false, callOuts: spec.call_outs };
  const placed = new Map();
  let taken = [];
  let homeZoom = map.getZoom();

  const family = getComputedStyle(document.body).fontFamily;
  const widths = new Map();

  function textWidth(text, [size, weight]) {
    const key = `${weight} ${size} ${text}`;
    if (!widths.has(key)) {
      pen.font = `${weight} ${size}px ${family}`;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  /** Names that fit are placed by importance, each where it covers none that was placed before. */
  function drawNames() {
    places.replaceChildren();
    taken = furniture();
    const measured = new Set(spec.call_outs.map((callOut) => callOut.place_id));
    const first = spec.labels.filter((label) => measured.has(label.id));
    for (const label of first) placed.set(label.id, placeLabel(label));
    drawPills();
    if (!showing.names) return;
    let room = labelBudget();
    for (const label of spec.labels.filter((other) => !measured.has(other.id)))
      if ((room > 0 || isLonely(label)) && placeLabel(label)) room -= 1;
    spec.neighbours.forEach(placeCountry);
  }

  /** Write the distances, where they cover as few names as can be. */
  function drawPills() {
    pills.replaceChildren();
    taken = taken.filter((box) => !box.ofPill);
    for (const callOut of showing.callOuts) placePill(callOut, placed.get(callOut.place_id));
  }

  /** Boxes of what lies over the map and would hide a name. */
  function furniture() {
    const origin = map.getContainer().getBoundingClientRect();
    return [...stage.querySelectorAll(".buttons, .share summary, .scale, .locator, .credits")].map((node) => {
      const { left, top, width: w, height: h } = node.getBoundingClientRect();
      const { x, y } = map.containerPointToLayerPoint([left - origin.left, top - origin.top]);
      return { x, y, w, h };
    });
  }

  /** A town with nothing else named around it is worth its name even when there are enough. */
  function isLonely(label) {
    const { x, y } = map.latLngToLayerPoint([label.lat, label.lon]);
    return label.size > 1 && !collides({ x: x - 75, y: y - 45, w: 150, h: 90 });
  }

  function labelBudget() {
    const { x, y } = map.getSize();
    return Math.max(7, (x * y) / 36000) * 2 ** (1.4 * (map.getZoom() - homeZoom));
  }

  const collides = (box) => taken.some((other) =>
    box.x < other.x + other.w && other.x < box.x + box.w &&
    box.y < other.y + other.h && other.y < box.y + box.h);

  /** Say whether the edge of the view would cut a box. */
  function cut({ x, y, w, h }) {
    const view = map.getSize();
    const at = map.layerPointToContainerPoint([x, y]);
    const apart = at.x > view.x || at.y > view.y || at.x + w < 0 || at.y + h < 0;
    return !apart && (at.x < 4 || at.y < 4 || at.x + w > view.x - 4 || at.y + h > view.y - 4);
  }

  const padded = ({ x, y, w, h }, by) => ({ x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by });

  /** Boxes of a text around a point, the preferred first. */
  function positions({ x, y }, w, h, gap) {
    const right = x + gap, left = x - gap - w, above = y - gap - h, below = y + gap;
    return [[right, y - h / 2], [left, y - h / 2], [x - w / 2, above], [x - w / 2, below],
      [right, above + h / 2], [right, below - h / 2], [left, above + h / 2], [left, below - h / 2],
    ].map(([bx, by]) => ({ x: bx, y: by, w, h }));
  }

  function placeLabel(label) {
    const point = map.latLngToLayerPoint([label.lat, label.lon]);
    const font = STYLES[label.size];
    const lines = showing.both && label.other_name ? [label.name, label.other_name] : [label.name];
    const w = Math.max(...lines.map((line) => textWidth(line, font)));
    const dot = { x: point.x - 3, y: point.y - 3, w: 6, h: 6 };
    if (collides(dot)) return null;
    const box = positions(point, w, lines.length * font[0] * 1.15, 6)
      .find((candidate) => !collides(padded(candidate, 2)) && !cut(candidate));
    if (!box) return null;
    taken.push(padded(box, 2), padded(dot, 1));
    places.append(svg("g", { class: `place size-${label.size}${label.in_the_news ? " news" : ""}`, "data-id": label.id },
      svg("circle", { cx: point.x, cy: point.y, r: label.size === 1 ? 1.9 : 2.6 }),
      ...lines.map((line, i) =>
        text(line, box.x + box.w / 2, box.y + font[0] * (0.9 + 1.15 * i), font, i ? "second" : ""))));
    return box;
  }

  function text(content, x, y, [size, weight], className = "") {
    const node = svg("text", { x, y, class: className,
      "font-size": size, "font-weight": weight, "text-anchor": "middle" });
    node.textContent = content;
    return node;
  }

  /** Put a distance on its line where there is room, else beside the name of its place. */
  function placePill(callOut, nameBox) {
    const points = callOut.shape[0].map((latLng) => map.latLngToLayerPoint(latLng));
    const [start, end] = [points[0], points.at(-1)];
    const w = textWidth(callOut.label, STYLES.pill) + 14, h = 19;
    const onLine = [0.5, 0.4, 0.6, 0.3, 0.7].map((share) => {
      const { x, y } = points[Math.round(share * (points.length - 1))];
      return { x: x - w / 2, y: y - h / 2, w, h };
    });
    const { x, y } = nameBox ?? start;
    const middle = y + (nameBox ? nameBox.h / 2 : 0) - h / 2;
    const beside = [{ x: x + (nameBox?.w ?? 0) + 5, y: middle, w, h }, { x: x - w - 5, y: middle, w, h }];
    const roomy = start.distanceTo(end) > 1.6 * w;
    const candidates = [...(roomy ? onLine : []), ...beside, ...positions(start, w, h, 14)];
    const box = candidates.find((candidate) => !collides(candidate)) ?? candidates[0];
    taken.push(...[padded(box, 2), ...dotted(start, end)].map((taking) => ({ ...taking, ofPill: true })));
    pills.append(svg("g", { class: "pill" },
      ...(callOut.inside ? [] : [svg("circle", { cx: end.x, cy: end.y, r: 2.6 })]),
      svg("rect", { x: box.x, y: box.y, width: w, height: h, rx: h / 2 }),
      text(callOut.label, box.x + w / 2, box.y + 13.5, STYLES.pill)));
  }

  /** Small boxes along a line, so that no name is put on it. */
  function dotted(start, end) {
    const count = Math.ceil(start.distanceTo(end) / 8);
    return Array.from({ length: count }, (_, i) => {
      const { x, y } = start.add(end.subtract(start).multiplyBy(i / count));
      return { x: x - 3, y: y - 3, w: 6, h: 6 };
    });
  }

  function placeCountry(country) {
    if (!country.label_at) return;
    const [lon, lat] = country.label_at;
    const point = map.latLngToLayerPoint([lat, lon]);
    const name = country.name.toLocaleUpperCase(spec.lang);
    const w = textWidth(name, STYLES.country) + 1.8 * name.length;
    const box = { x: point.x - w / 2, y: point.y - 7, w, h: 14 };
    if (collides(box) || cut(box) || onTheatre(box)) return;
    places.append(text(name, point.x, point.y + 4, STYLES.country, "country"));
  }

  /** Say whether a box reaches over the theatre, where a neighbour's name would mislead. */
  function onTheatre({ x, y, w, h }) {
    return [0, 0.25, 0.5, 0.75, 1].some((share) => {
      const { lat, lng } = map.layerPointToLatLng([x + share * w, y + h / 2]);
      return within(theatre, lat, lng);
    });
  }

  // --- furniture of the map ------------------------------------------------------------------

  const scale = el("div", { className: "scale", role: "img" });

  function drawScale() {
    const most = metresPerPixel() * 130;
    const power = 10 ** Math.floor(Math.log10(most));
    const metres = power * [5, 2, 1].find((step) => step * power <= most);
    const label = metres < 1000 ? `${metres} ${words.m}` : `${metres / 1000} ${words.km}`;
    const width = metres / metresPerPixel();
    const bar = svg("svg", { width: width + 2, height: 7, "aria-hidden": "true" },
      svg("rect", { x: 1, y: 1, width, height: 5, class: "whole" }),
      svg("rect", { x: 1, y: 1, width: width / 2, height: 5, class: "half" }));
    scale.setAttribute("aria-label", label);
    scale.replaceChildren(el("span", {}, label), bar);
  }

  /** Draw where the theatre lies, small, in plate carrée true at its middle latitude. */
  function locator() {
    const [west, south, east, north] = spec.locator.bounds;
    const stretch = Math.cos(((south + north) * Math.PI) / 360);
    const [w, h] = [(east - west) * stretch, north - south];
    const unit = 120 / Math.max(w, h);
    const x = (lon) => ((lon - west) * stretch * unit).toFixed(1);
    const y = (lat) => ((north - lat) * unit).toFixed(1);
    const path = (rings, className) => svg("path", { class: className,
      d: rings.map((ring) => "M" + ring.map(([lat, lon]) => `${x(lon)} ${y(lat)}`).join("L") + "Z").join("") });
    const view = svg("rect", { class: "view" });
    map.on("moveend", () => {
      const b = map.getBounds();
      const box = { x: x(b.getWest()), y: y(b.getNorth()), width: x(b.getEast()) - x(b.getWest()),
        height: y(b.getSouth()) - y(b.getNorth()) };
      for (const [name, value] of Object.entries(box)) view.setAttribute(name, value);
      view.classList.toggle("zoomed", map.getZoom() > homeZoom + 0.4);
    });
    return svg("svg", { class: `locator ${emptiestCorner()}`, role: "img", "aria-label": words.locator,
      viewBox: `0 0 ${(w * unit).toFixed(1)} ${(h * unit).toFixed(1)}` },
    ...spec.locator.countries.map((country) => path(shape(country), "neighbour")),
    path(shape(spec.locator.theatre), "theatre"), view);
  }

  /** Return the lower corner of the map that hides least of the theatre. */
  function emptiestCorner() {
    const { x, y } = map.getSize();
    const hidden = (left) => {
      let count = 0;
      for (let dx = 0; dx <= 130; dx += 13)
        for (let dy = 30; dy <= 150; dy += 12) {
          const { lat, lng } = map.containerPointToLatLng([left ? dx : x - dx, y - dy]);
          count += within(theatre, lat, lng);
        }
      return count;
    };
    return hidden(false) <= hidden(true) ? "right" : "left";
  }

  function mapButtons() {
    const button = (label, sign, act) =>
      el("button", { type: "button", title: label, "aria-label": label, onclick: act }, sign);
    return el("div", { className: "buttons" },
      button(words.zoom_in, "+", () => map.zoomIn()),
      button(words.zoom_out, "\u2212", () => map.zoomOut()),
      button(words.reset, "\u2922", () => map.fitBounds(HOME, ROOM)));
  }

  function creditLine() {
    const parts = spec.credits.flatMap((credit, i) => [i ? " \u00b7 " : "", el("bdi", {}, link(credit.text, credit.url))]);
    return el("p", { className: "credits" }, ...parts);
  }

  // --- legend --------------------------------------------------------------------------------

  function swatch({ mark, fills }) {
    const drawing = svg("svg", { class: `swatch ${mark}`, viewBox: "0 0 30 18", "aria-hidden": "true" });
    fills.forEach(({ colour, opacity, hatch }, i) => {
      const box = { x: (30 / fills.length) * i, y: 0, width: 30 / fills.length, height: 18 };
      drawing.append(svg("rect", { ...box, fill: colour, "fill-opacity": opacity }));
      if (hatch) drawing.append(svg("rect", { ...box, fill: hatchPaint(hatch) }));
    });
    if (mark === "front" || mark === "distance")
      drawing.append(svg("line", { x1: 1, y1: 9, x2: 29, y2: 9,
        "stroke-width": mark === "front" ? strokes.front.weight : strokes.callOut.weight,
        ...(mark === "distance" && { "stroke-dasharray": strokes.callOut.dashArray }) }));
    else drawing.append(svg("rect", { x: 0.5, y: 0.5, width: 29, height: 17, class: "frame" }));
    return drawing;
  }

  function legend() {
    const row = (entry) => el("li", { className: entry.mark }, entry.mark === "note" ? null : swatch(entry),
      el("span", {}, entry.label && el("b", {}, entry.label), " ", el("small", {}, entry.detail)));
    return el("section", { className: "legend" }, el("h2", {}, words.legend),
      el("ul", {}, ...spec.legend.map(row)));
  }

  function fit() {
    map.invalidateSize({ animate: false });
    map.fitBounds(HOME, { ...ROOM, animate: false });
  }

  /** In another page, let scrolling pass over the map until the reader turns to it. */
  function waitForClick() {
    const gestures = [map.scrollWheelZoom, ...(matchMedia("(pointer: coarse)").matches ? [map.dragging] : [])];
    const turn = (on) => gestures.forEach((gesture) => (on ? gesture.enable() : gesture.disable()));
    turn(false);
    for (const event of ["click", "focus"]) map.getContainer().addEventListener(event, () => turn(true));
    window.addEventListener("blur", () => turn(false));
  }

  /** Show the whole theatre, with everything but its ground. */
  function start() {
    fit();
    homeZoom = map.getZoom();
    map.setMinZoom(Math.floor(homeZoom) - 1);
    const [west, south, east, north] = spec.frame;
    // Moved here at once; setMaxBounds would let the map glide there after it is shown.
    map.panInsideBounds([[south, west], [north, east]], { animate: false });
    map.setMaxBounds([[south, west], [north, east]]);
    stage.append(...[mapButtons(), scale, spec.locator.theatre.length && locator(), creditLine(),
      el("p", { id: "alt", className: "visually-hidden" }, spec.alt)].filter(Boolean));
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words.map);
    container.setAttribute("aria-describedby", "alt");
    map.getPane("names").append(names);
    drawLand();
    drawWater();
    drawOutline();
    map.on("zoomstart", () => names.classList.add("moving"));
    map.on("zoomend", () => names.classList.remove("moving"));
    map.on("moveend", () => {
      drawScale();
      drawNames();
    });
    map.fire("moveend");
    matchMedia("print").addEventListener("change", fit);
    if (window.self !== window.top) waitForClick();
  }

  return { el, svg, say, link, figures, citation, decode, shape, within, layers, stage, showing, HOME, ROOM,
    PANES, family, textWidth, polygon, polyline, paint, hatchPaint, lineScale, drawNames, drawPills, swatch,
    legend, start };
}
