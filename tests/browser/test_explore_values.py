"""What the page shows is the convolution of what the page shows, by SciPy's reckoning."""

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from tests.browser.explore_page import ExplorePage

_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def sides(padding):
    """Query text such as "1", "1,0" or "1,0,1,0" as ((top, bottom), (left, right))."""
    parts = [int(part) for part in padding.split(",")]
    if len(parts) == 1:
        parts = parts * 4
    if len(parts) == 2:
        parts = [parts[0], parts[0], parts[1], parts[1]]
    return (parts[0], parts[1]), (parts[2], parts[3])


def pair(text):
    parts = [int(part) for part in text.split(",")]
    return parts if len(parts) == 2 else parts * 2


def spread(taps, dilation):
    """Put dilation - 1 zeros between the taps."""
    rows, columns = dilation
    height, width = taps.shape
    wide = np.zeros(((height - 1) * rows + 1, (width - 1) * columns + 1))
    wide[::rows, ::columns] = taps
    return wide


def reference(x, weight, bias, query, divisor):
    """The output of a layer, one plane at a time, by a library that knows nothing of ours."""
    given = dict(part.split("=") for part in query.split("&"))
    slide = convolve2d if given.get("flip") == "1" else correlate2d
    mode = _MODES[given.get("mode", "zeros")]
    padded = [np.pad(plane, sides(given.get("p", "0")), mode=mode) for plane in x]
    down, across = pair(given.get("s", "1"))
    depth = len(x) // int(given.get("g", 1))
    maps = []
    for k, taps in enumerate(weight):
        first = k * int(given.get("g", 1)) // len(weight) * depth
        planes = zip(padded[first : first + depth], taps, strict=True)
        wide = pair(given.get("dil", "1"))
        total = sum(slide(plane, spread(tap, wide), mode="valid") for plane, tap in planes)
        maps.append(total[::down, ::across] / divisor + bias[k])
    return np.array(maps)


class Shown(ExplorePage):
    """The page, with its tensors put together from the grids."""

    def channel(self, name, channel):
        """A grid of one channel; where not all fit, the switch brings it into view."""
        if name not in self.names():
            shown = self.page.get_by_role("group", name="Channel shown")
            shown.get_by_role("button", name=f"Ch. {channel + 1} ").click()
        return self.values(name)

    def input(self, channels):
        names = [f"Input channel {c + 1}" for c in range(channels)] if channels > 1 else ["Input"]
        return np.array([self.channel(name, c) for c, name in enumerate(names)])

    def to_filter(self, k, maps):
        """Bring a filter into view by way of an output that it makes."""
        per_map = int(self.slider("Step").get_attribute("max")) // maps
        if self.slider("Step").is_enabled():
            self.step_to((k + 1) * per_map)
        else:
            self.cell(f"Output map {k + 1}" if maps > 1 else "Output", 1, 1).click()

    def filter(self, k, maps, channels, groups):
        self.to_filter(k, maps)
        if channels == 1:
            return self.values("Filter" if maps == 1 else f"Filter {k + 1}")[None]
        depth = channels // groups
        first = k * groups // maps * depth
        names = [f"Filter {k + 1} channel {s + 1}" for s in range(depth)]
        return np.array([self.channel(name, first + s) for s, name in enumerate(names)])

    def bias(self, maps):
        return self.values("Bias")[0] if "Bias" in self.names() else np.zeros(maps)


SETTINGS = [
    pytest.param("w=7&h=5&xs=3&fs=2", 1, id="one plane, not square"),
    pytest.param("d=3&k=2&xs=4&b=1", 1, id="three channels, two filters, bias"),
    pytest.param("w=8&h=9&s=3&d=2&xs=1", 1, id="left-over rows and columns"),
    pytest.param("w=6&h=5&p=2&mode=reflect&xs=7&fs=1", 1, id="reflected border"),
    pytest.param("w=5&h=6&p=3&mode=replicate&xs=2&d=2", 1, id="replicated border"),
    pytest.param("w=6&h=7&p=2&mode=circular&xs=2&fw=5", 1, id="border wrapped around"),
    pytest.param("w=6&h=5&p=1,0,2,3&xs=5&k=2", 1, id="four different paddings"),
    pytest.param("w=9&h=8&dil=2,3&fw=3&fh=2&xs=6", 1, id="taps apart, unequally"),
    pytest.param("d=4&k=4&g=2&xs=8&fs=3&b=1", 1, id="two groups"),
    pytest.param("d=3&k=6&g=3&w=5&h=6&xs=9&p=1", 1, id="depthwise, two filters a channel"),
    pytest.param("d=2&k=3&flip=1&xs=3&w=6&fs=5&fh=2", 1, id="the mathematical convolution"),
    pytest.param("x=random&fx=random&d=3&k=2&w=6&h=6&b=1&s=2", 1, id="decimals"),
    pytest.param("x=digit&fx=box_blur_3x3&w=10&h=8&p=1&fw=5&fh=3", 9, id="a named filter, divided"),
    pytest.param("x=ramp&fx=emboss&w=9&h=6&k=3&s=2,1", 1, id="a named filter turned thrice"),
    pytest.param("fw=1&fh=1&d=3&k=2&w=4&h=5&fx=pointwise", 1, id="a filter of one tap"),
    pytest.param("w=24&h=24&x=random&fx=random&p=1&s=1,2", 1, id="the largest input"),
    pytest.param("w=24&h=24&d=5&k=4&fw=5&fh=4&xs=2", 1, id="too large to be played"),
]


@pytest.mark.parametrize(("query", "divisor"), SETTINGS)
def test_the_output_is_what_scipy_computes_from_the_numbers_shown(go, query, divisor):
    given = dict(part.split("=") for part in query.split("&"))
    channels, maps = int(given.get("d", 1)), int(given.get("k", 1))
    shown = Shown(go(query).page)
    if shown.button("Last step").is_enabled():
        shown.button("Last step").click()

    x, output = shown.input(channels), shown.maps()
    groups = int(given.get("g", 1))
    weight = np.array([shown.filter(k, maps, channels, groups) for k in range(maps)])

    expected = reference(x, weight, shown.bias(maps), query, divisor)
    np.testing.assert_allclose(output, expected, rtol=0, atol=1e-9)
    assert expected.std() > 0
