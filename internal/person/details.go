package person

import "slices"

// Details is a set of things that can be known of a person, by the names that forms
// give them: what is known, not what it says.
type Details uint32

// details are the names, in the order of their bits: names are only ever added at
// the end, since the bits are kept.
var details = []string{"sex", "birth", "id_number", "joined", "confirmed", "ethnic", "native_place", "education", "degree",
	"occupation", "work_unit", "post", "politics", "phone"}

// Detail returns the set of name alone, and whether there is such a detail.
func Detail(name string) (Details, bool) {
	i := slices.Index(details, name)
	if i < 0 {
		return 0, false
	}
	return 1 << i, true
}

// Lacks returns the names of what d expects and known does not have.
func (d Details) Lacks(known Details) (names []string) {
	for i, name := range details {
		if bit := Details(1) << i; d&bit != 0 && known&bit == 0 {
			names = append(names, name)
		}
	}
	return names
}
