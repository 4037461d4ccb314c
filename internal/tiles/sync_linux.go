package tiles

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncAll writes out the whole file system that holds the directory (syncfs(2), which reports errors of the disk
// since Linux 5.8).
func syncAll(root *os.Root) (done bool, err error) {
	f, err := root.Open(".")
	if err != nil {
		return true, err
	}
	defer func() { _ = f.Close() }() // nothing was written through it
	return true, unix.Syncfs(int(f.Fd()))
}
