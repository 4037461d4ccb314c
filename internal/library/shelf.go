package library

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// An Override is a file of an installation that replaces a built-in one, or
// stands beside them.
type Override struct {
	Path     string
	Hash     string // SHA-256 of the file, in hex
	Replaced string // SHA-256 of the built-in file, or "" where there is none
}

// A shelf holds the files of all layers, later layers over earlier ones.
type shelf struct {
	bytes     map[string][]byte
	overrides map[string]Override
}

// declared lists what is content; other files beside it, as a README, are not.
var declared = []string{
	"areas.yaml", "roles.yaml", "cases_world.yaml",
	"sources/*.yaml", "rules/*.yaml", "calendars/*.yaml", "codes/*.yaml",
	"procedures/*/procedure.yaml", "procedures/*/[0-9]*.yaml", "procedures/*/cases.yaml", "obligations/*.yaml", "indicators/*.yaml", "checks/*.yaml",
}

// isDeclared reports whether file is where content belongs.
func isDeclared(file string) bool {
	return slices.ContainsFunc(declared, func(glob string) bool {
		ok, err := path.Match(glob, file)
		return ok && err == nil
	})
}

// newShelf reads every YAML file of every layer.
func newShelf(layers []fs.FS) (*shelf, error) {
	s := &shelf{bytes: map[string][]byte{}, overrides: map[string]Override{}}
	for i, layer := range layers {
		err := fs.WalkDir(layer, ".", func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(file) != ".yaml" && path.Ext(file) != ".yml" {
				return err
			}
			b, err := fs.ReadFile(layer, file)
			if err != nil {
				return err
			}
			if i > 0 {
				s.overrides[file] = Override{Path: file, Hash: hash(b), Replaced: s.hash(file)}
			}
			s.bytes[file] = b
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("content: %w", err)
		}
	}
	return s, nil
}

// hash returns the digest of the file as built in, or "" where there is none.
func (s *shelf) hash(file string) string {
	if o, ok := s.overrides[file]; ok {
		return o.Replaced
	}
	if b, ok := s.bytes[file]; ok {
		return hash(b)
	}
	return ""
}

// match returns the files that glob names, sorted.
func (s *shelf) match(glob string) (files []string) {
	for _, file := range slices.Sorted(maps.Keys(s.bytes)) {
		if ok, err := path.Match(glob, file); ok && err == nil {
			files = append(files, file)
		}
	}
	return files
}

// digest is the digest of all files, by name and bytes.
func (s *shelf) digest() string {
	var all strings.Builder
	for _, file := range slices.Sorted(maps.Keys(s.bytes)) {
		fmt.Fprintf(&all, "%s  %s\n", hash(s.bytes[file]), file)
	}
	return hash([]byte(all.String()))
}

func (s *shelf) replaced() (all []Override) {
	for _, file := range slices.Sorted(maps.Keys(s.overrides)) {
		all = append(all, s.overrides[file])
	}
	return all
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
