// What a message carries beside its words comes in (picture, film, file, link preview), elements go
// out; messages.js asks. Addresses are the sandbox's own, or those of the pictures' newspapers.

import { safeUrl } from "./entities.js";
import { el } from "./ground.js";

const UNITS = ["بايت", "ك.ب", "م.ب"];
const WORDS = { photo: "صورة", video: "فيديو", document: "ملف", voice: "رسالة صوتية", sticker: "ملصق" };

/** Name what a message is when it says nothing: for lists, and for what hears instead of sees. */
export const kindOf = (message) => WORDS[Object.keys(WORDS).find((kind) => message[kind])] ?? "رسالة";

const source = (url) => (url?.startsWith("/") ? url : safeUrl(url ?? "")?.href);
const gone = (event) => event.target.remove();

function size(bytes) {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 2);
  return `${Math.round((bytes / 1024 ** step) * 10) / 10} ${UNITS[step]}`;
}

/** Show the picture or film that stands above the words; null when there is none. */
export function above(message, alt) {
  if (message.photo) return image(message.photo.url, alt);
  if (message.video) {
    const src = source(message.video.url);
    return src ? el("video", { src, controls: "", preload: "metadata", "aria-label": alt }) : null;
  }
  return previewed(message)?.show_above_text ? preview(message, alt) : null;
}

/** Show what stands below the words: a link's preview. */
export const below = (message, alt) =>
  previewed(message) && !previewed(message).show_above_text ? preview(message, alt) : null;

/** Show a file that can be taken home; the name is the sender's. */
export function file({ document: sent }) {
  if (!sent) return null;
  return el(
    "a",
    { class: "file", href: source(sent.url), download: sent.file_name ?? "" },
    el("span", { class: "file-sign", "aria-hidden": "true" }, "↓"),
    el("bdi", {}, sent.file_name ?? WORDS.document),
    el("small", {}, size(sent.file_size)),
  );
}

const image = (url, alt) => {
  const src = source(url);
  return src ? el("img", { src, alt, onerror: gone }) : null;
};

/** Give the options of a preview that names its address; others show none here. */
function previewed({ link_preview_options: options }) {
  return options?.url && !options.is_disabled ? options : null;
}

const preview = (message, alt) => image(previewed(message).url, alt);
