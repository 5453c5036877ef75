/* Names for screen readers where CKAN's own widgets have none: the box that stands for a field with
 * suggestions, the crosses of its values, the rows of a list of texts, the arrows between pages. */
(function () {
  "use strict";
  const NAMELESS = [
    ".select2-selection:not([aria-label]):not([aria-labelledby])",
    "form input[type=text]:not([id]):not([aria-label])",
  ].join();
  let waiting = false;

  function label(field) {
    const group = field.closest(".form-group, .control-group");
    const words = group && group.querySelector("label");
    return words ? words.textContent.replace(/[*:：]/g, "").trim() : "";
  }

  function mend() {
    waiting = false;
    for (const field of document.querySelectorAll(NAMELESS)) {
      const text = label(field);
      if (text) field.setAttribute("aria-label", text);
    }
    for (const link of document.querySelectorAll("a.select2-search-choice-close:not([aria-label])")) {
      link.setAttribute("aria-label", "× " + link.parentElement.textContent.trim());
    }
    for (const link of document.querySelectorAll("a.page-link:not([aria-label])")) {
      const page = new URL(link.href, location.href).searchParams.get("page");
      if (!link.textContent.trim()) link.setAttribute("aria-label", page || "1");
    }
  }

  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mend);
  }

  document.addEventListener("DOMContentLoaded", function () {
    mend();
    new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  });
})();
