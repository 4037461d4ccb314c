package account

import (
	"slices"
	"strings"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
)

// TokenPrefix begins every token, so that one that leaked is recognised.
const TokenPrefix = "qf_"

// MaxTokenDays is how long a token can be made to last.
const MaxTokenDays = 366

// A Token lets a program act for one person, with less than that person's rights.
type Token struct {
	Hash   []byte // of the token, which only its owner knows
	Person id.Person
	Title  string // what the owner calls it
	Scope  Scope
	Made   time.Time
	Until  time.Time
	Seen   time.Time // last used; may be a minute old
}

// Holds reports whether the token is still good at now.
func (t Token) Holds(now time.Time) bool { return now.Before(t.Until) && !ahead(t.Made, now) }

// A Scope is what a token leaves of the rights of its owner. It never adds any.
type Scope struct {
	Actions []access.Action // that it may use
	Acts    bool            // may record steps of procedures
	Root    id.Org          // only what concerns this organisation and everything below; 0: no such limit
}

// Delegable are the actions a token may carry. Accounts, settings and the trail
// of the audit stay with people.
func Delegable() []access.Action {
	return []access.Action{
		access.ReadOrg, access.ListPeople, access.ReadPerson, access.ReadFigure, access.Export, access.ReadJournal,
	}
}

// Check returns why s cannot be given to a token, as a key into the catalogue of
// words, or "".
func (s Scope) Check() string {
	if len(s.Actions) == 0 && !s.Acts {
		return "token.empty"
	}
	for _, a := range s.Actions {
		if !slices.Contains(Delegable(), a) {
			return "token.not_delegable"
		}
	}
	return ""
}

// Allows reports whether s leaves the right to a in what concerns o.
func (s Scope) Allows(a access.Action, o id.Org, tree *org.Tree, today day.Day) bool {
	return slices.Contains(s.Actions, a) && s.Covers(o, tree, today)
}

// Covers reports whether o lies within s.
func (s Scope) Covers(o id.Org, tree *org.Tree, today day.Day) bool {
	return s.Root == 0 || o != 0 && tree.Within(s.Root, o, today)
}

// String spells s for the trail: "org.read,person.list,acts@o12".
func (s Scope) String() string {
	parts := make([]string, 0, len(s.Actions)+1)
	for _, a := range s.Actions {
		parts = append(parts, string(a))
	}
	if s.Acts {
		parts = append(parts, "acts")
	}
	out := strings.Join(parts, ",")
	if s.Root != 0 {
		out += "@" + s.Root.String()
	}
	return out
}

// ParseScope reads what [Scope.String] wrote.
func ParseScope(text string) (Scope, error) {
	list, root, _ := strings.Cut(text, "@")
	var s Scope
	for _, part := range strings.Split(list, ",") {
		switch part {
		case "":
		case "acts":
			s.Acts = true
		default:
			s.Actions = append(s.Actions, access.Action(part))
		}
	}
	var err error
	s.Root, err = id.ParseOrg(root)
	return s, err
}
