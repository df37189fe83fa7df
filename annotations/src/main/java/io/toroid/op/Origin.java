package io.toroid.op;

/** Where a tensor comes from: a leaf of the expression graph, or a call of an operator. */
public sealed interface Origin permits Placeholder, Parameter, Constant, Call {
}
