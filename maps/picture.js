// The page's map as a picture: title, map, legend, distances, sources and credits on one sheet.
//
// The sheet is an SVG drawing of what the page shows, its styles written into every element, put
// on a canvas of twice the size. It needs no network, and no more of the policy than img-src data:.
"use strict";

async function frontmapPicture({ spec, map, PANES, svg, swatch, textWidth, family, say }) {
  const RATIO = 2;
  const MARGIN = 16;
  const STYLES = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-width",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order", "opacity",
    "font-size", "font-weight", "font-family", "letter-spacing", "text-anchor"];
  const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
  const theme = getComputedStyle(document.documentElement);
  const colour = (name) => theme.getPropertyValue(`--${name}`).trim();
  const { x: width, y: height } = map.getSize();
  const rtl = spec.direction === "rtl";
  const sheet = svg("g");
  let bottom = MARGIN;

  /** Copy a drawing with the styles that it has on the page; what isn't shown is left out. */
  function frozen(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.cloneNode();
    const style = getComputedStyle(node);
    const copy = node.cloneNode(false);
    for (const name of STYLES) copy.setAttribute(name, style.getPropertyValue(name));
    const shown = [...node.childNodes].filter((child) =>
      child.nodeType !== Node.ELEMENT_NODE || getComputedStyle(child).display !== "none");
    copy.append(...shown.map(frozen));
    return copy;
  }

  // --- text ----------------------------------------------------------------------------------

  /** Break a text into lines, keeping the isolated parts of each line isolated. */
  function lines(text, font, room) {
    const broken = [];
    for (const word of text.split(/\s+/)) {
      const longer = broken.length ? `${broken.at(-1)} ${word}` : word;
      if (broken.length && textWidth(longer, font) <= room) broken[broken.length - 1] = longer;
      else broken.push(word);
    }
    let open = 0;
    return broken.map((line) => {
      const start = "\u2068".repeat(open);
      open += line.split("\u2068").length - line.split("\u2069").length;
      return start + line + "\u2069".repeat(Math.max(0, open));
    });
  }

  /** Write a text below `y` between `x` and `x + room`, and return where it ends. */
  function write(text, [size, weight], ink, y = bottom, x = MARGIN, room = width - 2 * MARGIN) {
    const step = size * 1.3;
    const broken = text ? lines(text, [size, weight], room) : [];
    broken.forEach((line, i) => sheet.append(svg("text", { x: rtl ? x + room : x, y: y + step * (i + 0.8),
      direction: spec.direction, fill: colour(ink), "font-size": size, "font-weight": weight,
      "font-family": family }, line)));
    return y + step * broken.length;
  }

  // --- parts of the sheet --------------------------------------------------------------------

  function heading() {
    bottom = write(spec.title, [22, 700], "ink");
    bottom = write(spec.as_of_line, [14.5, 600], "ink", bottom + 3);
    bottom = write(spec.known_line, [11.5, 400], "muted") + 10;
  }

  function drawMap() {
    const view = svg("svg", { x: 0, y: bottom, width, height, overflow: "hidden" });
    const { x, y } = map.containerPointToLayerPoint([0, 0]);
    const layers = svg("g", { transform: `translate(${-x} ${-y})` });
    for (const pane of PANES.filter((name) => name !== "selection"))
      for (const drawn of map.getPane(pane).querySelectorAll(":scope > svg"))
        layers.append(...[...drawn.children].map(frozen));
    layers.querySelectorAll(".front-hit").forEach((path) => path.remove());
    view.append(svg("rect", { width, height, fill: colour("sea") }), layers, ...furniture());
    sheet.append(view);
    bottom += height;
    for (const line of [bottom - height, bottom])
      sheet.append(svg("rect", { x: 0, y: line - 0.5, width, height: 1, fill: colour("rule") }));
    bottom += 12;
  }

  /** Scale bar and locator, where they are on the page. */
  function furniture() {
    const origin = map.getContainer().getBoundingClientRect();
    const stage = map.getContainer().parentElement;
    const at = (node) => {
      const { left, top, width: w, height: h } = node.getBoundingClientRect();
      return { x: left - origin.left, y: top - origin.top, width: w, height: h };
    };
    const placed = (node) => Object.entries(at(node)).reduce((copy, [name, value]) => {
      copy.setAttribute(name, value);
      return copy;
    }, frozen(node));
    const [label, bar, locator] = [".scale span", ".scale svg", ".locator"].map((name) => stage.querySelector(name));
    const { x, y, width: w, height: h } = at(label);
    const size = parseFloat(getComputedStyle(label).fontSize);
    return [
      svg("text", { x: x + w / 2, y: y + h * 0.78, "text-anchor": "middle", fill: colour("ink"), "font-size": size,
        "font-family": family, stroke: colour("casing"), "stroke-width": 3, "paint-order": "stroke" }, label.textContent),
      placed(bar),
      svg("rect", { ...at(locator), fill: colour("sea"), stroke: colour("rule"), "stroke-width": 2 }),
      placed(locator),
    ];
  }

  /** The actors and their note, then the ways in which ground is shown. */
  function legend() {
    const note = spec.legend.findIndex(({ mark }) => mark === "note");
    legendRows(spec.legend.slice(0, Math.max(0, note)));
    if (note >= 0) bottom = write(spec.legend[note].detail, [11.5, 400], "muted") + 12;
    legendRows(spec.legend.slice(note + 1));
    bottom += 4;
  }

  /** Entries in as many columns as there is room for, row by row. */
  function legendRows(entries) {
    const gap = 20;
    const columns = Math.max(1, Math.floor((width - 2 * MARGIN + gap) / 260));
    const room = (width - 2 * MARGIN - gap * (columns - 1)) / columns;
    for (let i = 0; i < entries.length; i += columns) {
      const ends = entries.slice(i, i + columns).map((entry, j) =>
        legendEntry(entry, MARGIN + (rtl ? columns - 1 - j : j) * (room + gap), room));
      bottom = Math.max(...ends) + 7;
    }
  }

  function legendEntry(entry, x, room) {
    const textX = rtl ? x : x + 40;
    drawSwatch(entry, rtl ? x + room - 30 : x);
    const end = write(entry.label, [12.5, 600], "ink", bottom, textX, room - 40);
    return Math.max(bottom + 18, write(entry.detail, [11.5, 400], "muted", end, textX, room - 40));
  }

  function drawSwatch(entry, x) {
    // It takes its colours from the style sheet, so it must be on the page to be copied.
    const drawn = swatch(entry);
    document.body.append(drawn);
    const copy = frozen(drawn);
    drawn.remove();
    const place = { x, y: bottom, width: 30, height: 18 };
    for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value);
    const isLine = entry.mark === "front" || entry.mark === "distance";
    sheet.append(svg("rect", { ...place, fill: colour(isLine ? "paper" : "land") }), copy);
  }

  function footer() {
    for (const text of [...spec.call_outs.map(({ sentence }) => sentence), ...spec.distance_notes])
      bottom = write(text, [12, 400], "ink") + 2;
    const publishers = [...new Set(spec.sources.map(({ publisher }) => publisher))];
    const sources = `${say("sources_count", { count: spec.sources.length })}: ${publishers.map(isolated).join("; ")}`;
    bottom = write(sources, [11, 400], "muted", bottom + 6);
    // The online background can't be copied, so it needs no credit here.
    const credits = spec.tiles ? spec.credits.slice(0, -1) : spec.credits;
    bottom = write(credits.map(({ text }) => isolated(text)).join(" · "), [11, 400], "muted", bottom + 4) + MARGIN;
  }

  const isolated = (text) => `\u2068${text}\u2069`;

  // --- the picture ---------------------------------------------------------------------------

  function compose() {
    heading();
    drawMap();
    legend();
    footer();
    const patterns = [...document.querySelectorAll(".patterns pattern")].map((pattern) => pattern.cloneNode(true));
    return svg("svg", { width, height: Math.ceil(bottom), viewBox: `0 0 ${width} ${Math.ceil(bottom)}` },
      svg("defs", {}, ...patterns), svg("rect", { width, height: bottom, fill: colour("paper") }), sheet);
  }

  function load(drawing) {
    const text = new XMLSerializer().serializeToString(drawing).replace(NOT_IN_XML, "");
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = reject;
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    });
  }

  const image = await load(compose());
  const canvas = document.createElement("canvas");
  canvas.width = RATIO * width;
  canvas.height = RATIO * Math.ceil(bottom);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
