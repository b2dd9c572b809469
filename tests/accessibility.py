"""What axe finds on a page, in both themes, and whether the page fits its window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

# Scripts are at work, and what the page asks for by itself has come: before that a click is a plain link or post,
# which works too but differently.
SETTLED = """() => document.readyState === "complete"
  && (window.htmx || !document.querySelector("script[src*=htmx]"))
  && !document.querySelector("[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling")"""
# A colour half-way between two is nobody's choice. What moves already is at its end, and nothing begins to move while axe
# reads, which takes seconds on a busy machine: a theme that changes, or an answer that comes late, would fade in meanwhile.
STAND_STILL = """() => {
  if (!window.standingStill) {
    window.standingStill = new CSSStyleSheet()
    window.standingStill.replaceSync("*, ::before, ::after, ::backdrop { transition: none !important; " +
      "animation-duration: 0s !important; animation-delay: 0s !important }")
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, window.standingStill]
  }
  document.getAnimations().filter((motion) => motion.effect.getComputedTiming().endTime !== Infinity)
    .forEach((motion) => motion.finish())
}"""
MOVE_AGAIN = """() => {
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== window.standingStill)
  delete window.standingStill
}"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `preload` axe does not fetch every stylesheet again, which none of these rules reads.
QUICKLY = {"resultTypes": ["violations"], "preload": False}
EVERYTHING = QUICKLY | {"runOnly": TAGS}
COLOURS = QUICKLY | {"runOnly": ["color-contrast", "link-in-text-block"]}


def settle(page: Any) -> None:
    """Wait until the page is as a person would find it."""
    page.wait_for_function(SETTLED)


def violations(page: Any) -> list[str]:
    """Return what axe finds in the light theme, and of what colours decide in the dark one too.

    For somebody whose theme is the system's, as a new person's is.
    """
    found = []
    for theme, options in (("light", EVERYTHING), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)
        page.evaluate(STAND_STILL)
        settle(page)
        rules = Axe().run(page, options=options).response["violations"]
        found += [f"{theme} {rule['id']}: {node['html'][:160]}" for rule in rules for node in rule["nodes"]]
    page.emulate_media(color_scheme="light")
    page.evaluate(MOVE_AGAIN)
    return found


def scrolls_sideways(page: Any, *, width: int) -> bool:
    """Tell whether the page is wider than a window of this width."""
    page.set_viewport_size({"width": width, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
