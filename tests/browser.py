"""A real browser for the tests of the page: Chromium without a window, spoken to over two pipes."""

import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars")
FLAGS += ("--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage")
SECONDS = 60
SCROLLING = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"


class Browser:
    """One page of a browser; everything that the console says is kept."""

    def __init__(self, command, answers):
        self._command, self._answers, self.last = command, answers, ""
        self._number, self._buffer, self.said = 0, b"", []
        target = self._send("Target.createTarget", {"url": "about:blank"}, session=None)["targetId"]
        attached = self._send("Target.attachToTarget", {"targetId": target, "flatten": True}, session=None)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method, **parameters):
        """Call a method of the DevTools protocol."""
        return self._send(method, parameters, self._session)

    def _send(self, method, parameters, session):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(self._command, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _receive(self):
        while b"\0" not in self._buffer:
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise EOFError("the browser is gone")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer = json.loads(message)
        if answer.get("method") in {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}:
            self.said.append(answer["params"])
        if answer.get("method") == "Network.requestWillBeSent":
            self.said += [answer["params"]["request"]["url"]] * (not self._is_local(answer["params"]["request"]["url"]))
        answer.setdefault("method", "")
        self.last = answer["method"]
        return answer

    @staticmethod
    def _is_local(url):
        return url.startswith(("file:", "data:", "about:"))

    def show(self, path, width, height=900, *, scheme="light", media="screen"):
        """Load a file in a window of this size, light or dark, on the screen or as printed."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)
        self.send("Page.navigate", url=path.as_uri())
        while self.last != "Page.loadEventFired":
            self._receive()

    def run(self, script):
        """Give what a script gives, as JSON carries it; a promise is awaited."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def picture(self, path, top=0, height=None):
        """Write a picture of the page, or of a part of it, as PNG."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": size["width"], "height": height or size["height"] - top, "scale": 1}
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(b64decode(shot["data"]))

    def printed(self):
        """Give the page as a PDF on A4."""
        return b64decode(self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


@contextmanager
def browser():
    """Start a browser, and end it; skip where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    command_read, command_write = os.pipe()
    answer_read, answer_write = os.pipe()

    def connect():
        os.dup2(os.dup(command_read), 3)
        os.dup2(os.dup(answer_write), 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=connect,  # noqa: PLW1509  (the pipes must be 3 and 4; no thread of ours runs)
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        try:
            yield Browser(command_write, answer_read)
        finally:
            running.kill()
            running.wait(SECONDS)
            os.close(command_write)
            os.close(answer_read)
