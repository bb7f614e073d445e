"""What a note leads a reader to expect before the model is asked: priors on the labels of words.

A model that learned from prose reads a list, a coded name or a bare "glargine 22 units SC" with
little to go by. What stands there says it all the same: a list under "Medications" begins each item
with a drug; "(procedure)" behind a name is SNOMED CT's own word for what the name is; a dose with a
route has a drug before it; what ends in "-ectomy" is an operation. Each of these adds to the log
probabilities of the labels it speaks for and takes from the others; that a word is nothing (O)
stays as the model has it. `docs/decisions/0020-what-a-note-leads-to-expect.md` has what they give.
"""
