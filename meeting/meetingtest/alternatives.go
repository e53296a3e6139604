package meetingtest

// alternative is one reading that is not the usual one.
type alternative struct {
	name   string
	change func(*Readings)
}

// alternatives has them by the open fact.
var alternatives = [][]alternative{
	{
		{"host password to hosts", func(r *Readings) { r.Passwords = ToHosts }},
		{"host password to nobody", func(r *Readings) { r.Passwords = ToNobody }},
	},
	{
		{"queryAll refused", func(r *Readings) { r.QueryAll = Refused }},
		{"queryAll refused with 400", func(r *Readings) { r.QueryAll, r.QueryAllStatus = Refused, 400 }},
		{"queryAll refused with 401", func(r *Readings) { r.QueryAll, r.QueryAllStatus = Refused, 401 }},
		{"queryAll refused with 404", func(r *Readings) { r.QueryAll, r.QueryAllStatus = Refused, 404 }},
		{"queryAll refused with 412", func(r *Readings) { r.QueryAll, r.QueryAllStatus = Refused, 412 }},
		{"queryAll refused with 422", func(r *Readings) { r.QueryAll, r.QueryAllStatus = Refused, 422 }},
		{"queryAll ignored", func(r *Readings) { r.QueryAll = Ignored }},
		{"queryAll honoured", func(r *Readings) { r.QueryAll = Honoured }},
	},
	{{"account untold", func(r *Readings) { r.AccountUntold = true }}},
	{
		{"times as RFC 3339", func(r *Readings) { r.Times = RFC3339 }},
		{"times as milliseconds", func(r *Readings) { r.Times = Milliseconds }},
		{"times as milliseconds in text", func(r *Readings) { r.Times = MillisecondsAsText }},
		{"times with blanks", func(r *Readings) { r.Times = WithBlanks }},
	},
	{
		{"role as text", func(r *Readings) { r.Role = RoleAsText }},
		{"role absent", func(r *Readings) { r.Role = RoleAbsent }},
		{"role null", func(r *Readings) { r.Role = RoleNull }},
	},
	{
		{"wrong password is 401", func(r *Readings) { r.PasswordStatus = 401 }},
		{"wrong password is 403", func(r *Readings) { r.PasswordStatus = 403 }},
	},
	{{"guests refused", func(r *Readings) { r.GuestsRefused = true }}},
	{{"at least 5 minutes", func(r *Readings) { r.Shortest = 5 }}},
	{{"at most 60 minutes", func(r *Readings) { r.Longest = 60 }}},
	{{"auto 1 is for once", func(r *Readings) { r.AutoOnce = true }}},
	{{"rooms overlap", func(r *Readings) { r.Overlaps = true }}},
	{{"prolongLength untold", func(r *Readings) { r.ProlongUntold = true }}},
	{{"people untold", func(r *Readings) { r.PeopleUntold = true }}},
	{
		{"quota by the clock's minutes", func(r *Readings) { r.Minutes = ClockMinutes }},
		{"quota of any 60 seconds", func(r *Readings) { r.Minutes = Sliding }},
	},
	{{"long codes", func(r *Readings) { r.LongCodes = true }}},
}

// Alternatives returns, by name, the readings with one fact other than usual.
func Alternatives() map[string]Readings {
	all := make(map[string]Readings)
	for _, fact := range alternatives {
		for _, one := range fact {
			all[one.name] = with(one)
		}
	}
	return all
}

// Pairs returns, by name, the readings with two facts other than usual.
func Pairs() map[string]Readings {
	all := make(map[string]Readings)
	for i, fact := range alternatives {
		for _, other := range alternatives[i+1:] {
			for _, one := range fact {
				for _, two := range other {
					all[one.name+", "+two.name] = with(one, two)
				}
			}
		}
	}
	return all
}

func with(changes ...alternative) Readings {
	var r Readings
	for _, a := range changes {
		a.change(&r)
	}
	return r
}
