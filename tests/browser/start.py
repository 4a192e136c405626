"""Starts a Chromium once and shows it a word: `python -m tests.browser.start PROGRAM [no-sandbox]`.

Prints its version. In a process of its own, so that a browser that hangs can be ended with all it started.
"""

import sys

from playwright.sync_api import sync_playwright

LEAST_PX = 10
"""A heading is lower than this only where no font was found."""


def main(program: str, *flags: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, chromium_sandbox="no-sandbox" not in flags
        )
        page = browser.new_page()
        page.set_content("<h1>govern</h1>")
        height = page.evaluate("document.querySelector('h1').getBoundingClientRect().height")
        version = browser.version
        browser.close()
    if height <= LEAST_PX:
        sys.exit("It has no fonts: text has no height.")
    sys.stdout.write(f"{version}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
