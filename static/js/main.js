// Starts every small module; each works on attributes, none on a page.
import "./theme.js";
import "./keyboard.js";
import "./overlays.js";
import "./toasts.js";
import "./requests.js";
import "./ticking.js";
import "./session.js";
import "./forms.js";
import "./lists.js";
import "./choose.js";
import "./tips.js";
import "./paper.js";
