"""What evaluation does because time passed, and its long work."""

from evaluation import directory
from servicekit.timers import Timers

timers = Timers("evaluation")
timers.job(directory.FILL)(directory.FillDirectory)
