// Text of one block as nodes: code, emphasis, links and line breaks.

import { element } from "./dom.js";

const MAX_DEPTH = 8;
const EMPHASIS = [["***", ["strong", "em"]], ["**", ["strong"]], ["__", ["strong"]], ["~~", ["del"]], ["*", ["em"]], ["_", ["em"]]];
const ADDRESS = /https?:\/\/[^\s<>"'`]+/iy;
const LINK = /!?\[([^\[\]]*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y;

// Returns the nodes of a text.
export function inline(text) {
  return read(text, 0);
}

function read(text, depth) {
  const nodes = [];
  const missing = new Set(); // closings that do not come any more, so that each is looked for once
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) {
      nodes.push(document.createTextNode(plain));
      plain = "";
    }
  };

  while (at < text.length) {
    const found = special(text, at, depth, missing);
    if (found) {
      flush();
      nodes.push(...found.nodes);
      at += found.length;
    } else {
      plain += text[at++];
    }
  }

  flush();
  return nodes;
}

function special(text, at, depth, missing) {
  switch (text[at]) {
    case "\\":
      return /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "") ? { nodes: [text[at + 1]], length: 2 } : null;
    case "\n":
      return { nodes: [element("br")], length: 1 };
    case "`":
      return code(text, at, missing);
    case "[":
    case "!":
      return link(text, at);
    case "<":
      return bracketed(text, at);
    case "h":
    case "H":
      return address(text, at);
    case "*":
    case "_":
    case "~":
      return depth < MAX_DEPTH ? emphasis(text, at, depth, missing) : null;
    default:
      return null;
  }
}

function code(text, at, missing) {
  const ticks = /^`+/.exec(text.slice(at, at + 64))[0];
  if (missing.has(ticks)) {
    return { nodes: [ticks], length: ticks.length };
  }

  let end = text.indexOf(ticks, at + ticks.length);
  while (end >= 0 && text[end + ticks.length] === "`") {
    let next = end;
    while (text[next] === "`") {
      next++;
    }

    end = text.indexOf(ticks, next);
  }

  if (end < 0) {
    missing.add(ticks);
    return { nodes: [ticks], length: ticks.length };
  }

  const inside = text.slice(at + ticks.length, end).replaceAll("\n", " ");
  const content = /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside;
  return { nodes: [element("code", {}, content)], length: end + ticks.length - at };
}

function emphasis(text, at, depth, missing) {
  for (const [mark, names] of EMPHASIS) {
    if (!text.startsWith(mark, at) || missing.has(mark)) {
      continue;
    }

    const start = at + mark.length;
    // Before a space there is a multiplication, and inside a word a name.
    if (/\s/.test(text[start] ?? " ") || (mark[0] === "_" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ""))) {
      continue;
    }

    const end = closing(text, start, mark);
    if (end < 0) {
      missing.add(mark);
      continue;
    }

    const inside = read(text.slice(start, end), depth + 1);
    const [view] = names.reduceRight((nodes, name) => [element(name, {}, ...nodes)], inside);
    return { nodes: [view], length: end + mark.length - at };
  }

  return null;
}

function closing(text, start, mark) {
  for (let end = text.indexOf(mark, start + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    const after = text[end + mark.length] ?? " ";
    const isWhole = mark.length > 1 || (after !== mark && text[end - 1] !== mark);
    const isWordEnd = mark[0] !== "_" || !/[\p{L}\p{N}]/u.test(after);
    if (isWhole && isWordEnd && !/\s/.test(text[end - 1])) {
      return end;
    }
  }

  return -1;
}

function link(text, at) {
  LINK.lastIndex = at;
  const match = LINK.exec(text);
  if (!match) {
    return null;
  }

  const [source, label, target] = match;
  return { nodes: linkTo(target, label || target) ?? [source], length: source.length };
}

function bracketed(text, at) {
  const match = /^<(https?:\/\/[^\s<>]+)>/i.exec(text.slice(at, at + 2048));
  return match && { nodes: linkTo(match[1], match[1]) ?? [match[0]], length: match[0].length };
}

function address(text, at) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) {
    return null;
  }

  ADDRESS.lastIndex = at;
  const match = ADDRESS.exec(text);
  if (!match) {
    return null;
  }

  // The sentence goes on after the address.
  let target = match[0].replace(/[.,;:!?*_~]+$/, "");
  if (target.endsWith(")") && !target.includes("(")) {
    target = target.slice(0, -1);
  }

  const nodes = linkTo(target, target);
  return nodes && { nodes, length: target.length };
}

function linkTo(target, label) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return null;
  }

  return url.protocol === "http:" || url.protocol === "https:"
    ? [element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, label)]
    : null;
}
