/** What a model author imports: annotations, tensors and their operators, layers, symbolic sizes. */
module io.toroid {
    exports io.toroid;
    exports io.toroid.nn;
    exports io.toroid.op;
    exports io.toroid.shape;
}
