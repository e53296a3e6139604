package doctor

import (
	"fmt"
	"strings"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	noRoom     = 16 << 20  // bytes: the write-ahead log alone may need as many
	littleRoom = 200 << 20 // a year of a busy workspace
)

// CheckStore judges what was seen of the database.
func CheckStore(found store.Inspection, err error) Check {
	if err != nil {
		return Join(Store, Fault(seenAndRemedy(err.Error(), "see what DATABASE_URL names, and who may use it")))
	}
	findings := []Finding{Found(describe(found))}
	if store.OthersReach(found.Mode) {
		findings = append(findings, Doubt(fmt.Sprintf("%s can be read by others on this machine (%v)", found.Where, found.Mode.Perm()),
			"chmod 600 "+found.Where))
	}
	switch {
	case found.Free < 0:
	case found.Free < noRoom:
		findings = append(findings, Fault(fmt.Sprintf("%s: the disk is full (%s free)", found.Where, size(found.Free)), "make room"))
	case found.Free < littleRoom:
		findings = append(findings, Doubt(fmt.Sprintf("%s: the disk is nearly full (%s free)", found.Where, size(found.Free)), "make room"))
	}
	return Join(Store, findings...)
}

func describe(found store.Inspection) string {
	parts := []string{found.Server + " at " + found.Where}
	if found.Owner != "" {
		parts = append(parts, fmt.Sprintf("owner %s, mode %v", found.Owner, found.Mode.Perm()))
	}
	if found.Free >= 0 {
		parts = append(parts, size(found.Free)+" free")
	}
	switch {
	case found.Missing:
		parts = append(parts, "the first start makes the tables")
	case found.Schema < found.Known:
		parts = append(parts, fmt.Sprintf("schema %d, which the next start brings to %d", found.Schema, found.Known))
	default:
		parts = append(parts, fmt.Sprintf("schema %d", found.Schema))
	}
	if found.Pooled {
		parts = append(parts, "behind a pooler of transactions, which is fine")
	}
	if len(found.InUse) > 0 {
		parts = append(parts, "a bot is using it now")
	}
	return strings.Join(parts, ", ")
}

func size(bytes int64) string {
	const mebi, gibi = 1 << 20, 1 << 30
	if bytes < gibi {
		return fmt.Sprintf("%d MiB", bytes/mebi)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/gibi)
}

// seenAndRemedy parts a sentence that ends in "; what to do" or ": what to do". Without such an end, it is otherwise.
func seenAndRemedy(text, otherwise string) (seen, remedy string) {
	for _, mark := range []string{"; ", ": "} {
		if at := strings.LastIndex(text, mark); at > 0 {
			return text[:at], text[at+len(mark):]
		}
	}
	return text, otherwise
}
