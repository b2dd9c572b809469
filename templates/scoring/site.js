// What a website of ours tells about its visitors: which pages they look at. Nothing is stored on their device before
// setpoint.consent(); then a cookie keeps the visitor's key for a year, until setpoint.forget().
(function (w, d) {
  var me = d.currentScript, key = me && me.dataset.key, base = me && new URL(me.src).origin, name = "setpoint_visitor";
  if (!key || w.setpoint) return;
  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function kept() {
    var found = d.cookie.match(new RegExp("(?:^|; )" + name + "=([0-9a-f]{32})"));
    return found && found[1];
  }
  function keep(value, age) {
    d.cookie = name + "=" + value + "; path=/; max-age=" + age + "; SameSite=Lax" + (location.protocol === "https:" ? "; Secure" : "");
  }
  var visitor = kept() || random(), last = "";
  function see() {
    var url = location.origin + location.pathname;
    if (url === last) return;
    last = url;
    navigator.sendBeacon(base + "/visits/", JSON.stringify({ key: key, visitor: visitor, id: random(), url: url }));
  }
  // A form of ours in this page learns the visitor's key, so that who sends it is known to have been here.
  function fill() {
    d.querySelectorAll("iframe[data-setpoint-form]").forEach(function (frame) {
      if (frame.src.indexOf(base + "/forms/") || frame.src.indexOf("visitor=") > 0) return;
      frame.src += (frame.src.indexOf("?") < 0 ? "?" : "&") + "visitor=" + visitor;
    });
  }
  w.setpoint = {
    see: see,
    consent: function () { if (!navigator.globalPrivacyControl) keep(visitor, 31536000); },
    forget: function () { keep("", 0); visitor = random(); }
  };
  see();
  w.addEventListener("popstate", see);
  if (d.readyState === "loading") d.addEventListener("DOMContentLoaded", fill); else fill();
})(window, document);
