// The ground of the page's scripts: making elements, asking the server, Arabic counts and times.

const ZONE = "Africa/Casablanca"; // the people live there, whatever the viewer's clock says
const TOAST = 3500; // ms
const TROUBLE = "تعذر الوصول إلى الخادم. لم يضع شيء؛ أعد المحاولة بعد لحظات.";

export const $ = (id) => document.getElementById(id);

/** Make an element; text among the children stays text and is never read as markup. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value != null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const button = (onclick, props = {}, ...children) =>
  el("button", { type: "button", ...props, onclick }, ...children);

let toastTimer;
export function toast(text) {
  clearTimeout(toastTimer);
  $("toast").textContent = text;
  $("toast").hidden = !text;
  toastTimer = setTimeout(() => toast(""), TOAST);
}

/** Post JSON and give the answer; when that fails say so, unless told not to, and give null. */
export async function post(path, body = {}, { isQuiet = false } = {}) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return await answer.json();
  } catch {
    if (!isQuiet) toast(TROUBLE);
    return null;
  }
}

/** Read a file as a data: address. */
export const readFile = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = reject;
    reader.readAsDataURL(file);
  });

/** Get JSON, or null when the server does not give it. */
export async function get(path) {
  const answer = await fetch(path).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

export function newsCount(n) {
  const rest = n % 100;
  if (n === 1) return "خبر واحد";
  if (n === 2) return "خبران";
  return `${n} ${rest >= 3 && rest <= 10 ? "أخبار" : rest >= 11 ? "خبرا" : "خبر"}`;
}

// The newsroom's clock may run faster than the viewer's.
let mark = { news: Date.now() / 1000, own: Date.now() / 1000, speed: 1 };
export const now = () => mark.news + (Date.now() / 1000 - mark.own) * mark.speed;
export const setNow = (news, speed) => (mark = { news, own: Date.now() / 1000, speed });

const format = (locale, options) => new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
const CLOCK = format("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = format("en-CA", {});
const NAMES = format("ar-MA-u-nu-latn", { weekday: "long", day: "numeric", month: "long" });

export const clock = (seconds) => CLOCK.format(seconds * 1000);
export const dayKey = (seconds) => DAY.format(seconds * 1000);

/** Name a day: today and yesterday by those words, unless it must be in full. */
export function dayName(seconds, inFull = false) {
  if (!inFull && dayKey(seconds) === dayKey(now())) return "اليوم";
  if (!inFull && dayKey(seconds) === dayKey(now() - 86400)) return "أمس";
  const part = Object.fromEntries(
    NAMES.formatToParts(seconds * 1000).map((p) => [p.type, p.value]),
  );
  return `${part.weekday} ${part.day} ${part.month}`;
}
