(function () {
  "use strict";
  var root = document.documentElement, table = document.getElementById("reports");
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var search = document.getElementById("search"), period = document.getElementById("period");
  var titles = document.title.split(" / ");

  function plain(text) { // "Lạng Sơn" is found by "lang son"
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  }
  rows.forEach(function (row) { row.plain = plain(row.getAttribute("data-search")); });

  function filter() {
    var words = plain(search.value).split(/\s+/), shown = 0;
    rows.forEach(function (row) {
      var fits = (!period.value || row.getAttribute("data-period") === period.value) &&
        words.every(function (word) { return row.plain.indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    document.getElementById("count").textContent = shown;
    document.getElementById("none").hidden = shown > 0;
  }

  function key(row, column) { return row.cells[column].getAttribute("data-sort"); }

  function sort(column, down) {
    var numeric = rows.every(function (row) { return !isNaN(Number(key(row, column))); });
    rows.sort(function (a, b) {
      var x = key(a, column), y = key(b, column);
      var order = numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      return down ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = head.querySelector("button");
    if (!button) { return; }
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) {
        if (other.hasAttribute("aria-sort")) { other.setAttribute("aria-sort", "none"); }
      });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down);
    });
  });

  function speak(lang) {
    root.lang = lang;
    root.setAttribute("data-lang", lang);
    document.title = titles[lang === "vi" ? 0 : 1];
    Array.prototype.forEach.call(document.querySelectorAll(".languages button"), function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-lang") === lang));
    });
    Array.prototype.forEach.call(period.options, function (option) {
      option.textContent = option.getAttribute("data-" + lang);
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll(".languages button"), function (button) {
    button.addEventListener("click", function () { speak(button.getAttribute("data-lang")); });
  });
  document.querySelector("form").addEventListener("submit", function (event) { event.preventDefault(); });
  search.addEventListener("input", filter);
  period.addEventListener("change", filter);
  root.className = "scripted";
  speak("vi");
  filter();
})();
