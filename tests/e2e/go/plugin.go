// Does what its message says, of what a runtime with a scheduler and a garbage collector could get wrong in a plugin.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"usher"
	"usher/checker"
)

var manifest = usher.Manifest{Name: "go-at-work", Version: "0.1.0", Events: []string{"message.created"}}

type settings struct{}

type atWork struct{ words map[string]int }

func configure(settings) (atWork, error) {
	words := map[string]int{}
	for number := range 2000 {
		words[fmt.Sprint("word-", number)] = number
	}
	return atWork{words}, nil
}

func (w atWork) Check(event usher.Event) error {
	finding := usher.NewFinding("did", usher.Low)
	doing, _, _ := strings.Cut(event.Text(), " ")
	switch doing {
	case "panic":
		var list []int
		finding.Evidence("never", list[len(event.Text())])
	case "deadlock":
		<-make(chan int)
	case "sleep":
		start := time.Now()
		time.Sleep(time.Hour)
		finding.Evidence("now", start.UTC()).Evidence("slept", time.Since(start))
	case "print":
		fmt.Println("to standard output")
		fmt.Fprint(os.Stderr, "to standard error, 没有结尾")
	case "cut":
		finding.Message("没有"[:4])
	case "open":
		_, err := os.ReadFile("/etc/passwd")
		finding.Evidence("refused", err != nil).Evidence("environment", len(os.Environ()))
	case "random":
		finding.Evidence("number", rand.Int())
	case "together":
		finding.Evidence("bytes", together(event))
	case "collect":
		sum, cycles := collect(event)
		finding.Evidence("bytes", sum).Evidence("collected", cycles > 0).Evidence("kept", w.words["word-1999"])
	default:
		finding.Evidence("fields", len(strings.Fields(event.FoldedText())))
	}
	return nil
}

// Goroutines that ask the host, each in its turn.
func together(event usher.Event) int {
	var group sync.WaitGroup
	lengths := make(chan int, 50)
	for range 50 {
		group.Add(1)
		go func() {
			defer group.Done()
			length := len(event.Text())
			runtime.Gosched()
			lengths <- length + len(event.ID())
		}()
	}
	group.Wait()
	close(lengths)
	sum := 0
	for length := range lengths {
		sum += length
	}
	return sum
}

// So much garbage, while the host hands out texts, that it has to be collected several times.
func collect(event usher.Event) (sum int, cycles uint32) {
	want, latest := event.Text(), [16]string{}
	for turn := range 1500 {
		latest[turn%len(latest)] = event.Text() + fmt.Sprint(turn)
		sum += len(event.Text())
		if before := latest[(turn*7)%len(latest)]; before != "" && !strings.HasPrefix(before, want) {
			panic("a text is not what it was")
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return sum, memory.NumGC
}

func init() { checker.Export(manifest, settings{}, configure) }

func main() {}
