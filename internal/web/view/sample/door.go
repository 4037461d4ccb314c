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
		{"/signin/code", func(b view.Base) templ.Component {
			return view.SignInCode(view.CodeView{Base: out(b), Platform: platform(b), Owner: owner(b)})
		}},
		{"/signin/link", func(b view.Base) templ.Component {
			return view.SignInLink(view.LinkView{Base: out(b), Platform: platform(b), Owner: owner(b), Token: "t", Name: b.W.Pick("武明远", "Wu Mingyuan"), Office: b.W.Pick("枣林湾村党支部书记", "Secretary, Zaolinwan village branch"), First: true})
		}},
		{"/signin/link/gone", func(b view.Base) templ.Component {
			return view.SignInLink(view.LinkView{Base: out(b), Platform: platform(b), Owner: owner(b)})
		}},
		{"/setup", func(b view.Base) templ.Component {
			return view.Setup(view.SetupView{Base: out(b), Token: "K7QF-29MD-XH4T", City: platform(b), Problems: []view.Problem{
				{Field: "org", Text: b.W.Pick("写上最上一级党组织的全称", "Give the full name of the organisation at the top")},
				{Field: "again", Text: b.W.Pick("两遍密码不一样", "The two passwords differ")},
			}})
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
