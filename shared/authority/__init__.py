"""One council's settings: what differs between councils is data, and says where it comes from."""

from shared.authority.authorities import Authorities
from shared.authority.clocks import ClockSetting
from shared.authority.hours import GoTo
from shared.authority.loading import Fault, Faulty, load
from shared.authority.settings import Authority

__all__ = ["Authorities", "Authority", "ClockSetting", "Fault", "Faulty", "GoTo", "load"]
