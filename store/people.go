package store

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// People gives those who hold a role or have an account, in the order of their
// names: those after one name whose own has a text in it ("": all), at most limit.
func (tx *Tx) People(after, text string, limit int) (names []string, err error) {
	found := []Cond{{"person > ?", []any{after}}, Contains("person", text)}
	err = tx.db().Table("(? UNION ?) AS people",
		scoped[domain.Assignment](tx, append(found, None("revoked_at"))).Select("person"), scoped[domain.Account](tx, found).Select("person")).
		Order("person").Limit(limit).Pluck("person", &names).Error
	return names, err
}

// Contains wants the column to have a text in it; nothing when the text is empty.
func Contains(column, text string) Cond {
	if text == "" {
		return Cond{}
	}
	return Cond{column + ` LIKE ? ESCAPE '!'`, []any{"%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"}}
}
