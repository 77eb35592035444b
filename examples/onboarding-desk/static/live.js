// Keeps a page up to date: counts down, and asks the desk what has become of what it shows. Without it, a reload does.

/** The desk's time, in milliseconds. This browser's clock may be wrong; that it runs evenly is enough. */
let ahead = 0;
const setTime = (text) => {
  ahead = Number(text) - performance.now();
};
const now = () => ahead + performance.now();

const announce = (text) => {
  document.querySelector("#announcements").textContent = text;
};

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const plural = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** The two largest units: "23 hours 59 minutes". */
const inWords = (seconds) => {
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first === -1) return "0 seconds";
  let rest = seconds;
  const parts = units.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return plural(count, unit);
  });
  return parts.join(" ");
};

/** Seconds left at which a screen reader says so, once each: a clock that talks all the time is no help. */
const milestones = [600, 300, 60, 10];
const lastLeft = new WeakMap();

const tellMilestone = (element, left) => {
  const before = lastLeft.get(element);
  lastLeft.set(element, left);
  if (before === undefined || !("announced" in element.dataset)) return;
  if (milestones.some((milestone) => before > milestone && left <= milestone))
    announce(`${inWords(left)} left`);
};

const countDown = () => {
  let hasRunOut = false;
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Math.max(0, Math.ceil((Date.parse(element.dataset.countdown) - now()) / 1000));
    const text = left === 0 ? "no time left" : `${inWords(left)} left`;
    // A text that is written again, though it is the same, loses what somebody has selected in it.
    if (element.textContent !== text) element.textContent = text;
    element.hidden = false;
    element.closest(".countdown")?.removeAttribute("hidden");
    tellMilestone(element, left);
    if (left === 0 && !("ranOut" in element.dataset)) {
      element.dataset.ranOut = "";
      hasRunOut = true;
    }
  }
  return hasRunOut;
};

/** Puts a part of an answer in the place of the one on the page, if it says something new. */
const replace = (part) => {
  const shown = document.querySelector(`[data-live="${part.dataset.live}"]`);
  if (shown === null || shown.dataset.version === part.dataset.version) return;
  const { activeElement } = document;
  const hadFocus = shown.contains(activeElement);
  shown.replaceWith(document.importNode(part, true));
  if (part.dataset.announce !== undefined) announce(part.dataset.announce);
  if (!hadFocus) return;
  // Whoever stood on something that is gone goes on where the news is.
  const again = activeElement.id === "" ? null : document.getElementById(activeElement.id);
  (again ?? document.querySelector("#state") ?? document.querySelector("#main")).focus();
};

let isAsking = false;
const ask = async (address) => {
  if (isAsking || document.hidden) return;
  isAsking = true;
  const connection = document.querySelector("#connection");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(`the desk answers ${answer.status}`);
    const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
    setTime(fragment.querySelector("[data-now]").dataset.now);
    for (const part of fragment.querySelectorAll("[data-live]")) replace(part);
    countDown();
    connection.hidden = true;
  } catch {
    // Whatever it is, the person is told what it means for them, and the next turn tries again.
    connection.hidden = false;
  } finally {
    isAsking = false;
  }
};

const copy = async (button) => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  announce("Copied");
  button.dataset.copied = "";
};

const clock = document.querySelector("[data-now]");
if (clock !== null) setTime(clock.dataset.now);

const poll = document.querySelector("[data-poll]");
const askAgain = () => {
  if (poll !== null) void ask(poll.dataset.poll);
};
if (poll !== null) setInterval(askAgain, Number(poll.dataset.every) * 1000);
document.addEventListener("visibilitychange", askAgain);

countDown();
setInterval(() => {
  if (countDown()) askAgain();
}, 1000);

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button !== null) void copy(button);
});
