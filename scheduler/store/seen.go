package store

import (
	"context"
	"slices"
	"time"
)

const (
	updateSeen   = `UPDATE rules SET seen_at = @now WHERE rule_of IN `
	selectUnseen = `SELECT rule_of FROM rules WHERE seen_at < @now - ? AND created_at < @now - ?`
)

// SeeRules says that the meetings or rooms of these rules still exist, in small transactions. Others are passed over.
func (a *Automation) SeeRules(ctx context.Context, of []string) error {
	for batch := range slices.Chunk(slices.Sorted(slices.Values(of)), pruneBatch) {
		list, values := listOf(batch)
		if _, err := exec(ctx, a, "note that meetings still exist", updateSeen+list, values...); err != nil {
			return err
		}
	}
	return nil
}

// UnseenRules lists what the rules are of that were neither made nor seen for so long.
func (a *Automation) UnseenRules(ctx context.Context, since time.Duration) ([]string, error) {
	return readAll(ctx, a, "read the rules that were not seen", scanValue[string], selectUnseen, since.Milliseconds(), since.Milliseconds())
}
