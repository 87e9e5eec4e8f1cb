// The page's address, which tells what is shown, and the menu that hands it on: links, embed code
// and downloads, all made from the page's own data. Where a frame forbids the clipboard or
// downloads, the menu offers the same as text or as a picture to take by hand.
"use strict";

/** Tie date, view and layers to the address: #2024-12-06&map=7.5/34.8/36.7&hide=gains,names */
function frontmapAddress({ spec, map, switches, notice, say }) {
  const root = document.documentElement;
  const unbroken = (day) => day.replaceAll("-", "\u2011");
  let home;

  function view() {
    const { lat, lng } = map.getCenter();
    return [map.getZoom().toFixed(1), lat.toFixed(4), lng.toFixed(4)].map(Number).join("/");
  }

  /** Say whether the map is where it was at first, but for a pixel or two. */
  function isHome() {
    const [zoom, lat, lng] = home.split("/").map(Number);
    const apart = map.latLngToContainerPoint([lat, lng]).distanceTo(map.getSize().divideBy(2));
    return Math.abs(zoom - map.getZoom()) < 0.06 && apart < 3;
  }

  function fragment() {
    const changed = [...switches].filter(([, it]) => it.on !== it.initially);
    const names = (on) => changed.filter(([, it]) => it.on === on).map(([name]) => name).join(",");
    const parts = { map: isHome() ? "" : view(), hide: names(false), show: names(true) };
    const given = Object.entries(parts).filter(([, value]) => value);
    return [`#${spec.as_of}`, ...given.map(([key, value]) => `${key}=${value}`)].join("&");
  }

  function read() {
    // A page inside a srcdoc has no address of its own, and carries its view as an attribute.
    const asked = new URLSearchParams((location.hash || root.dataset.view || "").slice(1));
    readView(asked.get("map"));
    readLayers(asked);
    const bare = [...asked.keys()].find((key) => /^\d{4}-\d\d-\d\d$/.test(key));
    const day = bare ?? asked.get("date");
    notice.hidden = !day || day === spec.as_of;
    const days = { asked: unbroken(day ?? ""), shown: unbroken(spec.as_of) };
    notice.textContent = notice.hidden ? "" : say("other_day", days);
  }

  function readView(text) {
    const [zoom, lat, lng] = (text ?? home).split("/").map(Number);
    if ([zoom, lat, lng].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lng) <= 180)
      map.setView([lat, lng], zoom, { animate: false });
  }

  function readLayers(asked) {
    const named = (key) => (asked.get(key) ?? "").split(",");
    for (const [name, it] of switches) {
      const on = named("show").includes(name) || (it.initially && !named("hide").includes(name));
      if (on !== it.on) it.turn(on);
    }
  }

  function keep() {
    const now = fragment();
    if (!location.hash && now === `#${spec.as_of}`) return;
    try {
      history.replaceState(history.state, "", now);
    } catch {
      // Some frames may not touch their address; links are copied from fragment() all the same.
    }
  }

  /** Show what the address asks for, and from then on tell in it what is shown. */
  function start() {
    home = view();
    read();
    map.on("moveend", keep);
    window.addEventListener("hashchange", read);
  }

  return { fragment, keep, start };
}

/** The page's data as files. */
function frontmapFiles({ spec, within }) {
  const closed = (ring) => [...ring, ring[0]].map(([lat, lon]) => [lon, lat]);

  const doubleArea = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);

  /** Close a ring and run it anticlockwise for an outline, clockwise for a hole (RFC 7946). */
  function wound(ring, i) {
    const points = closed(ring);
    return doubleArea(points) > 0 === (i === 0) ? points : points.reverse();
  }

  /** Gather rings, each outline with its holes after it, into polygons. */
  function polygons(rings) {
    const found = [];
    for (const ring of rings) {
      const [[lat, lon], [nextLat, nextLon]] = ring;
      const isHole = found.length && within(found.at(-1), (lat + nextLat) / 2, (lon + nextLon) / 2);
      if (isHole) found.at(-1).push(ring);
      else found.push([ring]);
    }
    return found.map((polygon) => polygon.map(wound));
  }

  function cited(changes) {
    const behind = spec.changes.filter(({ id }) => changes.includes(id));
    const sources = new Set(behind.flatMap((change) => change.sources.map(({ source }) => source)));
    const name = ({ publisher, title, url }) => [publisher, title, url].filter(Boolean).join(", ");
    return { changes: changes.join(","), sources: [...sources].map((i) => name(spec.sources[i])).join("; ") };
  }

  function feature(kind, type, coordinates, properties) {
    return { type: "Feature", properties: { kind, ...properties }, geometry: { type, coordinates } };
  }

  function geojson() {
    const lines = (shape) => shape.map((line) => line.map(([lat, lon]) => [lon, lat]));
    const areas = spec.pieces.filter((piece) => piece.shape.length).map((piece) =>
      feature("area", "MultiPolygon", polygons(piece.shape), {
        name: piece.heading, actor: piece.actor, status: piece.look, certainty: piece.certainty,
        contested_by: piece.contested_by.join(",") || null, area_km2: piece.area_km2,
        as_of: spec.as_of, ...cited(piece.changes) }));
    const front = spec.front.filter((stretch) => stretch.shape.length).map((stretch) =>
      feature("front", "MultiLineString", lines(stretch.shape), {
        name: stretch.heading, actor_1: stretch.actors[0], actor_2: stretch.actors[1],
        length_km: stretch.length_km, as_of: spec.as_of, ...cited(stretch.changes) }));
    const distances = spec.call_outs.filter(({ shape }) => shape.length).map((callOut) =>
      feature("distance", "MultiLineString", lines(callOut.shape), {
        name: callOut.sentence, place: callOut.place, distance_km: callOut.distance_km, as_of: spec.as_of }));
    return JSON.stringify({ type: "FeatureCollection", title: spec.title, as_of: spec.as_of,
      credits: spec.credits, features: [...areas, ...front, ...distances] }) + "\n";
  }

  /** Write a value so that no spreadsheet runs it as a formula. */
  function cell(value) {
    const text = typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  /** Who holds how much, a line for each actor, and one for the ground of which nothing is known. */
  function csv() {
    const unknown = spec.pieces.filter(({ actor }) => !actor);
    const area = unknown.reduce((sum, piece) => sum + piece.area_km2, 0);
    const share = 1 - spec.holders.reduce((sum, holder) => sum + holder.share, 0);
    const rows = spec.holders.map((holder) => [spec.as_of, holder.slug, holder.name, holder.side,
      holder.area_km2, holder.low_km2, holder.high_km2, holder.share]);
    if (area) rows.push([spec.as_of, "", spec.words.no_data, "", area.toFixed(4), "", "", share.toFixed(4)]);
    const heads = ["as_of", "actor", "name", "side", "area_km2", "lowest_km2", "highest_km2", "share"];
    return [heads, ...rows].map((row) => row.map(cell).join(",") + "\n").join("");
  }

  return { geojson, csv };
}

/** Code that shows the page in another one. */
function frontmapEmbed({ spec, address }) {
  const escaped = (text) => text.replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
  // In single quotes a document of mostly JSON stays a quarter smaller; in ASCII its scripts keep
  // their hashes whatever the encoding of the page around it.
  const inSingleQuotes = (text) =>
    text.replace(/[&<>'\r\n]|[^\x00-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);

  /** The page as it was before its scripts ran, but with the view that it shows now. */
  function source() {
    const copy = document.documentElement.cloneNode(true);
    const map = copy.querySelector(".map");
    copy.dataset.view = address.fragment();
    copy.querySelectorAll("#head, #side").forEach((part) => part.replaceChildren());
    const empty = Object.assign(document.createElement("div"), { id: map.id, className: "map" });
    copy.querySelector("#stage").replaceChildren(empty);
    copy.querySelectorAll(".patterns").forEach((part) => part.remove());
    return `<!DOCTYPE html>\n${copy.outerHTML}`;
  }

  return () => {
    const published = /^https?:$/.test(location.protocol);
    const here = location.href.split("#")[0] + address.fragment();
    const content = published ? `src="${escaped(here)}"` : `srcdoc='${inSingleQuotes(source())}'`;
    return `<iframe ${content} title="${escaped(document.title)}" sandbox="allow-scripts" loading="lazy" `
      + `referrerpolicy="no-referrer" style="${spec.frame_style}"></iframe>`;
  };
}

function frontmapShare(page) {
  const { spec, address, el, say } = page;
  const { words } = spec;
  const files = frontmapFiles(page);
  const embedCode = frontmapEmbed(page);
  const framed = window.self !== window.top;
  // An opaque origin is a sandbox's; a page opened from a file has one too, but sits in no frame.
  const confined = window.origin === "null" && (framed || location.protocol !== "file:");

  const status = el("p", { role: "status" });
  const box = el("textarea", { readOnly: true, rows: 4, spellcheck: false, "aria-label": words.text_to_copy });
  const picture = el("img", { alt: spec.alt });
  const byHand = el("div", { className: "by-hand", hidden: true }, box, picture);

  const fileName = (suffix) => {
    const slug = spec.title.toLocaleLowerCase(spec.lang).replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").slice(0, 60);
    return `${slug.replace(/^-+|-+$/g, "") || "map"}-${spec.as_of}.${suffix}`;
  };

  function tell(word, values = {}) {
    byHand.hidden = true;
    status.textContent = say(word, values);
  }

  /** Let the reader take a text by hand; it is selected, for Ctrl+C. */
  function offer(text, word, values = {}) {
    tell(word, values);
    menu.open = true;
    byHand.hidden = box.hidden = false;
    picture.hidden = true;
    box.value = text;
    box.focus();
    box.select();
    box.scrollTop = 0;
  }

  async function copy(text, word = "copied", values = {}) {
    try {
      // Asking where it is forbidden would only write an error to the console.
      if (confined) throw new Error("no clipboard in a sandbox");
      await navigator.clipboard.writeText(text);
      tell(word, values);
    } catch {
      offer(text, "copy_by_hand");
      if (document.execCommand("copy")) status.textContent = say(word, values);
    }
  }

  function save(blob, name) {
    const href = URL.createObjectURL(blob);
    el("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
    tell("saved", { name });
  }

  /** Save a text; in a frame, which may forbid that without a word, offer it as text too. */
  function saveText(text, type, suffix) {
    const name = fileName(suffix);
    // Excel takes a file for UTF-8 only if it starts with a byte order mark.
    const mark = suffix === "csv" ? "\ufeff" : "";
    if (!confined) save(new Blob([mark, text], { type }), name);
    if (framed || confined) offer(text, "save_by_hand", { name });
  }

  async function savePicture() {
    try {
      const canvas = await frontmapPicture(page);
      if (!confined) save(await new Promise((done) => canvas.toBlob(done)), fileName("png"));
      if (framed || confined) offerPicture(canvas);
    } catch {
      tell("no_picture");
    }
  }

  function offerPicture(canvas) {
    tell("picture_by_hand");
    picture.src = canvas.toDataURL();
    byHand.hidden = picture.hidden = false;
    box.hidden = true;
  }

  /** A link to this view; a page without an address of its own is reached by that of its host. */
  const link = () => (location.protocol === "about:" ? document.baseURI
    : location.href.split("#")[0] + address.fragment());

  function copyEmbed() {
    const code = embedCode();
    const size = Math.ceil(code.length / 1000);
    if (code.includes(" srcdoc=")) copy(code, "copied_whole", { size });
    else copy(code);
  }

  const items = [
    ["copy_link", () => copy(link())],
    ["copy_embed", copyEmbed],
    ["save_png", savePicture],
    ["save_geojson", () => saveText(files.geojson(), "application/geo+json", "geojson")],
    ["save_csv", () => saveText(files.csv(), "text/csv", "csv")],
  ].map(([word, act]) => el("li", {}, el("button", { type: "button", onclick: act }, words[word])));
  const summary = el("summary", {}, words.share);
  const menu = el("details", { className: "share" }, summary,
    el("div", { className: "choices" }, el("ul", {}, ...items), status, byHand));

  // Caught on its way down, so that Escape closes the menu before anything else.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    summary.focus();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  // A sandbox that forbids new windows would swallow a click on a source.
  document.addEventListener("click", (event) => {
    const { href } = event.target.closest("a[href]") ?? {};
    if (!confined || !href) return;
    event.preventDefault();
    const opened = window.open(href);
    if (opened) opened.opener = null;
    else offer(href, "open_by_hand");
  });
  menu.addEventListener("toggle", () => {
    if (menu.open) return;
    status.textContent = "";
    byHand.hidden = true;
  });
  return menu;
}
