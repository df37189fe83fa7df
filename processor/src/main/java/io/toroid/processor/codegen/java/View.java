package io.toroid.processor.codegen.java;

/** The two ways in which a façade holds tensors. */
enum View {
    /** Nested Java arrays. */
    ARRAYS,
    /** Tensors in native memory. */
    TENSORS
}
