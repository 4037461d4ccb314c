package web

import (
	"strconv"
	"strings"

	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// keptName is how a form carries an attachment that the server has: hash, media
// type, size and name.
func keptName(f record.File) string {
	return f.Hash + " " + f.Kind + " " + strconv.FormatInt(f.Size, 10) + " " + f.Name
}

func parseKept(text string) (record.File, bool) {
	parts := strings.SplitN(text, " ", 4)
	if len(parts) != 4 {
		return record.File{}, false
	}
	size, err := strconv.ParseInt(parts[2], 10, 64)
	return record.File{Hash: parts[0], Kind: parts[1], Size: size, Name: parts[3]}, err == nil
}

// attach takes in the attachments that were sent with the form.
func (f *stepForm) attach(*Call) error { return nil }

// files reads the attachments of a question.
func (f *stepForm) files(_ *Call, _ procedure.Field, name string) (record.Value, []wrong) {
	var all record.Files
	for _, text := range f.values[name+".keep"] {
		if file, ok := parseKept(text); ok {
			all = append(all, file)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

func (f *stepForm) filesField(*Call, string) (out view.FilesField) { return out }

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
