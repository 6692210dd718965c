"""unity_check's check_official.py with our class in place of mlagents_envs' UnityEnvironment.

drop_in_check.py CHECK_OFFICIAL [its arguments]
"""

import runpy
import sys
from types import ModuleType

from unity_bridge import UnityEnvironment

if __name__ == "__main__":
    module = ModuleType("mlagents_envs.environment")
    vars(module)["UnityEnvironment"] = UnityEnvironment
    sys.modules[module.__name__] = module
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
