/* Elements are made of text only: nothing from a manifest is ever read as markup. */

const MARKS = { untranslated: "✕", approximated: "≈", translated: "✓", builtin: "◆", inert: "–" };

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

const mark = (verdict) => element("span", { class: "mark", "aria-hidden": "true" }, MARKS[verdict]);
const badge = (verdict) => element("span", { class: `badge ${verdict}` }, mark(verdict), ` ${verdict}`);

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const show = (target, block = "nearest") =>
  target.scrollIntoView({ block, inline: "nearest", behavior: calm.matches ? "auto" : "smooth" });

/** Key and value apart, which is all the colour that YAML needs. */
function yamlLine(text) {
  const found = /^(\s*(?:- )*)("[^"]*"|[^\s"'#:{[][^:]*):(?=\s|$)/.exec(text);
  if (/^\s*#/.test(text)) return [element("span", { class: "comment" }, text)];
  if (!found) return [text || " "];
  const end = found[0].length - 1;
  return [found[1], element("span", { class: "key" }, text.slice(found[1].length, end)), text.slice(end)];
}
