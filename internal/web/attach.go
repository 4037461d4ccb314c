package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/guard"
	"qingfeng/internal/web/view"
)

// Guards of the system on attachments; the whole form is bounded by maxForm.
const (
	maxFile   = 20 << 20
	mostFiles = 20
	maxName   = 120 // characters of the name of a file
)

// accepted is what the browser offers to choose.
const accepted = "image/jpeg,image/png,image/webp,application/pdf"

// attach takes in the attachments that were sent with the form: checked, cleaned and
// kept, they become answers of the form like any other, so that a refusal loses none.
func (f *stepForm) attach(c *Call) error {
	if c.R.MultipartForm == nil {
		return nil
	}
	for name, files := range c.R.MultipartForm.File {
		q, ok := f.step.Field(name)
		if !ok || q.Type != record.TypeFile {
			return &fault.Invalid{Field: name, Why: "form.unknown_name"}
		}
		for _, sent := range files {
			if sent.Size == 0 && sent.Filename == "" {
				continue // the field was left empty
			}
			if err := f.attachOne(c, q, sent); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *stepForm) attachOne(c *Call, q procedure.Field, sent *multipart.FileHeader) error {
	name := fileName(sent.Filename)
	refuse := func(why string) {
		r := matter.Refuse(q.ID, why, "", "name", name, "most", sizeText(maxFile), "count", strconv.Itoa(mostFiles))
		f.unkept = append(f.unkept, c.problem(r, f.procedure.ID))
	}
	switch {
	case len(f.values[q.ID+".keep"]) >= mostFiles:
		refuse("refuse.too_many_files")
		return nil
	case sent.Size > maxFile:
		refuse("refuse.file_too_large")
		return nil
	}
	content, err := readAll(sent)
	if err != nil {
		return err
	}
	clean, kind, err := cleaned(content)
	switch {
	case errors.Is(err, errKind):
		refuse("refuse.file_kind")
		return nil
	case errors.Is(err, errPicture):
		refuse("refuse.file_unreadable")
		return nil
	case err != nil:
		return err
	}
	file, err := c.Visit.Attach(c.R.Context(), name, kind, clean)
	if err != nil {
		return err
	}
	if text := keptName(file); !slices.Contains(f.values[q.ID+".keep"], text) {
		f.values.Add(q.ID+".keep", text)
	}
	return nil
}

func readAll(sent *multipart.FileHeader) ([]byte, error) {
	file, err := sent.Open()
	if err != nil {
		return nil, fmt.Errorf("attachment: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	content, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err != nil {
		return nil, fmt.Errorf("attachment: %w", err)
	}
	return content, nil
}

// fileName is the name of a file without a path and without anything that could
// pass for something else.
func fileName(sent string) string {
	name := path.Base(strings.ReplaceAll(sent, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[len(runes)-maxName:])
	}
	if strings.Trim(name, ". /") == "" {
		return "file"
	}
	return name
}

// keptName is how a form carries an attachment that the server has: its hash, and
// what the person called it.
func keptName(f record.File) string { return f.Hash + " " + f.Name }

// files reads the attachments of a question. Size and kind are what the server
// found, never what a form says; what is not the visitor's to attach is left out.
func (f *stepForm) files(c *Call, q procedure.Field, name string) (record.Value, []wrong) {
	var all record.Files
	for _, text := range f.values[name+".keep"] {
		hash, called, _ := strings.Cut(text, " ")
		file, err := c.Visit.Attached(c.R.Context(), f.matter, hash)
		if err != nil {
			return nil, []wrong{{name, "refuse.file_gone", c.Say(q.Title)}}
		}
		file.Name = fileName(called)
		all = append(all, file)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

// filesField shows what was sent and asks for more.
func (f *stepForm) filesField(c *Call, name string) view.FilesField {
	out := view.FilesField{Accept: accepted, Limit: c.T("form.file_limit", "most", sizeText(maxFile), "count", strconv.Itoa(mostFiles))}
	for _, text := range f.values[name+".keep"] {
		hash, called, _ := strings.Cut(text, " ")
		file, err := c.Visit.Attached(c.R.Context(), f.matter, hash)
		if err != nil {
			continue
		}
		kept := view.KeptFile{Hash: text, Name: fileName(called), Note: sizeText(file.Size), Image: strings.HasPrefix(file.Kind, "image/")}
		if f.matter != "" {
			kept.Href = filePath(f.matter, hash)
		}
		out.Kept = append(out.Kept, kept)
	}
	return out
}

// file sends an attachment of a matter, to be saved and never to be run.
func (s *Server) file(c *Call) (templ.Component, error) {
	file, content, err := c.Visit.File(c.R.Context(), c.Matter(), c.R.PathValue("hash"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }() // it was only read
	guard.Quarantine(c.W.Header(), file.Name)
	c.W.Header().Set("Content-Type", file.Kind)
	c.W.Header().Set("Cache-Control", "private, max-age=3600, immutable")
	http.ServeContent(c.W, c.R, "", time.Time{}, content)
	return nil, nil
}

// fileList lists attachments with where they can be had.
func (c *Call) fileList(m id.Matter, files record.Files) (all []view.File) {
	for _, f := range files {
		icon := "file-text"
		if strings.HasPrefix(f.Kind, "image/") {
			icon = "image"
		}
		all = append(all, view.File{Icon: icon, Name: f.Name, Note: sizeText(f.Size), Href: filePath(m, f.Hash)})
	}
	return all
}

// filePath is where an attachment of a matter can be had.
func filePath(m id.Matter, hash string) string { return view.Under(view.MatterPath(m)+"/file", hash) }

// sizeText writes a size as people say it.
func sizeText(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+1023)/1024, 10) + " KB"
	}
	return strconv.FormatInt(n>>20, 10) + "." + strconv.FormatInt(n*10>>20%10, 10) + " MB"
}
