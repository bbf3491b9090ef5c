/* The run, as page_data.py laid it out: rows of numbers, and every text once. */

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("data");
const words = data.words;

/** The lines of YAML; parsed when somebody compares for the first time. */
let yaml;
const linesOf = (kind, number) => (yaml ??= read("yaml"))[kind][number];

const cards = data.cards.map(([environment, kind, namespace, name, file, built, line], number) => ({
  number, line, built: words[built], environment: words[environment], kind: words[kind], namespace: words[namespace], name: words[name],
  file: words[file], words: [environment, namespace, name, file], entries: [],
}));

const objects = data.objects.map(([environment, kind, namespace, name], number) => ({
  number, kind: words[kind], namespace: words[namespace], name: words[name], words: [kind, namespace, name],
}));

const told = ([verdict, code, message, advice]) => ({
  verdict: data.verdicts[verdict], code: words[code], message: words[message], advice: words[advice],
  words: [code, message, advice],
});

const entries = data.entries.map((row) => {
  const [number, type, key, value, first, last] = row;
  const card = cards[number];
  const worst = told(row.slice(6, 10));
  const also = row[11].map(told);
  const entry = {
    ...worst, card, also, first, last, key: words[key], value: words[value], own: words[type] === "default",
    places: row[10].map(([object, from, to]) => ({ object: objects[object], first: from, last: to })),
    words: [key, value, ...worst.words, ...also.flatMap((each) => each.words)],
  };
  card.entries.push(entry);
  return entry;
});

for (const card of cards) {
  card.entries.sort((a, b) => a.own - b.own);
  card.entries.forEach((entry, index) => { entry.number = index + 1; });
}

const titled = ({ kind, namespace, name }) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
/** As it is named everywhere: a whole file has no line. */
const placed = (file, line) => (line ? `${file}:${line}` : file);
const counted = (number, noun, more = `${noun}s`) => `${number.toLocaleString("en")} ${number === 1 ? noun : more}`;
