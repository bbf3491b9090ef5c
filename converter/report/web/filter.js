/* What of the list is shown; the address holds it, so that it can be sent to somebody. */

const ALL = data.verdicts;
const HARMLESS = ["translated", "builtin", "inert"];
const EVERYTHING = { q: "", verdicts: ALL, own: false, environment: "", namespace: null, file: "" };

const lower = [];
const lowered = (word) => (lower[word] ??= words[word].toLowerCase());

/** A test of entries: every part of the query stands somewhere in an entry, its object, or what it became. */
function searched(query) {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = parts.map((part) => words.map((_, word) => lowered(word).includes(part)));
  const objectHits = hits.map((hit) => objects.map((each) => each.words.some((word) => hit[word])));
  return (entry) => hits.every((hit, index) =>
    entry.words.some((word) => hit[word]) || entry.card.words.some((word) => hit[word]) ||
    entry.places.some((place) => objectHits[index][place.object.number]));
}

/** The cards that have something to show, each with its entries. */
function matching(filter) {
  const verdicts = new Set(filter.verdicts);
  const fits = searched(filter.q);
  const told = (entry) => verdicts.has(entry.verdict) || entry.also.some((each) => verdicts.has(each.verdict));
  const found = [];
  for (const card of cards) {
    if (filter.environment && card.environment !== filter.environment) continue;
    if (filter.namespace !== null && card.namespace !== filter.namespace) continue;
    if (filter.file && card.file !== filter.file) continue;
    const shown = card.entries.filter((entry) => (filter.own || !entry.own) && told(entry) && fits(entry));
    if (shown.length) found.push({ card, shown });
  }
  return found;
}

function toAddress(filter, at) {
  const found = new URLSearchParams();
  if (filter.q) found.set("q", filter.q);
  if (filter.verdicts.length < ALL.length) found.set("v", filter.verdicts.join(","));
  if (filter.own) found.set("own", "1");
  if (filter.environment) found.set("env", filter.environment);
  if (filter.namespace !== null) found.set("ns", filter.namespace);
  if (filter.file) found.set("file", filter.file);
  if (at) found.set("at", at);
  return `#${found}`;
}

function fromAddress(address) {
  const found = new URLSearchParams(address.slice(1));
  const verdicts = found.has("v") ? ALL.filter((verdict) => found.get("v").split(",").includes(verdict)) : ALL;
  const filter = {
    q: found.get("q") ?? "", verdicts, own: found.get("own") === "1",
    environment: found.get("env") ?? "", namespace: found.get("ns"), file: found.get("file") ?? "",
  };
  return { filter, at: found.get("at") ?? "", object: found.get("object") ?? "" };
}
