package meeting

import "time"

// View is what the latest list of running meetings held. It tells those who operate the bot what the account cannot see.
type View struct {
	At         time.Time // when it was read; zero: no list was
	Meetings   int       // that could be read
	Extendable int       // of them: their host's password is known
	Unreadable int       // entries of a form that is not known
	All        bool      // it was asked for, and is, the enterprise's list
	Refused    bool      // the enterprise's was asked for, and refused: it is the account's own
}

// HidesAll tells whether there are meetings, and the account sees the host's password of none.
func (v View) HidesAll() bool { return v.Meetings > 0 && v.Extendable == 0 }

// View returns it without a call.
func (c *Client) View() View {
	if view := c.view.Load(); view != nil {
		return *view
	}
	return View{}
}

// SeesAll tells whether the latest list of bookings is known to be whole: the enterprise's, with every entry read.
func (c *Client) SeesAll() bool { return c.bookings.Load() && c.lists.seesAll(scheduledPath) }

// noteView keeps what a list held. Where none of its entries could be read, that is known too.
func (c *Client) noteView(found []Meeting, unreadable int) {
	view := View{At: c.config.Now(), Meetings: len(found), Unreadable: unreadable, All: c.lists.seesAll(listPath), Refused: c.lists.scopes.wasRefused(listPath)}
	for i := range found {
		if found[i].Extendable {
			view.Extendable++
		}
	}
	c.view.Store(&view)
}
