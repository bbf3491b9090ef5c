/* An Ingress beside the objects it became; lines that belong together lead to each other. */

const SHORT = 60;
const HEAD = 12;

/** The comparison of a card: its element, and what to do with an entry in it. */
function comparison(card, onChosen) {
  const sources = sourcePane(card);
  const results = resultPane(card);
  const strip = element("div", { class: "strip", role: "status" }, hint(card));
  const made = element("div", { class: "comparison" }, strip, sources.made, results.made);
  const panes = [sources, results];
  let chosen = null;

  function choose(entry, side, place = 0) {
    clear();
    chosen = entry;
    for (const pane of panes) pane.light(entry, "hit", true);
    strip.replaceChildren(...toldIn(entry, choose));
    const chips = panes[side].chips.get(entry) ?? [];
    const target = chips[place % chips.length];
    if (target) {
      target.focus({ preventScroll: true });
      reveal(made, panes, entry, target);
    }
    onChosen(entry);
  }

  function clear() {
    if (chosen) for (const pane of panes) pane.light(chosen, "hit", false);
    chosen = null;
    strip.replaceChildren(hint(card));
  }

  panes.forEach((pane, side) => {
    const other = 1 - side;
    const follow = (entry) => choose(entry, panes[other].chips.has(entry) ? other : side);
    pane.made.addEventListener("click", (event) => {
      const chip = event.target.closest("a.chip");
      if (chip) { event.preventDefault(); follow(pane.byChip.get(chip)); return; }
      if (event.target.closest("a, button") || String(getSelection())) return;
      const entry = pane.at(event.target)[0];
      if (entry) follow(entry);
    });
    pane.made.addEventListener("mouseover", (event) => near(pane.at(event.target)));
    pane.made.addEventListener("mouseleave", () => near([]));
    pane.made.addEventListener("focusin", (event) => near(pane.at(event.target).slice(0, 1)));
    pane.made.addEventListener("focusout", () => near([]));
  });
  made.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });

  let lit = [];
  function near(found) {
    for (const entry of lit) for (const pane of panes) pane.light(entry, "near", false);
    lit = found;
    for (const entry of lit) for (const pane of panes) pane.light(entry, "near", true);
  }

  return { made, choose, object: (number) => results.heads.get(number) };
}

/** Scroll each pane to what is lit, and the page only as far as it must. */
function reveal(made, panes, entry, target) {
  for (const pane of panes) {
    const chips = pane.chips.get(entry) ?? [];
    const chip = chips.includes(target) ? target : chips[0];
    if (!chip || pane.scroller.scrollHeight <= pane.scroller.clientHeight) continue;
    const above = chip.getBoundingClientRect().top - pane.scroller.getBoundingClientRect().top;
    pane.scroller.scrollBy({ top: above - pane.scroller.clientHeight / 3, behavior: "auto" });
  }
  show(target);
}

const hint = (card) => element("p", {}, card.entries.some((entry) => entry.places.length)
  ? "Choose a number to see what a line became, or where it came from. Escape lets go."
  : "Nothing in the result came from here.");

function toldIn(entry, choose) {
  const places = entry.places.map((place, index) => link(`${titled(place.object)} line ${place.first}`, entry, () => choose(entry, 1, index)));
  const source = entry.own || !entry.first ? [] : [link(`line ${entry.first}`, entry, () => choose(entry, 0))];
  return [
    element("p", {}, badge(entry.verdict), " ", element("b", {}, `${entry.number}. ${entry.key}`), " ", entry.message),
    element("p", { class: "links" }, ...[...source, ...places].flatMap((each, index) => (index ? [" · ", each] : [each]))),
  ];
}

const link = (text, entry, onclick) =>
  element("a", { href: addressOf(entry), onclick: (event) => { event.preventDefault(); onclick(); } }, text);

const addressOf = (entry) => toAddress({ ...EVERYTHING, environment: entry.card.environment }, placed(entry.card.file, entry.first));

/** Lines with the chips of what begins on them; `spans` are entries with the lines they take. */
function linesIn(lines, first, spans, side, wanted = () => true) {
  const pane = { parts: [], chips: new Map(), byChip: new Map(), entriesAt: new Map(), elements: new Map() };
  const starting = grouped(spans, (span) => span.first);
  let gap = [];
  const close = () => { if (gap.length) pane.parts.push(fold(gap)); gap = []; };
  lines.forEach((text, index) => {
    const number = first + index;
    if (!wanted(number)) { gap.push([number, text]); return; }
    close();
    const chips = (starting.get(number) ?? []).map(({ entry }) => chipOf(entry, side, pane));
    const line = lineOf(number, text, chips);
    pane.elements.set(number, line);
    pane.parts.push(line);
  });
  close();
  for (const { entry, first: from, last } of spans) {
    for (let number = from; number <= last; number += 1) {
      const line = pane.elements.get(number);
      if (!line) continue;
      line.classList.add("linked");
      pane.entriesAt.set(line, [...(pane.entriesAt.get(line) ?? []), { entry, size: last - from }]);
    }
  }
  return pane;
}

const lineOf = (number, text, chips = []) => element("div", { class: "line", "data-n": number }, ...(chips.length
  ? [element("span", {}, ...yamlLine(text)), element("span", { class: "chips" }, ...chips)] : yamlLine(text)));

function grouped(items, keyOf) {
  const found = new Map();
  for (const item of items) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item]);
  return found;
}

function chipOf(entry, side, pane) {
  const whither = side === 0 ? "what it became" : "where it came from";
  const chip = element("a", { class: `chip ${entry.verdict}`, href: addressOf(entry), title: entry.key,
    "aria-label": `${entry.number}, ${entry.verdict}: ${entry.key}; to ${whither}` }, String(entry.number));
  pane.chips.set(entry, [...(pane.chips.get(entry) ?? []), chip]);
  pane.byChip.set(chip, entry);
  return chip;
}

/** Lines about something else, made when somebody asks. */
function fold(lines) {
  const unfolded = () => lines.map(([number, text]) => lineOf(number, text));
  if (lines.length < 4) return element("div", {}, ...unfolded());
  const button = element("button", { type: "button", class: "gap", onclick: () => button.replaceWith(...unfolded()) },
    `⋯ ${counted(lines.length, "line")} about others`);
  return button;
}

function sourcePane(card) {
  const lines = linesOf("cards", card.number);
  const spans = card.entries.filter((entry) => !entry.own).map((entry) => ({ entry, first: entry.first, last: entry.last }));
  const found = lines.length ? [linesIn(lines, card.line, spans, 0)] : [];
  const body = lines.length ? found[0].parts : [element("p", { class: "absent" }, absent(card))];
  const place = placed(card.file, card.line);
  return pane(card, "What was there", card.built ? `${place}, before ${card.built} changes it` : place, [element("div", { class: "code" }, ...body)], found);
}

function absent({ kind, line }) {
  if (kind !== "Ingress") return `Only Ingresses are shown, and this is a ${kind}.`;
  return line ? "No line of the file is its own: it was rendered from a template, or stands on one line with others." : "It stands in no file.";
}

function resultPane(card) {
  const spans = card.entries.flatMap((entry) => entry.places.map((place) => ({ entry, ...place })));
  const byObject = [...grouped(spans, (span) => span.object.number)].sort(([a], [b]) => a - b);
  const heads = new Map();
  const found = [];
  const body = byObject.map(([number, own]) => {
    const lines = linesOf("objects", number);
    const part = linesIn(lines, 1, own, 1, wantedOf(lines, own));
    found.push(part);
    const head = element("h5", { tabindex: "-1" }, titled(objects[number]));
    heads.set(number, head);
    return element("section", { class: "object" }, head, element("div", { class: "code" }, ...part.parts));
  });
  const objectsMade = body.length ? body : [element("p", { class: "absent" }, "No object.")];
  return { ...pane(card, "What it became", counted(body.length, "object"), objectsMade, found), heads };
}

/** All lines of a short object; of a long one its head, what is linked, and what that stands in. */
function wantedOf(lines, spans) {
  if (lines.length <= SHORT) return () => true;
  const wanted = new Set();
  const head = lines.findIndex((text) => text.startsWith("spec:"));
  for (let number = 1; number <= Math.min(head < 0 ? HEAD : head + 1, HEAD); number += 1) wanted.add(number);
  for (const { first, last } of spans) {
    for (let number = first; number <= last; number += 1) wanted.add(number);
    let depth = depthOf(lines[first - 1]);
    for (let number = first - 1; number > 0 && depth > 0; number -= 1) {
      const found = depthOf(lines[number - 1]);
      if (found < depth) { wanted.add(number); depth = found; }
    }
  }
  return (number) => wanted.has(number);
}

/** A dash belongs to its list, which is written in the same column. */
const depthOf = (text) => { const indent = text.search(/\S|$/); return text[indent] === "-" ? indent + 0.5 : indent; };

function pane(card, title, detail, body, found) {
  const scroller = element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": `${title}: ${titled(card)} of ${card.file}` }, ...body);
  const made = element("section", { class: "pane" }, element("h4", {}, title, " ", element("small", {}, detail)), scroller);
  const chips = new Map();
  const byChip = new Map();
  for (const part of found) {
    for (const [entry, own] of part.chips) chips.set(entry, [...(chips.get(entry) ?? []), ...own]);
    for (const [chip, entry] of part.byChip) byChip.set(chip, entry);
  }
  const at = (target) => {
    if (byChip.has(target)) return [byChip.get(target)];
    const line = target.closest?.(".line");
    const here = found.map((part) => part.entriesAt.get(line)).find(Boolean) ?? [];
    return here.toSorted((a, b) => a.size - b.size).map(({ entry }) => entry);
  };
  const light = (entry, name, on) => {
    for (const part of found) {
      for (const [line, here] of part.entriesAt) {
        if (here.some((each) => each.entry === entry)) line.classList.toggle(name, on);
      }
    }
  };
  return { made, scroller, chips, byChip, at, light };
}
