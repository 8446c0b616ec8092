// The desk's state and events come in, the page is drawn from them, and what a person says or taps
// goes back; page/index.html loads it. The other scripts draw parts: see the first line of each.

import { closeMenu, compose } from "./composer.js";
import { $, button, clock, dayName, el, get, post, readFile, toast } from "./ground.js";
import { draw, firstLine, isOurs } from "./messages.js";
import { drawStanding, lookAt, openNewsroom } from "./newsroom.js";

const TYPING = 5000; // ms; as long as Telegram shows a chat action
const AGAIN = 2000; // ms before another try
const NEAR_END = 140; // px; nearer to the end than this, the chat follows what comes
const ACTIONS = { typing: "يكتب…", upload_photo: "يرسل صورة…", upload_document: "يرسل ملفا…" };
const KINDS = { private: "", channel: "قناة", group: "مجموعة", supergroup: "مجموعة" };

const desk = { bot: {}, people: [], chats: [], messages: {}, commands: {}, description: "" };
const seen = JSON.parse(sessionStorage.getItem("seen") ?? "{}"); // chat → last message id read
let current = null; // id of the chat on the screen
let missed = []; // events that arrive while the state is being read; null when none is
let typingTimer;

// Who and what there is

const personOf = (chat) => desk.people.find((person) => person.chat === chat);
const messagesOf = (chat) => (desk.messages[chat] ??= []);
const unread = (chat) =>
  messagesOf(chat).filter((m) => !isOurs(m) && m.message_id > (seen[chat] ?? 0)).length;

/** List what stands on the right: each person's own chat, then groups and channels. */
function places() {
  const own = desk.people.map((p) => ({
    id: p.chat,
    title: p.name,
    role: p.role,
    kind: "private",
  }));
  const shared = desk.chats.filter((chat) => chat.kind !== "private");
  return [...own, ...shared.map((chat) => ({ ...chat, role: KINDS[chat.kind] }))];
}

const placeOf = (chat) =>
  places().find((place) => place.id === chat) ?? { kind: "private", title: "" };

/** Give the person who acts: the chat's own, or the one chosen above a group or channel. */
function actor() {
  const chosen = desk.people.find((person) => String(person.id) === $("actor-choice").value);
  return personOf(current) ?? chosen ?? desk.people[0];
}

// What a person does

const where = (body) => ({ person: actor().id, chat: current, ...body });
const say = (text, person = actor(), chat = current) =>
  post("/_sandbox/say", { person: person.id, chat, text });

const acts = {
  get bot() {
    return desk.bot.username;
  },
  say,
  /** Put "@bot query" into the composer, as a button asks; elsewhere is where others read, too. */
  type(query, elsewhere) {
    const group = desk.chats.find((chat) => chat.kind.endsWith("group"));
    if (elsewhere && group) show(group.id);
    fill(`@${desk.bot.username} ${query}`);
  },
  async begin(payload) {
    const person = actor();
    if (person.chat !== current) show(person.chat);
    await say(payload ? `/start ${payload}` : "/start", person, person.chat);
  },
  async tap({ chat, message_id }, data) {
    const result = await post("/_sandbox/tap", {
      person: actor().id,
      chat: chat?.id ?? current,
      message_id,
      data,
    });
    if (!result?.answer?.text) return;
    toast(result.answer.show_alert ? "" : result.answer.text);
    if (!result.answer.show_alert) return;
    $("alert-text").textContent = result.answer.text;
    $("alert").showModal();
  },
};

// The list on the right

function face(node, id, { title, kind }) {
  node.style.setProperty("--hue", String((Math.abs(id) * 67 + 150) % 360));
  node.classList.toggle("square", kind !== "private");
  node.textContent = [...title][0] ?? "";
  return node;
}

function placeNode(place) {
  const last = messagesOf(place.id).at(-1);
  const count = unread(place.id);
  const prefix = last && isOurs(last) && place.kind === "private" ? "أنت: " : "";
  return button(
    () => show(place.id),
    { "data-chat": place.id, "aria-current": place.id === current ? "true" : null },
    face(el("span", { class: "avatar", "aria-hidden": "true" }), place.id, place),
    el("span", { class: "who" }, el("b", {}, place.title), " ", el("small", {}, place.role)),
    el("time", { class: "when" }, last ? clock(last.date) : ""),
    el("span", { class: "last" }, last ? prefix + firstLine(last) : "لا رسائل بعد"),
    count
      ? el("span", { class: "unread", "aria-label": `غير مقروءة: ${count}` }, String(count))
      : null,
  );
}

function drawPlaces() {
  const focused = document.activeElement?.dataset?.chat;
  $("chats").replaceChildren(...places().map((place) => el("li", {}, placeNode(place))));
  if (focused) $("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
}

// The chat in the middle

const nodeOf = (id) => $("messages").querySelector(`[data-id="${id}"]`);

function isNearEnd() {
  const { scrollHeight, scrollTop, clientHeight } = $("scroll");
  return scrollHeight - scrollTop - clientHeight < NEAR_END;
}

function toEnd(behavior = "instant") {
  $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior });
  $("jump").hidden = true;
}

const drawn = (message) =>
  draw(message, acts, { inGroup: placeOf(current).kind.endsWith("group") });

function append(message) {
  const before = [...$("messages").querySelectorAll(".message")].at(-1);
  const node = drawn(message);
  if (before?.dataset.day !== node.dataset.day)
    $("messages").append(el("div", { class: "day" }, dayName(message.date)));
  $("messages").append(node);
  return node;
}

function drawMessages() {
  const messages = messagesOf(current);
  $("messages").replaceChildren(...(messages.length ? [] : [welcome()]));
  messages.forEach(append);
  toEnd();
}

function welcome() {
  const start =
    placeOf(current).kind === "private" ? button(() => say("/start"), {}, "ابدأ") : null;
  return el(
    "div",
    { class: "welcome" },
    el("b", {}, desk.bot.first_name),
    el("p", {}, desk.description),
    start,
  );
}

function subtitle(doing) {
  const person = personOf(current);
  const resting = person ? `هاتف ${person.name}، ${person.role}` : placeOf(current).role;
  $("chat-note").classList.toggle("busy", Boolean(doing));
  $("chat-note").textContent = doing ? `${desk.bot.first_name} ${doing}` : resting;
}

function markSeen() {
  seen[current] = messagesOf(current).at(-1)?.message_id ?? 0;
  sessionStorage.setItem("seen", JSON.stringify(seen));
}

function show(chat) {
  current = chat;
  const place = placeOf(chat);
  const isPrivate = place.kind === "private";
  const head = isPrivate ? { title: desk.bot.first_name, kind: "private" } : place;
  $("chat-title").textContent = head.title;
  face($("chat-avatar"), isPrivate ? desk.bot.id : chat, head);
  $("actor").hidden = isPrivate;
  $("composer").hidden = place.kind === "channel";
  $("read-only").hidden = place.kind !== "channel";
  toast("");
  closeMenu();
  subtitle();
  markSeen();
  drawPlaces();
  drawMessages();
  lookAt(personOf(chat));
}

// What happens

const HAPPENINGS = {
  message({ chat, message }) {
    const messages = messagesOf(chat);
    if (messages.some((m) => m.message_id === message.message_id)) return;
    messages.push(message);
    if (chat === current) arrive(message, messages.length === 1);
    drawPlaces();
  },
  edit({ chat, message }) {
    const messages = messagesOf(chat);
    const index = messages.findIndex((m) => m.message_id === message.message_id);
    if (index < 0) return;
    messages[index] = message;
    if (chat === current) redraw(message);
    drawPlaces();
  },
  delete({ chat, message }) {
    desk.messages[chat] = messagesOf(chat).filter((m) => m.message_id !== message.message_id);
    if (chat === current) drawMessages();
    drawPlaces();
  },
  action({ chat, action }) {
    if (chat !== current) return;
    subtitle(ACTIONS[action] ?? ACTIONS.typing);
    clearTimeout(typingTimer);
    typingTimer = setTimeout(subtitle, TYPING);
  },
  newsroom: ({ newsroom }) => drawStanding(newsroom),
  commands({ chat, commands }) {
    if (chat === null) load();
    else desk.commands[chat] = commands;
  },
};

const happen = (event) => HAPPENINGS[event.kind]?.(event);

function arrive(message, isFirst) {
  const follow = isNearEnd() || isOurs(message);
  if (isFirst) $("messages").replaceChildren();
  append(message).classList.add("new");
  if (!isOurs(message)) subtitle();
  if (follow) toEnd("smooth");
  else $("jump").hidden = false;
  markSeen();
}

/** Replace a bubble in place; whoever stood on its third button stands on the third again. */
function redraw(message) {
  const old = nodeOf(message.message_id);
  const follow = isNearEnd();
  const standing = [...old.querySelectorAll("a, button")].indexOf(document.activeElement);
  const fresh = drawn(message);
  fresh.classList.add("flash");
  old.replaceWith(fresh);
  if (standing >= 0) fresh.querySelectorAll("a, button")[standing]?.focus({ preventScroll: true });
  if (follow) toEnd();
}

// Reading the state, and listening

async function load() {
  missed ??= [];
  const state = await get("/_sandbox/state");
  if (!state) return setTimeout(load, AGAIN);
  Object.assign(desk, state);
  drawStanding(state.newsroom);
  forgetOldDesk();
  if (desk.description) $("description").textContent = desk.description;
  const options = desk.people.map((p) => el("option", { value: p.id }, `${p.name}، ${p.role}`));
  $("actor-choice").replaceChildren(...options);
  const ids = places().map((place) => place.id);
  show(ids.includes(current) ? current : ids[0]);
  const late = missed;
  missed = null;
  late.forEach(happen);
}

/** Drop the marks of an earlier desk, whose message ids went further. */
function forgetOldDesk() {
  for (const chat of Object.keys(seen))
    if (seen[chat] > (messagesOf(chat).at(-1)?.message_id ?? 0)) delete seen[chat];
}

function listen() {
  const stream = new EventSource("/_sandbox/events");
  const tell = (words, isLive) => {
    $("link").textContent = words;
    $("link").classList.toggle("live", isLive);
  };
  stream.onopen = () => {
    tell("متصل", true);
    load();
  };
  stream.onmessage = ({ data }) =>
    missed ? missed.push(JSON.parse(data)) : happen(JSON.parse(data));
  stream.onerror = () => {
    tell("انقطع الاتصال، نعيد المحاولة", false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  };
}

$("jump").addEventListener("click", () => toEnd("smooth"));
$("scroll").addEventListener("scroll", () => isNearEnd() && ($("jump").hidden = true), {
  passive: true,
});
const fill = compose({
  commands: () => desk.commands[current] ?? [],
  bot: () => desk.bot.username,
  ask: (query) => post("/_sandbox/inline", where({ query }), { isQuiet: true }),
  post: (result) => post("/_sandbox/choose", where({ result })),
  send: (text) => say(text),
  async attach(file) {
    const media = /^(image|video)\//.exec(file.type)?.[1] ?? "document";
    const kind = media === "image" ? "photo" : media;
    await post("/_sandbox/send", where({ kind, name: file.name, data: await readFile(file) }));
  },
});
openNewsroom();
listen();
