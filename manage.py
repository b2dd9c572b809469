#!/usr/bin/env python3
"""Start Setpoint (`up`), test it (`test`) or run one of its commands (`help` lists them)."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Setpoint needs Python 3.11 or later; this is %d.%d. Try `python3.11 manage.py up`." % sys.version_info[:2]
    )

from crm.embedded.bootstrap import ensure_environment

if __name__ == "__main__":
    ensure_environment(sys.argv)
    from crm.embedded.commands import run  # needs what the line above installs

    sys.exit(run(sys.argv))
