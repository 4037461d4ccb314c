package record

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"qingfeng/internal/day"
	"qingfeng/internal/money"
)

// Check reports why fs could not be read back from what [Fields.Append] writes of
// it: a sum below zero, a time that no clock shows, people out of order, bytes that
// are no text. What it complains of must never reach the log, where nothing can be
// taken back. It looks at the values and reads nothing, since every answer that is
// ever recorded passes here.
func (fs Fields) Check() error {
	people := 0
	return fs.check(0, &people)
}

// check counts the people of all fields together in people.
func (fs Fields) check(depth int, people *int) error {
	if depth > maxDepth {
		return errors.New("rows within rows within rows")
	}
	for i, f := range fs {
		if i > 0 && fs[i-1].ID >= f.ID {
			return fmt.Errorf("field %q is out of order", f.ID)
		}
		if f.Value == nil {
			return fmt.Errorf("field %q: no value", f.ID)
		}
		err := text8(f.ID)
		if err == nil {
			err = checkValue(f.Value, depth, people)
		}
		if err != nil {
			return fmt.Errorf("field %q: %w", f.ID, err)
		}
	}
	return nil
}

func checkValue(v Value, depth int, people *int) error {
	switch v := v.(type) {
	case Text:
		return text8(string(v))
	case Choice:
		return text8(string(v))
	case Money:
		_, err := money.Parse(money.Fen(v).String())
		return err
	case Day:
		_, err := day.Parse(day.Day(v).String())
		return err
	case Time:
		if v < 0 || v >= 24*60 {
			return fmt.Errorf("time %d: no clock shows it", int(v))
		}
	case People:
		return v.check(people)
	case Files:
		return v.check()
	case Items:
		for _, row := range v {
			if err := row.check(depth+1, people); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p People) check(people *int) error {
	if *people += len(p); *people > maxPeople {
		return errors.New("people: more than a record can hold")
	}
	for i := range p {
		if err := text8(p[i].Note); err != nil {
			return err
		}
	}
	return p.Check()
}

func (v Files) check() error {
	for _, f := range v {
		if !isHash(f.Hash) {
			return fmt.Errorf("file: hash %q: want SHA-256 in lower-case hex", f.Hash)
		}
		if err := errors.Join(text8(f.Name), text8(f.Kind)); err != nil {
			return err
		}
	}
	return nil
}

var errNoText = errors.New("not UTF-8")

func text8(s string) error {
	if !utf8.ValidString(s) {
		return errNoText
	}
	return nil
}
