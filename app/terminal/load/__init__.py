"""`hyperplane load`: runs many visitors at once, who speak the protocol as a page does, and measures them."""

from app.terminal.load.burst import BurstReport, burst
from app.terminal.load.figures import Report
from app.terminal.load.process import is_here
from app.terminal.load.visitors import Plan, measure

__all__ = ["BurstReport", "Plan", "Report", "burst", "is_here", "measure"]
