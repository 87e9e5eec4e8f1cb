// Draws the control map that the page's JSON block describes, on the map of base.js.
//
// Nothing here decides what is on the map: that was settled in maps/spec.py. Text from the project
// reaches the document only through textContent and text nodes, never as markup.
"use strict";

frontmapWhenShown(() => {
  const spec = JSON.parse(document.getElementById("frontmap-data").textContent);
  const map = window.map_frontmap;
  const { words, strokes } = spec;
  const base = frontmapBase(spec, map);
  const { el, say, figures, citation, shape, within, layers, polygon, polyline } = base;

  for (const part of [...spec.grounds, ...spec.pieces, ...spec.gains]) part.shape = shape(part.polygon);
  for (const part of [...spec.front, ...spec.call_outs]) part.shape = shape(part.line);

  // --- areas and lines -----------------------------------------------------------------------

  const selection = L.layerGroup().addTo(map);
  for (const name of ["gains", "records"]) layers[name] = L.layerGroup();

  function drawGround() {
    for (const ground of spec.grounds) base.paint(ground, "ground", "ground", map);
    for (const gain of spec.gains) {
      base.paint(gain, "gain", "gain", layers.gains);
      polygon(gain.shape, "gain", "gain-outline",
        { stroke: true, fill: false, color: gain.outline, ...strokes.gain }).addTo(layers.gains);
    }
    for (const piece of spec.pieces)
      polygon(piece.shape, "records", "record", { stroke: true, fill: false, weight: 0.8 }).addTo(layers.records);
  }

  function drawFront() {
    const lines = spec.front.flatMap((stretch) => stretch.shape);
    const drawn = [strokes.casing, strokes.front].map((stroke, i) =>
      polyline(lines, "front", i ? "front-line" : "front-casing", stroke).addTo(map));
    map.on("zoomend", () => drawn.forEach((line, i) => {
      const { weight } = [strokes.casing, strokes.front][i];
      line.setStyle({ weight: weight * base.lineScale() });
    }));
    for (const { shape: line } of spec.call_outs.filter((callOut) => !callOut.inside)) {
      polyline(line, "front", "front-casing", { weight: strokes.callOut.weight + 2 }).addTo(map);
      polyline(line, "front", "call-out", strokes.callOut).addTo(map);
    }
    for (const stretch of spec.front)
      polyline(stretch.shape, "front", "front-hit", { interactive: true, weight: 18, opacity: 0 })
        .on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          selectFront(stretch);
        })
        .addTo(map);
  }

  // --- selection -----------------------------------------------------------------------------

  const panel = el("section", { className: "panel", hidden: true });
  const live = el("p", { className: "visually-hidden", "aria-live": "polite" });
  const byId = new Map(spec.changes.map((change) => [change.id, change]));
  let opener = null;

  function select({ heading, facts, title, changes, shapes, closed }, from = null) {
    clearSelection();
    opener = from;
    for (const rings of shapes) {
      const draw = closed ? (...rest) => polygon(rings, ...rest) : (...rest) => polyline(rings, ...rest);
      draw("selection", "selected-casing", { stroke: true, fill: false, weight: 5 }).addTo(selection);
      draw("selection", "selected", { stroke: true, fill: false, weight: 2.2 }).addTo(selection);
    }
    const rows = changes.map((id) => byId.get(id)).filter(Boolean).reverse();
    const name = el("h2", { tabIndex: -1 }, heading);
    panel.replaceChildren(
      el("button", { type: "button", className: "close", "aria-label": words.close, onclick: close }, "\u00d7"),
      name, ...facts.map((fact) => el("p", { className: "fact" }, fact)),
      el("h3", {}, rows.length ? title : words.no_records), el("ul", {}, ...rows.map(changeItem)));
    panel.setAttribute("aria-label", heading);
    panel.hidden = false;
    panel.scrollTop = 0;
    live.textContent = say("selected", { what: heading });
    if (from) name.focus({ preventScroll: false });
  }

  function clearSelection() {
    selection.clearLayers();
    panel.hidden = true;
  }

  function close() {
    clearSelection();
    (opener ?? map.getContainer()).focus();
    opener = null;
  }

  const inArea = (km2) => say("area", { area: figures(km2) });

  function selectPiece(piece, from) {
    const facts = [inArea(piece.area_km2)];
    if (piece.certainty) facts.unshift(`${words[piece.certainty]}: ${words[`${piece.certainty}_meaning`]}`);
    select({ heading: piece.heading, facts, title: words.records, changes: piece.changes,
      shapes: [piece.shape], closed: true }, from);
  }

  function selectFront(stretch, from) {
    select({ heading: `${words.front}: ${stretch.heading}`, title: words.records_front,
      facts: [`${figures(stretch.length_km)} ${words.km}`], changes: stretch.changes,
      shapes: [stretch.shape], closed: false }, from);
  }

  function selectChange(change, from) {
    const shapes = spec.pieces.filter((piece) => piece.changes.includes(change.id)).map((piece) => piece.shape)
      .filter((rings) => rings.length);
    if (shapes.length) map.fitBounds(L.latLngBounds(shapes.flat(2)).pad(0.6), { maxZoom: 9 });
    select({ heading: say("change_of", change), facts: [], title: words.records, changes: [change.id],
      shapes, closed: true }, from);
  }

  function changeItem(change) {
    const cited = change.sources.map(({ source, said_by: who }) => citation(spec.sources[source], who));
    return el("li", {},
      el("strong", {}, say("change_of", change)),
      el("p", {}, change.when, ". ", el("em", { className: change.certainty }, words[change.certainty]),
        `. ${change.outline}.`),
      change.note && el("p", { className: "note" }, change.note),
      el("ul", { className: "said" }, ...cited));
  }

  map.on("click", ({ latlng: { lat, lng } }) => {
    const piece = spec.pieces.find((candidate) => within(candidate.shape, lat, lng));
    if (piece) selectPiece(piece);
    else clearSelection();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !panel.hidden) close();
  });

  // --- beside the map ------------------------------------------------------------------------

  const notice = el("p", { className: "notice", role: "status", hidden: true });
  /** What the reader may show or hide, by the name that it has in the address. */
  const switches = new Map();
  const address = frontmapAddress({ ...base, spec, map, switches, notice });

  function heading() {
    document.getElementById("head").append(
      el("h1", {}, spec.title), el("p", { className: "as-of" }, spec.as_of_line),
      ...(spec.known_line ? [el("p", { className: "known" }, spec.known_line)] : []), notice);
  }

  function distances() {
    if (!spec.call_outs.length && !spec.distance_notes.length) return null;
    const row = (callOut) => el("li", {}, el("button", { type: "button",
      onclick: () => map.fitBounds(L.latLngBounds(callOut.shape[0]).pad(1.5), { maxZoom: 10.5 }) },
    el("b", {}, callOut.place), " ", el("bdi", {}, callOut.label)), el("small", {}, callOut.sentence));
    return el("section", { className: "distances" }, el("h2", {}, words.distances),
      el("ul", {}, ...spec.call_outs.map(row)),
      ...spec.distance_notes.map((note) => el("p", {}, note)));
  }

  function toggles() {
    const box = (name, word, initially, show) => {
      const input = el("input", { type: "checkbox", checked: initially });
      const turn = (on) => show(input.checked = on);
      input.addEventListener("change", () => {
        turn(input.checked);
        address.keep();
      });
      switches.set(name, { initially, turn, get on() { return input.checked; } });
      return el("label", {}, input, words[word]);
    };
    const layer = (name, word, on) => {
      const show = (visible) => (visible ? layers[name].addTo(map) : layers[name].remove());
      show(on);
      return box(name, word, on, show);
    };
    const named = (name, word) => box(name, word, base.showing[name], (on) => {
      base.showing[name] = on;
      base.drawNames();
    });
    return el("fieldset", { className: "toggles" }, el("legend", {}, words.show),
      spec.since ? layer("gains", "layer_gains", true) : null,
      named("names", "layer_labels"), named("both", "layer_both"),
      layer("rivers", "layer_rivers", true), layer("records", "layer_records", false));
  }

  function newChanges() {
    if (!spec.since_line) return null;
    const row = (change) => el("li", {}, el("button", { type: "button",
      onclick: (event) => selectChange(change, event.currentTarget) },
    el("b", {}, change.where), ` ${change.what} `, el("em", { className: change.certainty }, words[change.certainty])));
    const rows = spec.changes.filter((change) => change.is_new).map(row);
    return el("section", { className: "changes" }, el("h2", {}, spec.since_line),
      rows.length ? el("ul", {}, ...rows) : el("p", {}, words.changes_none));
  }

  /** The same in rows, for those who cannot see or click the map. */
  function tables() {
    const table = (caption, heads, rows) => el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows));
    const row = (choose, item, ...cells) => el("tr", {},
      el("th", { scope: "row" }, el("button", { type: "button",
        onclick: (event) => choose(item, event.currentTarget) }, item.heading)),
      ...cells.map((cell) => el("td", {}, cell)));
    const areas = spec.pieces.map((piece) =>
      row(selectPiece, piece, piece.certainty ? words[piece.certainty] : "\u2013", inArea(piece.area_km2)));
    const front = spec.front.map((stretch) =>
      row(selectFront, stretch, `${figures(stretch.length_km)} ${words.km}`));
    return el("details", {}, el("summary", {}, words.table),
      table(words.areas, [words.actor, words.certainty, words.area_heading], areas),
      front.length ? table(words.front, [words.front, words.length_heading], front) : null);
  }

  function sources() {
    const count = spec.sources.length;
    return el("details", { open: true }, el("summary", {}, say("sources_count", { count })),
      el("ul", { className: "sources" }, ...spec.sources.map((source) => citation(source))));
  }

  function furnish() {
    document.getElementById("side").append(...[base.legend(), distances(), newChanges(), toggles(), tables(),
      sources(), el("p", { className: "help" }, words.map_help)].filter(Boolean));
    base.stage.querySelector(".buttons").after(frontmapShare({ ...base, spec, map, address }));
    base.stage.append(panel, live);
  }

  function start() {
    heading();
    base.start();
    furnish();
    drawGround();
    drawFront();
    map.fire("zoomend");
    address.start();
  }

  start();
});
