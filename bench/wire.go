package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// A client is one connection that sends one request after the other. It does less
// than a browser would: the processors belong to the server.
type client struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

// do sends a request and reads the whole answer.
func (c *client) do(request []byte) (status, size int, err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.address); err != nil {
			return 0, 0, err
		}
		c.in = bufio.NewReader(c.conn)
	}
	status, size, again, err := c.exchange(request)
	if err != nil || !again {
		c.close()
	}
	return status, size, err
}

func (c *client) exchange(request []byte) (status, size int, again bool, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, 0, false, err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, 0, false, err
	}
	n, err := io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close() // it was read to its end
	return resp.StatusCode, int(n), !resp.Close, err
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is under way on it
		c.conn = nil
	}
}

// get is the request of a page by somebody with a session.
func get(address, path, cookie string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: text/html\r\nAccept-Language: zh\r\n\r\n", path, address, cookie)
}

// post is a request of a program with a token.
func post(address, path, bearer, key, body string) []byte {
	var b strings.Builder
	b.WriteString("POST " + path + " HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: " + bearer + "\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n")
	if key != "" {
		b.WriteString("Idempotency-Key: " + key + "\r\n")
	}
	b.WriteString("\r\n" + body)
	return []byte(b.String())
}
