// The start page: a search box, facets and counts, all over /graphql and nothing else.
// Text from the ledger is only ever set as text, never as markup.
"use strict";

const FACETS = ["type", "department", "category", "securityLevel", "sharingType"];
const PAGE = 20;
const SEARCH = `query($query: String!, $selected: [FacetChoice!], $facets: [String!], $first: Int!, $after: String) {
  search(query: $query, selected: $selected, facets: $facets, first: $first, after: $after) {
    total relaxed suggestion complete
    hits {
      id type title highlights { field text spans }
      resource {
        ... on CatalogEntry {
          sharingType openingType securityLevel updateCycle dataUpdatedAt
          providedBy(first: 1) { nodes { title } }
        }
      }
    }
    facets { name values { value count } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const GLANCE = `{
  statistics { total commits byType { value count } }
  ontology {
    facets
    classes { name label { zh en } attributes { name label { zh en } } }
    links { name label { zh en } inverseName inverseLabel { zh en } }
  }
}`;

const at = (id) => document.getElementById(id);
const labels = { type: "类型" };
const attributes = {};
let known = [];
let chosen = {};
let cursor = null;
let asked = 0;

async function ask(query, variables) {
  const token = sessionStorage.getItem("token");
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });
  at("signin").hidden = answer.status !== 401;
  if (!answer.ok) throw new Error((await answer.json()).message ?? answer.statusText);
  const { data, errors } = await answer.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

function make(tag, text, properties = {}) {
  const node = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) node.textContent = text;
  return node;
}

function marked(text, spans) {
  const line = make("span");
  let done = 0;
  for (const [from, to] of spans) {
    line.append(slice(text, done, from), make("mark", slice(text, from, to)));
    done = to;
  }
  line.append(slice(text, done));
  return line;
}

// Spans count characters as people do, not UTF-16 halves of rare ones.
const slice = (text, from, to) => Array.from(text).slice(from, to).join("");

// Who provides an entry, how it is shared, how fresh it is.
function facts(entry) {
  const updated = entry.dataUpdatedAt ? `更新于 ${entry.dataUpdatedAt.slice(0, 10)}` : null;
  const provider = entry.providedBy.nodes[0]?.title;
  const told = [provider, entry.sharingType, entry.openingType, entry.securityLevel];
  return [...told, entry.updateCycle, updated].filter(Boolean).join(" · ");
}

function shownHit(hit) {
  const item = make("li");
  const title = hit.highlights.find((h) => h.text === hit.title);
  const head = make("strong");
  head.append(title ? marked(title.text, title.spans) : hit.title);
  item.append(head, " ", make("small", labels[hit.type] ?? hit.type), make("code", hit.id));
  if (hit.resource?.providedBy) item.append(make("p", facts(hit.resource), { className: "facts" }));
  for (const h of hit.highlights.filter((h) => h !== title).slice(0, 3)) {
    const line = make("p");
    line.append(make("small", `${attributes[h.field] ?? h.field} `), marked(h.text, h.spans));
    item.append(line);
  }
  return item;
}

function shownFacet(facet) {
  const box = make("fieldset");
  box.append(make("legend", labels[facet.name] ?? attributes[facet.name] ?? facet.name));
  for (const { value, count } of facet.values.slice(0, 12)) {
    const pressed = (chosen[facet.name] ?? []).includes(value);
    const button = make("button", `${labels[value] ?? value} ${count}`, { type: "button" });
    button.setAttribute("aria-pressed", pressed);
    button.addEventListener("click", () => {
      const now = chosen[facet.name] ?? [];
      chosen[facet.name] = pressed ? now.filter((v) => v !== value) : [...now, value];
      search();
    });
    box.append(button);
  }
  return box;
}

async function search(more = false) {
  const mine = ++asked;
  const query = at("query").value.trim();
  const selected = Object.entries(chosen)
    .filter(([, values]) => values.length)
    .map(([name, values]) => ({ name, values }));
  const address = new URLSearchParams(query ? { q: query } : {});
  for (const { name, values } of selected) values.forEach((v) => address.append(name, v));
  history.replaceState(null, "", address.size ? `?${address}` : "/");
  const wanted = Boolean(query || selected.length);
  at("glance").hidden = wanted;
  if (!wanted) {
    for (const id of ["hits", "facets", "said"]) at(id).replaceChildren();
    at("more").hidden = true;
    return;
  }
  const facets = FACETS.filter((name) => known.includes(name));
  try {
    const found = (
      await ask(SEARCH, { query, selected, facets, first: PAGE, after: more ? cursor : null })
    ).search;
    if (mine !== asked) return; // a later question was asked meanwhile
    cursor = found.pageInfo.endCursor;
    const hits = found.hits.map(shownHit);
    more ? at("hits").append(...hits) : at("hits").replaceChildren(...hits);
    at("facets").replaceChildren(...found.facets.filter((f) => f.values.length).map(shownFacet));
    at("more").hidden = !found.pageInfo.hasNextPage;
    const relaxed = found.relaxed ? "，没有全部词都符合的，以下符合部分词 / some words only" : "";
    at("said").replaceChildren(`共 ${found.total} 条 / found${relaxed}`);
    if (found.suggestion) {
      const button = make("button", found.suggestion, { type: "button", className: "link" });
      button.addEventListener("click", () => {
        at("query").value = found.suggestion;
        search();
      });
      at("said").append("　您是不是要找 / did you mean ", button);
    }
  } catch (error) {
    at("said").replaceChildren(String(error.message));
  }
}

async function glance() {
  const { statistics, ontology } = await ask(GLANCE);
  known = ontology.facets;
  for (const kind of ontology.classes) {
    labels[kind.name] = kind.label.zh || kind.label.en;
    labels[kind.name[0].toLowerCase() + kind.name.slice(1)] = labels[kind.name]; // its facet
    for (const a of kind.attributes) attributes[a.name] ??= a.label.zh || a.label.en;
  }
  for (const link of ontology.links) {
    attributes[link.name] ??= link.label.zh || link.label.en;
    attributes[link.inverseName] ??= link.inverseLabel.zh || link.inverseLabel.en;
  }
  const list = make("dl");
  for (const { value, count } of statistics.byType) {
    const row = make("div");
    const link = make("a", labels[value] ?? value, { href: `/?type=${encodeURIComponent(value)}` });
    const term = make("dt");
    term.append(link);
    row.append(term, make("dd", count.toLocaleString("zh")));
    list.append(row);
  }
  const total = `${statistics.total.toLocaleString("zh")} 个资源，${statistics.commits} 次提交`;
  at("glance").replaceChildren(make("h2", total), list);
}

at("signin").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", at("token").value.trim()); // for this tab alone
  start();
});
at("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
let pause;
at("query").addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 150);
});
at("more").addEventListener("click", () => search(true));

const address = new URLSearchParams(location.search);
at("query").value = address.get("q") ?? "";
for (const name of FACETS) chosen[name] = address.getAll(name);
function start() {
  at("said").replaceChildren();
  glance()
    .then(() => search())
    .catch((error) => at("said").replaceChildren(String(error.message)));
}
start();
