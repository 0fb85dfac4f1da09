# The house rules (bench/rules) in Rego. `data.entries` is the word list.
package house

import rego.v1

words := input.words

words := [entry | some entry in data.entries; contains(input.text, entry)] if not input.words

exempt if {
	some role in input.roles
	role in {"owner", "admin"}
}

findings contains {"rule": "forbidden-word", "severity": "medium", "words": words} if {
	count(words) > 0
	not exempt
}

findings contains {"rule": "contact", "severity": "high"} if {
	regex.match(`(?:微信|薇信|v信|qq|telegram|whatsapp)[ :+]{0,3}[a-z0-9_]{5,}`, input.text)
	not exempt
}

findings contains {"rule": "link", "severity": "low"} if {
	regex.match(`https?://`, input.text)
	not exempt
}
