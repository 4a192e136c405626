"""The description of the API, which a package draws: it is read in a browser, and asks nobody else."""

from playwright.sync_api import Page


def test_a_route_can_be_looked_up(page: Page) -> None:
    page.goto("/docs")
    page.locator(".opblock-tag").first.click()
    page.locator(".opblock-summary-control").first.click()
    page.get_by_text("Responses", exact=True).first.wait_for()
