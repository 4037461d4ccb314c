package fault

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A service is the program as it serves, in a process of its own.
type service struct {
	cmd     *exec.Cmd
	serving chan struct{} // closed when it serves
	ended   chan struct{} // closed when the process has ended

	mu   sync.Mutex
	said bytes.Buffer
	err  error // of the process, once it has ended
}

// patience is how long a process may take to serve or to end. No test depends on how
// long it really takes.
const patience = time.Minute

// launch starts a program that serves and does not wait for it.
func launch(binary string, args ...string) (*service, error) {
	s := &service{cmd: exec.Command(binary, args...), serving: make(chan struct{}), ended: make(chan struct{})}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // nothing is left behind
	out, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stdout = (*heard)(s)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.listen(bufio.NewScanner(out))
	return s, nil
}

// listen keeps what the process says until it has ended.
func (s *service) listen(lines *bufio.Scanner) {
	serving := false
	for lines.Scan() {
		_, _ = fmt.Fprintln((*heard)(s), lines.Text()) // a buffer takes everything
		if !serving && strings.Contains(lines.Text(), "msg=serving") {
			serving = true
			close(s.serving)
		}
	}
	err := s.cmd.Wait()
	s.mu.Lock()
	s.err = err
	s.mu.Unlock()
	close(s.ended)
}

// heard takes what the process says.
type heard service

func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.Write(b)
}

// words is what the process has said.
func (s *service) words() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// ready waits until it serves, and returns why it never will.
func (s *service) ready() error {
	select {
	case <-s.serving:
		return nil
	case <-s.ended:
		return fmt.Errorf("it ended and never served: %s", s.words())
	case <-time.After(patience):
		s.kill()
		return fmt.Errorf("it does not serve: %s", s.words())
	}
}

// kill ends the process as a power cut would, and waits until it is gone.
func (s *service) kill() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.ended
}

// stop asks the process to end, and returns how it did.
func (s *service) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.kill()
		return fmt.Errorf("it does not stop: %s", s.words())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return fmt.Errorf("%w: %s", s.err, s.said.String())
	}
	return nil
}

// runs reports whether the process still does.
func (s *service) runs() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// serve starts the house's program and returns when it serves.
func (h *house) serve(t *testing.T) *service {
	t.Helper()
	s := must(h.launch())(t)
	t.Cleanup(s.kill)
	check(t, s.ready())
	return s
}
