package library

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// line returns the line of the part of a document that path names, such as
// "steps[2].form[0].type"; where the path ends short, the line of what is nearest.
func line(n *yaml.Node, path string) int {
	at := n.Line
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next, l := child(n, part)
		if next == nil {
			break
		}
		n, at = next, l
	}
	return at
}

// child returns the entry of n that part names, and the line on which it begins.
func child(n *yaml.Node, part string) (*yaml.Node, int) {
	if i, err := strconv.Atoi(part); err == nil && n.Kind == yaml.SequenceNode {
		if i < len(n.Content) {
			return n.Content[i], n.Content[i].Line
		}
		return nil, 0
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == part {
			return n.Content[i+1], n.Content[i].Line
		}
	}
	return nil, 0
}
