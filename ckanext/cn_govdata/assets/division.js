/* The division picker: a combobox over a text field, which holds the code.
 *
 * Pattern: WAI-ARIA combobox with a list box. Without JavaScript the text field takes code or name.
 */
ckan.module("cn-govdata-division", function () {
  "use strict";

  const PAUSE = 200; // milliseconds after the last key
  const SHOWN = 12;

  return {
    options: { source: "", label: "", none: "", some: "" },

    initialize: function () {
      this.input = this.el[0];
      this.chosen = document.getElementById(this.input.id + "-chosen");
      this.active = -1;
      this.asked = 0;
      this._build();
      this.input.addEventListener("input", () => this._later());
      this.input.addEventListener("keydown", (event) => this._key(event));
      this.input.addEventListener("blur", () => this._close());
      // A quick typist may have begun before CKAN started the modules of the page.
      if (document.activeElement === this.input && this.input.value) this._later();
    },

    _build: function () {
      this.list = document.createElement("ul");
      this.list.id = this.input.id + "-list";
      this.list.className = "cn-govdata-divisions";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.options.label);
      this.list.hidden = true;
      // The field keeps the focus when an option is pressed.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this._choose(option);
      });
      this.status = document.createElement("span");
      this.status.className = "visually-hidden";
      this.status.setAttribute("role", "status");
      const box = document.createElement("div");
      box.className = "cn-govdata-picker";
      this.input.before(box);
      box.append(this.input, this.list, this.status);
      const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
      for (const [name, value] of Object.entries(states)) this.input.setAttribute(name, value);
      this.input.setAttribute("aria-controls", this.list.id);
    },

    _later: function () {
      this.chosen.textContent = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this._search(), PAUSE);
    },

    _search: async function () {
      const asked = ++this.asked;
      const query = this.input.value.trim();
      if (!query) return this._close();
      const address = this.options.source + "?" + new URLSearchParams({ q: query, limit: SHOWN });
      let found;
      try {
        found = (await (await fetch(address)).json()).result;
      } catch {
        return this._close(); // code or name can still be typed
      }
      // An answer that a later key has overtaken is of no use.
      if (asked === this.asked && document.activeElement === this.input) this._show(found);
    },

    _show: function (found) {
      this.list.replaceChildren(...found.map((division, index) => this._option(division, index)));
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this._expand(found.length > 0);
      this.status.textContent = found.length
        ? this.options.some.replace("{count}", found.length)
        : this.options.none;
      if (!found.length) this.chosen.textContent = this.options.none;
    },

    _option: function (division, index) {
      const option = document.createElement("li");
      option.id = this.list.id + "-" + index;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.code = division.code;
      option.dataset.path = division.path;
      const code = document.createElement("span");
      code.className = "cn-govdata-code";
      code.textContent = division.code;
      option.append(division.path + " ", code);
      return option;
    },

    _key: function (event) {
      const options = this.list.children;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (this.list.hidden) return this._search();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const first = step === 1 ? 0 : options.length - 1;
        this._point(this.active < 0 ? first : (this.active + step + options.length) % options.length);
      } else if (event.key === "Enter" && !this.list.hidden) {
        event.preventDefault();
        if (this.active >= 0) this._choose(options[this.active]);
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault();
        this._close();
      }
    },

    _point: function (index) {
      const options = this.list.children;
      if (this.active >= 0) options[this.active].setAttribute("aria-selected", "false");
      this.active = index;
      options[index].setAttribute("aria-selected", "true");
      options[index].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[index].id);
    },

    _choose: function (option) {
      this.input.value = option.dataset.code;
      this.chosen.textContent = option.dataset.path;
      this.status.textContent = option.dataset.path;
      this._close();
    },

    _close: function () {
      clearTimeout(this.timer);
      this.asked += 1;
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this._expand(false);
    },

    _expand: function (open) {
      this.list.hidden = !open;
      // On a phone the list may begin below the fold.
      if (open) this.list.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-expanded", String(open));
    },
  };
});
