// The newsroom's panel: its clock and how fast it runs, what the sample newspaper has published, and
// what may go wrong. page.js tells it who is looked at; everything on it can be undone.

import { $, button, clock, dayName, el, get, newsCount, now, post, setNow } from "./ground.js";

const EVERY = 3000; // ms between two looks
const TICK = 250; // ms; the seconds of a hurried clock need not be seen one by one
const WAIT = 5; // seconds that Telegram asks for with every 429
const NAMES = { 1: "سرعة اليوم العادي", 60: "ساعة في كل دقيقة", 600: "يوم في دقيقتين ونصف" };

// What the buttons provoke: an act of the sandbox, and what it is undone by.
const FAULTS = [
  { kind: "bad_picture", name: "صورة لا تفتح" },
  { kind: "429", name: "تلغرام يطلب التمهل (429)", more: { retry_after: WAIT } },
  { kind: "500", name: "عطل في خادم تلغرام (500)" },
  { kind: "bad_gateway", name: "انقطاع تلغرام" },
];

let person = null; // whose phone is looked at
let standing = { now: 0, speed: 1, speeds: [], faults: [], blocked: [] };

/** Show the panel and keep it current; without a newspaper it stays away. */
export function openNewsroom() {
  $("next").addEventListener("click", async () =>
    drawNews(await post("/_sandbox/newspaper/next")),
  );
  $("newsroom-toggle").addEventListener("click", (event) => {
    event.stopPropagation();
    drawer(!$("newsroom").classList.contains("open"));
  });
  document.addEventListener("click", (event) => {
    if (!$("newsroom").contains(event.target)) drawer(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") drawer(false);
  });
  setInterval(tick, TICK);
  look();
}

/** Take what the server says of the clock and the faults. */
export function drawStanding(newsroom) {
  standing = newsroom;
  setNow(newsroom.now, newsroom.speed);
  $("speeds-box").hidden = !newsroom.speeds.length;
  redraw($("speeds"), newsroom.speeds.map(speedButton));
  redraw($("faults"), [blocking(), ...FAULTS].filter(Boolean).map(faultButton));
  const troubled = newsroom.faults.length + newsroom.blocked.length;
  $("newsroom-toggle").classList.toggle("troubled", troubled > 0);
  tick();
}

/** Learn whose phone is looked at: that one is blocked by the first button. */
export function lookAt(someone) {
  person = someone;
  drawStanding({ ...standing, now: now() });
}

async function look() {
  if (!document.hidden) {
    const [news, newsroom] = await Promise.all([
      get("/_sandbox/newspaper"),
      get("/_sandbox/newsroom"),
    ]);
    if (newsroom) drawStanding(newsroom);
    drawNews(news);
  }
  setTimeout(look, EVERY);
}

function tick() {
  const [day, hour] = [dayName(now(), true), clock(now())];
  if ($("hour").textContent !== hour) $("hour").textContent = hour;
  if ($("day").textContent !== day) $("day").textContent = day;
}

function speedButton(speed) {
  const isOn = speed === standing.speed;
  const props = { "aria-pressed": String(isOn), title: NAMES[speed], "data-key": speed };
  return button(() => post("/_sandbox/speed", { speed }), props, `×${speed}`);
}

function blocking() {
  if (!person) return null;
  const isOn = standing.blocked.includes(person.id);
  const name = `حجب موجز على هاتف ${person.name}`;
  const act = () => post(`/_sandbox/${isOn ? "unblock" : "block"}`, { person: person.id });
  return { kind: "blocked", name, isOn, act };
}

function faultButton({ kind, name, more = {}, isOn, act }) {
  const on = isOn ?? standing.faults.some((fault) => fault.kind === kind && fault.chat === null);
  const change = act ?? (() => post("/_sandbox/fault", { kind, off: on, ...more }));
  return el(
    "li",
    {},
    button(change, { role: "switch", "aria-checked": String(on), "data-key": kind }, name),
  );
}

/** Replace the buttons of a group; who stood on one stands on it again. */
function redraw(group, nodes) {
  const key = group.contains(document.activeElement) && document.activeElement.dataset.key;
  group.replaceChildren(...nodes);
  if (key) group.querySelector(`[data-key="${key}"]`)?.focus();
}

function drawNews(news) {
  if (!news) return;
  const { published, remaining, latest, sources } = news;
  const rest = remaining ? `وبقي ${newsCount(remaining)}` : "وهدأت الجرائد";
  $("newsroom").hidden = $("newsroom-toggle").hidden = false;
  $("news-bar").max = published + remaining;
  $("news-bar").value = published;
  $("news-count").textContent = `نشر ${newsCount(published)}، ${rest}`;
  $("next").disabled = !remaining;
  $("latest-box").hidden = !latest;
  $("latest").textContent = latest?.title ?? "";
  $("latest").href = latest?.url ?? "";
  $("latest-source").textContent = latest?.source ?? "";
  const lines = sources.map(({ name, articles }) =>
    el("li", {}, el("span", {}, name), el("span", {}, newsCount(articles))),
  );
  $("sources").replaceChildren(...lines);
}

/** Open or close the panel where the screen is narrow. */
function drawer(isOpen) {
  $("newsroom").classList.toggle("open", isOpen);
  $("newsroom-toggle").setAttribute("aria-expanded", String(isOpen));
}
