"""A story that travels: some claims with their sentences, as a page, on paper and as data, and how to prove it whole.

`gathered` takes a story out of a store, `bundled` makes its files, `verified` proves them, `merged` joins two.
"""

from kg.bundle.bundle import Bundle, bundled
from kg.bundle.gathering import gathered
from kg.bundle.merging import merged
from kg.bundle.request import StoryOptions, StoryRequest
from kg.bundle.story import Conflict, Story
from kg.bundle.verification import Verification, read_bundle, verified

__all__ = [
    "Bundle",
    "Conflict",
    "Story",
    "StoryOptions",
    "StoryRequest",
    "Verification",
    "bundled",
    "gathered",
    "merged",
    "read_bundle",
    "verified",
]
