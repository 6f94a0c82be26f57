// Numbers, words and rules come from the library as data; here quantiles are moved and the answer is read off them.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent), levels = data.levels;
  const at = (id) => document.getElementById(id), each = (all, act) => document.querySelectorAll(all).forEach(act);
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (slot, name) => facts[name]);
  const text = (place) => (place < 0 ? "" : data.texts[place][lang]); // "" where there is none
  const between = (value, low, high) => Math.min(Math.max(value, low), high);
  const logit = (share, margin) => Math.log((share + margin) / (1 - share + margin));
  const share = (z, margin) => between((1 + 2 * margin) / (1 + Math.exp(-z)) - margin, 0, 1);
  let lang = 0, one = null, goal = 0, added = 0, by = 0;

  data.units.forEach((unit) => unit.targets.filter((target) => target.values).forEach((target) => {
    let sum = 0;
    target.values = target.values.map((step) => (sum += step) / target.per);
  }));

  // The distribution with what is added: of people what is still to come, of a rate the logit of its median
  function moved(target, more) {
    if (target.measure === "persons") {
      return target.values.map((coming) => target.counted + Math.max(coming + more, 0));
    }
    const median = target.range[1], margin = target.margin;
    const shift = logit(between(median + more, 0.1, 99.9) / 100, margin) - logit(median / 100, margin);
    return target.values.map((z) => 100 * share(z + shift, margin));
  }
  function below(values, limit, inclusive) { // P(X < limit), or P(X <= limit)
    const next = values.findIndex((value) => (inclusive ? value > limit : value >= limit));
    if (next < 1) { return next < 0 ? 1 : 0; }
    const part = (limit - values[next - 1]) / (values[next] - values[next - 1]);
    return levels[next - 1] + part * (levels[next] - levels[next - 1]);
  }
  function chanceOf(values) { // without the last digits of reckoning: words change exactly at 0.55
    const chance = one.operator === ">=" ? 1 - below(values, goal, false) : below(values, goal, true);
    return Math.round(chance * 1e12) / 1e12;
  }
  const quantile = (values, level) => values[levels.indexOf(level)];
  const ruleOf = (chance) => data.rules.filter((rule) => chance >= rule.from).pop();

  // Numbers as the library writes them
  function number(value, digits, short) {
    const words = data.words[lang], size = 10 ** digits;
    const parts = (Math.round(Math.abs(value) * size + 1e-9) / size).toFixed(digits).split(".");
    const rest = short ? (parts[1] || "").replace(/0+$/, "") : parts[1] || "";
    const whole = parts[0].replace(/\B(?=(\d{3})+$)/g, words.thousands);
    return (value < 0 && /[1-9]/.test(parts.join("")) ? "-" : "") + whole + (rest ? words.decimal + rest : "");
  }
  function counted(name, value, digits) {
    const count = number(value, digits, true), key = "numbers." + name;
    return fill(data.words[lang][count === number(1, 0) ? key + ".one" : key], { count: count });
  }
  function rounded(value) { // projected people
    const step = data.steps.filter(([from]) => value >= from || !from).pop()[1];
    return Math.round(value / step) * step;
  }
  const percent = (value, digits, short) => number(value, digits, short) + data.words[lang].percent_sign;
  const isRate = () => one.measure === "percent";
  const about = (value) => (isRate() ? percent(value, data.decimals) : counted("people", rounded(value), 0));
  const bare = (value) => (isRate() ? percent(value, data.decimals) : number(rounded(value), 0));
  const exact = (value) => (isRate() ? percent(value, 2, true) : counted("people", value, 0));
  const fromTo = (low, high) => fill(data.words[lang].from_to, { low: bare(low), high: about(high) });

  function answer() {
    const words = data.words[lang], date = one.dates[by], late = date && added ? text(date[1]) : "";
    const more = late ? 0 : added, asPlanned = Math.abs(goal - one.goal) < 1e-9 && !more;
    const values = moved(one, more), chance = asPlanned ? one.chance : chanceOf(values), rule = ruleOf(chance);
    const ends = [0.1, 0.5, 0.9].map((level, place) => (more ? quantile(values, level) : one.range[place]));
    const said = {
      asked: fill(text(one.asked), { goal: exact(goal) }),
      judged: text((asPlanned ? one : rule).judged),
      projected: fill(words.projected, { median: about(ends[1]), range: fromTo(ends[0], ends[2]) }),
      late: late,
      reachable: fill(words.reachable, { value: about(quantile(values, one.operator === ">=" ? 0.2 : 0.8)) }),
      unchanged: asPlanned ? "" : fill(words.unchanged, {
        judged: text(one.judged), median: about(one.range[1]), range: fromTo(one.range[0], one.range[2]),
      }),
      assumed: !more ? "" : isRate() ? words["assumed.rate"] : more < 0 ? words["assumed.fewer"]
        : fill(words["assumed.more"], { people: counted("people", more, 0) }),
    };
    Object.keys(said).forEach((id) => { // what stays as it is is not read out again
      if (at(id).textContent !== said[id]) { at(id).textContent = said[id]; }
    });
    at("goal-said").textContent = exact(goal);
    at("added-said").textContent = (added > 0 ? "+" : "") + counted(isRate() ? "points" : "people", added, data.decimals);
    ["goal", "added"].forEach((id) => at(id).setAttribute("aria-valuetext", at(id + "-said").textContent));
    const record = data.record[one.kind][(asPlanned ? one : rule).status];
    at("record").lastChild.textContent = record >= 0 ? text(record) : words["record.none"];
    at("picture").setAttribute("aria-label", said.judged + ". " + said.projected);
    at("picture").dataset.chance = chance;
    draw(values, ends, chance, more);
  }

  function draw(values, ends, chance, more) {
    const words = data.words[lang], pad = 8, width = Math.max(at("picture").clientWidth, 280), room = width - 2 * pad;
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const x = (value) => pad + room * between((value - one.low) / (one.high - one.low), 0, 1);
    function put(kind, name, where, says) {
      const made = document.createElementNS(picture.namespaceURI, kind);
      made.setAttribute("class", name);
      Object.keys(where).forEach((key) => made.setAttribute(key, where[key]));
      made.textContent = says || "";
      picture.appendChild(made);
    }
    const line = (name, place, top, bottom) => put("line", name, { x1: place, x2: place, y1: top, y2: bottom });
    function box(name, low, high, y, height) {
      put("rect", name, { x: low, y: y, width: Math.max(high - low, 1), height: height });
    }
    function label(place, y, says, name) { // beside its place where the picture ends
      const anchor = place < width / 3 ? "start" : place > (2 * width) / 3 ? "end" : "middle";
      put("text", name || "", { x: place, y: y, "text-anchor": anchor }, says);
    }
    picture.setAttribute("viewBox", "0 0 " + width + " 192");
    if (one.counted > one.low) {
      box("counted", pad, x(one.counted), 46, 30);
      label(pad, 110, fill(words["picture.counted"], { value: number(one.counted, 0) }));
    }
    box("range95", x(quantile(values, 0.025)), x(quantile(values, 0.975)), 46, 30);
    box("range80", x(ends[0]), x(ends[2]), 46, 30);
    if (more) { box("before", x(one.range[0]), x(one.range[2]), 78, 3); }
    put("line", "axis", { x1: pad, x2: width - pad, y1: 78, y2: 78 });
    line("median", x(ends[1]), 46, 76);
    line("goal", x(goal), 20, 80);
    put("text", "", { x: Math.max(x(ends[0]), pad + 55), y: 94, "text-anchor": "end" }, bare(ends[0]));
    put("text", "", { x: Math.min(x(ends[2]), width - pad - 55), y: 94 }, bare(ends[2]));
    label(x(ends[1]), 40, fill(words["picture.median"], { value: bare(ends[1]) }));
    label(x(goal), 15, fill(words["picture.goal"], { value: isRate() ? exact(goal) : number(goal, 0) }), "goal-said");
    label(pad, 138, words["picture.chance"]);
    box("bar", pad, width - pad, 144, 22);
    box("chance", pad, pad + room * chance, 144, 22);
    const limits = data.rules.filter((rule, place) => place && rule.status !== data.rules[place - 1].status);
    limits.map((rule) => rule.from).forEach((limit, place, all) => {
      line("limit", pad + room * limit, 166, 172);
      if (place && room * (limit - all[place - 1]) < 32) { return; } // no room for its number
      put("text", "", { x: pad + room * limit, y: 186, "text-anchor": "middle" }, percent(100 * limit, 0));
    });
    at("picture").replaceChildren(picture);
  }

  function options(select, texts, chosen) {
    select.replaceChildren(...texts.map((text) => new Option(text)));
    select.selectedIndex = Math.max(chosen, 0);
  }
  function bounds(name, low, high, value, label) {
    at(name).step = one.step; // before the value, which is put on the nearest step
    [at(name), at(name + "-typed")].forEach((input) => { input.min = low; input.max = high; input.value = value; });
    at(name + "-label").textContent = label;
    at(name + "-typed").setAttribute("aria-label", fill(data.words[lang].typed, { label: label }));
  }
  function show() { // what is chosen, in the language that is chosen
    const words = data.words[lang], unit = data.units[Math.max(at("unit").selectedIndex, 0)];
    options(at("unit"), data.units.map((every) => text(every.name)), at("unit").selectedIndex);
    options(at("target"), unit.targets.map((every) => text(every.name)), unit.targets.indexOf(one));
    at("lines").replaceChildren(...one.lines.map((place) => {
      const made = document.createElement("p");
      made.textContent = text(place);
      return made;
    }));
    each(".varied", (part) => { part.hidden = !one.values; });
    at("illustrative").hidden = !one.illustrative;
    at("published").hidden = !(one.published >= 0);
    if (!one.values) { return; }
    at("evidence").lastChild.textContent = text(one.evidence);
    at("published").lastChild.textContent = text(one.published);
    at("fixed").textContent = text(one.fixed);
    at("added-drag").hidden = one.fixed >= 0;
    at("until").hidden = one.fixed >= 0 || !one.dates.length;
    options(at("by"), one.dates.map((date) => text(date[0])), by);
    bounds("goal", one.low, one.high, goal, words.goal);
    bounds("added", -one.most, one.most, added, isRate() ? words.points : words.people);
    answer();
  }
  function plan() { // everything as the plan has it
    goal = one.goal;
    added = 0;
    by = one.values ? one.dates.map((date) => date[1] < 0).lastIndexOf(true) : 0;
  }
  function choose(event) { // another unit keeps the target where it has it
    const targets = data.units[at("unit").selectedIndex].targets;
    const same = targets.find((other) => other.id === one.id) || targets[0];
    one = event.target.id === "unit" ? same : targets[at("target").selectedIndex];
    plan();
    show();
  }
  function speak(chosen) {
    lang = chosen;
    document.documentElement.lang = data.languages[lang];
    document.title = data.words[lang].title;
    each("[data-word]", (part) => { part.textContent = data.words[lang][part.dataset.word]; });
    each("[data-lang]", (button) => button.setAttribute("aria-pressed", String(+button.dataset.lang === lang)));
    each(".skip", (link) => { link.textContent = data.words[lang].skip; });
    each(".banner", (mark) => { mark.textContent = data.words[lang].banner; });
    show();
  }
  function dragged(id, set) { // by its slider or as a number, each of which follows the other
    [[id, id + "-typed"], [id + "-typed", id]].forEach(([from, to]) => at(from).addEventListener("input", () => {
      const value = at(from).valueAsNumber;
      if (!Number.isFinite(value)) { return; }
      set(isRate() ? value : Math.round(value));
      at(to).value = value;
      answer();
    }));
  }
  dragged("goal", (value) => { goal = between(value, 0, isRate() ? 100 : Infinity); });
  dragged("added", (value) => { added = value; });
  at("unit").addEventListener("change", choose);
  at("target").addEventListener("change", choose);
  at("by").addEventListener("change", () => { by = at("by").selectedIndex; answer(); });
  at("reset").addEventListener("click", () => { plan(); show(); });
  each("[data-lang]", (button) => button.addEventListener("click", () => speak(+button.dataset.lang)));
  each("form", (form) => form.addEventListener("submit", (event) => event.preventDefault()));
  window.addEventListener("resize", () => { if (one.values) { answer(); } });
  each(".page", (page) => { page.hidden = false; });
  one = data.units[0].targets.find((target) => target.values) || data.units[0].targets[0];
  plan();
  speak(0);
})();
