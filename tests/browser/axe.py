"""Asks axe-core what people with disabilities would meet on a page."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """Rules that the page breaks: name, what it asks for, and some of the elements."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [(rule["id"], rule["help"], [node["target"] for node in rule["nodes"]][:5]) for rule in found]
