package dialog

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// Choice is a run of a meeting that a dialog offers to choose, with its end as it was then.
type Choice struct {
	Meeting string // digits
	Start   time.Time
	End     time.Time
}

const (
	nonceBytes = 12
	timesBytes = 4 + 4
)

// Seal makes the value of an option: 75 characters at most that tell nothing, and that nobody can make who has not the
// secret of the dialog. Nothing needs to be stored for it. The same choice has the same value, so that Slack knows it again.
func Seal(secret string, c Choice) string {
	open := binary.BigEndian.AppendUint32(nil, uint32(c.Start.Unix())) //nolint:gosec // seconds until 2106
	open = binary.BigEndian.AppendUint32(open, uint32(c.End.Unix()))   //nolint:gosec // as above
	open = append(open, c.Meeting...)
	mark := hmac.New(sha256.New, key(secret, "nonce"))
	mark.Write(open)
	nonce := mark.Sum(nil)[:nonceBytes] // one and the same for the same choice alone
	return base64.RawURLEncoding.EncodeToString(sealer(secret).Seal(nonce, nonce, open, nil))
}

// Unseal gives the choice that a value stands for; false if it is not of this dialog.
func Unseal(secret, value string) (Choice, bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(sealed) < nonceBytes {
		return Choice{}, false
	}
	open, err := sealer(secret).Open(nil, sealed[:nonceBytes], sealed[nonceBytes:], nil)
	if err != nil || len(open) <= timesBytes {
		return Choice{}, false
	}
	at := func(from int) time.Time { return time.Unix(int64(binary.BigEndian.Uint32(open[from:])), 0).UTC() }
	return Choice{Start: at(0), End: at(4), Meeting: string(open[timesBytes:])}, true
}

func sealer(secret string) cipher.AEAD {
	block, err := aes.NewCipher(key(secret, "seal"))
	if err != nil {
		panic(err) // a key of 32 bytes always fits
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // a block of 16 bytes always fits
	}
	return sealer
}

func key(secret, use string) []byte {
	mark := hmac.New(sha256.New, []byte(secret))
	mark.Write([]byte(use))
	return mark.Sum(nil)
}
