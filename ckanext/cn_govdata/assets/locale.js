/* CKAN asks for its translations by the page's language with the first hyphen replaced only:
 * `zh_Hans-CN` is unknown to it, and then no module of the page starts. */
(function (Client) {
  "use strict";
  const ask = Client.prototype.getLocaleData;
  Client.prototype.getLocaleData = function (locale, ...rest) {
    return ask.call(this, locale.replace(/-/g, "_"), ...rest);
  };
})(ckan.Client);
