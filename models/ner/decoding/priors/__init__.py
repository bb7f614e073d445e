"""What a note leads a reader to expect before the model is asked: priors on the labels of words.

"(procedure)" behind a name is SNOMED CT's own word for what the name is, and shorthand whose
meaning is known is what it means. Each adds to the log probabilities of the labels it speaks for
and takes from the others; that a word is nothing (O) stays as the model has it.
`docs/decisions/0020-what-a-note-leads-to-expect.md` has what they give, and what was taken out.
"""
