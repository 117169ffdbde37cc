// What the page does beyond plain links and forms: proof that stays lit, and a chat whose answers stream in.
// Everything here also works without it. All HTML that is put into the page comes escaped from our own server.
"use strict";

lightProof();
openChat();

function lightProof() {
  const claims = [...document.querySelectorAll(".claim")];
  const light = (claim) => {
    for (const sentence of document.querySelectorAll(".s.lit")) sentence.classList.remove("lit");
    for (const other of claims) other.classList.toggle("pinned", other === claim);
    if (!claim) return [];
    const lit = [...document.querySelectorAll(`.s[data-by~="${claim.dataset.n}"]`)];
    for (const sentence of lit) sentence.classList.add("lit");
    return lit;
  };
  for (const claim of claims) {
    claim.addEventListener("click", (event) => {
      event.preventDefault();
      const lit = light(claim.classList.contains("pinned") ? null : claim);
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (lit.length) lit[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") light(null); });
  const removed = document.getElementById("removed");
  const openRemoved = () => { if (removed && location.hash === "#removed") removed.open = true; };
  addEventListener("hashchange", openRemoved);
  openRemoved();
}

function openChat() {
  const transcript = document.getElementById("transcript");
  const form = document.getElementById("say");
  if (!transcript || !form) return;
  const input = document.getElementById("text");
  const trouble = document.getElementById("trouble");
  let last = transcript.dataset.after;
  let source = null;

  const toEnd = () => { transcript.scrollTop = transcript.scrollHeight; };
  const complain = (text) => { trouble.textContent = text; trouble.hidden = !text; };

  function exchange(id) {
    let section = document.getElementById(id);
    if (!section) {
      transcript.querySelector(".welcome")?.remove();
      section = document.createElement("section");
      section.className = "exchange";
      section.id = id;
      const answer = document.createElement("div");
      answer.className = "answer";
      section.append(answer);
      transcript.append(section);
    }
    return section;
  }

  function put(id, html) {
    const answer = exchange(id).querySelector(".answer");
    answer.querySelector(".working")?.remove();
    answer.insertAdjacentHTML("beforeend", html);
  }

  const tell = {
    asked(data) {
      const section = exchange(data.exchange);
      if (section.querySelector(".asked")) return;
      const asked = document.createElement("p");
      asked.className = "asked";
      asked.dir = "auto";
      asked.textContent = data.asked;
      section.prepend(asked);
      toEnd();
    },
    working(data) {
      const answer = exchange(data.exchange).querySelector(".answer");
      if (answer.children.length) return;
      const working = document.createElement("p");
      working.className = "working";
      working.textContent = "Working…";
      answer.append(working);
      toEnd();
    },
    block(data) {
      put(data.exchange, data.html);
      if (data.number === 0) exchange(data.exchange).scrollIntoView({ block: "start" });
    },
    done(data) {
      exchange(data.exchange).querySelector(".answer").classList.toggle("failed", data.failed);
    },
    posted(data) { put(data.exchange, data.html); toEnd(); },
    reload() { reload(); },
  };

  async function reload() {
    const answer = await fetch("/chat");
    if (!answer.ok) { complain("The conversation could not be loaded. Load the page anew."); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("transcript");
    if (!fresh) { location.reload(); return; }
    transcript.replaceChildren(...fresh.childNodes);
    connect(fresh.dataset.after);
    toEnd();
  }

  function connect(after) {
    source?.close();
    last = after;
    source = new EventSource(`/chat/events?after=${encodeURIComponent(after)}`);
    source.addEventListener("open", () => { document.body.dataset.connected = "yes"; });
    for (const [kind, handle] of Object.entries(tell)) {
      source.addEventListener(kind, (event) => { last = event.lastEventId; handle(JSON.parse(event.data)); });
    }
    source.addEventListener("error", () => {
      delete document.body.dataset.connected;
      if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(last), 3000);
    });
  }

  async function send(address, values) {
    complain("");
    try {
      const answer = await fetch(address, {
        method: "POST", body: new URLSearchParams(values), headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (!answer.ok) complain(told.error);
      return answer.ok;
    } catch {
      complain("The bot does not answer. Is it running?");
      return false;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    const about = form.elements.about?.value ?? "";
    input.value = "";
    completions.hide();
    if (await send("/chat", { text, about })) form.elements.about?.remove();
    else input.value = text;
    input.focus();
  });

  transcript.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button) send("/chat/press", { action: button.value, label: button.getAttribute("aria-label") ?? button.textContent });
  });

  document.addEventListener("click", (event) => {
    const suggestion = event.target.closest("[data-say]");
    const about = event.target.closest("[data-about]");
    const ask = event.target.closest('a[href="#say"]');
    if (suggestion) { event.preventDefault(); send("/chat", { text: suggestion.dataset.say }); }
    if (about) {
      event.preventDefault();
      form.elements.about?.remove();
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name: "about", value: about.dataset.about });
      form.prepend(hidden);
      input.placeholder = "Ask a follow-up";
    }
    if (ask || about) { event.preventDefault(); input.focus(); }
  });

  const completions = completeCommands(input);
  connect(last);
  toEnd();
}

function completeCommands(input) {
  const list = document.getElementById("completions");
  let commands = [];
  let shown = [];
  let chosen = -1;
  let asked = 0;
  fetch("/chat/commands").then((answer) => answer.json()).then((found) => { commands = found; });

  // What may follow: { insert, name, help } in order; insert replaces the text from `from` on.
  async function find(text) {
    if (!text.startsWith("/")) return [];
    const typed = text.slice(1);
    const command = commands.filter((one) => `${typed} `.startsWith(`${one.name} `)).sort((a, b) => b.name.length - a.name.length)[0];
    if (!command || typed === command.name) {
      return commands.filter((one) => one.name.startsWith(typed.toLowerCase()))
        .map((one) => ({ insert: `/${one.name} `, from: 0, name: `/${one.name}`, help: one.help }));
    }
    return findValues(text, command);
  }

  async function findValues(text, command) {
    const rest = text.slice(command.name.length + 2);
    const keyed = /(?:^|\s)([a-z_]+):("[^"]*|[^\s"]*)$/u.exec(rest);
    const named = keyed && command.options.find((option) => option.name === keyed[1]);
    if (named) {
      const start = text.length - keyed[2].length;
      return values(named, command, keyed[2].replace(/^"/u, ""), start, true);
    }
    const used = new Set([...rest.matchAll(/(?:^|\s)([a-z_]+):/gu)].map((match) => match[1]));
    const word = /(\S*)$/u.exec(rest)[1];
    const names = command.options.filter((option) => !used.has(option.name) && option.name.startsWith(word))
      .map((option) => ({ insert: `${option.name}:`, from: text.length - word.length, name: `${option.name}:`, help: option.help }));
    const first = command.options.find((option) => option.required && option.completes && !used.has(option.name));
    if (first && used.size === 0) {
      const meant = await values(first, command, rest, command.name.length + 2, false);
      return [...meant, ...(rest ? [] : names)];
    }
    return names;
  }

  async function values(option, command, typed, from, quoted) {
    if (!option.completes) return [];
    const query = new URLSearchParams({ command: command.name, option: option.name, typed });
    const answer = await fetch(`/chat/completions?${query}`);
    if (!answer.ok) return [];
    const found = await answer.json();
    return found.map((value) => {
      const insert = quoted && /\s/u.test(value) ? `"${value.replaceAll('"', "”")}" ` : `${value} `;
      return { insert, from, name: value, help: option.name };
    });
  }

  async function update() {
    const number = ++asked;
    const found = await find(input.value);
    if (number !== asked) return;
    show(found.slice(0, 25));
  }

  function show(found) {
    shown = found;
    chosen = -1;
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      const name = document.createElement("b");
      const help = document.createElement("span");
      Object.assign(item, { id: `completion-${index}`, role: "option" });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      name.textContent = one.name;
      help.textContent = one.help;
      item.append(name, help);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    chosen = (index + shown.length) % shown.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `completion-${chosen}`);
  }

  function take(index) {
    const one = shown[index];
    input.value = input.value.slice(0, one.from) + one.insert;
    input.focus();
    update();
  }

  input.addEventListener("input", update);
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen < 0 ? shown.length - 1 : chosen - 1); }
    else if (event.key === "Tab" && !event.shiftKey) { event.preventDefault(); take(Math.max(chosen, 0)); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
    else if (event.key === "Escape") { event.preventDefault(); show([]); }
  });
  return { hide: () => { asked += 1; show([]); } };
}
