package sample

import (
	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
)

// doorPages are those before signing in.
func doorPages() []Page {
	return []Page{
		{"/signin", func(b view.Base) templ.Component { return view.SignIn(signIn(b, "")) }},
		{"/signin/refused", func(b view.Base) templ.Component {
			v := signIn(b, b.W.Pick("账号或密码不对", "Account or password is wrong"))
			v.Demo, v.Account, v.Waiting = false, "heqinghe", b.W.Pick("再错两次要等1分钟", "After two more tries you wait a minute")
			return view.SignIn(v)
		}},
		{"/signin/again", func(b view.Base) templ.Component {
			return view.Prove(view.ProveView{Base: b, Platform: platform(b), Owner: owner(b), Account: "heqinghe", Next: "/settings", Password: true, Second: true, Error: b.W.T("signin.prove_wrong")})
		}},
		{"/signin/again/link", func(b view.Base) templ.Component {
			return view.Prove(view.ProveView{Base: b, Platform: platform(b), Owner: owner(b), Next: "/settings"})
		}},
		{"/signin/link", func(b view.Base) templ.Component {
			return view.SignInLink(view.LinkView{Base: out(b), Platform: platform(b), Owner: owner(b), Token: "t", Name: b.W.Pick("武明远", "Wu Mingyuan")})
		}},
		{"/signin/link/first", func(b view.Base) templ.Component {
			return view.SignInLink(view.LinkView{Base: out(b), Platform: platform(b), Owner: owner(b), Token: "t", Name: b.W.Pick("武明远", "Wu Mingyuan"), Choose: true, Account: "wumingyuan",
				Problems: []view.Problem{{Field: "name", Text: b.W.T("name.taken"), Remedy: b.W.T("name.taken_fix")}}})
		}},
		{"/signin/link/gone", func(b view.Base) templ.Component {
			return view.SignInLink(view.LinkView{Base: out(b), Platform: platform(b), Owner: owner(b)})
		}},
		{"/setup", func(b view.Base) templ.Component {
			return view.Setup(view.SetupView{Base: out(b), Token: "K7QF-29MD-XH4T", Levels: []view.Option{{Value: "city", Text: b.W.Pick("市级", "City")}}, Problems: []view.Problem{
				{Field: "root", Text: b.W.Pick("写上最上一级党组织的全称", "Give the full name of the organisation at the top")},
				{Field: "again", Text: b.W.T("password.again")},
			}})
		}},
		{"/setup/done", func(b view.Base) templ.Component {
			return view.SetupDone(view.SetupDoneView{Base: out(b), Officer: b.W.Pick("贺青禾", "He Qinghe"), Link: "https://city.example/link/9n3RXw0Zb1t7cVdKqS4yPg", QR: qr(), Until: "2026-06-21 09:00"})
		}},
	}
}

// out is the frame with nobody signed in.
func out(b view.Base) view.Base {
	b.Me, b.Nav = nil, nil
	return b
}

func platform(b view.Base) string {
	return b.W.Pick("吕梁智慧党建云平台", "Lüliang Party-building Cloud")
}

func owner(b view.Base) string {
	return b.W.Pick("中共吕梁市委组织部", "City Organisation Department")
}

func signIn(b view.Base, refused string) view.SignInView {
	return view.SignInView{Base: out(b), Platform: platform(b), Owner: owner(b), Next: "/todo", Error: refused}
}
