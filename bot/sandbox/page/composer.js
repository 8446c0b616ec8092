// What a person types comes in, send(text) goes out; the menu offers the commands of the chat.

import { $, el } from "./ground.js";

const text = $("text");
const menu = $("menu");
let chosen = -1; // index in the menu; -1 when nothing is

/** Wire the composer; send(text) tells whether the text arrived. */
export function compose({ commands, send }) {
  const submit = async (words) => {
    closeMenu();
    if (!words.trim()) return;
    write("");
    text.focus();
    const arrived = await send(words);
    if (!arrived && !text.value) write(words);
  };
  const offer = (prefix) => {
    const found = commands().filter(({ command }) => command.startsWith(prefix.toLowerCase()));
    openMenu(found, prefix, (command) => submit(`/${command}`));
  };

  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(text.value);
  });
  text.addEventListener("input", () => {
    grow();
    const typed = /^\/(\w*)$/.exec(text.value);
    if (typed) offer(typed[1]);
    else closeMenu();
  });
  text.addEventListener("keydown", (event) => {
    if (!event.isComposing) onKey(event, submit);
  });
  $("slash").addEventListener("click", () => {
    if (menu.hidden) offer("");
    else closeMenu();
    text.focus();
  });
  document.addEventListener("click", (event) => {
    if (!$("composer").contains(event.target)) closeMenu();
  });
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

function openMenu(commands, prefix, pick) {
  if (!commands.length) return closeMenu();
  const items = commands.map(({ command, description }, index) =>
    el(
      "li",
      { role: "option", id: `command-${index}`, onclick: () => pick(command) },
      el("b", {}, `/${command}`),
      el("span", {}, description),
    ),
  );
  menu.replaceChildren(...items);
  reveal(true);
  choose(prefix ? 0 : -1);
}

export function closeMenu() {
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
