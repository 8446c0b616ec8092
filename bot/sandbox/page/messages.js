// A Bot API message comes in, its bubble with keyboard goes out; page.js asks.
// `acts` is that of entities.js, and tap(message, data), which gives a promise, and type(query).

import { link, rich } from "./entities.js";
import { button, clock, dayKey, el, toast } from "./ground.js";
import { above, below, file, kindOf } from "./media.js";

const WIDE = 90; // UTF-16 units; a longer text takes the whole width, so that lists stand straight

export const isOurs = (message) => Boolean(message.from && !message.from.is_bot);

/** Give the first line of a message, for lists and for what hears instead of sees. */
export function firstLine(message) {
  const words = message.text ?? message.caption ?? kindOf(message);
  return words.split("\n").find((line) => line.trim()) ?? "";
}

function callback(key, message, acts) {
  const press = async ({ currentTarget }) => {
    if (currentTarget.getAttribute("aria-busy")) return;
    currentTarget.setAttribute("aria-busy", "true");
    await acts.tap(message, key.callback_data);
    currentTarget.removeAttribute("aria-busy");
  };
  return button(press, {}, key.text);
}

function keyNode(key, message, acts) {
  if ("callback_data" in key) return callback(key, message, acts);
  const query = key.switch_inline_query ?? key.switch_inline_query_current_chat;
  if (query !== undefined) {
    const elsewhere = "switch_inline_query" in key;
    return button(() => acts.type(query, elsewhere), {}, key.text);
  }
  if (!key.url) return button(() => toast("يعمل هذا الزر في تلغرام وحده."), {}, key.text);
  const node = link(key.url, acts);
  node.append(key.text);
  if (node.target === "_blank" && !key.text.includes("↗")) node.append(" ↗");
  return node;
}

function keyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const lines = rows.map((row) => el("div", {}, ...row.map((key) => keyNode(key, message, acts))));
  return el("div", { class: "keys", role: "group", "aria-label": "أزرار الرسالة" }, ...lines);
}

function stamp(message) {
  const moment = new Date(message.date * 1000).toISOString();
  const edited = message.edit_date ? "معدلة · " : "";
  return el(
    "span",
    { class: "stamp" },
    edited,
    el("time", { datetime: moment }, clock(message.date)),
  );
}

/** Say where a message comes from when its writer did not write it here. */
function provenance({ forward_origin: origin, via_bot: bot }) {
  if (bot) return el("div", { class: "origin" }, "عبر ", el("bdi", {}, `@${bot.username}`));
  if (!origin) return null;
  const known = origin.sender_user?.first_name ?? origin.chat?.title;
  const name = known ?? origin.sender_user_name.replace(/^\?$/, "شخص آخر");
  return el("div", { class: "origin" }, "محولة من ", el("bdi", {}, name));
}

/** Draw a message; in a group every bubble names its writer. */
export function draw(message, acts, { inGroup }) {
  const text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const reply = message.reply_to_message;
  const [image, attached] = [above(message, firstLine(message)), file(message)];
  const keys = keyboard(message, acts);
  const inside = el(
    "div",
    { class: "inside" },
    inGroup && message.from ? el("div", { class: "sender" }, message.from.first_name) : null,
    provenance(message),
    reply ? el("span", { class: "reply" }, firstLine(reply)) : null,
    attached,
    text ? el("div", { class: "text" }, rich(text, entities, acts)) : null,
    text || image || attached ? null : firstLine(message),
    below(message, firstLine(message)),
    stamp(message),
  );
  const isWide = image || keys || text?.length > WIDE;
  const kind = isOurs(message) ? "mine" : isWide ? "wide" : "";
  const props = { "data-id": message.message_id, "data-day": dayKey(message.date) };
  return el(
    "article",
    { class: `message ${kind}`, ...props },
    el("div", { class: "bubble" }, image, inside),
    keys,
  );
}
