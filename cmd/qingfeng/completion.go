package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" help:"bash, zsh or fish." enum:"bash,zsh,fish"`
}

// Run prints a script that completes commands and flags, to be read by the shell at
// its start.
func (c *completionCommand) Run(inv *invocation, parsed *kong.Context) error {
	words := completions(parsed.Model.Node)
	var b strings.Builder
	switch c.Shell {
	case "fish":
		fish(&b, words)
	case "zsh":
		b.WriteString("#compdef qingfeng\nautoload -U +X bashcompinit && bashcompinit\n")
		bash(&b, words)
	default:
		bash(&b, words)
	}
	_, err := fmt.Fprint(inv.out, b.String())
	return err
}

// A completion is what can come after a command.
type completion struct {
	after string // "receipt verify"; "" for the program alone
	words []word
}

type word struct{ text, help string }

// completions lists what can come after every command, the program first.
func completions(root *kong.Node) (all []completion) {
	var walk func(n *kong.Node, after string, inherited []word)
	walk = func(n *kong.Node, after string, inherited []word) {
		flags := slices.Clone(inherited)
		for _, f := range n.Flags {
			if !f.Hidden {
				flags = append(flags, word{"--" + f.Name, f.Help})
			}
		}
		here := completion{after: after}
		for _, p := range n.Positional {
			for _, value := range p.EnumSlice() {
				here.words = append(here.words, word{value, p.Help})
			}
		}
		for _, child := range n.Children {
			here.words = append(here.words, word{child.Name, child.Help})
		}
		here.words = append(here.words, flags...)
		all = append(all, here)
		for _, child := range n.Children {
			walk(child, strings.TrimSpace(after+" "+child.Name), flags)
		}
	}
	walk(root, "", nil)
	return all
}

// bash looks for the command so far, past flags and their values, and offers what
// can follow; where nothing fits the shell completes names of files.
func bash(b *strings.Builder, all []completion) {
	var commands []string
	for _, c := range all[1:] {
		commands = append(commands, `"`+c.after+`"`)
	}
	b.WriteString("_qingfeng() {\n  local word after=\"\" words=\"\" cur=\"${COMP_WORDS[COMP_CWORD]}\"\n")
	b.WriteString("  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n")
	fmt.Fprintf(b, "    case \"${after:+$after }$word\" in\n      %s) after=\"${after:+$after }$word\" ;;\n    esac\n  done\n", strings.Join(commands, "|"))
	b.WriteString("  case \"$after\" in\n")
	for _, c := range all {
		fmt.Fprintf(b, "    \"%s\") words=\"%s\" ;;\n", c.after, texts(c.words))
	}
	b.WriteString("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _qingfeng qingfeng\n")
}

func texts(words []word) string {
	all := make([]string, 0, len(words))
	for _, w := range words {
		all = append(all, w.text)
	}
	return strings.Join(all, " ")
}

func fish(b *strings.Builder, all []completion) {
	for _, c := range all {
		when := "__fish_use_subcommand"
		if c.after != "" {
			parts := strings.Fields(c.after)
			when = "__fish_seen_subcommand_from " + parts[len(parts)-1]
		}
		for _, w := range c.words {
			option := "-a " + w.text
			if long, ok := strings.CutPrefix(w.text, "--"); ok {
				option = "-l " + long
			}
			fmt.Fprintf(b, "complete -c qingfeng -n '%s' %s -d '%s'\n", when, option, strings.ReplaceAll(w.help, "'", `\'`))
		}
	}
}
