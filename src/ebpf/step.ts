/** An instruction of the interpreter, decoded: executes it and returns the index of the one that follows. */
export type Step = () => number
