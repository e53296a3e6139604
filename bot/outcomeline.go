package bot

import "github.com/overtime-bot/overtime/scheduler/extension"

// outcomeLine is what the log says of a command or a press once it is answered.
type outcomeLine struct {
	done extension.Done // as far as the handler knows it
	// elsewhere says that the line comes when an extension in doubt is settled.
	elsewhere bool
}

// overOf is of a request that was made. What stood in the way of one that was not is in Reply.Why.
func overOf(request extension.Request, result extension.Result) outcomeLine {
	done, here := request.Done(result, nil)
	return outcomeLine{done: done, elsewhere: !here}
}
