package io.toroid.op;

/** Values written into the model itself. */
public record Constant(TensorData data) implements Origin {
}
