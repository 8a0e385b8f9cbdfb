package rules

// funder writes who pays.
func (w *writer) funder() {
	if w.d.Funder != "" {
		w.add("funder", "Pengene kommer fra %s.", "The money comes from %s.", w.d.Funder)
	}
}

// clawBack writes what happens to what was issued too much.
func (w *writer) clawBack() {
	if w.d.TakesBack() {
		w.add("claw_back", "Viser en rettelse, at der er udstedt for meget, tages det, der ikke er brugt, tilbage med en begrundelse; det brugte beholder borgeren.",
			"Where a correction shows that too much was issued, what is not spent is taken back with a reason; what is spent the citizen keeps.")
		return
	}
	w.add("claw_back", "Viser en rettelse, at der er udstedt for meget, beholder borgeren det.", "Where a correction shows that too much was issued, the citizen keeps it.")
}

// reading is across what the cap counts, and by which date.
func (c *Cap) reading() (t Text) {
	switch c.scope() {
	case Programme:
		t = Text{" på tværs af borgerens forløb i ordningen", " across the citizen's courses in the programme"}
	case Funder:
		t = Text{" på tværs af borgerens forløb i alle ordninger, som de samme penge betaler", " across the citizen's courses in all programmes that the same money pays"}
	}
	if c.Basis == Issued {
		t.DA, t.EN = t.DA+", efter det, der er udstedt, og dagen for det", t.EN+", by what was issued and on which day"
	}
	return t
}

// tokens writes what is earned in tokens, and what they are exchanged for.
func (w *writer) tokens(path string, p *Phase, t *Tokens) {
	w.add(path+".earn", "Belønningen er %s.", "The reward is %s.", t.Earn.text(p, tokens))
	w.add(path, "Så snart borgeren har %s, byttes de til %s; resten bliver stående. Optjente poletter mistes ikke ved en misset mulighed.",
		"As soon as the citizen has %s, they are exchanged for %s; the rest stays. Tokens once earned are not lost by a miss.", tokens(t.Price), w.money(t.Reward))
}

// hat writes what a visit puts in the group's hat, and what is drawn from it.
func (w *writer) hat(path string, p *Phase) {
	d := p.Draws
	w.add(path+".draws", "En belønning lægger sedler med borgerens navn i gruppens hat: %d første gang, %d mere hver næste, højst %d. Ved %s går antallet tilbage til %d.",
		"A reward puts slips with the citizen's name in the group's hat: %d the first time, %d more each next, at most %d. On %s the number goes back to %d.", d.Start, d.Step, d.Ceiling, saidAll(d.Reset.On, "eller", "or"), d.Reset.To)
	if p.Hat.Names == 1 {
		w.add(path+".hat", "Der trækkes ét navn af hatten; det giver én lodtrækning fra skålen.", "One name is drawn from the hat; it gives one draw from the bowl.")
	} else {
		w.add(path+".hat", "Der trækkes navne af hatten, til %d forskellige har vundet, eller der ikke er flere; hvert giver én lodtrækning fra skålen.",
			"Names are drawn from the hat until %d different people have won, or no other is left; each gives one draw from the bowl.", p.Hat.Names)
	}
	w.bowl(path, p)
}

// goalText says which milestones of the plan are rewarded.
func goalText(goals []string) Text {
	if goals[0] == Any {
		return Text{"ethvert nået mål eller delmål i planen og enhver afsluttet fase eller plan", "any goal or part of one reached in the plan, and any phase or plan completed"}
	}
	return texts(goals, func(word string) Text {
		return map[string]Text{
			Goal: {"et nået mål i planen", "a goal of the plan reached"}, SubGoal: {"et nået delmål", "a part of a goal reached"},
			PhaseDone: {"en afsluttet fase af behandlingen", "a phase of the treatment completed"}, PlanDone: {"en afsluttet plan", "the plan completed"},
		}[word]
	})
}
