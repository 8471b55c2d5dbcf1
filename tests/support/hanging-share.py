"""A file system over the folder FROM, mounted at TO, that answers nothing while it is told to hang.

Lines on stdin: "hang" and "answer"; each is repeated on stdout when it holds. The end of stdin unmounts, so that
nothing is left behind by a test that dies. Needs fusepy.
"""
import errno
import os
import subprocess
import sys
import threading

from fusepy import FUSE, FuseOSError, Operations

origin, target = sys.argv[1:3]
answers = threading.Event()
answers.set()


def obey():
    for line in sys.stdin:
        answers.clear() if line.strip() == "hang" else answers.set()
        print(line.strip(), flush=True)
    answers.set()
    subprocess.run(["umount", "-l", target], check=False)
    os._exit(0)


class Share(Operations):
    def __call__(self, operation, *arguments):
        answers.wait()
        try:
            return super().__call__(operation, *arguments)
        except OSError as error:
            raise FuseOSError(error.errno or errno.EIO) from error

    def init(self, path):
        print("mounted", flush=True)

    def getattr(self, path, handle=None):
        stat = os.lstat(origin + path)
        return {name: getattr(stat, name) for name in dir(stat) if name.startswith("st_")}

    def readdir(self, path, handle):
        return [".", "..", *os.listdir(origin + path)]

    def open(self, path, flags):
        return os.open(origin + path, flags & ~os.O_APPEND)

    def create(self, path, mode, info=None):
        return os.open(origin + path, os.O_WRONLY | os.O_CREAT, mode)

    def write(self, path, data, offset, handle):
        return os.pwrite(handle, data, offset)

    def read(self, path, length, offset, handle):
        return os.pread(handle, length, offset)

    def release(self, path, handle):
        os.close(handle)


threading.Thread(target=obey, daemon=True).start()
# Without caches every call of a program comes here.
FUSE(Share(), target, foreground=True, direct_io=True, attr_timeout=0, entry_timeout=0)
