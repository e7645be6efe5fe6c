// The virtual phones: a list, one conversation, and a stream that says which phone changed.
const byId = (id) => document.getElementById(id);
const phones = byId("phones");
const bubbles = byId("bubbles");
let open = decodeURIComponent(location.hash.slice(1));

const json = async (path, options) => (await fetch(path, options)).json();
const messagesOf = (number) => `phones/${encodeURIComponent(number)}/messages`;

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Links are tapped on a phone, so they can be tapped here.
function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, place) => {
    if (place % 2 === 0) return part;
    const link = element("a", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}

async function showPhones() {
  const rows = await json("phones");
  byId("empty").hidden = rows.length > 0;
  const focused = document.activeElement?.dataset?.number;
  phones.replaceChildren(...rows.map((row) => {
    const button = element("button", row.number);
    button.type = "button";
    button.dataset.number = row.number;
    if (row.number === open) button.setAttribute("aria-current", "true");
    button.append(element("span", row.last.body, "last"));
    button.addEventListener("click", () => choose(row.number));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  if (focused) phones.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus();
}

async function showConversation() {
  document.body.classList.toggle("reading", Boolean(open));
  byId("conversation").hidden = !open;
  if (!open) return;
  byId("number").textContent = open;
  const messages = await json(messagesOf(open));
  bubbles.replaceChildren(...messages.map((message) => {
    const bubble = element("li", "", message.who);
    bubble.append(...linked(message.body));
    const at = new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const writer = message.who === "clinic" ? "Clinic" : "You";
    bubble.append(element("small", `${writer}, ${at}, ${message.status}`));
    return bubble;
  }));
  bubbles.scrollTop = bubbles.scrollHeight;
}

function choose(number) {
  open = number;
  location.hash = encodeURIComponent(number);
  refresh().then(() => (number ? byId("body").focus() : phones.querySelector("button")?.focus()));
}

const refresh = () => Promise.all([showPhones(), showConversation()]);

byId("back").addEventListener("click", () => choose(""));
byId("reply").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = byId("body").value.trim();
  if (!body) return;
  byId("body").value = "";
  await json(messagesOf(open), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ body }),
  });
});

const stream = new EventSource("events");
stream.onopen = () => { byId("state").textContent = "Live"; refresh(); };
stream.onerror = () => { byId("state").textContent = "Connection lost, trying again…"; };
stream.onmessage = refresh;
refresh();
