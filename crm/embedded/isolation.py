"""How a child process is started so that it may run as root's guest and never outlives us.

PostgreSQL refuses to run as root. In a user namespace of its own, root's files belong to an ordinary
user, so no account is made and no permission changed. Where the kernel refuses that, the child gives up
root for `nobody`.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def guest() -> pwd.struct_passwd:
    """Return the unprivileged user root's engines run as; initdb wants one that has a name."""
    for name in ("nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return next(entry for entry in pwd.getpwall() if entry.pw_uid)


def is_root() -> bool:
    """Tell whether PostgreSQL would refuse to start in this process."""
    return os.geteuid() == 0


@cache
def may_use_namespace() -> bool:
    """Tell whether this kernel lets a child have a user namespace of its own; tried once, in a child."""
    if sys.platform != "linux":
        return False
    tried = subprocess.run(["/bin/true"], preexec_fn=_trying, check=False)
    return tried.returncode == 0


def _trying() -> None:
    try:
        _enter_namespace()
    except OSError:
        os._exit(77)


def _enter_namespace() -> None:
    """Become `guest()` in a new user namespace, in which root's files are the guest's."""
    user, uid, gid = guest(), os.geteuid(), os.getegid()
    if _libc().unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{user.pw_uid} {uid} 1"),
        ("gid_map", f"{user.pw_gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def _drop_root() -> None:
    user = guest()
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def die_with_parent(number: int) -> None:
    """Ask the kernel to send this process the signal when its parent is gone, killed or not."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def starter(*, on_orphaned: int = signal.SIGTERM, as_guest: bool = False) -> Callable[[], None]:
    """Return what a child does between fork and exec.

    `as_guest`: not as root, see above. `on_orphaned`: the signal it gets when we are gone.
    """
    parent = os.getpid()
    changes_user = as_guest and is_root()
    enter = _enter_namespace if changes_user and may_use_namespace() else _drop_root

    def prepare() -> None:
        if changes_user:
            enter()
        # After the change of user, which would clear it.
        die_with_parent(on_orphaned)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
