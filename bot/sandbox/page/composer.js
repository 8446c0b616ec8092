// What a person types comes in, send(text) goes out. The menu offers the commands of the chat, and
// behind "@bot …" what the bot offers for the words; a file is given to attach(file).

import { $, el } from "./ground.js";

const PAUSE = 300; // ms between two letters; a longer pause asks the bot
const text = $("text");
const menu = $("menu");
let chosen = -1; // index in the menu; -1 when nothing is
let asking = 0; // counts questions to the bot: only the last one's answer is shown
let thinking; // the timer of that pause

/** Wire the composer; send(text) tells whether the text arrived. */
export function compose({ commands, bot, ask, post, send, attach }) {
  const submit = async (words) => {
    closeMenu();
    if (!words.trim()) return;
    write("");
    text.focus();
    const arrived = await send(words);
    if (!arrived && !text.value) write(words);
  };
  const offerCommands = (prefix) => {
    const found = commands().filter(({ command }) => command.startsWith(prefix.toLowerCase()));
    const items = found.map(({ command, description }) => ({
      head: `/${command}`,
      note: description,
      pick: () => submit(`/${command}`),
    }));
    openMenu(items, prefix ? 0 : -1);
  };
  const offerResults = async (query) => {
    const mine = ++asking;
    const answer = await ask(query);
    if (mine !== asking) return;
    const items = (answer?.results ?? []).map((result) => ({
      title: result.title,
      note: result.description,
      picture: result.thumbnail_url,
      pick: async () => {
        write("");
        closeMenu();
        await post(result.id);
      },
    }));
    openMenu(items, items.length ? 0 : -1);
  };

  const look = () => {
    grow();
    clearTimeout(thinking);
    const command = /^\/(\w*)$/.exec(text.value);
    const [name, ...query] = text.value.split(" ");
    if (command) offerCommands(command[1]);
    else if (name.toLowerCase() === `@${bot()}`.toLowerCase() && text.value.includes(" "))
      thinking = setTimeout(() => offerResults(query.join(" ").trim()), PAUSE);
    else closeMenu();
  };
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(text.value);
  });
  text.addEventListener("input", look);
  text.addEventListener("keydown", (event) => {
    if (!event.isComposing) onKey(event, submit);
  });
  $("slash").addEventListener("click", () => {
    if (menu.hidden) offerCommands("");
    else closeMenu();
    text.focus();
  });
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (file) await attach(file);
  });
  document.addEventListener("click", (event) => {
    if (!$("composer").contains(event.target)) closeMenu();
  });
  return (words) => {
    write(words);
    text.focus();
    look();
  };
}

function onKey(event, submit) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !menu.hidden) {
    event.preventDefault();
    const count = menu.children.length;
    choose(chosen < 0 && step < 0 ? count - 1 : (chosen + step + count) % count);
  } else if (event.key === "Escape") {
    closeMenu();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (menu.hidden || chosen < 0) submit(text.value);
    else menu.children[chosen].click();
  }
}

function openMenu(items, first) {
  if (!items.length) return closeMenu();
  const nodes = items.map(({ head, title, note, picture, pick }, index) =>
    el(
      "li",
      { role: "option", id: `choice-${index}`, onclick: pick, class: title ? "result" : null },
      picture ? el("img", { src: picture, alt: "", onerror: ({ target }) => target.remove() }) : null,
      head ? el("b", {}, head) : null,
      title ? el("strong", {}, title) : null,
      note ? el("span", {}, note) : null,
    ),
  );
  menu.replaceChildren(...nodes);
  reveal(true);
  choose(first);
}

export function closeMenu() {
  asking += 1;
  reveal(false);
  choose(-1);
}

function reveal(isOpen) {
  menu.hidden = !isOpen;
  for (const owner of [text, $("slash")]) owner.setAttribute("aria-expanded", String(isOpen));
}

function choose(index) {
  chosen = index;
  [...menu.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
  menu.children[index]?.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", menu.children[index]?.id ?? "");
}

function write(words) {
  text.value = words;
  grow();
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`; // 2: the borders
}
