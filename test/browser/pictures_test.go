package browser

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A picture is one of those in the documentation.
type picture struct {
	file   string
	who    int // of the links
	path   string
	follow string // link to click there; empty: stay
	size   func() size
}

// TestMain takes the pictures of the documentation instead of testing, when it is
// told where to put them and given the links of a running demo.
func TestMain(m *testing.M) {
	into := flag.String("pictures", "", "directory for pictures of a running demo, taken instead of testing")
	links := flag.String("links", "", "one-time links of city officer, branch secretary and member, with commas between them")
	flag.Parse()
	if *into == "" {
		os.Exit(m.Run())
	}
	if err := takePictures(*into, strings.Split(*links, ",")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func takePictures(into string, links []string) error {
	if len(links) != 3 {
		return fmt.Errorf("three links are needed, not %d", len(links))
	}
	profile, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), options(profile)...)
	defer end()
	ctx, quit := chromedp.NewContext(ctx)
	defer quit()
	if err := chromedp.Do(ctx); err != nil {
		return err
	}
	pictures := []picture{
		{"overview.png", 0, "/overview", "", wide}, {"branch.png", 1, "/org", "", wide},
		{"matter.png", 1, "/meeting", `main a[href^="/matter/"]`, wide}, {"phone.png", 2, "/home", "", narrow},
	}
	for who, link := range links {
		if err := pictureAll(ctx, into, who, link, pictures); err != nil {
			return fmt.Errorf("%s: %w", link, err)
		}
	}
	return nil
}

// pictureAll signs in by link and takes the pictures of that person.
func pictureAll(browser context.Context, into string, who int, link string, pictures []picture) error {
	ctx, leave := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer leave()
	address, _, _ := strings.Cut(link, "/link/")
	if err := chromedp.Do(ctx, chromedp.Navigate(link)); err != nil {
		return err
	}
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main form button[type=submit]"))); err != nil {
		return err
	}
	for _, p := range pictures {
		if p.who != who {
			continue
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(p.size().width, p.size().height), chromedp.Navigate(address+p.path)); err != nil {
			return err
		}
		if p.follow != "" {
			if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(p.follow))); err != nil {
				return err
			}
		}
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(into, p.file), png, 0o644); err != nil {
			return err
		}
	}
	return nil
}
