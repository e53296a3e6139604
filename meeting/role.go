package meeting

// Role is what the account may do in its enterprise, as the latest login told.
type Role string

// The roles.
const (
	RoleUnknown  Role = ""
	RoleAdmin    Role = "administrator"
	RoleOrdinary Role = "ordinary"
)

// roleOf reads the adminType of a login (0306). It is unknown where the service leaves it out.
func roleOf(adminType wireNumber) Role {
	switch {
	case !adminType.known:
		return RoleUnknown
	case adminType.value == 0 || adminType.value == 1: // the default administrator, or another
		return RoleAdmin
	default:
		return RoleOrdinary
	}
}
