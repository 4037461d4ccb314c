package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// An answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one request and reads the whole answer.
func (h *house) ask(method, path, token, cookie, kind, key string, body []byte) (answer, error) {
	r, err := http.NewRequest(method, h.url(path), bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("User-Agent", "a test")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if cookie != "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin") // as a browser does
		r.AddCookie(&http.Cookie{Name: "qingfeng-plain", Value: cookie})
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w, err := h.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	got, err := io.ReadAll(w.Body)
	return answer{w.StatusCode, w.Header, string(got)}, errors.Join(err, w.Body.Close())
}

// get reads a page as the secretary.
func (h *house) get(path string) (answer, error) {
	return h.ask(http.MethodGet, path, "", h.keys.cookie, "", "", nil)
}

// read reads from the API as the officer.
func (h *house) read(path string) (answer, error) {
	return h.ask(http.MethodGet, "/api/v1"+path, h.keys.officer, "", "", "", nil)
}

// A problem is how the API says what did not work.
type problem struct {
	Type, Title, Detail, Remedy string
	Status                      int
	Errors                      []struct{ Field, Key, Reason string }
}

// errRefused: the program answered, and did not take the deed.
type errRefused struct {
	answer
	problem
}

func (e *errRefused) Error() string {
	return fmt.Sprintf("refused with %d: %.600s", e.status, e.body)
}

// do sends a deed and returns it with its answer. An [errRefused] says that the program
// answered; after any other error nobody knows.
func (h *house) do(d deed) (deed, error) {
	key := ""
	if d.Token != "" {
		key = d.Mark
	}
	a, err := h.ask(http.MethodPost, d.Path, d.Token, d.Cookie, d.Kind, key, d.Body)
	switch {
	case err != nil:
		return d, err
	case a.status == http.StatusCreated:
		var made struct {
			Seq  int64
			Leaf string
		}
		err = json.Unmarshal([]byte(a.body), &made)
		d.Seq, d.Leaf = made.Seq, made.Leaf
		return d, err
	case a.status == http.StatusSeeOther:
		to, err := url.Parse(a.header.Get("Location"))
		if err != nil {
			return d, err
		}
		if d.Seq, err = strconv.ParseInt(to.Query().Get("done"), 10, 64); err != nil {
			return d, fmt.Errorf("leads to %s: %w", to, err)
		}
		return d, nil
	}
	e := &errRefused{answer: a}
	_ = json.Unmarshal([]byte(a.body), &e.problem) // a page is no problem
	return d, e
}

// tell does a deed and notes in the journal what came of it. It reports whether the
// program answered.
func (h *house) tell(j *journal, d deed) bool {
	j.sent(d)
	d, err := h.do(d)
	var refused *errRefused
	switch {
	case err == nil:
		j.acknowledged(d)
	case !errors.As(err, &refused):
		return false
	case refused.status < 500:
		j.refused(d)
		j.complain(fmt.Errorf("%s: %w", d.Mark, err))
	default:
		j.complain(fmt.Errorf("%s: %w", d.Mark, err))
	}
	return true
}
