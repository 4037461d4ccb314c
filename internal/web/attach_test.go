package web

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// photo is a JPEG of 40 by 20 dots, red on the left, which says that the camera was
// held sideways, where it was, and whose it is.
func photo(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			picture.Set(x, y, color.RGBA{R: uint8(255 * (1 - x/20)), B: uint8(255 * (x / 20)), A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"), "GPS 37.5 111.1 owner"...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), b.Bytes()[2:]...)
}

// withFiles sends a form with attachments.
func (b *browser) withFiles(path string, form map[string][]string, files map[string][]byte) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			must(0, w.WriteField(name, v))
		}
	}
	for name, content := range files {
		part := must(w.CreateFormFile("photos", name))
		must(part.Write(content))
	}
	must(0, w.Close())
	return b.send(http.MethodPost, path, w.FormDataContentType(), &body)
}

var fileLink = regexp.MustCompile(`href="(/matter/m\d+/file/[0-9a-f]{64})"`)

func TestAPhotographIsKeptWithoutWhatTheCameraWrote(t *testing.T) {
	h := newHouse(t)
	path, _, _ := strings.Cut(h.secretary.withFiles(newThemeDay, h.themeDayForm(), map[string][]byte{`D:\现场.jpg`: photo(t)}).leads(), "?")
	page := h.secretary.get(path).says(http.StatusOK, "现场.jpg").lacks(`D:\`)
	link := fileLink.FindStringSubmatch(page.body)
	if link == nil {
		t.Fatal("the photograph is not linked")
	}
	got := h.member.get(link[1]).says(http.StatusOK).lacks("GPS", "owner", "Exif")
	if kind, policy := got.header.Get("Content-Type"), got.header.Get("Content-Security-Policy"); kind != "image/jpeg" || !strings.Contains(policy, "sandbox") || got.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("served as %q under %q", kind, policy)
	}
	picture, err := jpeg.Decode(strings.NewReader(got.body))
	if err != nil || picture.Bounds().Dx() != 20 || picture.Bounds().Dy() != 40 {
		t.Fatalf("not turned upright: %v, %v", picture.Bounds(), err)
	}
	if r, _, b, _ := picture.At(10, 5).RGBA(); r < b {
		t.Error("turned the wrong way")
	}
	h.stranger.get(link[1]).says(http.StatusNotFound)
	h.secretary.get("/matter/m1/file/" + link[1][len(link[1])-64:]).says(http.StatusNotFound)
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	h := newHouse(t)
	var huge bytes.Buffer
	must(0, png.Encode(&huge, image.NewGray(image.Rect(0, 0, 10_000, 6_000))))
	for name, content := range map[string][]byte{
		"page.jpg":  []byte("<html><script>alert(1)</script>"),
		"half.jpg":  photo(t)[:200],
		"huge.png":  huge.Bytes(),
		"macro.pdf": []byte("%PDF-1.7 cut off"),
		"x.svg":     []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
	} {
		size := h.app.Size()
		h.secretary.withFiles(newThemeDay, h.themeDayForm(), map[string][]byte{name: content}).says(http.StatusUnprocessableEntity, name, "没有收下", "学党章，议公开")
		if h.app.Size() != size {
			t.Errorf("%s was recorded", name)
		}
	}
}

func TestARefusedFormKeepsItsAttachments(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	form.Set("theme", "")
	page := h.secretary.withFiles(newThemeDay, form, map[string][]byte{"现场.jpg": photo(t)}).says(http.StatusUnprocessableEntity, "现场.jpg")
	form.Set("theme", "学党章，议公开")
	form.Set("photos.keep", page.hidden("photos.keep"))
	path, _, _ := strings.Cut(h.secretary.post(newThemeDay, form).leads(), "?")
	h.secretary.get(path).says(http.StatusOK, "现场.jpg")
}

func TestNobodyAttachesWhatIsNotTheirs(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	form.Set("theme", "")
	kept := h.secretary.withFiles(newThemeDay, form, map[string][]byte{"现场.jpg": photo(t)}).hidden("photos.keep")
	colleague := h.register("段景和", h.branch)
	h.act(matter.Act{Procedure: "office", Step: "take", Org: h.branch, Fields: record.Of(record.F("person", record.Person(colleague)), record.F("role", record.Choice("branch.organiser")))})
	form.Set("theme", "借来的照片")
	form.Set("photos.keep", kept)
	h.browser(colleague, "duan.jinghe").post(newThemeDay, form).says(http.StatusUnprocessableEntity, "找不到了")
	m := h.planned()
	excuse := map[string][]string{"on": {"2026-06-18"}, "reason": {"illness"}, "photos.keep": {kept}}
	h.member.post("/matter/"+m+"/excuse", excuse).says(http.StatusBadRequest)
	form = h.themeDayForm()
	form.Set("photos.keep", strings.Repeat("0", 64)+" x.jpg")
	h.secretary.post(newThemeDay, form).says(http.StatusUnprocessableEntity, "找不到了")
}

func TestNamesOfFilesAreOnlyNames(t *testing.T) {
	for sent, want := range map[string]string{
		"../../etc/passwd": "passwd", `D:\pictures\照片.jpg`: "照片.jpg", "a\x00b\r\n.pdf": "ab.pdf", "..": "file", "": "file", "\u202egpj.exe": "gpj.exe",
	} {
		if got := fileName(sent); got != want {
			t.Errorf("%q: %q, want %q", sent, got, want)
		}
	}
}
