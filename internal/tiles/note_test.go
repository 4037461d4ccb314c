package tiles

import (
	"encoding/base64"
	"encoding/binary"
)

// noteLine writes a signature line of the note format by itself, so that the tests do not lean on what they test.
func noteLine(name string, hash uint32, sig []byte) string {
	return "— " + name + " " + base64.StdEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, hash), sig...)) + "\n"
}
