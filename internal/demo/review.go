package demo

import (
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// The organisation-life meeting with its problems, and the appraisal: the figures
// of these are those that the plan shared out.

func prepareLife(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	var rows record.Items
	list := func(n int, source string, texts []string) {
		for range n {
			rows = append(rows, record.Of(record.F("number", record.Number(len(rows)+1)), record.F("source", record.Choice(source)),
				record.F("text", record.Text(b.minutes.one(texts))), record.F("owner", record.Person(s.secretary))))
		}
	}
	list(s.branch.secretary, "secretary", ownProblems)
	list(s.problems, "branch", branchProblems)
	act := matter.Act{Procedure: "life_meeting", Step: "prepare", Fields: record.Of(record.F("problems", rows))}
	return act, func(r record.Record) { s.life = r.Matter }
}

func holdLife(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	var rows record.Items
	for i := range s.opinions {
		giver := s.first + id.Person(1+(i+b.rng.IntN(s.members-1))%(s.members-1))
		rows = append(rows, record.Of(record.F("giver", record.Person(giver)), record.F("receiver", record.Person(s.secretary)),
			record.F("text", record.Text(b.minutes.one(opinionsSaid)))))
	}
	fields := b.chaired(s, b.everybody(s), record.F("kind", record.Choice("special")), record.F("theme", record.Text("查摆问题、改进作风专题组织生活会")))
	if len(rows) > 0 {
		fields = fields.With("opinions", rows)
	}
	return matter.Act{Procedure: "life_meeting", Matter: s.life, Step: "hold", Fields: fields}, nil
}

// each makes a row for every problem of the branch.
func (s *standing) each(row func(n int) record.Fields) (rows record.Items) {
	for n := range s.branch.secretary + s.problems {
		rows = append(rows, row(n+1))
	}
	return rows
}

func setMeasures(b *builder, s *standing, on day.Day) (matter.Act, func(record.Record)) {
	rows := s.each(func(n int) record.Fields {
		return record.Of(record.F("number", record.Number(n)), record.F("measure", record.Text(b.minutes.one(measures))),
			record.F("owner", record.Person(s.secretary)), record.F("until", record.Day(on+90)))
	})
	return matter.Act{Procedure: "life_meeting", Matter: s.life, Step: "measure", Fields: record.Of(record.F("measures", rows))}, nil
}

func reportDone(_ *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	rows := s.each(func(n int) record.Fields {
		return record.Of(record.F("number", record.Number(n)), record.F("account", record.Text("已按措施落实，支委会逐条核对过。")))
	})
	return matter.Act{Procedure: "life_meeting", Matter: s.life, Step: "done", Fields: record.Of(record.F("reports", rows))}, nil
}

func verifyDone(_ *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	rows := s.each(func(n int) record.Fields {
		return record.Of(record.F("number", record.Number(n)), record.F("verdict", record.Choice("closed")))
	})
	return matter.Act{Procedure: "life_meeting", Matter: s.life, Step: "verify", Fields: record.Of(record.F("results", rows))}, nil
}

func closeLife(_ *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "life_meeting", Matter: s.life, Step: "close",
		Fields: record.Of(record.F("account", record.Text("问题清单逐条复核，已经改好，销号归档。")))}, nil
}

func holdAppraisal(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	act := matter.Act{Procedure: "appraisal", Step: "hold", Fields: b.chaired(s, b.present(s.first, s.members, s.absent))}
	return act, func(r record.Record) { s.appraisal = r.Matter }
}

// proposeGrades grades every full member; the share of excellent ones stays within
// the rule, rounded down.
func proposeGrades(_ *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	var rows record.Items
	most := len(s.graded) / 4
	for _, n := range s.graded {
		grade := "qualified"
		if len(rows) < most {
			grade = "excellent"
		}
		rows = append(rows, record.Of(record.F("person", record.Person(n)), record.F("grade", record.Choice(grade))))
	}
	return matter.Act{Procedure: "appraisal", Matter: s.appraisal, Step: "propose", Fields: record.Of(record.F("grades", rows))}, nil
}

func giveFeedback(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "appraisal", Matter: s.appraisal, Step: "feedback",
		Fields: record.Of(record.F("told", b.present(s.first, s.members, 0)))}, nil
}

func publishGrades(_ *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "appraisal", Matter: s.appraisal, Step: "publish",
		Fields: record.Of(record.F("account", record.Text("在支部公开栏张贴，同时在党员大会上宣读。")))}, nil
}
