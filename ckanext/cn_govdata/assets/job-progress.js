/* The page of a harvest job that waits or runs: asks how far it is, shows the report when it ends. */
ckan.module("cn-govdata-job-progress", function () {
  "use strict";

  const PAUSE = 5000; // milliseconds; the server's numbers are as old at most

  return {
    options: { source: "", state: "" },

    initialize: function () {
      this.timer = setInterval(() => this._ask(), PAUSE);
    },

    teardown: function () {
      clearInterval(this.timer);
    },

    _ask: async function () {
      if (document.hidden) return;
      let answer;
      try {
        const response = await fetch(this.options.source);
        if (!response.ok) return; // the next time
        answer = await response.json();
      } catch {
        return;
      }
      if (answer.state !== this.options.state) {
        clearInterval(this.timer);
        location.reload();
        return;
      }
      this._show(answer);
    },

    _show: function (answer) {
      this.el[0].querySelectorAll("[data-value]").forEach((place) => {
        const value = answer[place.dataset.value];
        const text = value === null || value === undefined ? "–" : String(value);
        if (place.textContent !== text) place.textContent = text;
      });
      const bar = this.el[0].querySelector("progress");
      if (bar && answer.total) {
        bar.max = answer.total;
        bar.value = Math.min(answer.listed || 0, answer.total);
      }
    },
  };
});
