package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// numerals are the numbers of minutes that people write in letters.
var numerals = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15,
	"twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
	"un": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "quince": 15,
	"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "noventa": 90,
}

// inNumbers writes a numeral in front of the minutes, with or without "more" between, in digits: "ten more minutes". Elsewhere
// it is a part of a title.
func inNumbers(words []string) []string {
	for i := range len(words) - 1 {
		count, known := numerals[strings.ToLower(words[i])]
		unit := words[i+1]
		if isIn(more, unit) && i+2 < len(words) {
			unit = words[i+2]
		}
		if known && meaningOf(unit) == meaningMinutes {
			words = slices.Clone(words)
			words[i] = strconv.Itoa(count)
			return words
		}
	}
	return words
}

// chineseMinutes are minutes in Chinese numerals, which end a word that may have the meeting in front of them.
var chineseMinutes = regexp.MustCompile(`^(.*?)([一二两三四五六七八九]?十?[一二三四五六七八九]?)(?:分钟|分鐘)$`)

const chineseDigits = "一二三四五六七八九"

// chineseCount is a numeral below a hundred, as 十五 or 四十五; 0 if it is none.
func chineseCount(numeral string) int {
	digit := func(text string) int {
		return strings.Index(chineseDigits, strings.ReplaceAll(text, "两", "二"))/len("一") + 1
	}
	tens, ones, hasTen := strings.Cut(numeral, "十")
	switch {
	case numeral == "":
		return 0
	case !hasTen:
		return digit(tens)
	}
	count := 10
	if tens != "" {
		count = 10 * digit(tens)
	}
	if ones != "" {
		count += digit(ones)
	}
	return count
}
