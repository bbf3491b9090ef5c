/* The page as a whole: its filter, its address, its colours, and itself on paper. */

const by = (id) => document.getElementById(id);
const form = by("filter");
let filter = EVERYTHING;

function setUp() {
  for (const verdict of ALL) {
    by("chosen").append(element("label", { class: verdict }, element("input", { type: "checkbox", name: "v", value: verdict }), " ", mark(verdict), ` ${verdict}`));
  }
  options("environment", "all", cards.map((card) => card.environment));
  options("namespace", "all", cards.map((card) => card.namespace));
  options("file", "all", cards.map((card) => card.file));
  by("environment").parentElement.hidden = by("environment").options.length < 3;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  by("reset").addEventListener("click", () => apply({ ...EVERYTHING, own: true }));
  form.hidden = false;
}

/** The first option, whose value is no index, stands for all of them. */
function options(id, all, values) {
  const found = [...new Set(values)].sort();
  by(id).append(element("option", { value: "" }, all), ...found.map((value) => element("option", { value: `=${value}` }, value || "(none named)")));
}

function changed(event) {
  if (event.target.id === "harmless") for (const box of boxes()) if (HARMLESS.includes(box.value)) box.checked = !event.target.checked;
  const picked = (id) => by(id).value;
  apply({
    q: by("q").value, own: by("own").checked, verdicts: boxes().filter((box) => box.checked).map((box) => box.value),
    environment: picked("environment").slice(1), file: picked("file").slice(1),
    namespace: picked("namespace") ? picked("namespace").slice(1) : null,
  });
}

const boxes = () => [...form.querySelectorAll("[name=v]")];

function apply(wanted, at = "") {
  filter = wanted;
  if (by("q").value !== filter.q) by("q").value = filter.q;
  for (const box of boxes()) box.checked = filter.verdicts.includes(box.value);
  by("harmless").checked = !HARMLESS.some((verdict) => filter.verdicts.includes(verdict));
  by("own").checked = filter.own;
  by("environment").value = filter.environment ? `=${filter.environment}` : "";
  by("namespace").value = filter.namespace === null ? "" : `=${filter.namespace}`;
  by("file").value = filter.file ? `=${filter.file}` : "";
  const found = matching(filter);
  const shown = found.reduce((sum, each) => sum + each.shown.length, 0);
  by("hits").textContent = `${shown.toLocaleString("en")} of ${counted(entries.length, "entry", "entries")}, in ${counted(found.length, "object")}.`;
  fill(found);
  history.replaceState(null, "", toAddress(filter, at));
}

/** The address follows what is looked at. */
function remember(entry) {
  history.replaceState(null, "", toAddress(filter, placed(entry.card.file, entry.first)));
}

function go() {
  const address = location.hash;
  if (!address.includes("=")) { if (!list.childElementCount) apply(EVERYTHING); return; }
  const wanted = fromAddress(address);
  const target = wanted.at ? entryAt(wanted.at, wanted.filter.environment) : entryOf(wanted.object);
  apply(target && !visibleIn(target, wanted.filter) ? { ...EVERYTHING, own: target.own } : wanted.filter, wanted.at);
  if (!target) { by("entries").scrollIntoView(); by("entries-title").focus(); return; }
  const view = bring(target.card);
  const compared = view.open();
  show(view.made, "start");
  if (wanted.object) compared.object(target.places.find((place) => named(place.object) === wanted.object).object.number).focus();
  else compared.choose(target, target.own ? 1 : 0);
}

const visibleIn = (entry, wanted) => matching(wanted).some(({ card, shown }) => card === entry.card && shown.includes(entry));
const named = ({ kind, namespace, name }) => [kind, namespace, name].filter(Boolean).join("/");
const entryOf = (object) => object && entries.find((entry) => entry.places.some((place) => named(place.object) === object));

/** What stands on the line, or nearest above it; what somebody wrote comes before what is said of the whole object. */
function entryAt(place, environment) {
  const [, file, line] = /^(.*):(\d+)$/s.exec(place) ?? [null, place, 0];
  const above = entries.filter((entry) => bare(entry.card.file) === bare(file) && entry.first <= Number(line) &&
    (!environment || entry.card.environment === environment));
  return above.sort((a, b) => b.first - a.first || a.own - b.own)[0];
}

const bare = (file) => file.replace(/^\.\//, "");

function themes() {
  const button = by("theme");
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "Light colours" : "Dark colours"; };
  const stored = (work) => { try { return work(); } catch { return null; } };
  root.dataset.theme = stored(() => localStorage.getItem("ingress-migrate-theme")) ?? "";
  if (!root.dataset.theme) delete root.dataset.theme;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    stored(() => localStorage.setItem("ingress-migrate-theme", root.dataset.theme));
    label();
  });
  dark.addEventListener("change", label);
  button.hidden = false;
  label();
}

/** On paper nothing can be unfolded. */
function printing() {
  let closed = [];
  addEventListener("beforeprint", () => {
    if (rendered.start) fill(rendered.found);
    grow(rendered.found.length);
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const { open } of views.values()) open();
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
}

themes();
setUp();
printing();
addEventListener("hashchange", go);
go();
