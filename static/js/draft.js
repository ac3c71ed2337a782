// A draft that never loses text: saved to the server while one writes, kept in the browser while the server cannot be reached.
// Without script the page works all the same: "Spara och fortsätt" saves.

const form = document.querySelector("form[data-draft]");
if (form) keep(form);

function keep(form) {
  const line = document.getElementById("saved");
  const words = form.dataset;
  const store = `medspel:${location.pathname}:${words.draft}`;
  const WAIT = 3000;
  let timer = null;
  let dirty = false;
  let running = null;
  let leaving = false;

  document.documentElement.classList.add("scripted");
  showConditional();
  offerKept();

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  if (form.querySelector("[data-seen], [data-sum]")) form.addEventListener("change", save);
  form.addEventListener("focusout", (event) => dirty && event.relatedTarget?.type !== "submit" && save());
  window.addEventListener("online", () => dirty && save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && dirty && save());
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    dirty = false;
    if (!running) return;
    // A save is on its way. It comes first, or the server takes this page for an older one than its own.
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    running.finally(() => {
      leaving = false;
      form.requestSubmit(event.submitter);
    });
  });

  function changed() {
    dirty = true;
    remember();
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }

  async function save() {
    clearTimeout(timer);
    if (running) return running.finally(() => dirty && save());
    dirty = false;
    const sent = new FormData(form);
    running = fetch(form.action || location.href, {
      method: "POST",
      body: sent,
      headers: { "X-Autosave": "yes", Accept: "application/json" },
      redirect: "manual",
      keepalive: document.visibilityState === "hidden",
    })
      .then(answered)
      .catch(() => {
        showAll();
        tell(words.offline, "problem", true);
      })
      .finally(() => (running = null));
    return running;
  }

  async function answered(response) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403)
      return tell(words.signedOut, "problem", true);
    if (response.status === 409) return tell((await response.json()).problem, "problem", true);
    if (!response.ok) return tell(words.offline, "problem", true);
    const { edition, seen, sums } = await response.json();
    form.elements.edition.value = edition;
    document.documentElement.classList.add("scripted");
    showConditional(seen);
    showSums(sums);
    if (!dirty) forget();
    const clock = new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    tell(words.saved.replace("%s", clock), "saved");
  }

  function tell(sentence, state, unsaved) {
    if (unsaved) dirty = true;
    line.textContent = sentence;
    line.dataset.state = state;
  }

  // Which questions are asked is judged by the server alone; its answer comes with every save.
  function showConditional(seen = {}) {
    for (const question of form.querySelectorAll("[data-seen]")) {
      question.dataset.seen = seen[question.dataset.question] ?? question.dataset.seen;
      question.hidden = question.dataset.seen !== "shown";
    }
  }

  // Without the server nobody knows: every question is shown, with the sentence that says when it is asked.
  function showAll() {
    document.documentElement.classList.remove("scripted");
    for (const question of form.querySelectorAll("[data-seen]")) question.hidden = false;
  }

  function showSums(sums = {}) {
    for (const [name, text] of Object.entries(sums)) {
      const output = form.querySelector(`[data-sum="${CSS.escape(name)}"]`);
      if (output) output.textContent = text;
    }
  }

  // The browser's own copy, for when there is no network.
  function remember() {
    const texts = [...new FormData(form)].filter(([name]) => name.startsWith("q-"));
    try {
      localStorage.setItem(store, JSON.stringify(texts));
    } catch {
      // No room or not allowed: the server has the text anyway.
    }
  }

  function forget() {
    try {
      localStorage.removeItem(store);
    } catch {
      // Nothing was kept.
    }
  }

  function offerKept() {
    let texts;
    try {
      texts = JSON.parse(localStorage.getItem(store) || "null");
    } catch {
      return;
    }
    const differs = texts?.some(([name, value]) => {
      const field = form.elements[name];
      return field && "value" in field && field.type !== "checkbox" && field.value !== value;
    });
    if (!differs) return forget();
    const offer = document.getElementById("kept");
    offer.hidden = false;
    offer.querySelector("[data-take]").addEventListener("click", () => {
      for (const [name, value] of texts) fill(name, value);
      offer.hidden = true;
      changed();
    });
    offer.querySelector("[data-drop]").addEventListener("click", () => {
      forget();
      offer.hidden = true;
    });
  }

  function fill(name, value) {
    const fields = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    for (const field of fields) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
      else field.value = value;
    }
  }
}
