package meeting

// Role is what the account may do in its enterprise, as the latest login told.
type Role string

// The roles.
const (
	RoleUnknown  Role = ""
	RoleAdmin    Role = "administrator"
	RoleOrdinary Role = "ordinary"
)

// Role makes no call.
func (c *Client) Role() Role {
	c.session.mutex.Lock()
	defer c.session.mutex.Unlock()
	return c.session.role
}

// role is unknown where the service leaves it out.
func (t wireToken) role() Role {
	switch admin := t.User.value.AdminType; {
	case !admin.known:
		return RoleUnknown
	case admin.value == 0 || admin.value == 1: // the default administrator, or another
		return RoleAdmin
	default:
		return RoleOrdinary
	}
}
