package web

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"

	"golang.org/x/image/webp"
)

// The media types that are taken.
const (
	kindJPEG = "image/jpeg"
	kindPNG  = "image/png"
	kindWebP = "image/webp"
	kindPDF  = "application/pdf"
)

var (
	errKind    = errors.New("not a kind of file that is taken")
	errPicture = errors.New("a picture that cannot be read, or has too many dots")
)

// mostDots is a guard against pictures that are small as files and huge in memory.
const mostDots = 50_000_000

// quality is that of the photographs kept: good enough to read a sheet of paper.
const quality = 88

// working bounds how many pictures are in memory at once.
var working = make(chan struct{}, 2)

// cleaned checks by its content what a file is, and returns it without metadata:
// pictures are drawn anew, the right way up, so that nothing remains of where and
// with what they were taken.
func cleaned(content []byte) ([]byte, string, error) {
	switch kind := http.DetectContentType(content); kind {
	case kindJPEG, kindPNG, kindWebP:
		working <- struct{}{}
		defer func() { <-working }()
		return redrawn(content, kind)
	case kindPDF:
		if !bytes.Contains(content[max(0, len(content)-1024):], []byte("%%EOF")) {
			return nil, "", errKind
		}
		return content, kindPDF, nil
	}
	return nil, "", errKind
}

func redrawn(content []byte, kind string) ([]byte, string, error) {
	decode, config := jpeg.Decode, jpeg.DecodeConfig
	switch kind {
	case kindPNG:
		decode, config = png.Decode, png.DecodeConfig
	case kindWebP:
		decode, config = webp.Decode, webp.DecodeConfig
	}
	size, err := config(bytes.NewReader(content))
	if err != nil || size.Width < 1 || size.Height < 1 || int64(size.Width)*int64(size.Height) > mostDots {
		return nil, "", errPicture
	}
	picture, err := decode(bytes.NewReader(content))
	if err != nil {
		return nil, "", errPicture
	}
	var out bytes.Buffer
	if kind == kindPNG {
		err = png.Encode(&out, picture)
		return out.Bytes(), kindPNG, err
	}
	if kind == kindJPEG {
		picture = upright(picture, orientation(content))
	}
	err = jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
	return out.Bytes(), kindJPEG, err
}

// orientation reads from the metadata of a JPEG how the camera was held: 1 to 8 as
// EXIF counts, 1 being upright; 1 also where nothing can be read.
func orientation(b []byte) int {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker, length := b[i+1], int(binary.BigEndian.Uint16(b[i+2:]))
		if marker == 0xda || length < 2 || i+2+length > len(b) {
			return 1
		}
		if part := b[i+4 : i+2+length]; marker == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return orientationTag(part[6:])
		}
		i += 2 + length
	}
	return 1
}

// orientationTag reads the tag from the first directory of a TIFF header.
func orientationTag(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(t[4:]))
	if at+2 > int64(len(t)) {
		return 1
	}
	const entry, tag = 12, 0x0112
	for n, i := int(order.Uint16(t[at:])), 0; i < n; i++ {
		e := at + 2 + int64(i)*entry
		if e+entry > int64(len(t)) {
			return 1
		}
		if order.Uint16(t[e:]) == tag {
			if v := int(order.Uint16(t[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// upright turns a picture as its orientation asks.
func upright(from image.Image, orientation int) image.Image {
	if orientation == 1 {
		return from
	}
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := placed(orientation, x, y, w, h)
			to.Set(tx, ty, from.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return to
}

// placed says where the dot at x, y of a picture w by h belongs.
func placed(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
