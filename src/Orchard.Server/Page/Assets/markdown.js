// Shows Markdown as elements. Texts become text nodes, images become links, and links lead to http and https only, so that nothing that a
// model writes runs or is fetched.

import { copyButton, element } from "./dom.js";
import { inline } from "./inline.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?:\s+|$)/;
const DELIMITER = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const MAX_DEPTH = 8;

// Shows a text in a container. Blocks that have not changed since the last call are kept: an answer grows at its end.
export function showMarkdown(container, text) {
  const blocks = blocksOf(text.split(/\r?\n/), 0);
  const shown = container.shownBlocks ?? [];
  blocks.forEach((block, index) => {
    if (shown[index] === block.source && container.children[index]) {
      return;
    }

    const view = block.view();
    if (container.children[index]) {
      container.children[index].replaceWith(view);
    } else {
      container.append(view);
    }
  });
  while (container.children.length > blocks.length) {
    container.lastElementChild.remove();
  }

  container.shownBlocks = blocks.map(({ source }) => source);
}

// Blocks: { source, view }. The source starts with the kind, since the same lines can become another kind when more follow.
function blocksOf(lines, depth) {
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === "") {
      at++;
      continue;
    }

    const [kind, count, view] = readBlock(lines, at, depth);
    blocks.push({ source: `${kind}\n${lines.slice(at, at + count).join("\n")}`, view });
    at += count;
  }

  return blocks;
}

function readBlock(lines, at, depth) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (heading) {
    // The page has the first two levels.
    const level = Math.min(6, heading[1].length + 2);
    return ["heading", 1, () => element(`h${level}`, {}, ...inline(heading[2].trim().replace(/ #+$/, "")))];
  }

  if (FENCE.test(line)) {
    return readCode(lines, at);
  }

  if (RULE.test(line)) {
    return ["rule", 1, () => element("hr")];
  }

  if (depth < MAX_DEPTH && QUOTE.test(line)) {
    const count = countWhile(lines, at, (next) => QUOTE.test(next));
    const inner = lines.slice(at, at + count).map((one) => one.replace(QUOTE, ""));
    return ["quote", count, () => element("blockquote", {}, ...viewsOf(inner, depth + 1))];
  }

  if (depth < MAX_DEPTH && ITEM.test(line)) {
    return readList(lines, at, depth);
  }

  return isTable(lines, at) ? readTable(lines, at) : readParagraph(lines, at, depth);
}

const viewsOf = (lines, depth) => blocksOf(lines, depth).map(({ view }) => view());

function countWhile(lines, at, test) {
  let count = 0;
  while (at + count < lines.length && test(lines[at + count])) {
    count++;
  }

  return count;
}

// A block that is not closed yet goes to the end.
function readCode(lines, at) {
  const [, fence, language] = FENCE.exec(lines[at]);
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
  const inside = countWhile(lines, at + 1, (line) => !closing.test(line));
  const code = lines.slice(at + 1, at + 1 + inside).join("\n");
  const count = Math.min(inside + 2, lines.length - at);
  return ["code", count, () => codeView(code, language.trim().split(/\s/)[0])];
}

export function codeView(code, language) {
  const head = element("div", { className: "code-head" }, element("span", {}, language || "text"), copyButton(() => code, "the code"));
  // It can be scrolled sideways, so the keyboard has to reach it.
  const body = element("pre", { tabIndex: 0, role: "group", "aria-label": `Code: ${language || "text"}` }, element("code", {}, code));
  return element("div", { className: "code-block" }, head, body);
}

function readList(lines, at, depth) {
  const isOrdered = /\d/.test(ITEM.exec(lines[at])[2]);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || /\d/.test(item[2]) !== isOrdered || RULE.test(lines[end])) {
      break;
    }

    const count = 1 + countItem(lines, end + 1);
    const indent = item[0].length || 2;
    items.push([lines[end].slice(item[0].length), ...lines.slice(end + 1, end + count).map((line) => unindent(line, indent))]);
    end += count;
  }

  const start = isOrdered ? parseInt(ITEM.exec(lines[at])[2], 10) : 1;
  return ["list", end - at, () => {
    const list = element(isOrdered ? "ol" : "ul", {}, ...items.map((item) => itemView(item, depth)));
    if (isOrdered && start !== 1) {
      list.start = start;
    }

    return list;
  }];
}

// The lines of an item after its first: those that are indented, and those that continue its text.
function countItem(lines, at) {
  let count = 0;
  let blank = 0;
  for (; at + count + blank < lines.length;) {
    const line = lines[at + count + blank];
    if (line.trim() === "") {
      blank++;
    } else if (/^(\s{2,}|\t)/.test(line)) {
      count += blank + 1;
      blank = 0;
    } else if (blank === 0 && !ITEM.test(line) && !startsBlock(line)) {
      count++;
    } else {
      break;
    }
  }

  // Blank lines between items belong to the list.
  return at + count + blank < lines.length && ITEM.test(lines[at + count + blank]) ? count + blank : count;
}

const unindent = (line, width) => line.replace(new RegExp(`^(?:\\t| {1,${width}})`), "");

// A list of short items has no paragraphs in them.
function itemView(lines, depth) {
  const views = viewsOf(lines, depth + 1);
  const [first] = views;
  return first?.tagName === "P" ? element("li", {}, ...first.childNodes, ...views.slice(1)) : element("li", {}, ...views);
}

const isTable = (lines, at) => lines[at].includes("|") && at + 1 < lines.length
  && lines[at + 1].includes("-") && DELIMITER.test(lines[at + 1]) && cellsOf(lines[at]).length === cellsOf(lines[at + 1]).length;

function readTable(lines, at) {
  const count = 2 + countWhile(lines, at + 2, (line) => line.includes("|"));
  return ["table", count, () => {
    const heads = cellsOf(lines[at]);
    const sides = cellsOf(lines[at + 1]).map((cell) => (/^:-+:$/.test(cell) ? "center" : /-:$/.test(cell) ? "right" : ""));
    const cell = (name, text, index) => element(name, { className: sides[index] ?? "" }, ...inline(text));
    const rows = lines.slice(at + 2, at + count).map((line) => {
      const cells = cellsOf(line);
      return element("tr", {}, ...heads.map((_, index) => cell("td", cells[index] ?? "", index)));
    });
    const head = element("thead", {}, element("tr", {}, ...heads.map((text, index) => cell("th", text, index))));
    const table = element("table", {}, head, element("tbody", {}, ...rows));
    return element("div", { className: "scrolled", tabIndex: 0, role: "group", "aria-label": "Table" }, table);
  }];
}

function cellsOf(line) {
  const cells = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "").split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function startsBlock(line) {
  return HEADING.test(line) || FENCE.test(line) || RULE.test(line) || QUOTE.test(line);
}

function readParagraph(lines, at, depth) {
  const isItem = (line) => depth < MAX_DEPTH && ITEM.test(line);
  const count = 1 + countWhile(lines, at + 1, (line) => line.trim() !== "" && !startsBlock(line) && !isItem(line));
  // The header of a table ends a paragraph.
  let end = 1;
  while (end < count && !isTable(lines, at + end)) {
    end++;
  }

  const text = lines.slice(at, at + end).map((line) => line.trim()).join("\n");
  return ["paragraph", end, () => element("p", {}, ...inline(text))];
}
