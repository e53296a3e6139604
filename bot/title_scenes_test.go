package bot

import "strings"

// titleScenes show meetings with titles as people give them, and worse, wherever a title is shown.
func titleScenes() []scene {
	called500 := func(part string) string { return string([]rune(strings.Repeat(part, 500))[:500]) }
	var scenes []scene
	for _, title := range []struct{ kind, text string }{
		{"long", called500("Quarterly planning, part two; ")},
		{"right to left", "סקירה שבועית 2026 (צוות)"},
		{"long, right to left", called500("مراجعة المنتج ")},
		{"emoji", "🎉 Launch 👩‍🚀🇪🇸 ✅"},
		{"long, emoji", called500("👨‍👩‍👧")},
		{"formatting", "*Done* _by_ `admin` ~now~ :white_check_mark: <!here> <@U0ADMIN> &lt;"},
	} {
		scenes = append(scenes, scene{name: "title, " + title.kind, set: both(called(title.text), watchingChannel), play: func(w *world) {
			o := asked()
			o.Meeting.Subject = title.text
			_, err := w.posts(o)
			w.must(err)
			for _, command := range []string{"list", "status 914083136", "why 914083136", "914083136 30", "914083136 500"} {
				w.asks(admin, command)
			}
		}})
	}
	return scenes
}
