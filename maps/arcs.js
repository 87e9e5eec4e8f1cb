// Reads what maps/arcs.py wrote, and finds the outlines of an area in any state of the series.
"use strict";

/** Undo base64 and deflate. */
async function frontmapInflate(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Decode arcs; `project` turns a longitude and a latitude, in quanta, into [x, y] to draw with. */
function frontmapArcs(bytes, project) {
  const streams = split();
  const arcs = [];
  let nodes = 0;
  readChains();
  readHistories();
  const sets = [];
  nameSets();

  // --- reading -------------------------------------------------------------------------------

  /** Read an unsigned varint; products, not shifts, keep numbers of more than 31 bits whole. */
  function varint(stream) {
    let number = 0, place = 1, byte;
    do {
      byte = stream.bytes[stream.at++];
      number += (byte & 127) * place;
      place *= 128;
    } while (byte > 127);
    return number;
  }

  function signed(zigzag) {
    return zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2;
  }

  function split() {
    const whole = { bytes, at: 0 };
    return Array.from({ length: 11 }, () => {
      const length = varint(whole);
      whole.at += length;
      return { bytes: bytes.subarray(whole.at - length, whole.at), at: 0 };
    });
  }

  /** Walk the arcs as they were written, from node to node; what is new joins the trail. */
  function readChains() {
    const [steps, xLow, xHigh, yLow, yHigh, ends, backs, roots] = streams;
    const step = (low, high) => signed(low.bytes[low.at++] + 256 * varint(high));
    const root = [0, 0];
    const trail = [];
    while (steps.at < steps.bytes.length) {
      if (!trail.length) {
        root[0] += signed(varint(roots));
        root[1] += signed(varint(roots));
        trail.push([...root, nodes++]);
      }
      const count = varint(steps), end = varint(ends);
      const closed = end ? trail.at(-end) : null;
      let [x, y, from] = trail.at(-1);
      const points = new Float64Array(2 * count + 2);
      points.set(project(x, y));
      for (let i = 1; i <= count; i++) {
        if (closed && i === count) [x, y] = closed;
        else {
          x += step(xLow, xHigh);
          y += step(yLow, yHigh);
        }
        points.set(project(x, y), 2 * i);
      }
      if (!closed) trail.push([x, y, nodes++]);
      arcs.push({ points, from, to: (closed ?? trail.at(-1))[2], fresh: !closed, toggles: null });
      if (closed && backs.at < backs.bytes.length) trail.length -= varint(backs);
    }
  }

  /** Read the histories that are stored, then derive the others: outlines are closed. */
  function readHistories() {
    const [spells, waits, labels] = streams.slice(8);
    const at = Array.from({ length: nodes }, () => new Map());
    const flip = (toggles, key, toggle) => toggles.delete(key) || toggles.set(key, toggle);
    const settle = (arc, toggles) => {
      arc.toggles = toggles.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
      for (const node of [arc.from, arc.to])
        for (const toggle of toggles) flip(at[node], `${toggle}`, toggle);
    };
    for (const arc of arcs.filter(({ fresh }) => !fresh)) settle(arc, nextHistory());
    for (const arc of arcs.filter(({ fresh }) => fresh).reverse()) settle(arc, [...at[arc.to].values()]);

    function nextHistory() {
      const toggles = [];
      for (let spell = varint(spells), state = 0; spell > 0; spell--) {
        state += varint(waits);
        let label;
        do {
          label = varint(labels);
          toggles.push([state, Math.floor(label / 2)]);
        } while (label % 2);
      }
      return toggles;
    }
  }

  /** Number the sets of labels that arcs are on the outlines of; the empty set is 0. */
  function nameSets() {
    const numbers = new Map();
    const numberOf = (set) => {
      const labels = [...set].sort((one, other) => one - other);
      const key = labels.join();
      if (!numbers.has(key)) numbers.set(key, sets.push(labels) - 1);
      return numbers.get(key);
    };
    numberOf([]);
    for (const arc of arcs) {
      const set = new Set();
      arc.runs = [];
      arc.toggles.forEach(([state, label], i) => {
        if (!set.delete(label)) set.add(label);
        if (arc.toggles[i + 1]?.[0] !== state) arc.runs.push([state, numberOf(set)]);
      });
    }
  }

  // --- asking --------------------------------------------------------------------------------

  const memory = new Map();

  /** Return for each arc the number of the set of labels that it is on the outlines of. */
  function at(state) {
    if (!memory.has(state)) {
      if (memory.size > 8) memory.delete(memory.keys().next().value);
      memory.set(state, Int32Array.from(arcs, ({ runs }) => {
        let low = 0, high = runs.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (runs[middle][0] <= state) low = middle + 1;
          else high = middle;
        }
        return low ? runs[low - 1][1] : 0;
      }));
    }
    return memory.get(state);
  }

  /** Chain arcs, given by number, into closed rings: lists of [arc, whether it runs backwards]. */
  function rings(chosen) {
    const leaving = new Int32Array(nodes).fill(-1);
    const following = new Int32Array(2 * chosen.length);
    const used = new Uint8Array(chosen.length);
    chosen.forEach((arc, i) => [arcs[arc].from, arcs[arc].to].forEach((node, end) => {
      following[2 * i + end] = leaving[node];
      leaving[node] = 2 * i + end;
    }));
    const take = (node) => {
      let next = leaving[node];
      while (next >= 0 && used[next >> 1]) next = following[next];
      leaving[node] = next;
      return next;
    };
    const found = [];
    for (let i = 0; i < chosen.length; i++) {
      if (used[i]) continue;
      const ring = [];
      const { from: start } = arcs[chosen[i]];
      let next = 2 * i;
      let node;
      do {
        used[next >> 1] = 1;
        const arc = arcs[chosen[next >> 1]];
        ring.push([arc, next % 2 === 1]);
        node = next % 2 ? arc.from : arc.to;
        next = take(node);
      } while (node !== start && next >= 0);
      found.push(ring);
    }
    return found;
  }

  /** Return the history of a point, in the projection of the arcs: [[state, labels], …]. */
  function history(x, y) {
    const toggles = new Map();
    for (const { points, toggles: own } of arcs) {
      let crossings = 0;
      for (let i = 2; i < points.length; i += 2) {
        const [x0, y0, x1, y1] = points.subarray(i - 2, i + 2);
        if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) crossings++;
      }
      if (crossings % 2)
        for (const toggle of own) toggles.delete(`${toggle}`) || toggles.set(`${toggle}`, toggle);
    }
    const labels = new Set();
    const spells = [];
    const sorted = [...toggles.values()].sort((one, other) => one[0] - other[0]);
    sorted.forEach(([state, label], i) => {
      if (!labels.delete(label)) labels.add(label);
      if (sorted[i + 1]?.[0] !== state) spells.push([state, [...labels]]);
    });
    return spells;
  }

  return { arcs, sets, at, rings, history };
}
