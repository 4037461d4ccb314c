package static

import (
	"encoding/json"
	"fmt"
	"sync"
)

// An Outline is a map as drawn paths: one area per county. It can be replaced
// by an approved one of the same form.
type Outline struct {
	W     float64 `json:"w"` // width of the drawing
	H     float64 `json:"h"` // height of the drawing
	Areas []Area  `json:"areas"`
}

// An Area is the shape of one county.
type Area struct {
	Code string  `json:"code"` // six-digit division code
	Name string  `json:"name"`
	D    string  `json:"d"`  // path data
	CX   float64 `json:"cx"` // where its label stands
	CY   float64 `json:"cy"`
}

// ParseOutline reads a map as the file map.json has it.
func ParseOutline(b []byte) (Outline, error) {
	var o Outline
	if err := json.Unmarshal(b, &o); err != nil {
		return Outline{}, fmt.Errorf("map outline: %w", err)
	}
	if len(o.Areas) == 0 || o.W <= 0 || o.H <= 0 {
		return Outline{}, fmt.Errorf("map outline: no areas or no size")
	}
	return o, nil
}

// Counties returns the embedded outline.
var Counties = sync.OnceValue(func() *Outline {
	o, err := ParseOutline(all()["map.json"].plain)
	if err != nil {
		panic(err)
	}
	return &o
})
