package bot

// offeredSteps are the minutes that buttons offer.
var offeredSteps = []int{15, 30, 60}

// stepsWithin are the steps of which the last is as much as may be added, where that is less than the longest.
func stepsWithin(most int) (steps []int) {
	if most <= 0 {
		return nil
	}
	for _, minutes := range offeredSteps {
		if minutes >= most {
			return append(steps, most)
		}
		steps = append(steps, minutes)
	}
	return steps
}
