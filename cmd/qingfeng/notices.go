package main

import (
	"context"
	"github.com/go-json-experiment/json"
	"io"
	"os"
	"sync"
	"time"

	"qingfeng/internal/record"
)

// noticeEvery is how often the outbox is looked at.
const noticeEvery = time.Second

// noticeFlags say where notices go beside everybody's inbox.
type noticeFlags struct {
	NoticesTo string `help:"File to which notices are appended as lines of JSON, for a program that sends messages; - is the terminal." placeholder:"FILE"`
}

// lines is a courier that writes one line for each notice: whom, what kind, and where
// to look. Who reads it drops a key that came before.
type lines struct {
	mu sync.Mutex
	to io.Writer
}

// Deliver implements [app.Courier].
func (l *lines) Deliver(_ context.Context, n record.Notice, key string) error {
	line, err := json.Marshal(struct {
		Key    string `json:"key"`
		Person string `json:"person"`
		Kind   string `json:"kind"`
		Path   string `json:"path"`
	}{key, n.Person.String(), n.Kind, "/inbox"})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.to.Write(append(line, '\n'))
	return err
}

// carry opens what notices are written to.
func (f noticeFlags) carry(inv *invocation, in *installation) error {
	switch f.NoticesTo {
	case "":
	case "-":
		in.courier = &lines{to: inv.out}
	default:
		file, err := os.OpenFile(f.NoticesTo, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		in.courier = &lines{to: file}
	}
	return nil
}
