/* The cards, a few at a time: thousands are never in the page at once unless it is printed. */

const AT_A_TIME = 20;
/** Of an entry, that its row leads to; the comparison has them all. */
const PLACES = 3;
const list = document.getElementById("list");
const views = new Map();

const rendered = { found: [], start: 0, end: 0 };

function fill(found) {
  rendered.found = found;
  rendered.start = 0;
  rendered.end = 0;
  views.clear();
  list.replaceChildren(earlier, later);
  grow();
}

const earlier = element("button", { type: "button", class: "more", onclick: () => grow(-AT_A_TIME) });
const later = element("button", { type: "button", class: "more", onclick: () => grow() });
new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) grow(); }, { rootMargin: "600px" }).observe(later);

function grow(by = AT_A_TIME) {
  const { found } = rendered;
  if (by < 0) {
    const start = Math.max(0, rendered.start + by);
    earlier.after(...found.slice(start, rendered.start).map(cardOf));
    rendered.start = start;
  } else {
    const end = Math.min(found.length, rendered.end + by);
    later.before(...found.slice(rendered.end, end).map(cardOf));
    rendered.end = end;
  }
  label();
}

function label() {
  const { found, start, end } = rendered;
  earlier.hidden = start === 0;
  earlier.textContent = `Show earlier ones (${start.toLocaleString("en")})`;
  later.hidden = end >= found.length;
  later.textContent = `Show more (${(found.length - end).toLocaleString("en")})`;
}

/** The card's view, with the list begun at it if it is far away. */
function bring(card) {
  const index = rendered.found.findIndex((each) => each.card === card);
  if (index < 0) return null;
  if (index < rendered.start || index >= rendered.end) {
    for (const { made } of views.values()) made.remove();
    views.clear();
    rendered.start = index;
    rendered.end = index;
    grow();
  }
  return views.get(card);
}

function cardOf({ card, shown }) {
  const title = `card-${card.number}`;
  const body = element("div", { class: "compared" });
  const summary = element("summary", {}, "YAML side by side");
  const details = element("details", { class: "compare" }, summary, body);
  const view = { made: null, open: () => { details.open = true; return view.compared(); } };
  let compared;
  view.compared = () => {
    if (!compared) { compared = comparison(card, remember); body.append(compared.made); }
    return compared;
  };
  details.addEventListener("toggle", () => { if (details.open) view.compared(); });
  const hidden = card.entries.length - shown.length;
  view.made = element("article", { class: "card", "aria-labelledby": title },
    element("header", {}, element("h3", { id: title, tabindex: "-1" }, titled(card)),
      element("p", { class: "where" }, placed(card.file, card.line), card.environment && ` · ${card.environment}`, ` · ${tally(shown)}`, hidden ? `, ${hidden.toLocaleString("en")} not shown` : "")),
    element("ul", { class: "rows" }, ...shown.map((entry) => rowOf(entry, view))), details);
  views.set(card, view);
  return view.made;
}

const tally = (shown) => ALL.map((verdict) => [shown.filter((entry) => entry.verdict === verdict).length, verdict])
  .filter(([number]) => number).map(([number, verdict]) => `${number} ${verdict}`).join(", ");

function rowOf(entry, view) {
  const follow = (side, place) => () => view.open().choose(entry, side, place);
  const shown = entry.places.slice(0, PLACES);
  const links = [
    entry.own ? element("span", {}, `default of ${data.controller}`) : entry.first && link(`line ${entry.first}`, entry, follow(0)),
    ...shown.map((place, index) => link(`${titled(place.object)} line ${place.first}`, entry, follow(1, index))),
    entry.places.length > PLACES && element("span", {}, `and ${counted(entry.places.length - PLACES, "more place")}`),
    element("code", {}, entry.code),
  ].filter(Boolean);
  return element("li", { class: `row ${entry.verdict}` },
    element("span", { class: "number" }, String(entry.number)), badge(entry.verdict),
    element("div", { class: "what" },
      element("p", {}, element("code", { class: "subject" }, entry.key), entry.value && " ", entry.value && element("code", { class: "value" }, entry.value)),
      ...[entry, ...entry.also].flatMap((each) => [
        each.message && element("p", {}, each === entry ? null : badge(each.verdict), each === entry ? "" : " ", each.message),
        each.advice && element("p", { class: "advice" }, each.advice)]).filter(Boolean),
      element("p", { class: "links" }, ...links.flatMap((each, index) => (index ? [" · ", each] : [each])))));
}
