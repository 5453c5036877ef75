/* The form of a harvest source of the type cn_portal: family and parameters as fields.
 *
 * The fields write the JSON of the configuration, which is what the form sends: without JavaScript,
 * and for all other keys, the JSON itself is edited. What is typed there shows in the fields.
 */
ckan.module("cn-govdata-source-form", function () {
  "use strict";

  const TYPE = "cn_portal";

  return {
    initialize: function () {
      this.form = this.el[0].closest("form");
      this.json = this.form.querySelector("[name=config]");
      this.family = this.el[0].querySelector("[data-family]");
      this.fields = this.el[0].querySelector("[data-parameters]");
      this.note = this.el[0].querySelector("[data-note]");
      this.known = JSON.parse(this.el[0].querySelector("script").textContent);
      this.el[0].querySelectorAll("[hidden][data-scripted]").forEach((part) => (part.hidden = false));
      this.family.addEventListener("change", () => this._chosen());
      this.fields.addEventListener("input", () => this._write());
      this.json.addEventListener("input", () => this._read());
      this.form.querySelectorAll("[name=source_type]").forEach((radio) =>
        radio.addEventListener("change", () => this._show()));
      this._read();
      this._show();
    },

    _show: function () {
      const chosen = this.form.querySelector("[name=source_type]:checked");
      this.el[0].hidden = !chosen || chosen.value !== TYPE;
    },

    _config: function () {
      try {
        const value = JSON.parse(this.json.value || "{}");
        return value && typeof value === "object" && !Array.isArray(value) ? value : null;
      } catch (error) {
        return null;
      }
    },

    _read: function () {
      const config = this._config();
      this.note.hidden = config !== null;
      this.family.disabled = config === null;
      if (config === null) {
        this.fields.replaceChildren();
        return;
      }
      this.family.value = config.family || "";
      this._draw(config.parameters || {});
    },

    _chosen: function () {
      this._draw({});
      this._write();
    },

    _draw: function (values) {
      const family = this.known.find((each) => each.family === this.family.value);
      this.fields.replaceChildren(
        ...(family ? family.parameters.map((each) => this._field(each, values)) : []));
    },

    _field: function (parameter, values) {
      const id = "cn-govdata-parameter-" + parameter.name;
      const box = document.createElement("div");
      box.className = "form-group control-group mb-3";
      const label = document.createElement("label");
      label.className = "form-label control-label";
      label.htmlFor = id;
      label.textContent = parameter.name;
      const input = document.createElement("input");
      input.id = id;
      input.className = "form-control";
      input.dataset.parameter = parameter.name;
      input.placeholder = parameter.default;
      input.value = values[parameter.name] ?? "";
      const help = document.createElement("span");
      help.id = id + "-help";
      help.className = "info-block form-text";
      help.textContent = parameter.help;
      input.setAttribute("aria-describedby", help.id);
      box.append(label, input, help);
      return box;
    },

    /* Only what differs from the default is written; other keys and parameters stay. */
    _write: function () {
      const config = this._config();
      if (config === null) return;
      const family = this.known.find((each) => each.family === this.family.value);
      const own = new Set(family ? family.parameters.map((each) => each.name) : []);
      const old = config.family === this.family.value ? config.parameters || {} : {};
      const parameters = Object.fromEntries(Object.entries(old).filter(([name]) => !own.has(name)));
      this.fields.querySelectorAll("[data-parameter]").forEach((input) => {
        if (input.value.trim()) parameters[input.dataset.parameter] = input.value.trim();
      });
      config.family = this.family.value;
      if (!config.family) delete config.family;
      config.parameters = parameters;
      if (!Object.keys(parameters).length) delete config.parameters;
      this.json.value = JSON.stringify(config, null, 2);
    },
  };
});
