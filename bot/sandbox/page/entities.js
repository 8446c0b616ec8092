// A text and its Bot API entities come in, a fragment of elements goes out; messages.js asks.
// Offsets are UTF-16 units, as JavaScript's own. `acts` has bot (username), say(text), begin(payload).

import { button, el } from "./ground.js";

const PROTOCOLS = ["http:", "https:", "mailto:", "tel:", "tg:"];
const BLOCKS = ["pre", "blockquote", "expandable_blockquote"];

/** Read an address; null for what a link must not lead to. */
export function safeUrl(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return PROTOCOLS.includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Give what a deep link to the bot carries; null when it leads elsewhere. */
function startPayload(url, bot) {
  const isBot = (name) => name?.toLowerCase() === bot?.toLowerCase();
  const leadsHere =
    url.protocol === "tg:"
      ? url.host === "resolve" && isBot(url.searchParams.get("domain"))
      : ["t.me", "telegram.me"].includes(url.host) && isBot(url.pathname.slice(1));
  return leadsHere ? (url.searchParams.get("start") ?? "") : null;
}

/** Make a link; one to the bot itself is followed within the page, as Telegram does. */
export function link(address, acts, props = {}) {
  const url = safeUrl(address);
  if (!url) return el("span", props);
  const payload = startPayload(url, acts.bot);
  if (payload === null)
    return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", ...props });
  const follow = (event) => {
    event.preventDefault();
    acts.begin(payload);
  };
  return el("a", { href: url.href, ...props, onclick: follow });
}

function spoiler() {
  const reveal = (event) => {
    if (event.type === "click" || event.key === "Enter") event.currentTarget.classList.add("shown");
  };
  const props = { class: "spoiler", tabindex: "0", role: "button", "aria-label": "نص مخفي" };
  return el("span", { ...props, onclick: reveal, onkeydown: reveal });
}

const tag = (name, props) => () => el(name, props);
const MAKERS = {
  blockquote: tag("blockquote"),
  bold: tag("b"),
  bot_command: (text, _, acts) => button(() => acts.say(text), { class: "plain ltr" }),
  code: tag("code"),
  email: (text, _, acts) => link(`mailto:${text}`, acts, { class: "ltr" }),
  expandable_blockquote: tag("blockquote", { class: "folded" }),
  italic: tag("i"),
  mention: tag("span", { class: "ltr" }),
  pre: tag("pre"),
  spoiler,
  strikethrough: tag("s"),
  text_link: (_, entity, acts) => link(entity.url, acts),
  underline: tag("u"),
  url: (text, _, acts) => link(text, acts, { class: "ltr" }),
};

function foldable(quote) {
  const more = button(
    () => {
      const isFolded = quote.classList.toggle("folded");
      more.textContent = isFolded ? "أظهر الكل" : "أظهر أقل";
      more.setAttribute("aria-expanded", String(!isFolded));
    },
    { class: "unfold", "aria-expanded": "false" },
    "أظهر الكل",
  );
  quote.append(el("div", { class: "fold" }, ...quote.childNodes), more);
  return quote;
}

/** Write text with its entities nested as they are; entities we do not know stay plain. */
export function rich(text, entities, acts) {
  const waiting = (entities ?? [])
    .filter((entity) => MAKERS[entity.type])
    .sort((a, b) => a.offset - b.offset || b.length - a.length);

  const run = (from, to) => {
    const out = document.createDocumentFragment();
    let at = from;
    while (waiting.length && waiting[0].offset < to) {
      const entity = waiting.shift();
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      const node = MAKERS[entity.type](text.slice(start, end), entity, acts);
      node.append(run(start, end));
      out.append(text.slice(at, start), node.matches(".folded") ? foldable(node) : node);
      at = end;
      if (BLOCKS.includes(entity.type) && text[at] === "\n") at += 1; // a block ends its own line
    }
    out.append(text.slice(at, to));
    return out;
  };
  return run(0, text.length);
}
