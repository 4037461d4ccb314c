package web

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// logFile serves the public log: tiles, entry bundles and the checkpoint, which
// hold no personal data and can be read by anybody who wants to check us.
func (s *Server) logFile(w http.ResponseWriter, r *http.Request) {
	file, err := s.Log.File(strings.TrimPrefix(r.URL.Path, "/log/"))
	if errors.Is(err, fs.ErrNotExist) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		s.Logger.Error("log file", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Type", file.ContentType)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if file.Immutable {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "public, max-age=2")
	}
	http.ServeContent(w, r, "", file.ModTime, file)
}
