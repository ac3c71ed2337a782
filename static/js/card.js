// An attendance card that survives a lost connection: what is ticked is kept in the phone until the server has it, and is sent
// again by itself. Without script the card is an ordinary form.

const KEY = "medspel:cards";
const place = document.querySelector("[data-card-queue]");
const form = document.querySelector("form[data-card]");

if (place) sendKept();
if (place) window.addEventListener("online", sendKept);
if (form) watch(form);

// Cards that wait to be sent: name of the card -> {url, name, fields}.
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

function keep(cards) {
  try {
    if (Object.keys(cards).length) localStorage.setItem(KEY, JSON.stringify(cards));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false; // no room or not allowed
  }
}

function send(url, fields) {
  const body = new URLSearchParams(fields);
  return fetch(url, { method: "POST", body, headers: { "X-Card": "yes", Accept: "application/json" }, redirect: "manual" });
}

async function sendKept() {
  const cards = kept();
  const waiting = Object.entries(cards).filter(([, card]) => card.waiting);
  for (const [id, card] of waiting) {
    const fields = card.fields.filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "quiet");
    fields.push(["csrfmiddlewaretoken", place.dataset.csrf], ["quiet", "yes"]);
    try {
      const response = await send(card.url, fields);
      if (response.ok) {
        forget(id);
        say("sent", card.name);
      } else if (response.status === 422) {
        say("refused", `${card.name}. ${(await response.json()).problem}`);
      } else {
        return say("signedOut");
      }
    } catch {
      return say("waiting", waiting.map(([, each]) => each.name).join(", "));
    }
  }
}

function forget(id) {
  const cards = kept();
  delete cards[id];
  keep(cards);
}

function say(what, name = "") {
  const line = document.createElement("p");
  line.textContent = place.dataset[what].replace("%s", name);
  place.append(line);
}

function watch(form) {
  const told = document.getElementById("card-told");
  const count = form.querySelector("[data-card-count]");
  const id = form.dataset.card;
  restore();
  tally();
  form.addEventListener("change", () => {
    remember(false);
    tally();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.submitter);
  });

  function fields() {
    return [...new FormData(form)];
  }

  function remember(waiting) {
    const typed = fields().filter(([name]) => name !== "csrfmiddlewaretoken");
    const card = { url: location.pathname, name: form.dataset.name, fields: typed, waiting };
    return keep({ ...kept(), [id]: card });
  }

  async function submit(button) {
    if (button) button.disabled = true;
    const safe = remember(true);
    try {
      const response = await send(location.pathname, fields());
      if (response.ok) {
        forget(id);
        location.assign((await response.json()).url);
        return;
      }
      remember(false);
      if (response.status !== 422) return HTMLFormElement.prototype.submit.call(form); // the server shows what is the matter
      told.textContent = (await response.json()).problem;
      told.scrollIntoView({ block: "center" });
    } catch {
      if (!safe) return HTMLFormElement.prototype.submit.call(form);
      told.textContent = told.dataset.offline;
      told.scrollIntoView({ block: "center" });
    }
    if (button) button.disabled = false;
  }

  // What was ticked before the page was lost, put back on the same card.
  function restore() {
    const card = kept()[id];
    if (!card) return;
    const ticked = new Map(card.fields);
    let differs = false;
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      if (field.type === "checkbox") {
        differs ||= field.checked !== ticked.has(field.name);
        field.checked = ticked.has(field.name);
      } else if (ticked.has(field.name)) {
        differs ||= field.value !== ticked.get(field.name);
        field.value = ticked.get(field.name);
      }
    }
    if (differs) told.textContent = told.dataset.kept;
    else if (!card.waiting) forget(id);
  }

  function tally() {
    const here = form.querySelectorAll("input[name^='here-']:checked, .marks input[name^='led-']:checked").length;
    count.textContent = told.dataset.count.replace("%s", here);
  }
}
