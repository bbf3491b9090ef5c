"""What each target would keep of the behaviours that somebody uses: ledgers of many conversions, added up."""

from converter.advice.behaviours import Behaviour
from converter.advice.model import Advice, Assessment, Cell, Need, Use, Warned
from converter.advice.tally import Tally, advise, take_in

__all__ = ["Advice", "Assessment", "Behaviour", "Cell", "Need", "Tally", "Use", "Warned", "advise", "take_in"]
