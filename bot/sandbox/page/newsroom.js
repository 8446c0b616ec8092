// The newsroom's panel: what the sample newspaper has published, and the button for the next article.

import { $, el, get, newsCount, post } from "./ground.js";

const EVERY = 3000; // ms between two looks

/** Show the panel and keep it current; without a newspaper it stays away. */
export function openNewsroom() {
  $("next").addEventListener("click", async () => draw(await post("/_sandbox/newspaper/next")));
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
  look();
}

async function look() {
  if (!document.hidden) draw(await get("/_sandbox/newspaper"));
  setTimeout(look, EVERY);
}

function draw(news) {
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
