// Answers, one JSON object a line, what Go's sumdb/tlog and sumdb/note say of a tree, proof or note.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"

	"oracle/note"
	"oracle/tlog"
)

type question struct {
	Do      string
	Leaves  []tlog.Hash
	Index   int64
	Old     int64
	Size    int64
	Leaf    tlog.Hash
	OldRoot tlog.Hash
	Root    tlog.Hash
	Proof   []tlog.Hash
	Note    string
	Text    string
	Name    string
	Keys    []string
}

type answer struct {
	Ok          bool
	Why         string        `json:",omitempty"`
	Root        string        `json:",omitempty"`
	Inclusion   []tlog.Hash   `json:",omitempty"`
	Consistency []tlog.Hash   `json:",omitempty"`
	Text        string        `json:",omitempty"`
	Keys        []string      `json:",omitempty"`
	Size        int64         `json:",omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		var q question
		var a answer
		err := json.Unmarshal(in.Bytes(), &q)
		if err == nil {
			a, err = reply(q)
		}
		if a.Ok = err == nil; err != nil {
			a.Why = err.Error()
		}
		line, _ := json.Marshal(a)
		out.Write(append(line, '\n'))
		out.Flush()
	}
}

func reply(q question) (answer, error) {
	switch q.Do {
	case "prove":
		return prove(q)
	case "inclusion":
		return answer{}, tlog.CheckRecord(q.Proof, q.Size, q.Root, q.Index, q.Leaf)
	case "consistency":
		return answer{}, tlog.CheckTree(q.Proof, q.Size, q.Root, q.Old, q.OldRoot)
	case "open":
		return open(q)
	case "sign":
		signer, err := note.NewSigner(q.Keys[0])
		if err != nil {
			return answer{}, err
		}
		signed, err := note.Sign(&note.Note{Text: q.Text}, signer)
		return answer{Text: string(signed)}, err
	case "generate":
		secret, public, err := note.GenerateKey(rand.Reader, q.Name)
		return answer{Keys: []string{secret, public}}, err
	case "tree":
		tree, err := tlog.ParseTree([]byte(q.Text))
		return answer{Size: tree.N, Root: tree.Hash.String()}, err
	}
	return answer{}, fmt.Errorf("unknown question %q", q.Do)
}

// prove builds the tree over the leaves by itself and gives its root and both proofs.
func prove(q question) (answer, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, index := range indexes {
			list = append(list, stored[index])
		}
		return list, nil
	})
	for n, leaf := range q.Leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			return answer{}, err
		}
		stored = append(stored, hashes...)
	}
	size := int64(len(q.Leaves))
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return answer{}, err
	}
	inclusion, err := tlog.ProveRecord(size, q.Index, reader)
	if err != nil {
		return answer{}, err
	}
	consistency, err := tlog.ProveTree(size, q.Old, reader)
	return answer{Root: root.String(), Inclusion: inclusion, Consistency: consistency}, err
}

func open(q question) (answer, error) {
	var known []note.Verifier
	for _, key := range q.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return answer{}, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open([]byte(q.Note), note.VerifierList(known...))
	if err != nil {
		return answer{}, err
	}
	return answer{Text: opened.Text}, nil
}
