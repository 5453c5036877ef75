/* The page of an upload that is being worked on: asks how far it is, shows the outcome when done. */
ckan.module("cn-govdata-progress", function () {
  "use strict";

  const PAUSE = 2000; // milliseconds

  return {
    options: { source: "", state: "" },

    initialize: function () {
      setInterval(() => this._ask(), PAUSE);
    },

    _ask: async function () {
      let answer;
      try {
        answer = await (await fetch(this.options.source)).json();
      } catch {
        return; // the next time
      }
      if (answer.state !== this.options.state) return location.reload();
      this.el[0].querySelector(".cn-govdata-done").textContent = answer.done;
    },
  };
});
