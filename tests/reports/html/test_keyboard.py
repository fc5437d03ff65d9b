"""The page of a run under the keys of a real browser, driven through its own debugging pipe (no network, no driver program)."""

import json
import os
import subprocess
import time

import pytest

#: What has the focus: its tag, and whether the finding around it is open.
FOCUSED = "[document.activeElement.tagName, !!document.activeElement.closest('details.finding')?.open]"
#: A new target shows an empty page before it shows the one that was asked for.
LOADED = "document.readyState === 'complete' && location.protocol === 'file:'"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
MANY = 40


class Keys:
    """A page in headless Chromium, and the keys of its keyboard."""

    def __init__(self, asks, answers, url):
        self._asks, self._answers, self._buffer, self._number = asks, answers, b"", 0
        target = self._call("Target.createTarget", {"url": url})["targetId"]
        self._session = {
            "sessionId": self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        }
        end = time.monotonic() + 60
        while not self.value(LOADED) and time.monotonic() < end:
            time.sleep(0.05)

    def _call(self, method, params, session=None):
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params, **(session or {})}
        os.write(self._asks, json.dumps(asked).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                read = os.read(self._answers, 1 << 16)
                assert read, "the browser has ended"
                self._buffer += read
            answer, _, self._buffer = self._buffer.partition(b"\0")
            if (told := json.loads(answer)).get("id") == self._number:
                return told["result"]

    def value(self, expression):
        """What an expression of JavaScript is on the page."""
        asked = {"expression": expression, "returnByValue": True}
        return self._call("Runtime.evaluate", asked, self._session)["result"]["value"]

    def press(self, key, code, text=""):
        """One key, down and up."""
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self._call("Input.dispatchKeyEvent", {"type": "keyDown", **pressed, "text": text}, self._session)
        self._call("Input.dispatchKeyEvent", {"type": "keyUp", **pressed}, self._session)


@pytest.fixture
def keys(need, page, tmp_path):
    """The keys of a browser that shows the page."""
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    words = [need("chromium"), "--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
    words += ["--no-sandbox"] if os.geteuid() == 0 else []  # root has none to enter
    words += [f"--user-data-dir={tmp_path / 'profile'}", "about:blank"]
    theirs, asks, answers, told = (end for pipe in (os.pipe(), os.pipe()) for end in pipe)
    placed = ["bash", "-c", f'exec "$@" 3<&{theirs} 4>&{told}', "bash"]  # where Chromium reads, and writes
    with subprocess.Popen([*placed, *words], pass_fds=(theirs, told), stderr=subprocess.DEVNULL) as browser:
        os.close(theirs)
        os.close(told)
        try:
            yield Keys(asks, answers, path.as_uri())
        finally:
            browser.kill()
            os.close(asks)
            os.close(answers)


def test_a_finding_is_reached_and_opened_without_a_mouse(keys):
    """Whoever cannot point would see the headline of each finding and never its path or its fix."""
    for _ in range(MANY):
        keys.press("Tab", 9)
        if keys.value(f"{FOCUSED}[0]") == "SUMMARY":
            break

    assert keys.value(FOCUSED) == ["SUMMARY", False]
    assert keys.value(OUTLINE) == "solid"
    keys.press("Enter", 13, "\r")
    assert keys.value(FOCUSED) == ["SUMMARY", True]
