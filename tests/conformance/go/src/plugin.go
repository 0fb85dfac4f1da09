// Asks everything that the contract offers, and says what it was told.
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"usher"
	"usher/checker"
	"usher/log"
	"usher/state"
	"usher/timers"
)

//go:embed settings.schema.json
var schema string

var manifest = usher.Manifest{
	Name:    "conformance",
	Version: "0.1.0",
	Summary: "Asks everything, and says what it was told.",
	Events:  []string{"message.created", "redpacket.sent"},
	Capabilities: []string{
		"members", "strikes", "word-lists", "history", "state", "timers", "action:mute", "action:notify", "action:strike",
	},
	SettingsSchema: schema,
}

type settings struct {
	Greeting string `json:"greeting"`
}

type conformance struct{ settings }

func configure(settings settings) (conformance, error) {
	if settings.Greeting == "refuse" {
		return conformance{}, errors.New("refused as asked")
	}
	log.Info("configured for", usher.Fold(settings.Greeting))
	return conformance{settings}, nil
}

func (c conformance) Check(event usher.Event) error {
	log.Debug(event.Kind())
	if fired, ok := timers.Of(event); ok {
		usher.NewFinding("fired", usher.Low).Evidence("name", fired.Name).Evidence("note", fired.Note)
		usher.NewAction("notify").Member("u1").Text(c.Greeting)
		return nil
	}
	text := event.Text()
	switch text {
	case "fail":
		return errors.New("failed as asked")
	case "approve":
		usher.Approve("as asked")
		return nil
	}
	if err := c.tellEvent(event); err != nil {
		return err
	}
	if member, ok := event.Actor(); ok {
		tellMember(member)
	}
	tellGroup(event.Group(), event.At())
	tellHistory(event)
	if err := tellState(text); err != nil {
		return err
	}
	tellText()
	if strings.Contains(text, "act") {
		usher.NewAction("mute").Member("u2").Text(text).Lasts(time.Minute).Detail("why", "asked")
		usher.Strike("u2", 2, 24*time.Hour)
		timers.Start("later", 5*time.Second, text)
	}
	if text == "stop" {
		timers.Stop("later")
	}
	return nil
}

func (c conformance) tellEvent(event usher.Event) error {
	finding := usher.NewFinding("event", usher.None).Confidence(0.5).Message(c.Greeting)
	folded := event.FoldedText()
	if folded != "" {
		finding.Span(event.Unfold(0, len(folded)))
	}
	amount := "-"
	var paid float64
	found, err := event.Payload("/amounts/0", &paid)
	if err != nil {
		return err
	}
	if found {
		amount = fmt.Sprint(paid)
	}
	finding.
		Evidence("id", event.ID()).
		Evidence("kind", event.Kind()).
		Evidence("at", event.At().UnixMilli()).
		Evidence("text", event.Text()).
		Evidence("folded", folded).
		Evidence("media", strings.Join(event.Media(), ",")).
		Evidence("links", strings.Join(event.Links(), ",")).
		Evidence("mentions", strings.Join(event.Mentions(), ",")).
		Evidence("amount", amount)
	return nil
}

func tellMember(member usher.Member) {
	joined := "-"
	if at, known := member.JoinedAt(); known {
		joined = fmt.Sprint(at.UnixMilli())
	}
	usher.NewFinding("member", usher.Low).
		Evidence("id", member.ID()).
		Evidence("name", member.Name()).
		Evidence("roles", strings.Join(member.Roles(), ",")).
		Evidence("joined", joined).
		Evidence("labels", strings.Join(member.Labels(), ",")).
		Evidence("strikes", member.Strikes()).
		Evidence("city", orDash(member.Attribute("city"))).
		Evidence("none", orDash(member.Attribute("none")))
}

func tellGroup(group usher.Group, at time.Time) {
	usher.NewFinding("group", usher.Medium).
		Evidence("id", group.ID()).
		Evidence("brand", group.Brand()).
		Evidence("kind", group.Kind()).
		Evidence("name", group.Name()).
		Evidence("size", group.Size()).
		Evidence("labels", strings.Join(group.Labels(), ",")).
		Evidence("city", orDash(group.Attribute("city"))).
		Evidence("time", group.LocalTime(at))
}

func tellHistory(event usher.Event) {
	own := usher.NewQuery().Kind("message.").Within(time.Hour)
	if actor, ok := event.Actor(); ok {
		own.Actor(actor.ID())
	}
	var latest []string
	for _, earlier := range usher.NewQuery().Latest(2) {
		latest = append(latest, earlier.ID())
	}
	usher.NewFinding("history", usher.High).
		Evidence("own", own.Count()).
		Evidence("similar", usher.NewQuery().Similar(0.5).Count()).
		Evidence("actors", usher.NewQuery().DistinctActors()).
		Evidence("latest", strings.Join(latest, ","))
}

func tellState(text string) error {
	before, err := kept("last")
	if err != nil {
		return err
	}
	if err := state.PutJSON("last", text); err != nil {
		return err
	}
	if err := state.PutJSONFor("soon", text, time.Second); err != nil {
		return err
	}
	soon, err := kept("soon")
	if err != nil {
		return err
	}
	state.Delete("soon")
	gone, err := kept("soon")
	if err != nil {
		return err
	}
	state.Add("events", 2)
	usher.NewFinding("state", usher.Severe).
		Evidence("before", before).
		Evidence("soon", soon).
		Evidence("gone", gone).
		Evidence("sum", state.Sum("events", time.Minute))
	return nil
}

func tellText() {
	finding := usher.NewFinding("text", usher.Low)
	hits, elsewhere := "-", "-"
	if words, ok := usher.OpenWordList("words"); ok {
		hits, elsewhere = told(words.Hits()), told(words.HitsIn("再说加 V 信"))
	}
	missing := "-"
	if _, ok := usher.OpenWordList("none"); ok {
		missing = "there"
	}
	finding.
		Evidence("hits", hits).
		Evidence("elsewhere", elsewhere).
		Evidence("missing", missing).
		Evidence("folded", usher.Fold("ＡＢＣ 臺灣"))
}

func told(hits []usher.Hit) string {
	var told []string
	for _, hit := range hits {
		told = append(told, fmt.Sprintf("%s@%d-%d", hit.Entry, hit.Start, hit.End))
	}
	return strings.Join(told, ",")
}

func kept(key string) (string, error) {
	value := "-"
	_, err := state.GetJSON(key, &value)
	return value, err
}

func orDash(text string, found bool) string {
	if !found {
		return "-"
	}
	return text
}

func init() {
	checker.Export(manifest, settings{}, configure)
}

func main() {}
