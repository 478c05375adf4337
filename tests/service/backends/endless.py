"""An engine that takes for ever to import, as one may on a disk that does not answer."""

import time

time.sleep(600)
