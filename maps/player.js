// Plays the series of control maps that the page's JSON block describes, on the map of base.js.
//
// Nothing here decides what is on a map: that was settled in maps/series.py. Text from the project
// reaches the document only through textContent and text nodes, never as markup.
"use strict";

frontmapWhenShown(async () => {
  const spec = JSON.parse(document.getElementById("frontmap-data").textContent);
  const root = document.documentElement;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches)
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, inertia: false });
  const map = L.map("map", { zoomControl: false, attributionControl: false, zoomSnap: 0.1, maxZoom: spec.max_zoom });
  map.fitBounds([[spec.bounds[1], spec.bounds[0]], [spec.bounds[3], spec.bounds[2]]], { animate: false });
  const { words, grounds, strokes } = spec;
  const base = frontmapBase(spec, map);
  const { el, svg, say, figures } = base;
  base.showing.callOuts = [];

  if (!("DecompressionStream" in window)) {
    base.stage.append(el("p", { className: "failure", role: "alert" }, words.old_browser));
    return;
  }
  const [packed, told] = await Promise.all([spec.arcs, spec.told].map(frontmapInflate));
  const { frames, changes } = JSON.parse(new TextDecoder().decode(told));
  const net = frontmapArcs(packed, world);

  // --- days ----------------------------------------------------------------------------------

  const DAY_MS = 86400000;
  const time = (iso) => Date.parse(`${iso}T00:00:00Z`);
  const times = [...spec.days.lead.map(time),
    ...Array.from({ length: spec.days.count }, (_, i) => time(spec.days.first) + i * DAY_MS)];
  const START = spec.days.lead.length, END = times.length - 1;
  const iso = (state) => new Date(times[state]).toISOString().slice(0, 10);
  let shown = END;

  /** Write a date in full, as the words of the language do. */
  function day(state) {
    const at = new Date(times[state]);
    return `${at.getUTCDate()} ${spec.months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  }

  /** Return the frame that stands in a state. */
  function frameOf(state) {
    let low = 0, high = frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frames[middle].state <= state) low = middle + 1;
      else high = middle;
    }
    return frames[low - 1];
  }

  /** Return the changes of the day shown: a frame stands longer than its changes are new. */
  const newIn = ({ state, changes: own }) => (state === shown ? own : []);

  // --- ground --------------------------------------------------------------------------------

  /** Project quanta of degrees to Web Mercator, the world being 1 wide and high. */
  function world(x, y) {
    const lat = ((y / spec.quanta) * Math.PI) / 180;
    return [x / spec.quanta / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) / (2 * Math.PI)];
  }

  // For each set of labels, whether it says: outline of that ground, of that actor; a front.
  const actors = [...new Set(grounds.map(({ actor }) => actor).filter(Boolean))];
  const ofGround = grounds.map((_, label) => net.sets.map((set) => set.includes(label)));
  const ofActor = actors.map((actor) =>
    net.sets.map((set) => set.filter((label) => grounds[label].actor === actor).length % 2 === 1));
  const ofFront = net.sets.map((set) => {
    const sides = new Set(set.map((label) => grounds[label].side));
    return sides.size === 2 && !sides.has(null);
  });

  const pick = (test) => net.arcs.flatMap((_, arc) => (test(arc) ? arc : []));

  /** Return what draws on a path: world coordinates times `size`, less `left` and `top`. */
  function pencil({ size, left, top }) {
    const path = new Path2D();
    const follow = ([{ points }, backwards], from) => {
      for (let i = from; i < points.length / 2; i++) {
        const at = 2 * (backwards ? points.length / 2 - 1 - i : i);
        path[i ? "lineTo" : "moveTo"](points[at] * size - left, points[at + 1] * size - top);
      }
    };
    return {
      path,
      lines: (chosen) => chosen.forEach((arc) => follow([net.arcs[arc], false], 0)),
      area: (chosen) => net.rings(chosen).forEach((ring) => {
        ring.forEach((piece, i) => follow(piece, i ? 1 : 0));
        path.closePath();
      }),
    };
  }

  function areaPath(view, chosen) {
    const { path, area } = pencil(view);
    area(chosen);
    return path;
  }

  function fill(context, view, path, { colour, opacity, hatch }) {
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fill(path, "evenodd");
    context.globalAlpha = 1;
    if (!hatch) return;
    context.fillStyle = hatchPattern(context, view, hatch);
    context.fill(path, "evenodd");
  }

  const FINE = 4;
  const tiles = new Map();

  /** Return the same pattern as the page's, which lies still on the map. */
  function hatchPattern(context, { x, y }, hatch) {
    const key = JSON.stringify(hatch);
    if (!tiles.has(key)) tiles.set(key, hatchTile(hatch));
    const pattern = context.createPattern(tiles.get(key), "repeat");
    const turn = { "\\": -45, ".": 0 }[hatch.mark] ?? 45;
    pattern.setTransform(new DOMMatrix().translate(-x, -y).rotate(turn).scale(1 / FINE));
    return pattern;
  }

  function hatchTile({ mark, colour, opacity, spacing_px: size, width_px: width }) {
    const tile = el("canvas", { width: size * FINE, height: size * FINE });
    const context = tile.getContext("2d");
    context.scale(FINE, FINE);
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.beginPath();
    if (mark === ".") context.arc(size / 2, size / 2, width / 2, 0, 2 * Math.PI);
    else context.rect((size - width) / 2, 0, width, size);
    if (mark === "x") context.rect(0, (size - width) / 2, size, width);
    context.fill();
    return tile;
  }

  function drawGround(context, view) {
    const sets = net.at(shown);
    const outline = (test) => pick((arc) => test[sets[arc]]);
    const paths = grounds.map((ground, label) => {
      const chosen = outline(ofGround[label]);
      if (!chosen.length) return null;
      const path = areaPath(view, chosen);
      fill(context, view, path, ground.fill);
      return path;
    });
    const since = compared();
    if (since === null || !showing.gains) return;
    const before = net.at(since);
    actors.forEach((actor, i) => {
      const moved = pick((arc) => ofActor[i][sets[arc]] !== ofActor[i][before[arc]]);
      if (moved.length) drawGains(context, view, actor, areaPath(view, moved), paths);
    });
  }

  /** Draw the part of what changed hands that now is the actor's. */
  function drawGains(context, view, actor, moved, paths) {
    grounds.forEach((ground, label) => {
      if (ground.actor !== actor || !paths[label]) return;
      context.save();
      context.clip(paths[label], "evenodd");
      fill(context, view, moved, ground.gain_fill);
      // Half of the line is clipped away.
      context.lineWidth = 2 * strokes.gain.weight;
      context.strokeStyle = ground.outline;
      context.stroke(moved);
      context.restore();
    });
  }

  function drawFront(context, view) {
    const sets = net.at(shown);
    const { path, lines } = pencil(view);
    lines(pick((arc) => ofFront[sets[arc]]));
    context.lineCap = context.lineJoin = "round";
    for (const name of ["casing", "front"]) {
      context.strokeStyle = getComputedStyle(root).getPropertyValue(`--${name}`);
      context.lineWidth = strokes[name].weight * base.lineScale();
      context.stroke(path);
    }
  }

  // --- canvases ------------------------------------------------------------------------------

  const printing = matchMedia("print");

  /** A canvas that moves and zooms with the map, as Leaflet's own renderers do. */
  const Sheet = L.Renderer.extend({
    initialize(pane, draw) {
      L.Renderer.prototype.initialize.call(this, { pane, padding: 0.2 });
      this.draw = draw;
    },
    _initContainer() {
      this._container = el("div", { className: "sheet" });
      this.screen = el("canvas");
    },
    _destroyContainer() {
      this._container.remove();
    },
    _update() {
      if (map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this.redraw();
    },
    redraw() {
      const { min: { x, y }, max } = this._bounds;
      const ratio = printing.matches ? 3 : window.devicePixelRatio;
      const size = { width: Math.round((max.x - x) * ratio), height: Math.round((max.y - y) * ratio) };
      const canvas = printing.matches ? el("canvas", size) : Object.assign(this.screen, size);
      // On paper, Chromium repeats what was drawn on a canvas, and paints the blank in white.
      const plate = printing.matches ? new OffscreenCanvas(size.width, size.height) : canvas;
      const context = plate.getContext("2d");
      const origin = map.getPixelOrigin();
      context.scale(ratio, ratio);
      this.draw(context, { x, y, size: 256 * 2 ** map.getZoom(), left: origin.x + x, top: origin.y + y });
      if (plate !== canvas) canvas.getContext("bitmaprenderer").transferFromImageBitmap(plate.transferToImageBitmap());
      if (canvas.parentNode !== this._container) this._container.replaceChildren(canvas);
    },
  });
  const sheets = [new Sheet("ground", drawGround), new Sheet("front", drawFront)];
  const redraw = () => sheets.forEach((sheet) => sheet.redraw());

  // --- distances -----------------------------------------------------------------------------

  const callOutLines = ["front-casing", "call-out"].map((className, i) =>
    base.polyline([], "front", className, { ...strokes.callOut, ...(i ? {} : { weight: strokes.callOut.weight + 2, dashArray: null }) }));

  function drawCallOuts({ call_outs: callOuts }) {
    for (const callOut of callOuts) callOut.shape ??= base.shape(callOut.line);
    const drawn = callOuts.filter(({ inside }) => !inside).flatMap(({ shape }) => shape);
    callOutLines.forEach((line) => line.setLatLngs(drawn));
    base.showing.callOuts = callOuts;
    base.drawPills();
  }

  // --- beside the map ------------------------------------------------------------------------

  const showing = { gains: true };
  const asOf = el("p", { className: "as-of" });
  const live = el("p", { className: "visually-hidden", "aria-live": "polite" });
  const caption = el("section", { className: "changes caption" });
  const distances = el("section", { className: "distances" });
  const legend = base.legend();
  const patterns = el("section", { className: "legend" }, el("ul", {}, ...legend.querySelectorAll("li:not(.actor, .note)")));
  const FEW = 12;

  function changeItem(index) {
    const { entry: { where, what, certainty, note, sources }, bounds: [west, south, east, north] } = changes[index];
    const cited = sources.map(({ source, said_by: who }) => base.citation(spec.sources[source], who));
    return el("li", {},
      el("button", { type: "button", onclick: () =>
        map.fitBounds(L.latLngBounds([[south, west], [north, east]]).pad(0.6), { maxZoom: 9.5 }) },
      el("b", {}, where), ` ${what} `, el("em", { className: certainty }, words[certainty])),
      note && el("p", { className: "note" }, note),
      el("ul", { className: "said" }, ...cited));
  }

  function tellChanges(frame) {
    const today = newIn(frame);
    const more = today.slice(FEW);
    caption.hidden = !changes.length;
    caption.replaceChildren(el("h2", {}, say("changes_on", { day: day(shown) })),
      today.length ? el("ul", {}, ...today.slice(0, FEW).map(changeItem)) : el("p", {}, words.changes_none),
      ...(more.length ? [el("details", {}, el("summary", {}, say("and_more", { count: more.length })),
        el("ul", {}, ...more.map(changeItem)))] : []));
  }

  /** Set the names of the places that changed today in bold. */
  function markNews() {
    const named = new Set(newIn(frameOf(shown)).map((index) => changes[index].place));
    for (const place of document.querySelectorAll(".names .place"))
      place.classList.toggle("news", named.has(place.dataset.id));
  }

  function tellDistances({ call_outs: callOuts, distance_notes: notes }) {
    distances.hidden = !callOuts.length && !notes.length;
    const row = (callOut) => el("li", {}, el("button", { type: "button",
      onclick: () => map.fitBounds(L.latLngBounds(callOut.shape[0]).pad(1.5), { maxZoom: 10.5 }) },
    el("b", {}, callOut.place), " ", el("bdi", {}, callOut.label)), el("small", {}, callOut.sentence));
    distances.replaceChildren(el("h2", {}, words.distances), el("ul", {}, ...callOuts.map(row)),
      ...notes.map((note) => el("p", {}, note)));
  }

  const area = (km2) => (km2 < 0.5 ? "0" : figures(km2));

  /** Fill in the legend's areas, and what came and went since the day compared with. */
  function tellAreas({ km2 }) {
    const since = compared();
    const before = since === null ? km2 : frameOf(since).km2;
    legend.querySelectorAll(".actor small").forEach((cell, i) => {
      const [now, low, high] = km2[i];
      const change = now - before[i][0];
      const told = area(low) === area(high) ? say("area", { area: area(now) })
        : say("area_range", { low: area(low), high: area(high) });
      const turn = Math.abs(change) < 0.5 ? null
        : el("b", { className: "turn", title: say(change > 0 ? "gained" : "lost", { area: area(Math.abs(change)), day: day(since) }) },
          `${change > 0 ? "+" : "\u2212"}${area(Math.abs(change))}`);
      cell.replaceChildren(...[told, turn && " ", turn].filter(Boolean));
    });
    const gain = patterns.querySelector(".gain");
    if (!gain) return;
    gain.hidden = since === null;
    if (since !== null) gain.querySelector("b").textContent = say("legend_gains", { day: day(since) });
  }

  function toggles() {
    const box = (name, checked, act) => el("label", {},
      el("input", { type: "checkbox", checked, onchange: (event) => act(event.target.checked) }), name);
    const named = (key, word) => box(words[word], base.showing[key], (on) => {
      base.showing[key] = on;
      base.drawNames();
    });
    const rivers = (on) => (on ? base.layers.rivers.addTo(map) : base.layers.rivers.remove());
    rivers(true);
    return el("fieldset", { className: "toggles" }, el("legend", {}, words.show),
      box(words.layer_gains, true, (on) => {
        showing.gains = on;
        redraw();
      }),
      named("names", "layer_labels"), named("both", "layer_both"), box(words.layer_rivers, true, rivers));
  }

  function sources() {
    const count = spec.sources.length;
    return count ? el("details", {}, el("summary", {}, say("sources_count", { count })),
      el("ul", { className: "sources" }, ...spec.sources.map((source) => base.citation(source)))) : null;
  }

  // --- who held a point ----------------------------------------------------------------------

  const panel = el("section", { className: "panel history", hidden: true });

  function tellHistory({ lat, lng }) {
    const spells = net.history(...world(lng * spec.quanta, lat * spec.quanta));
    if (!spells.length) return closePanel();
    const holder = (labels) => labels.map((label) => grounds[label].heading).join(", ") || words.no_data;
    const rows = spells.map(([state, labels], i) => ({ state: Math.max(state, START), labels, until: spells[i + 1]?.[0] ?? END + 1 }))
      .filter(({ until }) => until > START);
    panel.replaceChildren(
      el("button", { type: "button", className: "close", "aria-label": words.close, onclick: closePanel }, "\u00d7"),
      el("h2", {}, words.history),
      el("ul", {}, ...rows.map(({ state, labels, until }) => el("li", { className: state <= shown && shown < until ? "now" : "" },
        el("button", { type: "button", onclick: () => go(state) }, day(state)), " ", holder(labels)))));
    panel.setAttribute("aria-label", words.history);
    panel.hidden = false;
    panel.at = { lat, lng };
    return null;
  }

  function closePanel() {
    panel.hidden = true;
  }

  map.on("click", ({ latlng }) => tellHistory(latlng));

  // --- time line -----------------------------------------------------------------------------

  const slider = el("input", { type: "range", className: "slider", min: START, max: END, step: 1,
    "aria-label": words.day, oninput: () => go(Number(slider.value)) });
  const date = el("output", { className: "date" });
  const icon = (...paths) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
    ...paths.map((d) => svg("path", { d })));
  const PLAY = "M3 1.5v13l11-6.5z", PAUSE = ["M3 2h3.5v12H3z", "M9.5 2H13v12H9.5z"];
  const player = el("button", { type: "button", className: "play", onclick: () => (playing ? stop() : play()) });
  const button = (name, act, ...paths) =>
    el("button", { type: "button", title: name, "aria-label": name, onclick: act }, icon(...paths));
  const choice = (name, options, chosen, act) => el("label", { className: "choice" }, el("span", {}, name),
    el("select", { onchange: (event) => act(event.target.value) }, ...options.map(([value, text]) =>
      el("option", { value, selected: value === chosen }, text))));

  const SPEEDS = [1, 2, 4, 8, 16, 32].filter((speed) => speed === 1 || speed < END - START);
  const LONGEST_S = 40;
  let speed = SPEEDS.find((one) => (END - START) / one <= LONGEST_S) ?? SPEEDS.at(-1);

  const since = spec.since && times.indexOf(time(spec.since));
  let comparison = since === null ? 1 : `@${since}`;

  /** Return the state that gains are measured against, null where there is none before this one. */
  function compared() {
    const wanted = String(comparison).startsWith("@") ? Number(comparison.slice(1))
      : times.findIndex((at) => at >= times[shown] - comparison * DAY_MS);
    return wanted < shown ? wanted : null;
  }

  function comparisons() {
    const spans = [[1, "compare_day"], [7, "compare_week"], [30, "compare_month"]]
      .filter(([days]) => days === 1 || days < END - START);
    const fixed = [...new Set([since, Math.max(0, START - 1)])].filter((state) => state !== null);
    return [...spans.map(([days, word]) => [days, words[word]]), ...fixed.map((state) => [`@${state}`, day(state)])];
  }

  function controls() {
    return el("div", { className: "controls" },
      el("div", { className: "transport" },
        button(words.step_back, () => step(-1), "M12 2v12L4 8z", "M2.5 2h2v12h-2z"), player,
        button(words.step_forward, () => step(1), "M4 2v12l8-6z", "M11.5 2h2v12h-2z")),
      date,
      choice(words.speed, SPEEDS.map((one) => [one, one]), speed, (value) => (speed = Number(value))),
      choice(words.compare, comparisons(), comparison, (value) => {
        comparison = value.startsWith("@") ? value : Number(value);
        show(shown);
      }));
  }

  /** Write a few dates below the slider, as many days apart, and the last. */
  function ticks() {
    const format = new Intl.DateTimeFormat(`${spec.lang === "en" ? "en-GB" : spec.lang}-u-nu-latn`,
      { timeZone: "UTC", month: "short", ...(END - START > 330 ? { year: "numeric" } : { day: "numeric" }) });
    const apart = Math.ceil((END - START) / 6) || 1;
    const states = [];
    for (let state = START; state < END - 0.6 * apart; state += apart) states.push(state);
    return el("div", { className: "ticks", "aria-hidden": "true" }, ...[...states, END].map((state, i) => {
      const tick = el("span", { className: i % 2 ? "minor" : "" }, format.format(times[state]));
      tick.style.insetInlineStart = `${share(state) * 100}%`;
      return tick;
    }));
  }

  const share = (state) => (END > START ? (state - START) / (END - START) : 0);

  const DASHES = ["", "5 3", "1.5 2.5", "8 3 2 3"];

  /** Draw lines of values over the days; the one of the day shown stands beside each name. */
  function chart(className, title, rows) {
    const known = rows.flatMap(({ values }) => values.filter((value) => value !== null));
    const [low, high] = [Math.min(0, ...known), Math.max(...known)];
    const y = (value) => (100 * (high - value)) / (high - low || 1);
    const cursor = svg("line", { class: "cursor", y1: 0, y2: 100 });
    const stroked = (tag, attributes, { colour, dash }) => {
      const node = svg(tag, { class: "line", ...attributes });
      Object.assign(node.style, { stroke: colour ?? "", strokeDasharray: dash ?? "" });
      return node;
    };
    const lines = rows.map((row) => stroked("path", { d: linePath(row.values, y) }, row));
    const plot = svg("svg", { class: "plot", viewBox: `0 0 ${END - START || 1} 100`, preserveAspectRatio: "none", "aria-hidden": "true" },
      ...(low < 0 && high > 0 ? [svg("line", { class: "zero", x1: 0, x2: END - START, y1: y(0), y2: y(0) })] : []), ...lines, cursor);
    plot.addEventListener("pointerdown", (event) => {
      const box = plot.getBoundingClientRect();
      go(START + Math.round(((event.clientX - box.left) / box.width) * (END - START)));
    });
    const keys = rows.map((row) => ({ name: row.name, value: el("b"),
      sample: svg("svg", { viewBox: "0 0 16 8", "aria-hidden": "true" }, stroked("line", { x1: 0, x2: 16, y1: 4, y2: 4 }, row)) }));
    const update = () => {
      for (const end of ["x1", "x2"]) cursor.setAttribute(end, shown - START);
      rows.forEach(({ values, write }, i) => (keys[i].value.textContent = write(values[shown - START])));
    };
    const node = el("figure", { className: `chart ${className}` },
      el("figcaption", {}, el("span", { className: "what" }, title), ...keys.map(({ sample, name, value }) =>
        el("span", { className: "key" }, sample, name, " ", value))),
      el("div", { className: "frame" }, plot,
        el("span", { className: "high" }, figures(high)), low < 0 && el("span", { className: "low" }, figures(low))));
    return { node, update };
  }

  function linePath(values, y) {
    let pen = "M";
    return values.map((value, x) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const piece = `${pen}${x} ${y(value).toFixed(2)}`;
      pen = "L";
      return piece;
    }).join("");
  }

  const days = Array.from({ length: END - START + 1 }, (_, i) => START + i);

  /** Chart areas, or where they hardly differ from day to day, by how much they changed. */
  function areaChart() {
    const series = spec.holders.map((_, i) => days.map((state) => frameOf(state).km2[i][0]));
    const spread = Math.max(...series.map((values) => Math.max(...values) - Math.min(...values)));
    const signed = (km2) => `${km2 > 0 ? "+" : km2 < 0 ? "\u2212" : ""}${area(Math.abs(km2))}`;
    const still = spread < 0.1 * Math.max(...series.flat());
    const rows = spec.holders.map(({ short_name: name, colour }, i) => ({ name, colour, write: still ? signed : area,
      dash: spec.holders[i].fill.hatch ? DASHES[1] : "",
      values: still ? series[i].map((km2) => km2 - series[i][0]) : series[i] }));
    return chart("areas", still ? say("change_chart", { day: day(START) }) : words.area_chart, rows);
  }

  function distanceChart() {
    const measured = (id) => days.map((state) =>
      frameOf(state).call_outs.find((callOut) => callOut.place_id === id)?.distance_km ?? null);
    const rows = spec.targets.map(([id, name], i) => ({ name, values: measured(id), dash: DASHES[i % DASHES.length],
      write: () => frameOf(shown).call_outs.find((callOut) => callOut.place_id === id)?.label ?? "\u2013" }));
    return rows.some(({ values }) => values.some((value) => value !== null)) ? chart("distances", words.distance_chart, rows) : null;
  }

  const charts = [spec.holders.length ? areaChart() : null, distanceChart()].filter(Boolean);

  // --- playing -------------------------------------------------------------------------------

  let playing = null;

  function show(state) {
    shown = Math.min(END, Math.max(START, state));
    const frame = frameOf(shown);
    redraw();
    drawCallOuts(frame);
    markNews();
    tellChanges(frame);
    tellDistances(frame);
    tellAreas(frame);
    charts.forEach(({ update }) => update());
    slider.value = shown;
    slider.setAttribute("aria-valuetext", day(shown));
    date.textContent = day(shown);
    asOf.textContent = say("as_of", { day: day(shown), zone: spec.time_zone });
    if (!panel.hidden) tellHistory(panel.at);
  }

  /** Show a day, stop there, and put it into the address. */
  function go(state) {
    stop();
    show(state);
    settle();
  }

  const step = (by) => go(shown + by);

  let settling;

  /** Say what is shown, and put it into the address, once the slider rests. */
  function settle() {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const told = newIn(frameOf(shown)).slice(0, FEW).map((index) => say("change_of", changes[index].entry));
      live.textContent = [day(shown), ...(told.length ? told : changes.length ? [words.changes_none] : [])].join(". ");
      // A page inside a srcdoc has no address of its own.
      if (location.protocol !== "about:") history.replaceState(null, "", `#${iso(shown)}`);
    }, 200);
  }

  function play() {
    if (shown === END) show(START);
    const began = { at: performance.now(), state: shown, speed };
    const tick = (now) => {
      if (began.speed !== speed) Object.assign(began, { at: now, state: shown, speed });
      const next = began.state + Math.floor(((now - began.at) / 1000) * speed);
      if (next > shown) show(next);
      if (shown === END) stop();
      else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
    dressPlayer();
  }

  function stop() {
    if (playing === null) return;
    cancelAnimationFrame(playing);
    playing = null;
    dressPlayer();
    settle();
  }

  function dressPlayer() {
    const name = playing === null ? words.play : words.pause;
    player.replaceChildren(icon(...(playing === null ? [PLAY] : PAUSE)));
    player.title = name;
    player.setAttribute("aria-label", name);
  }

  const KEYS = { ArrowLeft: () => step(-1), ArrowDown: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => step(1),
    Home: () => go(START), End: () => go(END), " ": () => player.click(), Escape: closePanel };

  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    const within = (selector) => event.target.closest(selector);
    // Buttons take the space bar, lists the arrows, and the map its arrows for panning.
    if (event.key === " " ? within("button, select, summary, a, [type=checkbox]")
      : event.key !== "Escape" && within("select, .leaflet-container")) return;
    event.preventDefault();
    act();
  });

  /** Return the state that the address asks for, else the last. */
  function asked() {
    const [wanted] = (location.hash || root.dataset.view || "").match(/\d{4}-\d\d-\d\d/) ?? [];
    const state = wanted ? times.indexOf(time(wanted), START) : -1;
    return state < START ? END : state;
  }

  window.addEventListener("hashchange", () => {
    stop();
    show(asked());
  });

  function start() {
    document.getElementById("head").append(...[el("h1", {}, spec.title), asOf,
      spec.known_line && el("p", { className: "known" }, spec.known_line)].filter(Boolean));
    document.getElementById("side").append(...[legend, caption, patterns, distances, toggles(), sources(),
      el("p", { className: "help" }, words.player_help)].filter(Boolean));
    const line = document.getElementById("timeline");
    line.setAttribute("aria-label", words.timeline);
    line.append(controls(), slider, ticks(), ...charts.map(({ node }) => node));
    dressPlayer();
    base.start();
    base.stage.append(panel, live);
    for (const layer of [...sheets, ...callOutLines]) layer.addTo(map);
    show(asked());
    map.on("moveend", markNews);
    for (const query of ["(prefers-color-scheme: dark)", "print"])
      matchMedia(query).addEventListener("change", redraw);
    root.dataset.ready = "";
  }

  start();
});
