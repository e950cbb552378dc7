"""Lets the tests import their slow twins, strategies and comparisons by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
