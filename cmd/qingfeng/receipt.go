package main

import (
	"fmt"
	"os"

	"qingfeng/internal/seal"
)

type receiptCommand struct {
	Verify receiptVerifyCommand `cmd:"" help:"Check that the log had a record, by a receipt and the key of the log alone."`
}

type receiptVerifyCommand struct {
	File string   `arg:"" help:"Receipt." type:"existingfile"`
	Key  []string `help:"Public key of the log (vkey), from a place that you trust." required:""`
}

// Run checks a receipt without any network and without a data directory.
func (c *receiptVerifyCommand) Run(inv *invocation) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	receipt, err := seal.ParseReceipt(text)
	if err != nil {
		return err
	}
	var trust seal.Trust
	for _, vkey := range c.Key {
		key, err := seal.ParsePublicKey(vkey)
		if err != nil {
			return err
		}
		trust.Log = append(trust.Log, key)
	}
	signed, err := receipt.Check(trust)
	if err != nil {
		inv.say("%v\n", err)
		return fmt.Errorf("%s proves nothing: %w", c.File, errFound)
	}
	inv.say("Leaf %d is in the log of %s with %d leaves, signed %s.\n", receipt.Index, signed.Origin, signed.Size, signed.At.UTC().Format("2006-01-02 15:04:05Z"))
	inv.say("The receipt calls it record %d of %s.\n", receipt.Number, receipt.Time.UTC().Format("2006-01-02 15:04:05Z"))
	return nil
}
