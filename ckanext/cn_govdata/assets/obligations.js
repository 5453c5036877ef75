/* The marks of obligation follow the chosen organisation's level and the fields they depend on.
 *
 * The rule is that of schema/marks.py (`shown`); words and symbols are those of the legend.
 */
ckan.module("cn-govdata-obligations", function (jQuery) {
  "use strict";

  function asked(levels, level) {
    if (levels[level]) return levels[level];
    const all = new Set(Object.values(levels));
    return all.size === 1 ? [...all][0] : "";
  }

  return {
    initialize: function () {
      this.form = this.el[0].closest("form");
      this.data = JSON.parse(this.el[0].textContent);
      this._describe();
      // Select2 tells of a change through jQuery alone.
      jQuery(this.form).on("change", () => this._update());
      this._update();
    },

    _update: function () {
      const choice = this.form.elements.owner_org;
      const level = (choice ? this.data.levels[choice.value] : this.data.level) || "";
      const name = document.getElementById("cn-govdata-level");
      // A status is read out whenever it is written.
      if (name.textContent !== this.data.names[level]) name.textContent = this.data.names[level];
      for (const mark of this.form.querySelectorAll(".cn-govdata-mark")) this._show(mark, level);
    },

    _show: function (mark, level) {
      const obligation = asked(JSON.parse(mark.dataset.levels), level);
      const shown = this._shown(obligation, Object.entries(JSON.parse(mark.dataset.when)));
      const legend = this.form.querySelector(`.cn-govdata-legend [data-obligation="${shown}"]`);
      for (const part of [".cn-govdata-symbol", ".cn-govdata-word"]) {
        mark.querySelector(part).textContent = legend ? legend.querySelector(part).textContent : "";
      }
      mark.dataset.obligation = shown;
      mark.querySelector(".cn-govdata-by-level").hidden = shown !== "";
      const condition = mark.querySelector(".cn-govdata-condition");
      if (condition) condition.hidden = shown === "O";
    },

    _shown: function (obligation, when) {
      if (!obligation || obligation === "O" || !when.length) return obligation;
      const value = (name) => (this.form.elements[name] || {}).value;
      if (!when.every(([name, values]) => values.includes(value(name)))) return "C";
      return obligation === "R" ? "R" : "M";
    },

    // Select2 puts a control of its own before the one that points to the mark.
    _describe: function () {
      for (const control of this.form.querySelectorAll("[aria-describedby^=mark-]")) {
        const stand_in = control.parentNode.querySelector(".select2-selection, .select2-focusser, .select2-input");
        if (stand_in) stand_in.setAttribute("aria-describedby", control.getAttribute("aria-describedby"));
      }
    },
  };
});
